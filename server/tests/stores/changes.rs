//! The log of changes.

use crate::support::{NOW, begin, create, named};
use relatch_server::account::PasswordHash;
use relatch_server::store::{Changed, EndReason, News, Rotation, Store, StoreError};

async fn place(store: &dyn Store) -> i64 {
    store.changes_after(-1).await.unwrap().place
}

async fn changed(store: &dyn Store, place: i64) -> Option<Vec<Changed>> {
    store.changes_after(place).await.unwrap().changed
}

pub(crate) async fn what_ends_or_changes_is_in_the_log_in_order(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let (one, other) = (begin(store, &ada).await, begin(store, &ada).await);
    let start = place(store).await;
    assert_eq!(changed(store, start).await, Some(vec![]));
    store.end_session(one, EndReason::LoggedOut, NOW).await.unwrap();
    store.end_session(one, EndReason::LoggedOut, NOW).await.unwrap();
    assert_eq!(changed(store, start).await, Some(vec![Changed::Session(one)]), "once");
    store.set_password(ada.id, &PasswordHash("new".into()), NOW).await.unwrap();
    let all = vec![Changed::Session(one), Changed::Account(ada.id), Changed::Session(other)];
    let news = store.changes_after(start).await.unwrap();
    assert_eq!(news, News { place: start + 3, changed: Some(all) });
    assert_eq!(changed(store, start + 2).await, Some(vec![Changed::Session(other)]));
    store.set_enabled(ada.id, true, NOW).await.unwrap();
    assert_eq!(changed(store, news.place).await, Some(vec![Changed::Account(ada.id)]));
}

pub(crate) async fn a_renewal_and_a_login_are_not_in_the_log(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let start = place(store).await;
    let session = begin(store, &ada).await;
    let step =
        Rotation { session, presented: 1, attempt: None, key_id: "k".into(), now_ms: NOW, expires_at_ms: NOW + 1 };
    assert!(store.rotate(step).await.unwrap());
    assert_eq!(store.purge_sessions(NOW + 2, 9).await.unwrap(), 1);
    assert_eq!(changed(store, start).await, Some(vec![]));
}

pub(crate) async fn what_is_rolled_back_is_not_in_the_log(store: &dyn Store) {
    create(store, named("a", "ada")).await;
    let start = place(store).await;
    let taken = store.create_accounts(&[named("a", "grace"), named("a", "ada")], NOW).await;
    assert!(matches!(taken, Err(StoreError::Taken { .. })));
    assert_eq!(changed(store, start).await, Some(vec![]));
}

pub(crate) async fn a_place_that_is_too_far_back_or_ahead_cannot_be_told_from(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let start = place(store).await;
    for enabled in [false, true, false, true, false] {
        store.set_enabled(ada.id, enabled, NOW).await.unwrap();
    }
    assert_eq!(store.forget_changes(2, 1).await.unwrap(), 1, "no more than asked");
    assert_eq!(store.forget_changes(2, 9).await.unwrap(), 2);
    assert_eq!(store.forget_changes(2, 9).await.unwrap(), 0);
    assert_eq!(store.changes_after(start).await.unwrap(), News { place: start + 5, changed: None });
    assert_eq!(changed(store, start + 3).await, Some(vec![Changed::Account(ada.id); 2]));
    assert_eq!(changed(store, start + 5).await, Some(vec![]));
    assert_eq!(changed(store, start + 99).await, None, "of a database that came from a backup");
    assert_eq!(changed(store, -1).await, None);
}

pub(crate) async fn a_commit_is_heard_of_by_revision_here_and_by_version_everywhere(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let session = begin(store, &ada).await;
    let (revision, version) = (store.revision(), store.version().await.unwrap());
    assert_eq!((store.revision(), store.version().await.unwrap()), (revision, version));
    store.end_session(session, EndReason::LoggedOut, NOW).await.unwrap();
    assert_ne!(store.revision(), revision);
    assert_ne!(store.version().await.unwrap(), version);
}
