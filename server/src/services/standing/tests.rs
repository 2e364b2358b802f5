//! What the copy in memory must never do: vouch for what it cannot know.

use super::*;
use crate::account::{Account, NewAccount, PasswordHash};
use crate::store::{Accounts, EndReason, NewSession, Sessions, SqliteStore};
use tempfile::TempDir;

struct World {
    store: SqliteStore,
    standings: Standings,
    ada: Account,
    _directory: TempDir,
}

async fn world(sessions: usize) -> World {
    let directory = TempDir::new().unwrap();
    let store = SqliteStore::open(&directory.path().join("relatch.db")).await.unwrap();
    let new = NewAccount { username: Some("ada".into()), ..NewAccount::new("a", PasswordHash("x".into())) };
    let ada = store.create_accounts(&[new], 1).await.unwrap().remove(0);
    let standings = Standings::bounded(Arc::new(store.clone()), sessions, 10);
    // Nobody follows the log beside the test: when that would read it is a matter of luck.
    standings.0.following.set(()).unwrap();
    World { store, standings, ada, _directory: directory }
}

impl World {
    async fn session(&self) -> SessionId {
        let id = SessionId::random();
        let new = NewSession { id, renewable: None, expires_at_ms: 9, ends_at_ms: 9 };
        assert!(self.store.create_session(&self.ada, new, 1).await.unwrap());
        id
    }

    async fn end(&self, id: SessionId) {
        assert!(self.store.end_session(id, EndReason::LoggedOut, 2).await.unwrap());
    }

    async fn has_ended(&self, id: SessionId) -> bool {
        self.standings.of("a", id).await.unwrap().unwrap().has_ended
    }
}

#[tokio::test]
async fn what_is_known_is_known_until_it_changes() {
    let world = world(10).await;
    let (one, other) = (world.session().await, world.session().await);
    assert!(!world.has_ended(one).await && !world.has_ended(other).await);
    assert!(world.standings.0.known(one).is_some());
    world.end(one).await;
    assert!(world.has_ended(one).await && !world.has_ended(other).await);
    assert!(world.standings.0.known(one).is_some_and(|it| it.has_ended), "and is remembered as ended");
    assert!(world.standings.of("b", other).await.unwrap().is_none(), "of another realm");
    world.store.set_enabled(world.ada.id, false, 3).await.unwrap();
    let standing = world.standings.of("a", other).await.unwrap().unwrap();
    assert!(standing.has_ended && !standing.account.enabled);
}

#[tokio::test]
async fn what_was_read_before_a_change_is_not_kept_after_it() {
    let world = world(10).await;
    let known = &world.standings.0;
    let id = world.session().await;
    let epoch = known.epoch();
    let (session, account) = world.store.session("a", id).await.unwrap().unwrap();
    world.end(id).await;
    known.catch_up().await.unwrap();
    known.keep(epoch, &session, &Standing { account: Arc::new(account.into()), has_ended: false });
    assert!(known.known(id).is_none());
    assert!(world.has_ended(id).await);
}

#[tokio::test]
async fn beyond_the_bound_the_store_is_asked() {
    let world = world(2).await;
    let mut sessions = Vec::new();
    for _ in 0..20 {
        sessions.push(world.session().await);
    }
    for id in &sessions {
        assert!(!world.has_ended(*id).await);
    }
    assert!(sessions.iter().filter(|it| world.standings.0.known(**it).is_some()).count() <= 2);
    for id in &sessions {
        world.end(*id).await;
    }
    for id in &sessions {
        assert!(world.has_ended(*id).await);
    }
}

#[tokio::test]
async fn without_the_log_nothing_is_vouched_for_until_it_can_be_read_again() {
    let world = world(10).await;
    let id = world.session().await;
    assert!(!world.has_ended(id).await);
    world.standings.0.place.lose();
    assert!(world.standings.0.known(id).is_none());
    assert!(!world.has_ended(id).await, "the store is asked instead");
    world.standings.0.read_log().await.unwrap();
    assert!(world.standings.0.known(id).is_some());
    world.store.close().await;
    assert!(world.standings.of("a", id).await.is_err(), "a store that is closed vouches for nobody");
}

#[tokio::test]
async fn a_log_that_tells_too_little_clears_everything() {
    let world = world(10).await;
    let (one, other) = (world.session().await, world.session().await);
    assert!(!world.has_ended(one).await && !world.has_ended(other).await);
    world.end(one).await;
    crate::store::Changes::forget_changes(&world.store, 0, 9).await.unwrap();
    assert!(world.has_ended(one).await);
    assert!(world.standings.0.known(other).is_none());
}
