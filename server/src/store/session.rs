//! Sessions: one row per login.

use super::Pending;
use crate::account::{Account, AccountId};
use std::fmt;
use uuid::Uuid;

/// A session's identity, from which its access tokens' `jti` is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// The SHA-256 of a refresh token. The token itself is never stored; being 256 random bits, it needs no salt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TokenHash(pub [u8; 32]);

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash")
    }
}

/// A session that is to begin.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Its identity.
    pub id: SessionId,
    /// The hash of its first refresh token, in a realm that renews by endpoint.
    pub refresh: Option<TokenHash>,
    /// When its last token ends, in milliseconds since the Unix epoch.
    pub expires_at_ms: i64,
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
}

impl EndReason {
    /// Every reason.
    pub const ALL: [EndReason; 3] = [EndReason::LoggedOut, EndReason::Disabled, EndReason::PasswordChanged];

    /// The stable name, as the database spells it.
    pub const fn name(self) -> &'static str {
        match self {
            EndReason::LoggedOut => "logged-out",
            EndReason::Disabled => "disabled",
            EndReason::PasswordChanged => "password-changed",
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
    /// When it began, in milliseconds since the Unix epoch.
    pub created_at_ms: i64,
    /// When its last token ends, in milliseconds since the Unix epoch.
    pub expires_at_ms: i64,
    /// When it ended before its time, and why.
    pub ended: Option<(i64, EndReason)>,
}

/// A step of a session to its next refresh token.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// The hash of the refresh token that was presented.
    pub from: TokenHash,
    /// The hash of its successor.
    pub to: TokenHash,
    /// The time, in milliseconds since the Unix epoch.
    pub now_ms: i64,
    /// When the successor ends.
    pub expires_at_ms: i64,
}

/// Sessions and their renewal.
pub trait Sessions {
    /// Begins a session of `account`. False, and nothing is stored, if the account has been disabled or got
    /// another password since it was read: a login must not outlive the change that it raced with.
    fn create_session<'a>(&'a self, account: &'a Account, session: NewSession, now_ms: i64) -> Pending<'a, bool>;

    /// The session of that identity in that realm, with its account; ended and expired ones too.
    fn session<'a>(&'a self, realm: &'a str, id: SessionId) -> Pending<'a, Option<(Session, Account)>>;

    /// The session whose current refresh token has that hash, with its account; ended and expired ones too.
    fn session_by_refresh<'a>(&'a self, realm: &'a str, refresh: TokenHash) -> Pending<'a, Option<(Session, Account)>>;

    /// Takes one step, in one conditional update: of two that come with the same token, one succeeds.
    /// Returns the new generation; `None` if the session has ended or expired, its account is disabled, or
    /// `from` is not its current token any more.
    fn rotate(&self, id: SessionId, rotation: Rotation) -> Pending<'_, Option<u64>>;

    /// Ends a session. False if there is none or it had ended before.
    fn end_session(&self, id: SessionId, reason: EndReason, now_ms: i64) -> Pending<'_, bool>;

    /// Ends every session of an account; returns how many there were.
    fn end_sessions(&self, account: AccountId, reason: EndReason, now_ms: i64) -> Pending<'_, u64>;

    /// Forgets sessions that expired before `before_ms`; returns how many there were.
    fn purge_sessions(&self, before_ms: i64) -> Pending<'_, u64>;
}
