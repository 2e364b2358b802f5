//! What a session is, as it is kept: the record that all tabs share, and what they say to each other about it.

use relatch_dialects::Values;

/// A login, named by a fresh random number below 2^53, which JSON keeps exact. Two logins are never equal, not even of one
/// user; it is no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Login(pub u64);

/// The truth about a signed-in session: one record, written in one piece.
#[derive(Clone, PartialEq)]
pub struct Record {
    /// Which login this is.
    pub login: Login,
    /// One more at each renewal; the first is 1.
    pub generation: u64,
    /// Everything the answers carried: `access_token`, perhaps `refresh_token`, `user`, `permissions`.
    /// A renewal's values are laid over those before, so what a renewal does not repeat stays.
    pub values: Values,
    /// When the newest tokens came, in milliseconds of the wall clock.
    pub received_at_ms: u64,
    /// How long the access token is good from then on, in milliseconds; `None` for unknown or endless.
    pub lifetime_ms: Option<u64>,
    /// The key under which this generation is to be renewed, from whichever tab and however often, until an answer
    /// arrives: a server that announced it recognises the repetition. `None` for a server that did not.
    pub attempt: Option<String>,
    /// The context that goes along with calls, named `context.<name>`.
    pub context: Values,
    /// Until when this generation's renewal is to be left alone.
    pub pause: Option<Pause>,
    /// When somebody last did something in any tab, in milliseconds of the wall clock. Kept up only where a session ends by
    /// inactivity.
    pub active_at_ms: u64,
    /// Whether a tab keeps the credentials in its memory, so that the others may ask it to renew.
    pub kept: bool,
}

/// A time in which no tab begins a renewal, but for the one that set it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Its end, in milliseconds of the wall clock.
    pub until_ms: u64,
    /// How often renewing has failed in a row; 0 while a tab that could not get the lock is at it.
    pub failures: u32,
    /// The HTTP status of the last failure; 0 if no answer came. Of a tab that is at it: a random mark, by which it knows its own.
    pub status: u16,
}

/// What the store holds: a session, or the mark that a log-out left so that no late writer revives it.
#[derive(Clone, Debug, PartialEq)]
pub enum Stored {
    /// A signed-in session.
    Session(Box<Record>),
    /// The session of that login has been ended here.
    Tombstone(Login),
}

/// What one tab tells the others. Never a token: they read the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announcement {
    /// The store holds something new.
    Changed,
    /// That login has ended.
    Ended {
        /// The login that ended.
        login: Login,
        /// As far as it was known there: a later generation is another tab's work, and goes on.
        generation: u64,
    },
    /// Calls wait for a newer generation than this, and this tab cannot bring it.
    Wanted {
        /// The login that they belong to.
        login: Login,
        /// The generation that is at its end.
        generation: u64,
    },
    /// This tab is going to bring what was wanted.
    Coming {
        /// The login that is being renewed.
        login: Login,
    },
}

/// Permission to send one call, and under what it was given.
#[derive(Clone, PartialEq)]
pub struct Grant {
    /// The login that the call belongs to.
    pub login: Login,
    /// The generation of the token in it.
    pub generation: u64,
    /// Counts the changes of context (`set-context`) and of user; a call from before a change is never sent after it.
    pub context: u32,
    /// What the dialect's `attach` templates are filled with: the record's values and `context.<name>` entries.
    pub values: Values,
}

macro_rules! redacted {
    ($($name:ident { $($field:ident),+ })+) => { $(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))$(.field(stringify!($field), &self.$field))+.finish_non_exhaustive()
            }
        }
    )+ };
}

// `values` and `attempt` are secrets.
redacted! {
    Record { login, generation, received_at_ms, lifetime_ms, pause, active_at_ms, kept }
    Grant { login, generation, context }
}
