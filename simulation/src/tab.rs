//! A tab: a session, what its app has asked of it, and what the rules remember about it.

use crate::agenda::{Happening, TabId};
use relatch_session::{CallId, ExchangeId, Grant, Login, Options, Session, Snapshot};
use std::sync::Arc;

/// Login and generation: which tokens.
pub(crate) type Key = (Login, u64);

/// What the app asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Login,
    /// Permission for the fetch of that number.
    Fetch(u32),
    Renew,
    Perform,
    Logout,
}

/// What waits for its answer.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) call: CallId,
    pub(crate) wish: Wish,
    /// Since when, by [`Tab::awake_ms`].
    pub(crate) since_ms: u64,
}

/// A call of the app's to the API.
#[derive(Debug)]
pub(crate) struct Fetch {
    pub(crate) number: u32,
    /// Under which login and context it was made; `None` while the store was being read.
    pub(crate) made_under: Option<(Login, u32)>,
    pub(crate) sent: u32,
    pub(crate) grant: Option<Box<Grant>>,
}

/// A request of the session's that may bring tokens.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) id: ExchangeId,
    pub(crate) is_login: bool,
    /// For a renewal: of which tokens.
    pub(crate) renews: Option<Key>,
    /// Whether the user has logged out since.
    pub(crate) overtaken: bool,
}

/// When tokens came, by both clocks, as this tab can know it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    pub(crate) key: Key,
    pub(crate) monotonic_ms: u64,
    pub(crate) wall_ms: u64,
    pub(crate) age_ms: u64,
    pub(crate) lifetime_ms: Option<u64>,
}

pub(crate) struct Tab {
    pub(crate) id: TabId,
    pub(crate) alive: bool,
    pub(crate) frozen: bool,
    pub(crate) hidden: bool,
    pub(crate) session: Session,
    /// The state as the app was last told.
    pub(crate) last: Arc<Snapshot>,
    /// What has reached the tab while it was frozen.
    pub(crate) held: Vec<Happening>,
    pub(crate) timer: u32,
    /// Which version of the record it has last heard of.
    pub(crate) seen: u64,
    pub(crate) calls: CallId,
    pub(crate) asked: Vec<Asked>,
    pub(crate) fetches: Vec<Fetch>,
    pub(crate) exchanges: Vec<Exchange>,
    /// Time that this tab has not lived through.
    pub(crate) away_ms: u64,
    pub(crate) frozen_at_ms: u64,
    pub(crate) freezes: u32,
    pub(crate) is_asked: bool,
    // What the rules remember.
    pub(crate) lock_since_ms: Option<u64>,
    pub(crate) lock_held_since_ms: Option<u64>,
    /// The renewal whose tokens, if it brings any, are not in the store yet.
    pub(crate) renews: Option<Key>,
    pub(crate) logged_out: Vec<Login>,
    /// The user has logged out before it was known of what.
    pub(crate) logs_out: bool,
    pub(crate) store_failed: bool,
    pub(crate) taken: Option<Taken>,
    /// The tokens that the server last refused.
    pub(crate) refused: Option<Key>,
    pub(crate) credentials_refused: bool,
    pub(crate) declined: bool,
    /// How often a timer has fired in the same millisecond.
    pub(crate) burst: (u64, u32),
}

impl Tab {
    pub(crate) fn new(slot: usize, life: u32, options: Options) -> Tab {
        let session = Session::new(options);
        let last = session.snapshot();
        Tab {
            id: TabId { slot, life },
            alive: true,
            frozen: false,
            hidden: false,
            session,
            last,
            held: Vec::new(),
            timer: 0,
            seen: 0,
            calls: 0,
            asked: Vec::new(),
            fetches: Vec::new(),
            exchanges: Vec::new(),
            away_ms: 0,
            frozen_at_ms: 0,
            freezes: 0,
            is_asked: false,
            lock_since_ms: None,
            lock_held_since_ms: None,
            renews: None,
            logged_out: Vec::new(),
            logs_out: false,
            store_failed: false,
            taken: None,
            refused: None,
            credentials_refused: false,
            declined: false,
            burst: (0, 0),
        }
    }

    /// How long it has lived, without the time in which it was frozen or its machine was not there.
    pub(crate) const fn awake_ms(&self, monotonic_ms: u64) -> u64 {
        monotonic_ms - self.away_ms
    }

    /// Which tokens its app has been told of.
    pub(crate) fn key(&self) -> Option<Key> {
        self.last.record.as_ref().map(|it| (it.login, it.generation))
    }

    pub(crate) fn ask(&mut self, wish: Wish, monotonic_ms: u64) -> CallId {
        self.calls += 1;
        self.asked.push(Asked { call: self.calls, wish, since_ms: self.awake_ms(monotonic_ms) });
        self.calls
    }
}
