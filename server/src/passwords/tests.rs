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

/// Of `password`, made by Python's hashlib in the form that each system stores.
const FOREIGN: [&str; 11] = [
    "pbkdf2_sha256$1000$seasalt-seasalt$1MstK0KIZsF4bIfhlgO5QWN/2pz9baohETrfqlsT90s=",
    "pbkdf2_sha1$1000$seasalt-seasalt$BuyWhMjA0xF4mP24/Z8o11x5wWQ=",
    "scrypt$1024$seasalt-seasalt$8$1$XkSSpm1F/ESIiaV2LT+rwF85S23hXxIM6+s/db18AHWQErUIgbU3mRTKnpFZBhfNMGRAy5Q3IW9w1Yv8ncEBGA==",
    "$pbkdf2$1000$.//.MDEyMzQ1Njc4OWFiYw$Kv9lQHUtSWBW7VnHmVKg0t9j1pM",
    "$pbkdf2-sha256$1000$.//.MDEyMzQ1Njc4OWFiYw$wK/S/Gmp3cnQEaF9HW491dcmt/LywYTt8JNBH98pkw0",
    "$pbkdf2-sha512$1000$.//.MDEyMzQ1Njc4OWFiYw$ngmwtfmODAzJnuynRu/kVQrOwtMr3o8zrTDs/I7a3571M3YTVwwi.49GcYkXSKd3jw3WlJOvFDpVylYx5q4koA",
    "pbkdf2:sha256:1000$seasalt-seasalt$d4cb2d2b428866c1786c87e19603b941637fda9cfd6daa21113adfaa5b13f74b",
    "scrypt:1024:8:1$seasalt-seasalt$5e4492a66d45fc448889a5762d3fabc05f394b6de15f120cebeb3f75bd7c00759012b50881b5379914ca9e91590617cd306440cb9437216f70d58bfc9dc10118",
    "AQAAAAEAAAPoAAAAEPv//jAxMjM0NTY3ODlhYmPAr9L8aandydARoX0dbj3V1ya38vLBhO3wk0Ef3ymTDQ==",
    "$scrypt$ln=10,r=8,p=1$+//+MDEyMzQ1Njc4OWFiYw$5NXEyT7aacs7C4uzOruHVWQdow7tvsDXc/JNY71zJYQ",
    "$pbkdf2-sha512$i=1000,l=64$+//+MDEyMzQ1Njc4OWFiYw$ngmwtfmODAzJnuynRu/kVQrOwtMr3o8zrTDs/I7a3571M3YTVwwi+49GcYkXSKd3jw3WlJOvFDpVylYx5q4koA",
];

#[tokio::test]
async fn hashes_of_other_systems_are_adopted_and_fit() {
    for foreign in FOREIGN {
        let kept = adopt_hash(foreign).unwrap_or_else(|_| panic!("{foreign}"));
        assert!(kept.0.starts_with('$') && check_hash(&kept.0).is_ok(), "{}", kept.0);
        assert_eq!(pool().verify("password", &kept).await, Ok(true), "{foreign}");
        assert_eq!(pool().verify("passwore", &kept).await, Ok(false), "{foreign}");
    }
}

/// argon2i and argon2d from the reference implementation's test suite (version 19, 256 KiB).
#[tokio::test]
async fn every_argon2_is_checked() {
    let i = PasswordHash("$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8".into());
    assert_eq!(pool().verify("password", &i).await, Ok(true));
    assert_eq!(pool().verify("other", &i).await, Ok(false));
    assert_eq!(check_hash(&i.0.replace("argon2i", "argon2d")), Ok(()));
}

#[test]
fn prefixes_that_frameworks_put_before_a_hash_are_taken_off() {
    const BCRYPT: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    for prefix in ["{bcrypt}", "bcrypt$", ""] {
        assert_eq!(adopt_hash(&format!("{prefix}{BCRYPT}")), Ok(PasswordHash(BCRYPT.into())));
    }
    const ARGON2: &str = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    for prefix in ["{argon2}", "argon2", ""] {
        assert_eq!(adopt_hash(&format!("{prefix}{ARGON2}")), Ok(PasswordHash(ARGON2.into())));
    }
}

#[test]
fn a_scheme_knows_what_it_made() {
    let of = |text: &str| PasswordHash(text.into());
    let bcrypt = of("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
    assert!(PasswordScheme::Bcrypt { cost: 5 }.made(&bcrypt));
    assert!(!PasswordScheme::Bcrypt { cost: 6 }.made(&bcrypt));
    assert!(!ARGON2ID.made(&bcrypt));
}

#[tokio::test]
async fn a_check_fails_alike_for_who_is_missing_shut_out_or_wrong() {
    let hash = pool().hash("right", BCRYPT).await.unwrap();
    let kinds = ["$2b$05$".to_owned(), "$argon2id$v=19$m=16,t=1,p=1$".into(), "$pbkdf2-sha256$i=100,l=32$".into()];
    let cost = FailureCost::of(&kinds, BCRYPT);
    for (password, stored, welcome, fits) in [
        ("right", Some(&hash), true, true),
        ("right", Some(&hash), false, true),
        ("wrong", Some(&hash), true, false),
        ("right", None, false, false),
    ] {
        assert_eq!(pool().check(password, stored, welcome, cost.clone()).await, Ok(fits), "{password} {welcome}");
    }
}

#[test]
fn a_realms_cost_is_the_dearest_of_each_kind() {
    let kinds = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let dear = FailureCost::of(&kinds(&["$2b$12$"]), ARGON2ID);
    assert_eq!(FailureCost::of(&kinds(&["$2a$04$", "$2b$12$", "$2y$10$", "nonsense"]), ARGON2ID), dear);
    assert_ne!(FailureCost::of(&kinds(&["$2b$12$", "$scrypt$ln=10,r=8,p=1$"]), ARGON2ID), dear);
    assert_eq!(FailureCost::of(&[], BCRYPT), FailureCost::of(&kinds(&["$2b$04$"]), ARGON2ID));
}

#[test]
fn a_realms_cost_is_the_same_in_whatever_order_its_hashes_are_found() {
    let wide = "$argon2id$v=19$m=32,t=1,p=1$".to_owned();
    let long = "$argon2id$v=19$m=16,t=2,p=1$".to_owned();
    let mut kinds =
        vec![wide, "$pbkdf2-sha1$i=100,l=20$".into(), "$2b$10$".into(), "$pbkdf2-sha256$i=9,l=32$".into(), long];
    let cost = FailureCost::of(&kinds, BCRYPT);
    for _ in 0..kinds.len() {
        kinds.rotate_left(1);
        assert_eq!(FailureCost::of(&kinds, BCRYPT), cost, "{kinds:?}");
        kinds.swap(0, 2);
        assert_eq!(FailureCost::of(&kinds, BCRYPT), cost, "{kinds:?}");
    }
}

#[tokio::test]
async fn who_hangs_up_while_waiting_frees_the_place() {
    let pool = Passwords::new(1, 1);
    let busy = tokio::spawn({
        let pool = pool.clone();
        async move { pool.hash("x", PasswordScheme::Bcrypt { cost: 11 }).await }
    });
    tokio::task::yield_now().await;
    let (line, waiting) = crate::hangup::answering({
        let pool = pool.clone();
        async move { pool.hash("y", BCRYPT).await }
    });
    let waiting = tokio::spawn(waiting);
    tokio::task::yield_now().await;
    assert_eq!(pool.hash("z", BCRYPT).await, Err(PasswordError::Overloaded));
    drop(line);
    assert_eq!(waiting.await.unwrap(), Err(PasswordError::Abandoned));
    assert!(!busy.is_finished(), "the pool was not busy all the time");
    assert!(pool.hash("z", BCRYPT).await.is_ok());
    assert!(busy.await.unwrap().is_ok());
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
    let busy = Arc::clone(&pool.pool.running).try_acquire_owned().unwrap();
    // Polled in this order: two are admitted and wait, the third is one too many.
    let (first, second, third, ()) = tokio::join!(biased; pool.hash("x", BCRYPT), pool.hash("x", BCRYPT), pool.hash("x", BCRYPT), async { drop(busy) });
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(third, Err(PasswordError::Overloaded));
    assert!(pool.hash("x", BCRYPT).await.is_ok(), "the pool recovers");
}

#[tokio::test]
async fn who_is_familiar_finds_a_place_when_strangers_have_taken_all_others() {
    let pool = Passwords::new(1, 1);
    let busy = Arc::clone(&pool.pool.running).try_acquire_owned().unwrap();
    let stranger = || as_familiar(false, pool.hash("x", BCRYPT));
    let familiar = || as_familiar(true, pool.hash("x", BCRYPT));
    let (one, two, three, fourth, fifth, ()) = tokio::join!(biased;
        stranger(), stranger(), stranger(), familiar(), familiar(), async { drop(busy) });
    assert!(one.is_ok() && two.is_ok() && fourth.is_ok());
    assert_eq!(
        (three, fifth),
        (Err(PasswordError::Overloaded), Err(PasswordError::Overloaded)),
        "its places are bounded too"
    );
}

#[tokio::test]
async fn a_caller_that_gives_up_frees_no_place_while_its_hash_is_made() {
    let pool = Passwords::new(1, 0);
    let (end, ends) = std::sync::mpsc::channel::<()>();
    let slow = pool.pool.run(move |_| ends.recv().map_err(|_| PasswordError::Failed));
    let given_up = tokio::time::timeout(std::time::Duration::from_millis(1), slow).await;
    assert!(given_up.is_err());
    assert_eq!(pool.hash("x", BCRYPT).await, Err(PasswordError::Overloaded));
    end.send(()).unwrap();
}

#[test]
fn nothing_shows_a_hash() {
    assert_eq!(format!("{:?}", PasswordHash("$2b$04$secret".into())), "PasswordHash");
}
