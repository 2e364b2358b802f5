//! Other people's test vectors: Wycheproof's JSON Web Signatures, and the cookbook's (RFC 7520).

use super::Opened;
use crate::keys::{Key, KeyRing, SigningAlgorithm};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

const WYCHEPROOF: &str = include_str!("../../tests/vectors/wycheproof/json_web_signature_test.json");

const COOKBOOK: [(&str, &str); 2] = [
    ("RS256", include_str!("../../tests/vectors/jose-cookbook/4_1.rsa_v15_signature.json")),
    ("HS256", include_str!("../../tests/vectors/jose-cookbook/4_4.hmac-sha2_integrity_protection.json")),
];

/// A ring of one key; `None` for a key that this server would not take.
fn ring(algorithm: &str, jwk: &Value) -> Option<KeyRing> {
    let algorithm = SigningAlgorithm::named(algorithm)?;
    let id = jwk["kid"].as_str().unwrap_or_default();
    Some(KeyRing::of_keys(algorithm, vec![Key::of_jwk(algorithm, id, jwk)?]))
}

fn open(ring: &KeyRing, token: &str) -> Option<Opened> {
    super::open(ring.algorithm(), &ring.keys(), token)
}

#[test]
fn wycheproofs_signatures_are_taken_and_refused_as_they_should_be() {
    let suite: Value = serde_json::from_str(WYCHEPROOF).unwrap();
    let (mut taken, mut refused, mut lax, mut stricter) = (0, 0, Vec::new(), Vec::new());
    for group in suite["testGroups"].as_array().unwrap() {
        let jwk = if group["public"].is_null() { &group["private"] } else { &group["public"] };
        // A ring has one algorithm: the one that the group's key is for.
        let Some(ring) = ring(jwk["alg"].as_str().unwrap_or_default(), jwk) else { continue };
        for test in group["tests"].as_array().unwrap() {
            let opened = test["jws"].as_str().is_some_and(|token| open(&ring, token).is_some());
            match (test["result"].as_str().unwrap(), opened) {
                ("valid", true) => taken += 1,
                ("valid", false) => stricter.push(test["tcId"].as_u64().unwrap()),
                (_, false) => refused += 1,
                (_, true) => lax.push(test["tcId"].as_u64().unwrap()),
            }
        }
    }
    // 367 and 370 are, byte by byte, the token of 357, which is valid. 372 and 373 have a `?` amid their base64url,
    // and are called valid where a decoder may pass over it; this one does not.
    assert_eq!((lax, stricter), (vec![367, 370], vec![372, 373]));
    assert_eq!((taken, refused), (18, 290));
}

#[test]
fn the_cookbooks_signatures_are_right_until_a_character_changes() {
    for (algorithm, text) in COOKBOOK {
        let vector: Value = serde_json::from_str(text).unwrap();
        let ring = ring(algorithm, &vector["input"]["key"]).unwrap();
        let token = vector["output"]["compact"].as_str().unwrap();
        let opened = open(&ring, token).unwrap();
        assert_eq!(opened.payload, vector["input"]["payload"].as_str().unwrap().as_bytes());
        for at in 0..token.len() {
            let other = if &token[at..=at] == "A" { "B" } else { "A" };
            let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
            assert!(open(&ring, &changed).is_none(), "{algorithm}: character {at}");
        }
        assert!(open(&ring, &format!("{token}\n")).is_none());
    }
}

/// The example of RFC 8037 appendix A.4, with the key of A.2.
#[test]
fn the_ed25519_example_of_its_rfc_is_right() {
    let jwk = serde_json::json!({
        "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    });
    let token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
                 hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let opened = open(&ring("EdDSA", &jwk).unwrap(), token).unwrap();
    assert_eq!(opened.payload, b"Example of Ed25519 signing");
    let (message, _) = token.rsplit_once('.').unwrap();
    let null = URL_SAFE_NO_PAD.encode([0; 64]);
    assert!(open(&ring("EdDSA", &jwk).unwrap(), &format!("{message}.{null}")).is_none());
}

/// RFC 7515 appendix A.3, and the "psychic" signature of zeros (CVE-2022-21449).
#[test]
fn the_es256_example_of_its_rfc_is_right_and_a_signature_of_zeros_is_not() {
    let jwk = serde_json::json!({
        "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    });
    let ring = ring("ES256", &jwk).unwrap();
    let message = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    assert!(open(&ring, &format!("{message}.{signature}")).is_some());
    assert!(open(&ring, &format!("{message}.{}", URL_SAFE_NO_PAD.encode([0; 64]))).is_none());
}
