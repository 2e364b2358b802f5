//! Sessions.

use crate::support::{HOUR, NOW, begin, create, named};
use relatch_server::account::PasswordHash;
use relatch_server::store::{EndReason, NewSession, Rotation, SessionId, Store, TokenHash};

fn step(from: u8, to: u8) -> Rotation {
    let (from, to) = (TokenHash([from; 32]), TokenHash([to; 32]));
    Rotation { from, to, now_ms: NOW + 1, expires_at_ms: NOW + 2 * HOUR }
}

fn new_session() -> NewSession {
    NewSession { id: SessionId::random(), refresh: None, expires_at_ms: NOW + HOUR }
}

pub(crate) async fn a_session_is_found_with_its_account_and_in_its_realm_only(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let id = begin(store, &ada, 1).await;
    let (session, account) = store.session("a", id).await.unwrap().unwrap();
    assert_eq!((session.id, session.account, session.generation, account), (id, ada.id, 1, ada));
    assert_eq!((session.created_at_ms, session.expires_at_ms, session.ended), (NOW, NOW + HOUR, None));
    assert!(store.session("b", id).await.unwrap().is_none());
    assert!(store.session_by_refresh("b", TokenHash([1; 32])).await.unwrap().is_none());
    assert!(store.session("a", SessionId::random()).await.unwrap().is_none());
}

pub(crate) async fn a_session_does_not_begin_if_the_account_was_disabled_meanwhile(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    store.set_enabled(ada.id, false, NOW).await.unwrap();
    let new = new_session();
    assert!(!store.create_session(&ada, new.clone(), NOW).await.unwrap());
    assert!(store.session("a", new.id).await.unwrap().is_none());
}

pub(crate) async fn a_session_does_not_begin_if_the_password_was_changed_meanwhile(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    store.set_password(ada.id, &PasswordHash("new".into()), NOW).await.unwrap();
    assert!(!store.create_session(&ada, new_session(), NOW).await.unwrap());
}

pub(crate) async fn a_refresh_token_is_good_for_one_step(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let id = begin(store, &ada, 1).await;
    assert_eq!(store.rotate(id, step(1, 2)).await.unwrap(), Some(2));
    assert_eq!(store.rotate(id, step(1, 3)).await.unwrap(), None);
    assert!(store.session_by_refresh("a", TokenHash([1; 32])).await.unwrap().is_none());
    let (session, account) = store.session_by_refresh("a", TokenHash([2; 32])).await.unwrap().unwrap();
    assert_eq!((session.id, session.generation, session.expires_at_ms), (id, 2, NOW + 2 * HOUR));
    assert_eq!(account.id, ada.id);
    assert_eq!(store.rotate(id, step(2, 3)).await.unwrap(), Some(3));
}

pub(crate) async fn of_many_that_come_with_one_refresh_token_one_succeeds(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let id = begin(store, &ada, 1).await;
    let [a, b, c, d] = [2, 3, 4, 5].map(|to| store.rotate(id, step(1, to)));
    let (a, b, c, d) = tokio::join!(a, b, c, d);
    let stepped = [a, b, c, d].into_iter().filter_map(Result::unwrap).collect::<Vec<_>>();
    assert_eq!(stepped, [2]);
}

pub(crate) async fn an_ended_an_expired_and_a_disabled_session_take_no_step(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let (ended, expired) = (begin(store, &ada, 1).await, begin(store, &ada, 2).await);
    store.end_session(ended, EndReason::LoggedOut, NOW).await.unwrap();
    assert_eq!(store.rotate(ended, step(1, 11)).await.unwrap(), None);
    let late = Rotation { now_ms: NOW + HOUR, ..step(2, 12) };
    assert_eq!(store.rotate(expired, late).await.unwrap(), None);
    let dora = create(store, named("a", "dora")).await;
    let disabled = begin(store, &dora, 3).await;
    store.set_enabled(dora.id, false, NOW).await.unwrap();
    assert_eq!(store.rotate(disabled, step(3, 13)).await.unwrap(), None);
}

pub(crate) async fn a_session_ends_once(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let id = begin(store, &ada, 1).await;
    assert!(store.end_session(id, EndReason::LoggedOut, NOW + 1).await.unwrap());
    assert!(!store.end_session(id, EndReason::Disabled, NOW + 2).await.unwrap());
    let (session, _) = store.session("a", id).await.unwrap().unwrap();
    assert_eq!(session.ended, Some((NOW + 1, EndReason::LoggedOut)));
    assert!(!store.end_session(SessionId::random(), EndReason::LoggedOut, NOW).await.unwrap());
}

pub(crate) async fn all_sessions_of_one_account_end_and_no_others(store: &dyn Store) {
    let (ada, grace) = (create(store, named("a", "ada")).await, create(store, named("a", "grace")).await);
    begin(store, &ada, 1).await;
    begin(store, &ada, 2).await;
    let graces = begin(store, &grace, 3).await;
    assert_eq!(store.end_sessions(ada.id, EndReason::LoggedOut, NOW).await.unwrap(), 2);
    assert_eq!(store.end_sessions(ada.id, EndReason::LoggedOut, NOW).await.unwrap(), 0);
    assert_eq!(store.session("a", graces).await.unwrap().unwrap().0.ended, None);
}

pub(crate) async fn only_sessions_that_expired_before_are_purged(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let id = begin(store, &ada, 1).await;
    assert_eq!(store.purge_sessions(NOW + HOUR).await.unwrap(), 0);
    assert_eq!(store.purge_sessions(NOW + HOUR + 1).await.unwrap(), 1);
    assert!(store.session("a", id).await.unwrap().is_none());
}
