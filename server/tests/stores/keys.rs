//! Signing keys.

use crate::support::NOW;
use relatch_server::store::{SigningKey, Store};
use zeroize::Zeroizing;

fn key(id: &str, alg: &str) -> SigningKey {
    SigningKey { id: id.into(), alg: alg.into(), secret: Zeroizing::new(id.as_bytes().to_vec()) }
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
