//! Sessions.

use crate::support::{HOUR, NOW, begin, create, named, new_session};
use relatch_server::account::PasswordHash;
use relatch_server::store::{AttemptHash, EndReason, NewSession, Rotation, SessionId, Store};
use std::sync::Arc;

fn step(session: SessionId, presented: u64) -> Rotation {
    let key_id = "k2".into();
    Rotation { session, presented, attempt: None, key_id, now_ms: NOW + 1, expires_at_ms: NOW + 2 * HOUR }
}

pub(crate) async fn a_session_is_found_with_its_account_and_in_its_realm_only(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let id = begin(store, &ada).await;
    let (session, account) = store.session("a", id).await.unwrap().unwrap();
    assert_eq!((session.id, session.account, session.generation, account), (id, ada.id, 1, ada));
    assert_eq!((session.created_at_ms, session.expires_at_ms, session.ended), (NOW, NOW + HOUR, None));
    assert_eq!(session.ends_at_ms, NOW + 3 * HOUR);
    assert!(store.session("b", id).await.unwrap().is_none());
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

pub(crate) async fn a_session_that_is_renewed_keeps_how_far_it_came(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let new = new_session();
    store.create_session(&ada, new.clone(), NOW).await.unwrap();
    let renewing = store.session("a", new.id).await.unwrap().unwrap().0.renewing.unwrap();
    assert_eq!((Some(renewing.by), renewing.rotated_at_ms, renewing.attempt), (new.renewable, NOW, None));
    let attempt = Some(AttemptHash([3; 32]));
    assert!(store.rotate(Rotation { attempt, ..step(new.id, 1) }).await.unwrap());
    let session = store.session("a", new.id).await.unwrap().unwrap().0;
    let renewing = session.renewing.unwrap();
    assert_eq!((session.generation, session.expires_at_ms), (2, NOW + 2 * HOUR));
    assert!((renewing.rotated_at_ms, renewing.attempt) == (NOW + 1, attempt));
    assert_eq!(renewing.by.key_id, "k2", "what the step was made with");
    let plain = NewSession { renewable: None, ..new_session() };
    store.create_session(&ada, plain.clone(), NOW).await.unwrap();
    assert_eq!(store.session("a", plain.id).await.unwrap().unwrap().0.renewing, None);
}

pub(crate) async fn a_generation_is_good_for_one_step(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let id = begin(store, &ada).await;
    assert!(store.rotate(step(id, 1)).await.unwrap());
    assert!(!store.rotate(step(id, 1)).await.unwrap());
    assert!(store.rotate(step(id, 2)).await.unwrap());
    assert_eq!(store.session("a", id).await.unwrap().unwrap().0.generation, 3);
    assert!(!store.rotate(step(SessionId::random(), 1)).await.unwrap());
}

pub(crate) async fn of_many_that_present_one_generation_one_succeeds(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let id = begin(store, &ada).await;
    let [a, b, c, d] = [1, 1, 1, 1].map(|presented| store.rotate(step(id, presented)));
    let (a, b, c, d) = tokio::join!(a, b, c, d);
    assert_eq!([a, b, c, d].into_iter().filter(|it| *it.as_ref().unwrap()).count(), 1);
    assert_eq!(store.session("a", id).await.unwrap().unwrap().0.generation, 2);
}

pub(crate) async fn a_row_that_is_behind_follows(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let id = begin(store, &ada).await;
    assert!(store.rotate(step(id, 41)).await.unwrap());
    assert_eq!(store.session("a", id).await.unwrap().unwrap().0.generation, 42);
    for absurd in [u64::MAX, i64::MAX as u64] {
        assert!(!store.rotate(step(id, absurd)).await.unwrap(), "{absurd}");
    }
}

pub(crate) async fn a_renewed_session_does_not_outlive_its_end(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let id = begin(store, &ada).await;
    assert!(store.rotate(Rotation { expires_at_ms: NOW + 9 * HOUR, ..step(id, 1) }).await.unwrap());
    assert_eq!(store.session("a", id).await.unwrap().unwrap().0.expires_at_ms, NOW + 3 * HOUR);
    assert!(!store.rotate(Rotation { now_ms: NOW + 3 * HOUR, ..step(id, 2) }).await.unwrap());
}

pub(crate) async fn an_ended_an_expired_a_disabled_and_a_plain_session_take_no_step(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let (ended, expired) = (begin(store, &ada).await, begin(store, &ada).await);
    store.end_session(ended, EndReason::LoggedOut, NOW).await.unwrap();
    assert!(!store.rotate(step(ended, 1)).await.unwrap());
    assert!(!store.rotate(Rotation { now_ms: NOW + HOUR, ..step(expired, 1) }).await.unwrap());
    let dora = create(store, named("a", "dora")).await;
    let disabled = begin(store, &dora).await;
    store.set_enabled(dora.id, false, NOW).await.unwrap();
    assert!(!store.rotate(step(disabled, 1)).await.unwrap());
    let plain = NewSession { renewable: None, ..new_session() };
    store.create_session(&ada, plain.clone(), NOW).await.unwrap();
    assert!(!store.rotate(step(plain.id, 1)).await.unwrap());
}

pub(crate) async fn a_session_ends_once(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let id = begin(store, &ada).await;
    assert!(store.end_session(id, EndReason::Theft, NOW + 1).await.unwrap());
    assert!(!store.end_session(id, EndReason::Disabled, NOW + 2).await.unwrap());
    let (session, _) = store.session("a", id).await.unwrap().unwrap();
    assert_eq!(session.ended, Some((NOW + 1, EndReason::Theft)));
    assert!(!store.end_session(SessionId::random(), EndReason::LoggedOut, NOW).await.unwrap());
    for reason in EndReason::ALL {
        let id = begin(store, &session_account(store, id).await).await;
        store.end_session(id, reason, NOW).await.unwrap();
        assert_eq!(store.session("a", id).await.unwrap().unwrap().0.ended, Some((NOW, reason)));
    }
}

async fn session_account(store: &dyn Store, id: SessionId) -> relatch_server::account::Account {
    store.session("a", id).await.unwrap().unwrap().1
}

pub(crate) async fn all_sessions_of_one_account_end_and_no_others(store: &dyn Store) {
    let (ada, grace) = (create(store, named("a", "ada")).await, create(store, named("a", "grace")).await);
    begin(store, &ada).await;
    begin(store, &ada).await;
    let graces = begin(store, &grace).await;
    assert_eq!(store.end_sessions(ada.id, EndReason::SignedOut, NOW).await.unwrap(), 2);
    assert_eq!(store.end_sessions(ada.id, EndReason::SignedOut, NOW).await.unwrap(), 0);
    assert_eq!(store.session("a", graces).await.unwrap().unwrap().0.ended, None);
}

pub(crate) async fn what_lives_is_listed_in_pages_and_ended_at_once(store: &dyn Store) {
    let (ada, dora) = (create(store, named("a", "ada")).await, create(store, named("b", "dora")).await);
    let mut alive = Vec::new();
    for account in [&ada, &dora, &ada, &ada] {
        alive.push(begin(store, account).await);
    }
    let ended = alive.pop().unwrap();
    store.end_session(ended, EndReason::LoggedOut, NOW).await.unwrap();
    alive.sort();
    let first = store.live_sessions(None, NOW, 2).await.unwrap();
    let rest = store.live_sessions(first.last().map(|(session, _)| session.id), NOW, 2).await.unwrap();
    let listed: Vec<_> = first.iter().chain(&rest).map(|(session, _)| session.id).collect();
    assert_eq!(listed, alive);
    assert_eq!(store.live_sessions(None, NOW + HOUR, 9).await.unwrap(), [], "expired");
    assert_eq!(store.end_every_session(EndReason::Restored, NOW).await.unwrap(), 3);
    assert_eq!(store.live_sessions(None, NOW, 9).await.unwrap(), []);
    let (earlier, _) = store.session("a", ended).await.unwrap().unwrap();
    assert_eq!(earlier.ended, Some((NOW, EndReason::LoggedOut)), "it keeps its own reason");
}

pub(crate) async fn only_sessions_that_expired_before_are_purged_and_no_more_than_asked(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(begin(store, &ada).await);
    }
    assert_eq!(store.purge_sessions(NOW + HOUR, 9).await.unwrap(), 0);
    assert_eq!(store.purge_sessions(NOW + HOUR + 1, 2).await.unwrap(), 2);
    assert_eq!(store.purge_sessions(NOW + HOUR + 1, 2).await.unwrap(), 1);
    for id in ids {
        assert!(store.session("a", id).await.unwrap().is_none());
    }
}

pub(crate) async fn many_writes_at_once_each_get_their_own_answer(store: &dyn Store) {
    let ada = Arc::new(create(store, named("a", "ada")).await);
    let mut sessions = Vec::new();
    for _ in 0..300 {
        sessions.push(begin(store, &ada).await);
    }
    // Every third presents a generation that was spent.
    let presented = |at: usize| if at.is_multiple_of(3) { 0 } else { 1 };
    let steps = sessions.iter().enumerate().map(|(at, id)| store.rotate(step(*id, presented(at))));
    for (at, took) in futures_in_order(steps.collect()).await.into_iter().enumerate() {
        assert_eq!(took.unwrap(), presented(at) == 1, "{at}");
    }
}

/// Polls all of them at once; the results in the order given.
async fn futures_in_order<T>(mut futures: Vec<std::pin::Pin<Box<dyn Future<Output = T> + Send + '_>>>) -> Vec<T> {
    let mut results: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    std::future::poll_fn(|cx| {
        for (future, result) in futures.iter_mut().zip(&mut results) {
            if result.is_none()
                && let std::task::Poll::Ready(it) = future.as_mut().poll(cx)
            {
                *result = Some(it);
            }
        }
        if results.iter().all(Option::is_some) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    results.into_iter().flatten().collect()
}
