//! What goes wrong, by chance, as far as the plan has it.

use crate::agenda::{Happening, TabId};
use crate::network::Weather;
use crate::server::{End, Token};
use crate::store::Illness;
use crate::tab::Tab;
use crate::world::World;
use relatch_session::Input;

const HOUR_MS: i64 = 3_600_000;

impl World {
    pub(crate) fn make_trouble(&mut self) {
        if self.faults_end {
            return;
        }
        let gap = self.dice.magnitude(self.plan.pace_bits + 2);
        self.agenda.plan(self.clock.monotonic_ms + gap, Happening::Trouble);
        let slot = self.dice.roll(self.plan.tabs as u64) as usize;
        match self.dice.roll(8) {
            0 if self.plan.freezes => self.freeze(slot),
            1 if self.plan.crashes => self.crash(slot),
            2 if self.plan.clocks => self.disturb_clocks(),
            3 if self.plan.storage => self.disturb_store(),
            4 | 5 if self.plan.network => self.turn_weather(),
            6 if self.plan.hides => self.hide_or_show(slot),
            7 if self.plan.operator => self.operate(slot),
            _ => {}
        }
    }

    pub(crate) fn open_tab(&mut self, slot: usize) {
        let life = self.at(slot).id.life + 1;
        self.note(|_| format!("tab {slot} is opened"));
        let mut tab = Tab::new(slot, life, self.plan.options.clone());
        tab.away_ms = self.at(slot).away_ms;
        *self.at_mut(slot) = tab;
        self.feed(slot, Input::Start);
    }

    fn freeze(&mut self, slot: usize) {
        if !self.at(slot).alive || self.at(slot).frozen {
            return;
        }
        self.note(|_| format!("tab {slot} is frozen"));
        self.excuse_renewal(slot, "its tab was frozen");
        let now = self.clock.monotonic_ms;
        let tab = self.at_mut(slot);
        (tab.frozen, tab.frozen_at_ms) = (true, now);
        tab.freezes += 1;
        let id = tab.id;
        let lasts = self.dice.magnitude(20);
        self.agenda.plan(now + lasts, Happening::Thaw(id));
    }

    /// What was queued before and during the freeze comes first; that the page is back comes after it, or before.
    pub(crate) fn thaw(&mut self, id: TabId) {
        let now = self.clock.monotonic_ms;
        let Some(tab) = self.tab_mut(id).filter(|it| it.frozen) else { return };
        tab.frozen = false;
        tab.away_ms += now - tab.frozen_at_ms;
        let held = std::mem::take(&mut tab.held);
        self.note(|_| format!("tab {} is thawed", id.slot));
        let first = self.dice.chance(300);
        if first {
            self.plan_input(id, 0, Input::Returned);
        }
        for happening in held {
            self.agenda.plan(now, happening);
        }
        if !first {
            self.plan_input(id, 0, Input::Returned);
        }
    }

    fn crash(&mut self, slot: usize) {
        if !self.at(slot).alive {
            return;
        }
        self.note(|_| format!("tab {slot} crashes"));
        self.excuse_renewal(slot, "its tab crashed");
        let tab = self.at_mut(slot);
        tab.alive = false;
        let id = tab.id;
        self.leave_locks(id);
        if self.dice.chance(600) {
            self.open_tab(slot);
        }
    }

    /// A strict server cannot know what has become of a renewal that is under way.
    fn excuse_renewal(&mut self, slot: usize, why: &'static str) {
        let tab = self.at(slot);
        if tab.renews.is_some()
            && let Some(record) = &tab.last.record
        {
            let token = Token::of(&record.values, "access_token");
            self.server.excuse(token.filter(|_| self.plan.api == crate::plan::Api::Strict), why);
        }
    }

    fn disturb_clocks(&mut self) {
        let forth = self.dice.chance(500);
        let far = if self.dice.chance(500) { HOUR_MS } else { 24 * HOUR_MS };
        let by = if forth { far } else { -far };
        match self.dice.roll(4) {
            0 => self.clock.set(by),
            1 => self.clock.set_server(by),
            2 => self.sleep(false),
            _ => self.sleep(true),
        }
        self.note(|it| {
            format!("the clocks are disturbed: wall {} server {}", it.clock.wall_ms(), it.clock.server_ms())
        });
    }

    /// The machine sleeps. Its monotonic clock stands still, or everything is late.
    fn sleep(&mut self, clock_runs: bool) {
        let millis = self.dice.magnitude(27);
        if clock_runs {
            self.clock.monotonic_ms += millis;
            self.tabs.iter_mut().filter(|it| !it.frozen).for_each(|it| it.away_ms += millis);
            self.clock.lies += 1;
        } else {
            self.clock.sleep(millis);
        }
        for slot in 0..self.tabs.len() {
            let takes = self.dice.roll(50);
            self.plan_input(self.at(slot).id, takes, Input::Returned);
        }
    }

    fn disturb_store(&mut self) {
        match self.dice.roll(4) {
            0 => self.store.clear(),
            kind => {
                self.store.illness = if kind == 1 { Illness::Full } else { Illness::Failing };
                self.store.ill_until_ms = self.clock.monotonic_ms + self.dice.magnitude(18);
                self.store.illnesses += 1;
            }
        }
        self.note(|it| format!("the store is {:?}, or cleared", it.store.illness));
    }

    fn turn_weather(&mut self) {
        let weather = if self.dice.chance(700) { Weather::Foul } else { Weather::Offline };
        self.weather = (weather, self.clock.monotonic_ms + self.dice.magnitude(19));
        self.note(|it| format!("the network is {:?}", it.weather));
    }

    fn hide_or_show(&mut self, slot: usize) {
        let tab = self.at_mut(slot);
        tab.hidden = !tab.hidden;
        let (id, hidden) = (tab.id, tab.hidden);
        self.note(|_| format!("tab {slot} is hidden: {hidden}"));
        self.plan_input(id, 0, Input::Returned);
    }

    fn operate(&mut self, slot: usize) {
        let user = self.dice.roll(3) as usize;
        let what = self.dice.roll(4);
        if let Some(account) = self.server.accounts.get_mut(user) {
            match what {
                0 => account.disabled = !account.disabled,
                1 => account.password += 2,
                _ => {}
            }
        }
        if what > 1 {
            let record = self.at(slot).last.record.as_ref();
            let session = record.and_then(|it| Token::of(&it.values, "access_token")).map(|it| it.session);
            if let Some(held) = session.and_then(|it| self.server.sessions.get_mut(it)) {
                held.ended = held.ended.or(Some(End::Operator));
            }
        }
        self.note(|_| format!("the operator acts: {what} on {user}"));
    }
}
