//! Signing keys.

use crate::support::NOW;
use relatch_server::store::{SigningKey, Store};
use zeroize::Zeroizing;

fn key(id: &str, alg: &str) -> SigningKey {
    SigningKey::new(id, alg, Zeroizing::new(id.as_bytes().to_vec()), NOW)
}

async fn ids(store: &dyn Store) -> Vec<(String, Option<i64>)> {
    let keys = store.signing_keys("a", "HS256").await.unwrap();
    keys.into_iter().map(|it| (it.id, it.verifies_until_ms)).collect()
}

pub(crate) async fn the_first_key_of_a_realm_and_algorithm_stays(store: &dyn Store) {
    let first = key("first", "HS256");
    assert_eq!(store.ensure_signing_key("a", first.clone(), NOW).await.unwrap(), first);
    assert_eq!(store.ensure_signing_key("a", key("second", "HS256"), NOW).await.unwrap(), first);
    for (realm, other) in [("a", key("third", "HS512")), ("b", key("fourth", "HS256"))] {
        assert_eq!(store.ensure_signing_key(realm, other.clone(), NOW).await.unwrap(), other);
    }
    assert_eq!(store.signing_keys("a", "HS256").await.unwrap(), [first]);
    assert_eq!(store.signing_keys("b", "HS512").await.unwrap(), []);
}

pub(crate) async fn of_many_that_start_at_once_all_sign_with_one_key(store: &dyn Store) {
    let [a, b, c] = ["x", "y", "z"].map(|id| store.ensure_signing_key("a", key(id, "HS256"), NOW));
    let (a, b, c) = tokio::join!(a, b, c);
    let (a, b, c) = (a.unwrap(), b.unwrap(), c.unwrap());
    assert!(a == b && b == c);
}

pub(crate) async fn a_rotation_lets_the_old_keys_end_and_leaves_those_that_end_before(store: &dyn Store) {
    store.ensure_signing_key("a", key("first", "HS256"), NOW).await.unwrap();
    store.ensure_signing_key("b", key("other", "HS256"), NOW).await.unwrap();
    let second = SigningKey { signs_from_ms: NOW + 60, ..key("second", "HS256") };
    assert!(store.rotate_signing_key("a", second, NOW + 1, NOW + 100, None).await.unwrap());
    let third = SigningKey { signs_from_ms: NOW + 90, ..key("third", "HS256") };
    assert!(store.rotate_signing_key("a", third, NOW + 2, NOW + 200, None).await.unwrap());
    let expected = [("third", None), ("second", Some(NOW + 200)), ("first", Some(NOW + 100))];
    assert_eq!(ids(store).await, expected.map(|(id, until)| (id.into(), until)));
    let elsewhere = store.signing_keys("b", "HS256").await.unwrap();
    assert!(elsewhere.iter().all(|it| it.verifies_until_ms.is_none()), "another realm's");
    assert!(store.rotate_signing_key("a", key("fourth", "HS256"), NOW + 101, NOW + 300, None).await.unwrap());
    assert!(ids(store).await.iter().all(|(id, _)| id != "first"), "what has ended is forgotten");
}

pub(crate) async fn of_many_that_rotate_on_schedule_one_does(store: &dyn Store) {
    store.ensure_signing_key("a", key("first", "HS256"), NOW).await.unwrap();
    let rotate = |id| store.rotate_signing_key("a", key(id, "HS256"), NOW + 10, NOW + 100, Some(NOW + 5));
    let (x, y, z) = tokio::join!(rotate("x"), rotate("y"), rotate("z"));
    let done = [x, y, z].into_iter().filter(|it| *it.as_ref().unwrap()).count();
    assert_eq!((done, ids(store).await.len()), (1, 2));
}

pub(crate) async fn a_key_is_retired_once_and_never_the_last_that_signs(store: &dyn Store) {
    store.ensure_signing_key("a", key("first", "HS256"), NOW).await.unwrap();
    assert!(!store.retire_signing_key("a", "first", NOW).await.unwrap(), "the only one");
    let second = SigningKey { signs_from_ms: NOW + 60, ..key("second", "HS256") };
    store.rotate_signing_key("a", second, NOW, NOW + 100, None).await.unwrap();
    assert!(!store.retire_signing_key("a", "first", NOW + 59).await.unwrap(), "nothing else signs yet");
    assert!(!store.retire_signing_key("b", "first", NOW + 60).await.unwrap(), "another realm's");
    assert!(store.retire_signing_key("a", "first", NOW + 60).await.unwrap());
    assert!(!store.retire_signing_key("a", "first", NOW + 61).await.unwrap(), "it has ended");
    assert!(!store.retire_signing_key("a", "second", NOW + 61).await.unwrap(), "the last one");
}

pub(crate) async fn a_key_is_sealed_once(store: &dyn Store) {
    store.ensure_signing_key("a", key("first", "HS256"), NOW).await.unwrap();
    let sealed = |text: &str| SigningKey { secret: Zeroizing::new(text.into()), ..key("first", "HS256") };
    assert!(store.seal_signing_key("a", sealed("one")).await.unwrap());
    assert!(!store.seal_signing_key("a", sealed("two")).await.unwrap());
    let stored = store.signing_keys("a", "HS256").await.unwrap();
    assert!(stored.iter().all(|it| it.sealed && it.secret.as_slice() == b"one"));
}
