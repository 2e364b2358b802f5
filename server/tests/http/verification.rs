//! Every way in which a token can be bad, over every dialect, each with that dialect's own answer.

use crate::support::{Forged, Got, PASSWORD, Speech, TABLE, World, empty_answer, json_answer, secret_of};
use serde_json::json;

/// What is expected of an answer, as the table has it.
fn assert_refused(got: &Got, speech: &Speech, (status, body): (u16, &str), what: &str) {
    assert_refused_at(got, speech.profile, (status, body), &format!("{}: {what}", speech.realm));
}

fn assert_refused_at(got: &Got, path: &str, (status, body): (u16, &str), what: &str) {
    let random: &[&str] = match body {
        _ if body.contains("<trace_id>") && body.contains("traceId") => &["traceId"],
        _ if body.contains("<trace_id>") => &["trace_id"],
        _ => &[],
    };
    let body = body.replace("<path>", path).replace(r#""traceId":"<trace_id>""#, r#""traceId":"<traceId>""#);
    let expected = if body.is_empty() { empty_answer(status) } else { json_answer(status, &body) };
    assert_eq!(got.whole(random), expected, "{what}");
}

#[tokio::test]
async fn without_the_header_the_token_is_missing() {
    let world = World::new().await;
    for speech in &TABLE {
        let got = world.get(&speech.profile_path()).send().await;
        assert_refused(&got, speech, speech.missing, "no header");
    }
}

#[tokio::test]
async fn another_form_than_bearer_and_a_token_is_malformed() {
    let world = World::new().await;
    for speech in &TABLE {
        let token = world.token(speech.realm, "ada").await;
        let values = [
            String::new(),
            "Bearer".into(),
            "Bearer ".into(),
            format!("Basic {token}"),
            format!("Token {token}"),
            token.clone(),
            format!("Bearer{token}"),
            format!("Bearer {token} x"),
        ];
        for value in values {
            let got = world.get(&speech.profile_path()).header("authorization", &value).send().await;
            assert_refused(&got, speech, speech.malformed, &value);
        }
        let got = world.get(&speech.profile_path()).header("authorization", b"Bearer \xff\xfe").send().await;
        assert_refused(&got, speech, speech.malformed, "bytes that are no text");
        let got = world.get(&speech.profile_path()).bearer(&token).bearer(&token).send().await;
        assert_refused(&got, speech, speech.malformed, "two headers");
    }
}

#[tokio::test]
async fn the_scheme_is_read_without_regard_to_case() {
    let world = World::new().await;
    for speech in &TABLE {
        let token = world.token(speech.realm, "ada").await;
        let got = world.get(&speech.profile_path()).header("authorization", format!("bEARER {token}")).send().await;
        assert_eq!(got.status, 200, "{}: {got:?}", speech.realm);
    }
}

/// The forgeries that need a good token to start from, by name.
fn forgeries(speech: &Speech, token: &str) -> Vec<(&'static str, String)> {
    let good = Forged::of(speech.realm, token);
    let now = 1_772_705_730;
    let other_alg = if speech.alg == "HS256" { "HS512" } else { "HS256" };
    let parts: Vec<&str> = token.split('.').collect();
    vec![
        ("no signature", good.clone().signed_with("").token()),
        ("alg none", good.clone().with_header("alg", json!("none")).signed_with("").token()),
        ("alg None, signed", good.clone().with_header("alg", json!("None")).token()),
        ("another alg", good.clone().with_header("alg", json!(other_alg)).signed_with(other_alg).token()),
        ("another alg under the right name", good.clone().signed_with(other_alg).token()),
        ("another alg's name", good.clone().with_header("alg", json!(other_alg)).token()),
        ("an asymmetric alg's name", good.clone().with_header("alg", json!("RS256")).token()),
        ("no alg", good.token_of_texts(r#"{"typ":"JWT"}"#, &good.claims.to_string())),
        ("a critical extension", good.clone().with_header("crit", json!(["exp"])).token()),
        (
            "a key of its own",
            good.clone().with_secret(b"secret").with_header("jwk", json!({ "kty": "oct", "k": "c2VjcmV0" })).token(),
        ),
        (
            "another key",
            good.clone().with_secret(b"another secret that is long enough for any algorithm at all....").token(),
        ),
        ("an empty key", good.clone().with_secret(b"").token()),
        ("expired", good.clone().with_claim("exp", json!(now - 1)).token()),
        ("expired this second", good.clone().with_claim("exp", json!(now)).token()),
        ("an end that is no number", good.clone().with_claim("exp", json!("2099-01-01")).token()),
        ("a negative end", good.clone().with_claim("exp", json!(-1)).token()),
        ("no end", good.clone().without_claim("exp").token()),
        ("not yet valid", good.clone().with_claim("nbf", json!(now + 1)).token()),
        ("issued in the future", good.clone().with_claim("iat", json!(now + 1)).token()),
        ("a beginning that is no number", good.clone().with_claim("nbf", json!("now")).token()),
        ("no id", good.clone().without_claim("jti").token()),
        ("an id of no session", good.clone().with_claim("jti", json!("00000000000000000000000000000000.1.0")).token()),
        ("an id that is none", good.clone().with_claim("jti", json!("'; drop table session; --")).token()),
        ("claims that are no object", good.token_of_texts(&good.header.to_string(), "[]")),
        ("claims that are no JSON", good.token_of_texts(&good.header.to_string(), "{")),
        (
            "a claim twice",
            good.token_of_texts(&good.header.to_string(), &good.claims.to_string().replacen('{', r#"{"exp":1,"#, 1)),
        ),
        (
            "a header member twice",
            good.token_of_texts(&twice(&good.header.to_string(), "alg"), &good.claims.to_string()),
        ),
        ("a critical extension that is empty", good.clone().with_header("crit", json!([])).token()),
        ("an unencoded payload", good.clone().with_header("b64", json!(false)).token()),
        ("a key elsewhere", good.clone().with_header("jku", json!("https://evil.example/jwks.json")).token()),
        ("a certificate elsewhere", good.clone().with_header("x5u", json!("https://evil.example/x")).token()),
        ("a kid that is a path", good.clone().with_header("kid", json!("../../dev/null")).token()),
        ("a kid that is SQL", good.clone().with_header("kid", json!("x' UNION SELECT 'k")).token()),
        ("a kid that is a number", good.clone().with_header("kid", json!(1)).token()),
        ("an empty kid", good.clone().with_header("kid", json!("")).token()),
        ("another kind of token", good.clone().with_header("typ", json!("dpop+jwt")).token()),
        ("a type that is a number", good.clone().with_header("typ", json!(1)).token()),
        ("an end in a string", good.clone().with_claim("exp", json!("9999999999")).token()),
        ("an end with a fraction", good.clone().with_claim("exp", json!(9_999_999_999.5)).token()),
        ("an end that is nothing", good.clone().with_claim("exp", json!(null)).token()),
        (
            "an end beyond all numbers",
            good.token_of_texts(&good.header.to_string(), &huge_end(&good.claims.to_string())),
        ),
        ("deep claims", good.clone().with_claim("x", deep(40)).token()),
        ("text after the claims", good.token_of_texts(&good.header.to_string(), &format!("{}x", good.claims))),
        ("a byte order mark", good.token_of_texts(&good.header.to_string(), &format!("\u{feff}{}", good.claims))),
        ("a line end", format!("{token}%0a")),
        ("padding in the header", format!("{}=.{}.{}", parts[0], parts[1], parts[2])),
        ("another spelling of the last character", respelt(token)),
        ("other claims under the signature", format!("{}.{}.{}", parts[0], "eyJleHAiOjk5OTk5OTk5OTl9", parts[2])),
        ("two parts", format!("{}.{}", parts[0], parts[1])),
        ("four parts", format!("{token}.x")),
        ("padding", format!("{token}=")),
        ("one part", "x".into()),
        ("only dots", "..".into()),
        ("oversized", format!("{token}{}", "x".repeat(100_000))),
        ("oversized and signed", good.with_claim("x", json!("x".repeat(50_000))).token()),
    ]
}

/// With the same member once more, in front.
fn twice(object: &str, member: &str) -> String {
    object.replacen('{', &format!(r#"{{"{member}":"none","#), 1)
}

fn huge_end(claims: &str) -> String {
    let at = claims.find(r#""exp":"#).expect("an end") + 6;
    let digits = claims[at..].chars().take_while(char::is_ascii_digit).count();
    format!("{}1e400{}", &claims[..at], &claims[at + digits..])
}

fn deep(depth: usize) -> serde_json::Value {
    (0..depth).fold(json!(1), |inner, _| json!([inner]))
}

/// The last character carries bits that belong to no byte. One of them turned around spells the same bytes for who
/// does not look.
fn respelt(token: &str) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = token.chars().last().and_then(|it| ALPHABET.find(it)).expect("base64url");
    format!("{}{}", &token[..token.len() - 1], &ALPHABET[last ^ 1..=last ^ 1])
}

#[tokio::test]
async fn whatever_else_is_wrong_with_a_token_is_the_answer_for_an_expired_one() {
    let world = World::new().await;
    for speech in &TABLE {
        let token = world.token(speech.realm, "ada").await;
        assert_eq!(world.profile(speech.realm, &Forged::of(speech.realm, &token).token()).await.status, 200);
        for (what, forged) in forgeries(speech, &token) {
            assert_refused(&world.profile(speech.realm, &forged).await, speech, speech.expired, what);
        }
    }
}

#[tokio::test]
async fn a_signature_with_any_character_changed_is_refused() {
    let world = World::new().await;
    for speech in &TABLE {
        let token = world.token(speech.realm, "ada").await;
        let start = token.rfind('.').expect("a dot") + 1;
        for at in (start..token.len()).chain([0, token.find('.').expect("a dot") + 1]) {
            let replacement = if &token[at..=at] == "A" { "B" } else { "A" };
            let changed = format!("{}{replacement}{}", &token[..at], &token[at + 1..]);
            assert_ne!(world.profile(speech.realm, &changed).await.status, 200, "{}: {at}", speech.realm);
        }
    }
}

#[tokio::test]
async fn a_token_is_good_for_its_lifetime_and_not_a_second_longer() {
    for speech in &TABLE {
        let world = World::new().await;
        let seen = world.token(speech.realm, "ada").await;
        let unseen = world.unseen_token(speech.realm, "ada").await;
        world.advance_secs(speech.lifetime_secs - 1);
        assert_eq!(world.profile(speech.realm, &seen).await.status, 200, "{}", speech.realm);
        world.advance_secs(1);
        for token in [seen, unseen] {
            assert_eq!(world.profile(speech.realm, &token).await.status, speech.expired.0, "{}", speech.realm);
        }
    }
}

#[tokio::test]
async fn a_disabled_account_gets_nothing_even_with_a_token_that_lives() {
    let world = World::new().await;
    for speech in &TABLE {
        let token = world.token(speech.realm, "ada").await;
        world.set_enabled(speech.realm, "ada", false).await;
        assert_refused(&world.profile(speech.realm, &token).await, speech, speech.disabled, "disabled");
        world.set_enabled(speech.realm, "ada", true).await;
        assert_refused(&world.profile(speech.realm, &token).await, speech, speech.expired, "enabled again");
        assert_eq!(world.login(speech.realm, "ada", PASSWORD).await.status, 200);
    }
}

#[tokio::test]
async fn a_role_that_does_not_suffice_is_refused_and_the_highest_one_is_not() {
    let world = World::new().await;
    for speech in &TABLE {
        let path = speech.path("/admin");
        let token = world.token(speech.realm, "grace").await;
        let got = world.get(&path).bearer(&token).send().await;
        assert_refused_at(&got, "/admin", speech.forbidden, speech.realm);
        let token = world.token(speech.realm, "ada").await;
        let (admin, profile) =
            (world.get(&path).bearer(&token).send().await, world.profile(speech.realm, &token).await);
        assert_eq!((admin.status, admin.body), (200, profile.body), "{}", speech.realm);
        let got = world.get(&path).send().await;
        assert_refused_at(&got, "/admin", speech.missing, speech.realm);
    }
}

#[tokio::test]
async fn a_log_out_ends_one_session_and_no_other() {
    let world = World::new().await;
    for speech in &TABLE {
        let (one, other) = (world.token(speech.realm, "ada").await, world.token(speech.realm, "ada").await);
        assert_ne!(one, other, "two logins in one second differ");
        let got = world.post(&speech.path("/logout")).bearer(&one).send().await;
        assert_eq!(got.whole(&[]), empty_answer(204));
        assert_refused(&world.profile(speech.realm, &one).await, speech, speech.expired, "logged out");
        assert_eq!(world.profile(speech.realm, &other).await.status, 200, "{}", speech.realm);
        let again = world.post(&speech.path("/logout")).bearer(&one).send().await;
        assert_eq!(again.whole(&[]), empty_answer(204), "twice");
    }
}

#[tokio::test]
async fn an_expired_token_and_one_of_a_disabled_account_can_be_logged_out() {
    for speech in &TABLE {
        let world = World::new().await;
        let (one, other) = (world.token(speech.realm, "ada").await, world.token(speech.realm, "grace").await);
        world.set_enabled(speech.realm, "grace", false).await;
        assert_eq!(world.post(&speech.path("/logout")).bearer(&other).send().await.status, 204);
        world.advance_secs(speech.lifetime_secs * 2);
        assert_eq!(world.post(&speech.path("/logout")).bearer(&one).send().await.status, 204);
    }
}

#[tokio::test]
async fn a_log_out_with_a_token_that_was_never_good_is_refused() {
    let world = World::new().await;
    for speech in &TABLE {
        let token = world.token(speech.realm, "ada").await;
        let forged = Forged::of(speech.realm, &token).with_secret(b"another").token();
        let got = world.post(&speech.path("/logout")).bearer(&forged).send().await;
        assert_refused_at(&got, "/logout", speech.expired, speech.realm);
        let got = world.post(&speech.path("/logout")).send().await;
        assert_refused_at(&got, "/logout", speech.missing, speech.realm);
        assert_eq!(world.profile(speech.realm, &token).await.status, 200);
    }
}

#[tokio::test]
async fn a_token_of_another_realm_is_refused_also_where_both_have_one_secret() {
    let shared = secret_of("shared");
    let worlds = [World::new().await, World::with(|realm| realm.secret = Some(shared.clone())).await];
    for world in &worlds {
        for speech in &TABLE {
            for other in TABLE.iter().filter(|it| it.realm != speech.realm) {
                let token = world.token(other.realm, "ada").await;
                assert_refused(&world.profile(speech.realm, &token).await, speech, speech.expired, other.realm);
                let logout = world.post(&speech.path("/logout")).bearer(&token).send().await;
                assert_eq!(logout.status, speech.expired.0, "{} in {}", other.realm, speech.realm);
                assert_eq!(world.profile(other.realm, &token).await.status, 200);
            }
        }
    }
}
