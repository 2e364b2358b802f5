//! The model: what tabs, store, lock and server do, one step at a time.

/// How the server takes a refresh token that was used before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Api {
    /// As a theft.
    Strict,
    /// As a repetition, if it is the one before the newest, under the attempt key that all tabs read from the store.
    Attempts,
}

/// How large the world is, and how often something goes wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) tabs: usize,
    /// How many each tab begins.
    pub(crate) renewals: u8,
    pub(crate) api: Api,
    pub(crate) locks: bool,
    pub(crate) crashes: u8,
    pub(crate) freezes: u8,
    pub(crate) losses: u8,
}

/// The record: which generation, and who is at its renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Stored {
    generation: u8,
    lease: Option<Lease>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Lease {
    tab: usize,
    under_lock: bool,
    /// Its time is over.
    over: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Phase {
    Idle,
    /// In the queue for the lock.
    Waiting,
    /// The store has been asked, and has not looked yet.
    Reading,
    /// It has looked, or written; the tab has not heard.
    Heard(Stored),
    /// A lease is on its way, in place of this.
    Leasing(Stored),
    /// Another tab's lease is waited for.
    Resting,
    Sending {
        acted: bool,
    },
    /// New tokens are on their way into the store.
    Storing(u8),
    Stored,
    Dead,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Tab {
    generation: u8,
    phase: Phase,
    locked: bool,
    frozen: bool,
    /// It was frozen since it asked the store.
    slept: bool,
    renewals: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct World {
    tabs: Vec<Tab>,
    queue: Vec<usize>,
    stored: Stored,
    server: u8,
    /// Requests of tabs that are no more.
    orphans: Vec<u8>,
    crashes: u8,
    freezes: u8,
    losses: u8,
    /// Two renewals of one generation were under way.
    pub(crate) doubled: bool,
    pub(crate) revoked: bool,
    /// A tab crashed or froze between taking its lease and storing what came, or an answer was lost.
    pub(crate) failed_in_renewal: bool,
}

impl World {
    pub(crate) fn new(settings: &Settings) -> World {
        let renewals = settings.renewals;
        let tab = Tab { generation: 1, phase: Phase::Idle, locked: false, frozen: false, slept: false, renewals };
        World {
            tabs: vec![tab; settings.tabs],
            queue: Vec::new(),
            stored: Stored { generation: 1, lease: None },
            server: 1,
            orphans: Vec::new(),
            crashes: 0,
            freezes: 0,
            losses: 0,
            doubled: false,
            revoked: false,
            failed_in_renewal: false,
        }
    }

    /// No tab is at anything, and the lock is free.
    pub(crate) fn is_at_rest(&self) -> bool {
        let idle = self.tabs.iter().all(|it| matches!(it.phase, Phase::Idle | Phase::Dead) && !it.frozen);
        idle && self.queue.is_empty()
    }

    /// Every state that may be next.
    pub(crate) fn nexts(&self, settings: &Settings) -> Vec<World> {
        let mut nexts = Vec::new();
        for at in 0..self.tabs.len() {
            self.world_goes_on(at, settings, &mut nexts);
            if self.tabs[at].frozen {
                nexts.push(self.with(at, |it| it.frozen = false));
            } else if self.tabs[at].phase != Phase::Dead {
                self.tab_goes_on(at, settings, &mut nexts);
                self.fails(at, settings, &mut nexts);
            }
        }
        for at in 0..self.orphans.len() {
            nexts.extend(self.orphan_arrives(at, settings));
        }
        nexts
    }

    fn with(&self, at: usize, change: impl FnOnce(&mut Tab)) -> World {
        let mut next = self.clone();
        change(&mut next.tabs[at]);
        next
    }

    /// What happens to a tab's store and requests, whether it is frozen or not.
    fn world_goes_on(&self, at: usize, settings: &Settings, nexts: &mut Vec<World>) {
        match self.tabs[at].phase {
            Phase::Reading => nexts.push(self.with(at, |it| it.phase = Phase::Heard(self.stored))),
            Phase::Leasing(seen) => {
                let mut next = self.clone();
                if self.stored == seen {
                    let lease = Lease { tab: at, under_lock: self.tabs[at].locked, over: false };
                    next.stored = Stored { lease: Some(lease), ..seen };
                }
                next.tabs[at].phase = Phase::Heard(next.stored);
                nexts.push(next);
            }
            Phase::Sending { acted: false } => {
                let mut next = self.clone();
                // After a freeze it is assumed that a request comes before two further renewals, or not at all.
                if self.freezes == 0 || self.tabs[at].generation + 1 >= self.server {
                    next.serve(self.tabs[at].generation, settings);
                }
                next.tabs[at].phase = Phase::Sending { acted: true };
                nexts.push(next);
            }
            Phase::Storing(generation) => {
                let mut next = self.clone();
                if self.stored.generation < generation {
                    next.stored = Stored { generation, lease: None };
                }
                next.tabs[at].phase = Phase::Stored;
                nexts.push(next);
            }
            _ => {}
        }
        self.lease_ends(at, nexts);
    }

    /// A lease runs out, but not under a tab that is running and at it.
    fn lease_ends(&self, at: usize, nexts: &mut Vec<World>) {
        let tab = &self.tabs[at];
        let is_at_it = !matches!(tab.phase, Phase::Idle | Phase::Dead | Phase::Waiting | Phase::Resting) && !tab.frozen;
        if let Some(lease) = self.stored.lease.filter(|it| it.tab == at && !it.over && !is_at_it) {
            let mut next = self.clone();
            next.stored.lease = Some(Lease { over: true, ..lease });
            nexts.push(next);
        }
    }

    fn tab_goes_on(&self, at: usize, settings: &Settings, nexts: &mut Vec<World>) {
        let tab = &self.tabs[at];
        match tab.phase {
            Phase::Idle if tab.renewals > 0 => nexts.push(self.begun(at, settings)),
            Phase::Waiting => {
                if self.queue.first() == Some(&at) {
                    nexts.push(self.with(at, |it| (it.locked, it.phase, it.slept) = (true, Phase::Reading, false)));
                }
                // Its deadline has passed, whoever has the lock.
                nexts.push(self.unlocked(at, Phase::Reading));
            }
            Phase::Resting if self.stored.lease.is_none_or(|it| it.over) => {
                nexts.push(self.with(at, |it| (it.phase, it.slept) = (Phase::Reading, false)));
            }
            Phase::Heard(stored) => nexts.push(self.heard(at, stored)),
            Phase::Sending { acted: true } => {
                let generation = tab.generation + 1;
                nexts.push(match self.revoked {
                    true => self.unlocked(at, Phase::Idle),
                    false => self.with(at, |it| it.phase = Phase::Storing(generation)),
                });
            }
            Phase::Stored => {
                let mut next = self.unlocked(at, Phase::Idle);
                next.tabs[at].generation = self.stored.generation;
                nexts.push(next);
            }
            _ => {}
        }
    }

    fn begun(&self, at: usize, settings: &Settings) -> World {
        let mut next = self.clone();
        let tab = &mut next.tabs[at];
        tab.renewals -= 1;
        tab.slept = false;
        tab.phase = if settings.locks { Phase::Waiting } else { Phase::Reading };
        if settings.locks {
            next.queue.push(at);
        }
        next
    }

    fn unlocked(&self, at: usize, phase: Phase) -> World {
        let mut next = self.clone();
        next.queue.retain(|it| *it != at);
        (next.tabs[at].locked, next.tabs[at].phase, next.tabs[at].slept) = (false, phase, false);
        next
    }

    /// The tab hears of the store, and decides in the same step.
    fn heard(&self, at: usize, stored: Stored) -> World {
        let tab = &self.tabs[at];
        if tab.slept {
            return self.with(at, |it| (it.phase, it.slept) = (Phase::Reading, false));
        }
        if stored.generation > tab.generation {
            let mut next = self.unlocked(at, Phase::Idle);
            next.tabs[at].generation = stored.generation;
            return next;
        }
        match stored.lease.filter(|it| !it.over) {
            Some(lease) if lease.tab == at => self.sent(at),
            Some(lease) if !(tab.locked && lease.under_lock) => self.unlocked(at, Phase::Resting),
            _ => self.with(at, |it| it.phase = Phase::Leasing(stored)),
        }
    }

    fn sent(&self, at: usize) -> World {
        let generation = self.tabs[at].generation;
        let mut next = self.with(at, |it| it.phase = Phase::Sending { acted: false });
        let others = self.tabs.iter().filter(|it| it.generation == generation);
        next.doubled |= others.clone().any(|it| matches!(it.phase, Phase::Sending { .. } | Phase::Storing(_)));
        next
    }

    fn serve(&mut self, generation: u8, settings: &Settings) {
        if generation == self.server {
            self.server += 1;
        } else if settings.api == Api::Strict || generation + 1 < self.server {
            self.revoked = true;
        }
    }

    fn fails(&self, at: usize, settings: &Settings, nexts: &mut Vec<World>) {
        let tab = self.tabs[at];
        let is_at_it = !matches!(tab.phase, Phase::Idle | Phase::Waiting | Phase::Resting | Phase::Reading);
        if self.crashes < settings.crashes {
            let mut next = self.unlocked(at, Phase::Dead);
            next.crashes += 1;
            next.failed_in_renewal |= is_at_it;
            if tab.phase == (Phase::Sending { acted: false }) {
                next.orphans.push(tab.generation);
            }
            nexts.push(next);
        }
        if self.freezes < settings.freezes {
            let mut next = self.with(at, |it| (it.frozen, it.slept) = (true, true));
            next.freezes += 1;
            next.failed_in_renewal |= is_at_it;
            nexts.push(next);
        }
        if self.losses < settings.losses && matches!(tab.phase, Phase::Sending { .. }) {
            let mut next = self.unlocked(at, Phase::Idle);
            next.losses += 1;
            next.failed_in_renewal = true;
            // The pause that all tabs keep then stands in the lease's place; and it is tried once more.
            next.stored.lease = next.stored.lease.filter(|it| it.tab != at);
            next.tabs[at].renewals += 1;
            nexts.push(next);
        }
    }

    fn orphan_arrives(&self, at: usize, settings: &Settings) -> Option<World> {
        let mut next = self.clone();
        let generation = next.orphans.remove(at);
        (generation + 1 >= self.server).then(|| {
            next.serve(generation, settings);
            next
        })
    }
}
