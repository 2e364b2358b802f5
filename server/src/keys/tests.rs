use super::*;

fn key(name: &str) -> (SigningAlgorithm, Zeroizing<Vec<u8>>) {
    let algorithm = SigningAlgorithm::named(name).unwrap();
    (algorithm, generate(algorithm).unwrap())
}

fn ready(name: &str) -> Key {
    let (algorithm, bytes) = key(name);
    Key::of(&SigningKey::new("k", algorithm.name, bytes, 0)).unwrap()
}

#[test]
fn a_key_of_each_algorithm_knows_its_own_signatures_and_no_others() {
    for name in SigningAlgorithm::names() {
        let (one, other) = (ready(name), ready(name));
        let signature = one.sign("text").unwrap();
        assert!(one.verifies("text", &signature), "{name}");
        assert!(!one.verifies("texu", &signature) && !other.verifies("text", &signature), "{name}");
        for wrong in ["", &format!("{signature}="), &format!("{signature}A"), &format!("A{signature}")] {
            assert!(!one.verifies("text", wrong), "{name}: {wrong}");
        }
    }
}

#[test]
fn a_key_shows_nothing_of_itself() {
    let key = ready("HS256");
    assert_eq!(format!("{key:?}"), r#"Key { id: "k", alg: "HS256", .. }"#);
    let public = serde_json::to_string(&ready("RS256").public).unwrap();
    assert!(!public.contains("\"d\"") && !public.contains("\"p\""), "{public}");
    assert!(key.public.is_none());
}

#[test]
fn pem_is_read_in_each_of_its_forms_and_names_one_key() {
    use p256::pkcs8::LineEnding;
    let (algorithm, bytes) = key("ES256");
    let secret = p256::SecretKey::from_pkcs8_der(&bytes).unwrap();
    let forms = [secret.to_pkcs8_pem(LineEnding::LF).unwrap(), secret.to_sec1_pem(LineEnding::LF).unwrap()];
    let ids = forms.map(|pem| {
        let read = from_pem(algorithm, &pem).unwrap();
        Key::of(&SigningKey::new("", "ES256", read, 0)).unwrap().id
    });
    assert_eq!(ids[0], ids[1]);
    assert_eq!(ids[0].len(), 43, "a thumbprint");
    for other in ["RS256", "EdDSA", "HS256"] {
        assert!(from_pem(SigningAlgorithm::named(other).unwrap(), &forms_of(&secret)).is_err(), "{other}");
    }
}

fn forms_of(secret: &p256::SecretKey) -> String {
    secret.to_pkcs8_pem(p256::pkcs8::LineEnding::LF).unwrap().to_string()
}

#[test]
fn a_key_that_is_too_weak_is_refused_with_the_reason() {
    let short = Key::of(&SigningKey::new("k", "HS512", Zeroizing::new(vec![1; 63]), 0)).unwrap_err();
    assert_eq!(short, "HS512 needs a secret of at least 64 bytes; this one has 63 (RFC 7518 section 3.2)");
    let weak = rsa::RsaPrivateKey::new(&mut OsRng, 1024).unwrap().to_pkcs8_der().unwrap();
    let weak = SigningKey::new("k", "RS256", Zeroizing::new(weak.as_bytes().to_vec()), 0);
    assert_eq!(Key::of(&weak).unwrap_err(), "RS256 needs at least 2048 bits (RFC 7518 section 3.3)");
    assert!(Key::of(&SigningKey::new("k", "none", Zeroizing::new(vec![1; 64]), 0)).is_err());
}

#[test]
fn a_key_signs_when_it_has_been_announced_and_verifies_until_it_ends() {
    let (_, secret) = key("HS256");
    let stored = SigningKey { verifies_until_ms: Some(20), ..SigningKey::new("k", "HS256", secret, 10) };
    let key = Key::of(&stored).unwrap();
    assert!(!key.signs_at(9) && key.signs_at(10) && key.signs_at(19) && !key.signs_at(20));
    assert!(key.verifies_at(0) && !key.verifies_at(20));
}
