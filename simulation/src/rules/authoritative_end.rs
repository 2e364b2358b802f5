//! `authoritative-end`: nobody is signed out but for a reason that has really happened: the user wished it, here or in another
//! tab; the server had ended the session or refused the credentials; the tokens ended, or were refused, and nothing could renew
//! them; the user was away. And no server has reason to take a session for stolen to which nothing has happened.

use crate::rule::Rule;
use crate::server::{End, Token};
use crate::tab::Tab;
use crate::world::World;
use relatch_dialects::Renewal;
use relatch_session::{Event, Login};

impl World {
    pub(super) fn check_end(&mut self, slot: usize, event: Event) {
        let Some((login, _)) = self.at(slot).key() else { return };
        self.counts.ends += 1;
        let has_happened = match event {
            Event::SignedOut => self.at(slot).logged_out.contains(&login) || self.at(slot).logs_out,
            Event::SignedOutElsewhere => self.was_ended_elsewhere(login),
            Event::SessionEnded => self.server_refuses(slot),
            Event::AccountDisabled => self.account_is_refused(slot) || self.server_refuses(slot),
            Event::CredentialsRefused => self.at(slot).credentials_refused,
            Event::Expired => self.has_expired(slot),
            Event::Idle => self.is_idle(login),
            _ => false,
        };
        if !has_happened {
            let ill = self.store.illnesses > 0 && event == Event::SignedOutElsewhere;
            let rule = if ill { Rule::StorageFails } else { Rule::AuthoritativeEnd };
            self.fail(rule, format!("tab {slot} is signed out for a reason that is none: {event:?}"));
        }
        self.watch.ended.push(login);
    }

    /// Another tab has ended it, or a login that was written over it, or over that.
    fn was_ended_elsewhere(&self, login: Login) -> bool {
        let mut chain = vec![login];
        for (before, after) in &self.store.replaced {
            if chain.contains(before) {
                chain.push(*after);
            }
        }
        // Of what was cleared nobody knows what it had been written over.
        self.store.was_cleared
            || chain.iter().any(|it| self.watch.ended.contains(it) || self.store.tombstones.contains(it))
    }

    fn server_refuses(&self, slot: usize) -> bool {
        let record = self.at(slot).last.record.as_ref();
        let token = record.and_then(|it| Token::of(&it.values, "access_token"));
        let held = token.and_then(|it| self.server.sessions.get(it.session));
        // An API that renews by login refuses logins.
        held.is_some_and(|it| it.ended.is_some() || it.is_refused) || self.at(slot).credentials_refused
    }

    fn account_is_refused(&self, slot: usize) -> bool {
        let record = self.at(slot).last.record.as_ref();
        let user = self.server.user(record.and_then(|it| Token::of(&it.values, "access_token")));
        user.and_then(|it| self.server.accounts.get(it)).is_some_and(|it| it.is_refused)
    }

    fn has_expired(&self, slot: usize) -> bool {
        let tab = self.at(slot);
        let cannot_renew = self.plan.options.renewal != Renewal::Endpoint || !self.plan.refresh_tokens;
        // It may have been over when the store was asked, and a slow answer have come after the clock was set back.
        let may_err = self.clock.lies > 0 && self.plan.slow_storage;
        cannot_renew && (may_err || self.is_over(tab) || tab.refused.is_some() || tab.declined)
    }

    fn is_over(&self, tab: &Tab) -> bool {
        tab.taken.is_some_and(|it| it.lifetime_ms.is_some_and(|lifetime| self.age_ms(&it) >= lifetime))
    }

    /// Other tabs are told a tenth of the time late, and not at all by a tab that crashes.
    fn is_idle(&self, login: Login) -> bool {
        let may_err = self.clock.lies > 0 || self.store.illnesses > 0 || self.plan.slow_storage || self.plan.crashes;
        may_err || self.away_ms(login).zip(self.plan.options.idle_ms).is_none_or(|(away, idle)| away >= idle / 10 * 8)
    }

    /// Whether its user would have been signed out by now.
    pub(crate) fn has_been_away(&self, login: Login) -> bool {
        self.away_ms(login).zip(self.plan.options.idle_ms).is_some_and(|(away, idle)| away >= idle)
    }

    /// How long ago the user of that login was last active; `None` for never.
    fn away_ms(&self, login: Login) -> Option<u64> {
        let (_, monotonic_ms, wall_ms) = self.watch.active.iter().find(|it| it.0 == login)?;
        let by_monotonic = self.clock.monotonic_ms - monotonic_ms;
        Some(by_monotonic.max(self.clock.wall_ms().saturating_sub(*wall_ms)))
    }

    /// The server has just taken a session for stolen.
    pub(crate) fn check_reuse(&mut self, token: Option<Token>, was_ended: bool) {
        let Some(held) = token.and_then(|it| self.server.sessions.get(it.session)) else { return };
        if was_ended || held.ended != Some(End::Reuse) {
            return;
        }
        self.counts.taken_for_stolen += 1;
        if held.excuse.is_none() && self.store.illnesses == 0 {
            self.fail(Rule::AuthoritativeEnd, "the server takes a session for stolen to which nothing has happened");
        }
    }
}
