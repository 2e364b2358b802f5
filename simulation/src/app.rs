//! What the app and its user do, by chance.

use crate::agenda::Happening;
use crate::network::Errand;
use crate::rule::Rule;
use crate::server::{Asks, Reply, Token, USERS};
use crate::tab::{Fetch, Wish};
use crate::world::World;
use relatch_dialects::{Meaning, Values};
use relatch_session::{Answered, FailureKind, Grant, Input};

/// How long the app's own calls may take.
const FETCH_DEADLINE_MS: u64 = 30_000;

impl World {
    pub(crate) fn act(&mut self, slot: usize) {
        if self.faults_end {
            return;
        }
        let gap = self.dice.magnitude(self.plan.pace_bits);
        self.agenda.plan(self.clock.monotonic_ms + gap, Happening::Act(slot));
        if !self.at(slot).alive {
            if self.dice.chance(300) {
                self.open_tab(slot);
            }
        } else if !self.at(slot).frozen {
            self.act_in(slot);
        }
    }

    fn act_in(&mut self, slot: usize) {
        let is_out = self.at(slot).last.record.is_none();
        if self.at(slot).last.challenge.is_some() && self.dice.chance(300) {
            return self.answer_challenge(slot);
        }
        match self.dice.roll(100) {
            0..50 if is_out && self.dice.chance(400) => self.log_in(slot),
            0..2 => self.log_in(slot),
            2..48 => self.authorize(slot),
            48..54 => self.ask(slot, Wish::Renew, |call| Input::Renew { call }),
            54..55 => self.ask(slot, Wish::Logout, |call| Input::Logout { call }),
            55..60 => self.ask(slot, Wish::Perform, |call| Input::Perform {
                call,
                operation: "profile".into(),
                attached: true,
                values: Values::new(),
            }),
            60..64 => {
                let value = self.dice.chance(600).then(|| if self.dice.chance(500) { "42" } else { "7" }.into());
                self.feed(slot, Input::SetContext { name: "organization".into(), value });
            }
            64..68 => {
                let recent = self.at(slot).calls.saturating_sub(self.dice.roll(4) as u32);
                self.feed(slot, Input::Cancel { call: recent });
            }
            68..72 => self.feed(slot, Input::Returned),
            72..90 => self.feed_active(slot),
            _ => self.authorize(slot),
        }
    }

    fn feed_active(&mut self, slot: usize) {
        self.feed(slot, Input::Active);
        // Whoever comes back after too long is not there any more.
        let key = self.at(slot).key();
        if let Some((login, _)) = key.filter(|it| !self.has_been_away(it.0)) {
            self.watch.active(login, &self.clock);
        }
    }

    fn log_in(&mut self, slot: usize) {
        let user = self.dice.roll(USERS.len() as u64) as usize;
        let wrong = self.dice.chance(100);
        let credentials = self.credentials(user, wrong);
        self.ask(slot, Wish::Login, |call| Input::Login { call, credentials });
    }

    fn answer_challenge(&mut self, slot: usize) {
        let code = if self.dice.chance(700) { "secret-k" } else { "secret-x" };
        let values = Values::new().with("code", code);
        self.counts.answers += 1;
        self.ask(slot, Wish::Login, |call| Input::AnswerChallenge { call, values });
    }

    /// In the end the code is looked up.
    pub(crate) fn answer_rightly(&mut self, slot: usize) {
        let now = self.clock.monotonic_ms;
        let tab = self.at_mut(slot);
        let (id, call) = (tab.id, tab.ask(Wish::Login, now));
        let values = Values::new().with("code", "secret-k");
        self.plan_input(id, 1_000, Input::AnswerChallenge { call, values });
    }

    pub(crate) fn ask(&mut self, slot: usize, wish: Wish, input: impl FnOnce(u32) -> Input) {
        let now = self.clock.monotonic_ms;
        let call = self.at_mut(slot).ask(wish, now);
        self.feed(slot, input(call));
    }

    pub(crate) fn credentials(&self, user: usize, wrong: bool) -> Values {
        let password = self.server.accounts.get(user).map_or(0, |it| it.password) + u32::from(wrong);
        let identifier = USERS.get(user).copied().unwrap_or_default();
        Values::new().with("identifier", identifier).with("password", format!("secret-p{password}"))
    }

    /// A call of the app's begins.
    pub(crate) fn authorize(&mut self, slot: usize) {
        let tab = self.at_mut(slot);
        let number = tab.calls + 1;
        let made_under = tab.last.record.as_ref().map(|it| (it.login, tab.last.context));
        tab.fetches.push(Fetch { number, made_under, sent: 0, grant: None });
        self.ask(slot, Wish::Fetch(number), |call| Input::Authorize { call });
    }

    /// It is sent, or sent once more.
    pub(crate) fn fetch(&mut self, slot: usize, number: u32, grant: Box<Grant>) {
        self.check_fetch(slot, number, &grant);
        let token = Token::of(&grant.values, "access_token");
        let forbidden = !self.faults_end && self.dice.chance(50);
        let tab = self.at_mut(slot);
        let id = tab.id;
        if let Some(fetch) = tab.fetches.iter_mut().find(|it| it.number == number) {
            fetch.sent += 1;
            fetch.grant = Some(grant);
            self.send(id, Errand::Fetch(number), Asks::Call { token, forbidden }, FETCH_DEADLINE_MS);
        }
    }

    /// It came back.
    pub(crate) fn fetched(&mut self, slot: usize, number: u32, reply: Reply) {
        let now = self.now(slot);
        let broken = self.broken == Some(Rule::OneRetry);
        let tab = self.at_mut(slot);
        let Some(place) = tab.fetches.iter().position(|it| it.number == number) else { return };
        let Some(fetch) = tab.fetches.get(place) else { return };
        let done = reply.as_ref().ok().filter(|it| it.message.meaning == Meaning::Done).cloned();
        let meaning = match reply {
            Ok(answered) => Some(answered.message.meaning).filter(|it| *it != Meaning::Done),
            // A refusal that the browser hides looks just like that.
            Err(failure) => {
                let hidden = failure.kind == FailureKind::Network && tab.session.is_expired(now);
                hidden.then_some(Meaning::TokenExpired)
            }
        };
        let grant = fetch.grant.clone();
        let (Some(meaning), Some(grant)) = (meaning, grant.clone()) else {
            tab.fetches.swap_remove(place);
            if let (Some(grant), Some(answered)) = (grant, done) {
                self.counts.calls += 1;
                self.observe(slot, grant, answered);
            }
            return;
        };
        let retried = fetch.sent > 1;
        if broken && retried {
            return self.fetch(slot, number, grant);
        }
        self.ask(slot, Wish::Fetch(number), |call| Input::Refused { call, grant, meaning, retried });
    }

    /// What came along with the answer.
    fn observe(&mut self, slot: usize, grant: Box<Grant>, answered: Answered) {
        let Answered { message, lifetime_ms, .. } = answered;
        if !message.values.is_empty() {
            self.counts.observed += 1;
            self.feed(slot, Input::Observed { grant, values: message.values, lifetime_ms });
        }
    }

    /// The app is asked for credentials.
    pub(crate) fn ask_user(&mut self, slot: usize) {
        self.at_mut(slot).is_asked = true;
        let takes_ms = if self.faults_end { 1_000 } else { self.dice.magnitude(17) };
        let supplied = match self.dice.roll(10) {
            _ if self.faults_end => Some(self.right_credentials(slot, false)),
            0 => None,
            1 => Some(self.credentials(self.dice_user(), false)),
            2 => Some(self.right_credentials(slot, true)),
            // Nobody looks at the dialog.
            3 => return,
            _ => Some(self.right_credentials(slot, false)),
        };
        let tab = self.at(slot).id;
        self.plan_input(tab, takes_ms, Input::LoginSupplied(supplied));
    }

    pub(crate) fn right_credentials(&self, slot: usize, wrong: bool) -> Values {
        let record = self.at(slot).last.record.as_ref();
        let user = record.and_then(|it| self.server.user(Token::of(&it.values, "access_token")));
        self.credentials(user.unwrap_or(0), wrong)
    }

    const fn dice_user(&self) -> usize {
        self.clock.monotonic_ms as usize % USERS.len()
    }
}
