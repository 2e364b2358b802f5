//! Signing keys.

use crate::support::{HOUR, NOW, create, named, new_session};
use relatch_server::keys::MasterKeyName;
use relatch_server::store::{EndReason, NewSession, Renewable, Retirement, Salt, SigningKey, Store, StoreError};
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
    let retire = |realm, id, now_ms| store.retire_signing_key(realm, id, now_ms, true);
    store.ensure_signing_key("a", key("first", "HS256"), NOW).await.unwrap();
    assert_eq!(retire("a", "first", NOW).await.unwrap(), Retirement::Refused, "the only one");
    let second = SigningKey { signs_from_ms: NOW + 60, ..key("second", "HS256") };
    store.rotate_signing_key("a", second, NOW, NOW + 100, None).await.unwrap();
    assert_eq!(retire("a", "first", NOW + 59).await.unwrap(), Retirement::Refused, "nothing else signs yet");
    assert_eq!(retire("b", "first", NOW + 60).await.unwrap(), Retirement::Refused, "another realm's");
    assert_eq!(retire("a", "first", NOW + 60).await.unwrap(), Retirement::Done(0));
    assert_eq!(retire("a", "first", NOW + 61).await.unwrap(), Retirement::Refused, "it has ended");
    assert_eq!(retire("a", "second", NOW + 61).await.unwrap(), Retirement::Refused, "the last one");
}

pub(crate) async fn a_key_that_live_sessions_need_is_retired_with_them_or_not_at_all(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let by = |id: &str| Some(Renewable { key_id: id.into(), salt: Salt([1; 16]) });
    let mut sessions = Vec::new();
    for id in ["first", "first", "first", "second"] {
        let new = NewSession { renewable: by(id), ..new_session() };
        store.create_session(&ada, new.clone(), NOW).await.unwrap();
        sessions.push(new.id);
    }
    store.end_session(*sessions.first().unwrap(), EndReason::LoggedOut, NOW).await.unwrap();
    store.ensure_signing_key("a", key("first", "r"), NOW).await.unwrap();
    store.rotate_signing_key("a", key("second", "r"), NOW, NOW + 3 * HOUR, None).await.unwrap();

    let refused = store.retire_signing_key("a", "first", NOW + 1, false).await.unwrap();
    assert_eq!(refused, Retirement::Needed(2));
    assert!(store.signing_keys("a", "r").await.unwrap().iter().all(|it| it.verifies_at(NOW + 2)), "nothing was done");
    assert_eq!(store.retire_signing_key("a", "first", NOW + 1, true).await.unwrap(), Retirement::Done(2));
    let mut ended = Vec::new();
    for id in &sessions {
        ended.push(store.session("a", *id).await.unwrap().unwrap().0.ended);
    }
    let retired = Some((NOW + 1, EndReason::KeyRetired));
    assert_eq!(ended, [Some((NOW, EndReason::LoggedOut)), retired, retired, None]);

    store.rotate_signing_key("a", key("third", "r"), NOW, NOW + 3 * HOUR, None).await.unwrap();
    let later = NOW + HOUR;
    assert_eq!(store.retire_signing_key("a", "second", later, false).await.unwrap(), Retirement::Done(0), "expired");
}

pub(crate) async fn a_key_is_sealed_once(store: &dyn Store) {
    store.ensure_signing_key("a", key("first", "HS256"), NOW).await.unwrap();
    let sealed = |text: &str| SigningKey { secret: Zeroizing::new(text.into()), ..key("first", "HS256") };
    assert!(store.seal_signing_key("a", sealed("one")).await.unwrap());
    assert!(!store.seal_signing_key("a", sealed("two")).await.unwrap());
    let stored = store.signing_keys("a", "HS256").await.unwrap();
    assert!(stored.iter().all(|it| it.sealed && it.secret.as_slice() == b"one"));
}

fn sealed(id: &str, master: u8) -> SigningKey {
    SigningKey { sealed: true, master: Some(MasterKeyName([master; 16])), ..key(id, "HS256") }
}

pub(crate) async fn a_key_under_another_master_key_is_not_stored_beside_sealed_ones(store: &dyn Store) {
    let is_refused = |outcome: Result<bool, StoreError>| matches!(outcome, Err(StoreError::Key { .. }));
    store.ensure_signing_key("a", sealed("first", 1), NOW).await.unwrap();
    for other in [sealed("other", 2), key("other", "HS256")] {
        assert!(is_refused(store.rotate_signing_key("a", other.clone(), NOW + 1, NOW + 9, None).await));
        assert!(is_refused(store.ensure_signing_key("b", other, NOW).await.map(|_| true)), "nor in another realm");
    }
    assert_eq!(ids(store).await, [("first".into(), None)], "and nothing else was done");
    assert!(store.rotate_signing_key("a", sealed("second", 1), NOW + 1, NOW + 9, None).await.unwrap());
}

pub(crate) async fn keys_are_sealed_anew_all_or_none(store: &dyn Store) {
    for (realm, id) in [("a", "first"), ("b", "second")] {
        store.ensure_signing_key(realm, key(id, "HS256"), NOW).await.unwrap();
    }
    let before = (store.signing_keys("a", "HS256").await.unwrap(), store.signing_keys("b", "HS256").await.unwrap());
    let failing = |realm: &str, it: SigningKey| match realm {
        "a" => Ok(SigningKey { sealed: true, ..it }),
        _ => Err(StoreError::Closed),
    };
    assert!(store.reseal_signing_keys(&failing).await.is_err());
    let after = (store.signing_keys("a", "HS256").await.unwrap(), store.signing_keys("b", "HS256").await.unwrap());
    assert_eq!(after, before);
    let sealing = |_: &str, it: SigningKey| Ok(SigningKey { secret: Zeroizing::new(vec![9]), sealed: true, ..it });
    assert_eq!(store.reseal_signing_keys(&sealing).await.unwrap(), 2);
    assert_eq!(store.reseal_signing_keys(&sealing).await.unwrap(), 0, "they are so already");
    assert!(store.signing_keys("b", "HS256").await.unwrap().iter().all(|it| it.sealed && it.secret.as_slice() == [9]));
}
