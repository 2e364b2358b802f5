//! What the fuzz targets call: the readers of what strangers send, each as one function of bytes. It is here because
//! those readers are private, and is not for anybody else.

use crate::http::fuzzed_body;
use crate::json;
use crate::keys::{Key, KeyRing, SigningAlgorithm};
use crate::store::SigningKey;
use crate::tokens;
use relatch_dialects::codec::{self, Outside, Seen};
use relatch_dialects::{Dialect, Value, Values};
use std::sync::LazyLock;
use zeroize::Zeroizing;

/// Opens the bytes as a token, and as the claims of a token that is rightly signed.
///
/// # Panics
/// If the bytes are opened although no key of the ring has signed them.
pub fn token(input: &[u8]) {
    let stored = SigningKey::new("k", "HS256", Zeroizing::new(vec![7; 64]), 0);
    let key = Key::of(&stored).ok().zip(SigningAlgorithm::named("HS256"));
    let Some((key, algorithm)) = key else { return };
    let opened = tokens::fuzzed(&KeyRing::of_keys(algorithm, vec![key]), input);
    assert!(!opened, "a token was opened that nobody has signed");
}

/// Loads the bytes as a dialect, or as `{"dialect", "status", "answer"}`; reads an answer by it, and writes every request.
///
/// # Panics
/// If a value breaks out of the header that it stands in.
pub fn dialect(input: &[u8]) {
    let Some(given) = json::parse(input) else { return };
    let Ok(dialect) = Dialect::load(given.get("dialect").unwrap_or(&given)) else { return };
    let status = given.get("status").and_then(Value::as_u64).and_then(|it| u16::try_from(it).ok()).unwrap_or(200);
    let answer = given.get("answer").unwrap_or(&given);
    let body = answer.as_str().map_or_else(|| serde_json::Value::from(answer).to_string(), String::from);
    told(&dialect, status, &[], body.as_bytes());
    let values = ["identifier", "password", "access_token", "refresh_token", "code", "resend_code"];
    let values = values.into_iter().fold(Values::new(), |all, name| all.with(name, answer.clone()));
    for operation in dialect.operations() {
        asked(&dialect, &operation.name, &values);
    }
    let _ = dialect.unplayable();
}

/// Reads the first line as a media type and the rest as an answer of that type, by a document that asks it for everything.
///
/// # Panics
/// As [`dialect`], if what was captured does so in a later request.
pub fn answer(input: &[u8]) {
    /// Loaded once: it takes longer than any answer.
    static DIALECT: LazyLock<Option<Dialect>> =
        LazyLock::new(|| json::parse(WHOLE.as_bytes()).and_then(|it| Dialect::load(&it).ok()));
    let Some(dialect) = &*DIALECT else { return };
    let end = input.iter().position(|it| *it == b'\n').unwrap_or(0);
    let (media_type, body) = input.split_at_checked(end).unwrap_or_default();
    let media_type = String::from_utf8_lossy(media_type).into_owned();
    let headers = [("content-type".into(), media_type.clone()), ("x-token".into(), media_type)];
    told(dialect, 200, &headers, body.strip_prefix(b"\n").unwrap_or(body));
}

/// Asks of an answer what there is to be asked.
const WHOLE: &str = include_str!("../../fuzz/whole.json");

fn told(dialect: &Dialect, status: u16, headers: &[(String, String)], body: &[u8]) {
    for operation in dialect.operations() {
        for step in 0..=dialect.steps(&operation.name) {
            let answer = codec::read_answer(dialect, Some((&operation.name, step)), status, headers, body);
            let Some(message) = dialect.read_answer(&operation.name, step, &answer) else { continue };
            let expires = message.values.get("expires");
            let _ = expires.and_then(|it| codec::lifetime_ms(dialect.expires().unit, it, 1_772_705_730_000));
            asked(dialect, &operation.name, &message.values);
        }
    }
    let answer = codec::read_answer(dialect, None, status, headers, body);
    let _ = (dialect.read_refusal(&answer), dialect.observe(&answer), codec::write_answer(&answer));
}

/// Writes the requests of an operation.
fn asked(dialect: &Dialect, operation: &str, values: &Values) {
    for step in 0..=dialect.steps(operation) {
        let Ok(request) = dialect.write_request(operation, step, values) else { continue };
        let head = (request.method.as_str(), "https://api.example.com");
        let written = codec::write(dialect, (operation, step), head, &request.parts, &Elsewhere);
        let Ok(attached) = dialect.attach(values, true) else { continue };
        let written = written.and_then(|http| codec::attach(dialect, http, &attached, &Elsewhere));
        let broken = |(_, value): &(String, String)| value.contains(['\r', '\n', '\0']);
        assert!(!written.is_ok_and(|http| http.headers.iter().any(broken)), "a value broke out of its header");
    }
}

/// The worst that may come from outside.
struct Elsewhere;

impl Outside for Elsewhere {
    fn now_ms(&self) -> u64 {
        u64::MAX
    }

    fn random(&self) -> [u8; 16] {
        [0xff; 16]
    }

    fn cookie(&self, name: &str) -> Option<String> {
        Some([name, "%0d%0a%ff%"].concat())
    }

    fn plugin(&self, _: &str, input: &Values, request: Option<&Seen<'_>>) -> Result<Value, String> {
        let body = request.map(|it| String::from_utf8_lossy(it.body).into_owned());
        Ok(body.map_or_else(|| input.clone().into(), Value::from))
    }
}

/// Reads the first line as a media type and the rest as a body of that type.
pub fn body(input: &[u8]) {
    let end = input.iter().position(|it| *it == b'\n').unwrap_or(0);
    let (media_type, body) = input.split_at_checked(end).unwrap_or_default();
    fuzzed_body(media_type, body.strip_prefix(b"\n").unwrap_or(body));
}
