//! Sessions: one row per login.

use super::Pending;
use crate::account::{Account, AccountId};
use std::fmt;
use uuid::Uuid;

/// A session's identity, from which its access tokens' `jti` is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub Uuid);

impl SessionId {
    /// A fresh random one.
    pub fn random() -> SessionId {
        SessionId(Uuid::new_v4())
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What, beside a secret that no session has, goes into a session's refresh tokens: 128 random bits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 16]);

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt")
    }
}

/// The SHA-256 of an attempt key, which is random and has 128 bits at least, so that it needs no salt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AttemptHash(pub [u8; 32]);

impl fmt::Debug for AttemptHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AttemptHash")
    }
}

/// What makes a session one that can be renewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewable {
    /// The name of the secret that its newest refresh token is computed with.
    pub key_id: String,
    /// Its own share in them.
    pub salt: Salt,
}

/// A session that is to begin.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Its identity.
    pub id: SessionId,
    /// In a realm that renews by endpoint.
    pub renewable: Option<Renewable>,
    /// When it ends unless it is renewed, in milliseconds since the Unix epoch.
    pub expires_at_ms: i64,
    /// When it ends however often it is renewed; not before `expires_at_ms`.
    pub ends_at_ms: i64,
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// The user logged out.
    LoggedOut,
    /// The account was disabled.
    Disabled,
    /// The password was changed.
    PasswordChanged,
    /// A refresh token came back that had been spent long ago: it is in two hands.
    Theft,
    /// Every session of the account was ended, at its owner's or an operator's wish.
    SignedOut,
    /// The database came from a backup, and the operator would not have it live again.
    Restored,
    /// The key that its refresh tokens were computed with was retired.
    KeyRetired,
}

impl EndReason {
    /// Every reason.
    pub const ALL: [EndReason; 7] = [
        EndReason::LoggedOut,
        EndReason::Disabled,
        EndReason::PasswordChanged,
        EndReason::Theft,
        EndReason::SignedOut,
        EndReason::Restored,
        EndReason::KeyRetired,
    ];

    /// The stable name, as the database spells it.
    pub const fn name(self) -> &'static str {
        match self {
            EndReason::LoggedOut => "logged-out",
            EndReason::Disabled => "disabled",
            EndReason::PasswordChanged => "password-changed",
            EndReason::Theft => "theft",
            EndReason::SignedOut => "signed-out",
            EndReason::Restored => "restored",
            EndReason::KeyRetired => "key-retired",
        }
    }
}

/// A session as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its identity.
    pub id: SessionId,
    /// Its account.
    pub account: AccountId,
    /// One more at each renewal, from 1.
    pub generation: u64,
    /// How it is renewed, if it is.
    pub renewing: Option<Renewing>,
    /// When it began, in milliseconds since the Unix epoch.
    pub created_at_ms: i64,
    /// When it ends unless it is renewed, in milliseconds since the Unix epoch.
    pub expires_at_ms: i64,
    /// When it ends however often it is renewed.
    pub ends_at_ms: i64,
    /// When it ended before its time, and why.
    pub ended: Option<(i64, EndReason)>,
}

/// How far a session's renewal has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewing {
    /// What its refresh tokens are computed with.
    pub by: Renewable,
    /// When the generation was made, in milliseconds since the Unix epoch.
    pub rotated_at_ms: i64,
    /// The attempt key that came with the refresh token which made it.
    pub attempt: Option<AttemptHash>,
}

/// A step of a session to its next generation.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// The session.
    pub session: SessionId,
    /// The generation of the refresh token that was presented.
    pub presented: u64,
    /// The attempt key that came with it.
    pub attempt: Option<AttemptHash>,
    /// The name of the secret that its successor is computed with, and every one after it until the next step.
    pub key_id: String,
    /// The time, in milliseconds since the Unix epoch.
    pub now_ms: i64,
    /// When the session ends then unless it is renewed again; its own end, if that is earlier.
    pub expires_at_ms: i64,
}

/// Sessions and their renewal.
pub trait Sessions {
    /// Begins a session of `account`. False, and nothing is stored, if the account has been disabled or got
    /// another password since it was read: a login must not outlive the change that it raced with.
    fn create_session<'a>(&'a self, account: &'a Account, session: NewSession, now_ms: i64) -> Pending<'a, bool>;

    /// The session of that identity in that realm, with its account; ended and expired ones too.
    fn session<'a>(&'a self, realm: &'a str, id: SessionId) -> Pending<'a, Option<(Session, Account)>>;

    /// Takes a session to the generation after the one presented, in one conditional update: of many that present
    /// the same, one succeeds. The session's generation may be an earlier one than that presented, which happens when
    /// the database came from a backup; the row follows then.
    ///
    /// False, and nothing is changed, if the session has gone further already, has ended or expired, cannot be
    /// renewed, or its account is disabled.
    fn rotate(&self, rotation: Rotation) -> Pending<'_, bool>;

    /// Ends a session. False if there is none or it had ended before.
    fn end_session(&self, id: SessionId, reason: EndReason, now_ms: i64) -> Pending<'_, bool>;

    /// Ends every session of an account; returns how many there were.
    fn end_sessions(&self, account: AccountId, reason: EndReason, now_ms: i64) -> Pending<'_, u64>;

    /// Sessions of any realm that neither ended nor expired, in the order of their identities, after `after` and at
    /// most `limit` of them. After a restore, these are what the backup has brought back to life.
    fn live_sessions(&self, after: Option<SessionId>, now_ms: i64, limit: u32) -> Pending<'_, Vec<(Session, Account)>>;

    /// Ends every session of every realm that goes on; returns how many there were.
    fn end_every_session(&self, reason: EndReason, now_ms: i64) -> Pending<'_, u64>;

    /// Forgets sessions that expired before `before_ms`, at most `limit` of them, so that nobody waits for long;
    /// returns how many there were.
    fn purge_sessions(&self, before_ms: i64, limit: u32) -> Pending<'_, u64>;
}
