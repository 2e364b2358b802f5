//! What one tab cannot do for itself: tokens that only a tab with the credentials can bring, or a person in a tab that can
//! be seen.
//!
//! First whoever keeps the credentials is asked, if the record says that somebody does. When nobody answers, one tab that
//! can be seen asks its user; which one is a matter of a second lock. It is held while the dialog is open, so that a tab that
//! dies gives it back, and is not the lock of the exchange: an app's own code never runs under that.

use crate::clock::{Moment, NEVER};
use crate::history::Cause;
use crate::store::Then;
use crate::{Announcement, Command, Event, Failure, FailureKind, Lock, Login, Session};

/// How long a tab that keeps the credentials has to say so.
const ANSWER_MS: u64 = 1_000;

/// How far it is with new tokens that this tab cannot bring by itself.
#[derive(Clone, Copy)]
pub(crate) enum Help {
    /// Nothing is needed.
    None,
    /// Another tab may bring them, for so many milliseconds.
    Wanted(Moment, u64),
    /// The user is to be asked, as soon as this tab can be seen.
    Unseen,
    /// The right to ask the user is waited for.
    Locking,
    /// The user is being asked.
    Asking,
}

impl Session {
    /// Sets going whatever can bring new tokens, unless it is going.
    pub(crate) fn seek_help(&mut self) {
        if !self.is_signed_in() || !matches!(self.help, Help::None) {
            return;
        }
        if self.is_kept() {
            self.help = Help::Wanted(Moment::of(&self.now), ANSWER_MS);
            self.announce_wanted();
        } else {
            self.seek_user();
        }
    }

    fn announce_wanted(&mut self) {
        if self.is_signed_in() {
            let (login, generation) = self.generation();
            self.announce(Announcement::Wanted { login, generation });
        }
    }

    /// Whether another tab or the user may bring new tokens.
    pub(crate) fn may_get_help(&self) -> bool {
        self.options.asks_login || self.is_kept()
    }

    /// Whether a tab keeps the credentials, or did.
    pub(crate) fn is_kept(&self) -> bool {
        self.record.as_ref().is_some_and(|it| it.kept)
    }

    fn seek_user(&mut self) {
        if !self.options.asks_login {
            self.help = Help::None;
            if self.needs_tokens() {
                return self.end_unless_renewed(Event::Expired, Cause::NONE);
            }
            return self.reject_parked(Failure::of(FailureKind::LoginRequired));
        }
        if self.now.hidden {
            self.help = Help::Unseen;
            return self.announce_wanted();
        }
        self.help = Help::Locking;
        self.commands.push(Command::Lock(Lock::Asking));
    }

    /// Milliseconds until nobody is going to help any more.
    pub(crate) fn until_help(&self) -> u64 {
        let Help::Wanted(since, millis) = self.help else { return NEVER };
        millis.saturating_sub(since.elapsed(&self.now))
    }

    /// Whether another tab is to bring tokens, with credentials that it keeps.
    pub(crate) fn waits_for_credentials(&self) -> bool {
        matches!(self.help, Help::Wanted(..))
    }

    /// Looks at the clock, and whether this tab can be seen.
    pub(crate) fn look_for_help(&mut self) {
        if self.until_help() == 0 || matches!(self.help, Help::Unseen) && !self.now.hidden {
            self.seek_user();
        }
    }

    /// Another tab has calls that wait.
    pub(crate) fn wanted_elsewhere(&mut self, login: Login, generation: u64) {
        let Some(record) = self.held(login) else { return };
        if record.generation > generation {
            self.announce(Announcement::Changed);
        } else if self.renews_unseen() {
            self.announce(Announcement::Coming { login });
            self.begin_renewal();
        } else if self.options.asks_login && !self.now.hidden && matches!(self.help, Help::None) {
            // Whoever has the credentials has the first word.
            self.help = Help::Wanted(Moment::of(&self.now), ANSWER_MS);
        }
    }

    /// Another tab is at it: as long as a renewal may take.
    pub(crate) fn coming(&mut self, login: Login) {
        if matches!(self.help, Help::Wanted(..)) && self.held(login).is_some() {
            let millis = self.options.request_deadline_ms + self.options.lock_deadline_ms;
            self.help = Help::Wanted(Moment::of(&self.now), millis);
        }
    }

    /// This tab may ask its user; or nobody can say which tab should, and then each does.
    pub(crate) fn locked_for_asking(&mut self) {
        match self.help {
            Help::Locking => self.read_anew(Then::Ask),
            _ => self.commands.push(Command::Unlock(Lock::Asking)),
        }
    }

    pub(crate) fn ask_if_still_wanted(&mut self) {
        if matches!(self.help, Help::Locking) {
            self.help = Help::Asking;
            self.ask_login(Event::Expired);
        }
    }

    /// Help has come, or is of no use any more.
    pub(crate) fn settle_help(&mut self) {
        self.asked = 0;
        if let Help::Locking | Help::Asking = std::mem::replace(&mut self.help, Help::None) {
            self.commands.push(Command::Unlock(Lock::Asking));
        }
    }
}
