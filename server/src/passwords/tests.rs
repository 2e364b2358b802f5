//! What the pool promises, on real hashes of other programs and on cheap ones of its own.

use super::*;

const ARGON2ID: PasswordScheme = PasswordScheme::Argon2id { memory_kib: 8, passes: 1, lanes: 1 };
const BCRYPT: PasswordScheme = PasswordScheme::Bcrypt { cost: 4 };

fn pool() -> Passwords {
    Passwords::new(2, 16)
}

#[tokio::test]
async fn a_password_fits_its_own_hash_and_no_other_one_does() {
    for scheme in [ARGON2ID, BCRYPT] {
        let hash = pool().hash("correct horse 9", scheme).await.unwrap();
        assert_eq!(check_hash(&hash.0), Ok(()));
        assert_eq!(pool().verify("correct horse 9", &hash).await, Ok(true));
        for wrong in ["correct horse 8", "correct horse 9 ", "Correct horse 9", ""] {
            assert_eq!(pool().verify(wrong, &hash).await, Ok(false), "{wrong:?}");
        }
    }
}

#[tokio::test]
async fn two_hashes_of_one_password_differ() {
    for scheme in [ARGON2ID, BCRYPT] {
        let (one, two) = (pool().hash("x", scheme).await.unwrap(), pool().hash("x", scheme).await.unwrap());
        assert!(one != two);
    }
}

#[tokio::test]
async fn new_hashes_are_of_the_form_and_cost_that_were_asked_for() {
    let argon2id = pool().hash("x", PasswordScheme::ARGON2ID).await.unwrap();
    assert!(argon2id.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", argon2id.0);
    let bcrypt = pool().hash("x", BCRYPT).await.unwrap();
    assert!(bcrypt.0.starts_with("$2b$04$"), "{}", bcrypt.0);
}

/// From the argon2 reference implementation's README and from Openwall's crypt_blowfish.
#[tokio::test]
async fn hashes_of_other_programs_are_understood() {
    for (password, hash) in [
        ("password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"),
        ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ("U*U", "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
    ] {
        assert_eq!(check_hash(hash), Ok(()), "{hash}");
        assert_eq!(pool().verify(password, &PasswordHash(hash.into())).await, Ok(true), "{hash}");
        assert_eq!(pool().verify("other", &PasswordHash(hash.into())).await, Ok(false), "{hash}");
    }
}

#[tokio::test]
async fn bcrypt_never_cuts_a_password_off_unseen() {
    let (whole, longer) = ("x".repeat(72), "x".repeat(73));
    assert_eq!(pool().hash(&longer, BCRYPT).await, Err(PasswordError::TooLong(73)));
    let hash = pool().hash(&whole, BCRYPT).await.unwrap();
    assert_eq!(pool().verify(&whole, &hash).await, Ok(true));
    assert_eq!(pool().verify(&longer, &hash).await, Ok(false));
    assert!(pool().hash(&longer, ARGON2ID).await.is_ok());
    // 72 bytes, not 72 characters.
    assert_eq!(pool().hash(&"ñ".repeat(37), BCRYPT).await, Err(PasswordError::TooLong(74)));
}

#[tokio::test]
async fn a_nul_is_in_no_password() {
    let hash = pool().hash("a", BCRYPT).await.unwrap();
    assert_eq!(pool().verify("a\0a", &hash).await, Ok(false));
    for scheme in [ARGON2ID, BCRYPT] {
        assert_eq!(pool().hash("a\0a", scheme).await, Err(PasswordError::Malformed));
        assert_eq!(pool().hash("", scheme).await, Err(PasswordError::Malformed));
    }
}

#[tokio::test]
async fn what_is_no_hash_is_told_as_such() {
    for text in [
        "",
        "correct horse 9",
        "$2b$10$short",
        "$1$salt$md5",
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ",
        "$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    ] {
        assert_eq!(check_hash(text), Err(HashFault), "{text}");
    }
    let stored = PasswordHash("correct horse 9".into());
    assert_eq!(pool().verify("correct horse 9", &stored).await, Err(PasswordError::UnknownHash));
}

#[tokio::test]
async fn a_flood_is_refused_rather_than_queued_without_end() {
    let pool = Passwords::new(1, 1);
    let busy = Arc::clone(&pool.shared.running).try_acquire_owned().unwrap();
    // Polled in this order: two are admitted and wait, the third is one too many.
    let (first, second, third, ()) = tokio::join!(biased; pool.hash("x", BCRYPT), pool.hash("x", BCRYPT), pool.hash("x", BCRYPT), async { drop(busy) });
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(third, Err(PasswordError::Overloaded));
    assert!(pool.hash("x", BCRYPT).await.is_ok(), "the pool recovers");
}

#[tokio::test]
async fn a_caller_that_gives_up_frees_no_place_while_its_hash_is_made() {
    let pool = Passwords::new(1, 0);
    let slow = pool.hash("x", PasswordScheme::Bcrypt { cost: 12 });
    let given_up = tokio::time::timeout(std::time::Duration::from_millis(1), slow).await;
    assert!(given_up.is_err());
    assert_eq!(pool.hash("x", BCRYPT).await, Err(PasswordError::Overloaded));
}

#[tokio::test]
async fn an_unknown_user_is_checked_against_a_hash_of_the_same_cost() {
    let pool = pool();
    for scheme in [ARGON2ID, BCRYPT] {
        assert_eq!(pool.verify_dummy("correct horse 9", scheme).await, Ok(()));
    }
    for (scheme, start) in [
        (PasswordScheme::ARGON2ID, "$argon2id$v=19$m=19456,t=2,p=1$"),
        (PasswordScheme::BCRYPT, "$2b$10$"),
        (BCRYPT, "$2b$04$"),
    ] {
        let dummy = pool.shared.dummy(scheme).unwrap();
        assert!(dummy.0.starts_with(start), "{}", dummy.0);
        assert_eq!(check_hash(&dummy.0), Ok(()));
        assert_eq!(pool.verify("correct horse 9", &dummy).await, Ok(false));
        assert!(dummy == pool.shared.dummy(scheme).unwrap(), "made once");
    }
}

#[test]
fn nothing_shows_a_hash() {
    assert_eq!(format!("{:?}", PasswordHash("$2b$04$secret".into())), "PasswordHash");
}
