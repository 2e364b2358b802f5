//! The fuzz targets without libFuzzer: a fixed number of inputs, mutated from good ones by a seeded generator. See
//! `fuzz/README.md`.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "this helper serves tests only, and the ranges that it draws lie within what they index"
)]

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use relatch_dialects::DOCUMENTS;
use relatch_server::fuzzing;

/// Signed with a key that no ring here has.
const TOKEN: &[u8] = include_bytes!("../../fuzz/seeds/token/token");

const CLAIMS: &[u8] = include_bytes!("../../fuzz/seeds/token/claims");

const BODIES: [&[u8]; 3] = [
    include_bytes!("../../fuzz/seeds/body/login"),
    include_bytes!("../../fuzz/seeds/body/untyped"),
    include_bytes!("../../fuzz/seeds/body/plain"),
];

const ANSWERS: [&[u8]; 4] = [
    include_bytes!("../../fuzz/seeds/answer/xml"),
    include_bytes!("../../fuzz/seeds/answer/json"),
    include_bytes!("../../fuzz/seeds/answer/text"),
    include_bytes!("../../fuzz/seeds/answer/doctype"),
];

const WHOLE: &str = include_str!("../../fuzz/whole.json");

/// What readers stumble over.
const SPICE: [&[u8]; 20] = [
    b"{",
    b"}",
    b"[[[[[[[[",
    b"\"",
    b"\\u0000",
    b"\\ud800",
    b"1e999",
    b"-1",
    b"99999999999999999999",
    b".",
    b"=",
    b"\xff\xfe",
    b"null",
    b"__proto__",
    b"<a xmlns:b='c'>",
    b"</a>",
    b"&x;",
    b"<![CDATA[",
    b"{session.a}",
    b"{\"$base64\":",
];

/// How many inputs each target gets.
fn inputs() -> u64 {
    std::env::var("FUZZED_INPUTS").ok().and_then(|it| it.parse().ok()).unwrap_or(3_000)
}

fn mutated(random: &mut StdRng, good: &[u8]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for _ in 0..random.random_range(1..6) {
        let at = random.random_range(0..=bytes.len());
        let to = random.random_range(at..=bytes.len().min(at + 40));
        match random.random_range(0..5) {
            0 => drop(bytes.splice(at..to, [])),
            1 => drop(bytes.splice(at..at, SPICE[random.random_range(0..SPICE.len())].iter().copied())),
            2 => drop(bytes.splice(at..at, bytes[at..to].to_vec())),
            3 => bytes.truncate(at),
            _ if at < bytes.len() => bytes[at] ^= 1 << random.random_range(0..8),
            _ => bytes.push(random.random()),
        }
    }
    bytes
}

/// The seed is the input's number, so that a failing one can be made again alone.
fn run(target: fn(&[u8]), good: &[&[u8]]) {
    for good in good {
        target(good);
    }
    for seed in 0..inputs() {
        let mut random = StdRng::seed_from_u64(seed);
        let chosen = good[random.random_range(0..good.len())];
        let input = mutated(&mut random, chosen);
        if std::panic::catch_unwind(|| target(&input)).is_err() {
            panic!("input {seed}: {:?}", String::from_utf8_lossy(&input));
        }
    }
}

#[test]
fn no_input_makes_the_token_parser_panic_or_open_what_nobody_signed() {
    run(fuzzing::token, &[TOKEN, CLAIMS]);
}

#[test]
fn no_input_makes_the_dialect_reader_panic() {
    let mut good: Vec<&[u8]> = DOCUMENTS.iter().map(|(_, text)| text.as_bytes()).collect();
    let gatego = DOCUMENTS.iter().find(|(name, _)| *name == "gatego").unwrap().1;
    let answer = format!(r#"{{"status":200,"answer":{{"access_token":"a.b.c"}},"dialect":{gatego}}}"#);
    good.push(answer.as_bytes());
    good.push(WHOLE.as_bytes());
    run(fuzzing::dialect, &good);
}

#[test]
fn no_input_makes_the_body_reader_panic() {
    run(fuzzing::body, &BODIES);
}

#[test]
fn no_input_makes_the_reader_of_answers_panic_or_break_out_of_a_header() {
    run(fuzzing::answer, &ANSWERS);
}

/// It would be fuzzed in vain if the seeds did not fit.
#[test]
fn the_document_that_asks_for_everything_loads_and_reads_the_seeds() {
    use relatch_dialects::{Dialect, Meaning, Value, codec};
    let json: serde_json::Value = serde_json::from_str(WHOLE).unwrap();
    let dialect = Dialect::load(&Value::from(&json)).unwrap_or_else(|fault| panic!("{fault}"));
    for body in [&ANSWERS[0], &ANSWERS[1], &ANSWERS[2]] {
        let text = std::str::from_utf8(body).unwrap();
        let (media_type, body) = text.split_once('\n').unwrap();
        let headers = [("content-type".to_string(), media_type.to_string())];
        let answer = codec::read_answer(&dialect, Some(("login", 1)), 200, &headers, body.as_bytes());
        let meaning = dialect.read_answer("login", 1, &answer).map(|it| it.meaning);
        assert_eq!(meaning, Some(Meaning::Session), "{body}");
    }
}
