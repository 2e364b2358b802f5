//! One schedule's world, and how it goes on from one thing that happens to the next.

use crate::agenda::{Agenda, Happening, TabId};
use crate::clock::Clock;
use crate::dice::Dice;
use crate::locks::Locks;
use crate::network::{Errand, Trip, Weather};
use crate::plan::Plan;
use crate::rule::Rule;
use crate::rules::Watch;
use crate::server::Server;
use crate::store::Store;
use crate::tab::Tab;
use crate::{Counts, Violation};
use relatch_session::{Announcement, Input, Now};

pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) dice: Dice,
    pub(crate) clock: Clock,
    pub(crate) agenda: Agenda,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) store: Store,
    pub(crate) locks: Locks,
    pub(crate) server: Server,
    /// The weather, and until when.
    pub(crate) weather: (Weather, u64),
    /// Nothing goes wrong from here on.
    pub(crate) faults_end: bool,
    /// The rule that this host breaks.
    pub(crate) broken: Option<Rule>,
    pub(crate) watch: Watch,
    pub(crate) counts: Counts,
    pub(crate) violation: Option<Violation>,
    pub(crate) steps: u64,
    trace: Option<Vec<String>>,
}

impl World {
    pub(crate) fn new(seed: u64, broken: Option<Rule>, traced: bool) -> World {
        let mut dice = Dice::new(seed);
        let plan = Plan::of(seed, &mut dice);
        let clock = Clock::new();
        let mut world = World {
            plan,
            dice,
            clock,
            agenda: Agenda::default(),
            tabs: Vec::new(),
            store: Store::default(),
            locks: Locks::default(),
            server: Server::default(),
            weather: (Weather::Fine, 0),
            faults_end: false,
            broken,
            watch: Watch::default(),
            counts: Counts::default(),
            violation: None,
            steps: 0,
            trace: traced.then(Vec::new),
        };
        world.note(|it| format!("{:?}", it.plan));
        world.populate();
        world
    }

    fn populate(&mut self) {
        for slot in 0..self.plan.tabs {
            self.tabs.push(Tab::new(slot, 0, self.plan.options.clone()));
            let at_ms = self.clock.monotonic_ms + self.dice.magnitude(10);
            self.agenda.plan(at_ms, Happening::Deliver(TabId { slot, life: 0 }, Input::Start));
            self.agenda.plan(at_ms + 100, Happening::Act(slot));
        }
        let at_ms = self.clock.monotonic_ms + self.dice.magnitude(self.plan.pace_bits + 2);
        self.agenda.plan(at_ms, Happening::Trouble);
    }

    /// Lets the next thing happen. False if there is none, or if a rule has been violated.
    pub(crate) fn step(&mut self) -> bool {
        let Some(at_ms) = self.agenda.next_ms().filter(|_| self.violation.is_none()) else { return false };
        self.clock.monotonic_ms = self.clock.monotonic_ms.max(at_ms);
        self.check_deadlines();
        if let Some(happening) = self.agenda.take() {
            self.happen(happening);
        }
        true
    }

    fn happen(&mut self, happening: Happening) {
        let tab = match &happening {
            Happening::Deliver(tab, _) | Happening::Timer(tab, _) | Happening::Grant(tab, ..) => Some(*tab),
            Happening::Return(trip) => Some(trip.tab),
            _ => None,
        };
        match tab.map(|tab| (tab.slot, self.tab_mut(tab).map(|it| it.frozen))) {
            Some((_, None)) => return self.reach_nobody(&happening),
            Some((slot, Some(true))) => return self.hold(slot, happening),
            _ => {}
        }
        self.steps += 1;
        match happening {
            Happening::Deliver(tab, input) => self.feed(tab.slot, input),
            Happening::Timer(tab, timer) if self.at(tab.slot).timer == timer => self.feed(tab.slot, Input::Woke),
            Happening::Timer(..) => self.steps -= 1,
            Happening::Grant(tab, lock, ticket) => self.grant(tab, lock, ticket),
            Happening::Return(trip) => self.bring_back(*trip),
            Happening::Work(tab, write) => self.work(tab, write),
            Happening::Arrive(trip) => self.arrive(trip),
            Happening::Thaw(tab) => self.thaw(tab),
            Happening::Act(slot) => self.act(slot),
            Happening::Trouble => self.make_trouble(),
        }
    }

    fn hold(&mut self, slot: usize, happening: Happening) {
        let is_announced = matches!(happening, Happening::Deliver(_, Input::Announced(_)));
        if !(is_announced && self.dice.chance(500)) {
            self.at_mut(slot).held.push(happening);
        }
    }

    fn reach_nobody(&mut self, happening: &Happening) {
        if let Happening::Return(trip) = happening {
            self.answer_lost(&trip.asks);
        }
    }

    fn bring_back(&mut self, trip: Trip) {
        let Some(reply) = trip.reply else { return };
        match trip.errand {
            Errand::Exchange(exchange) => {
                let answered = self.as_told(reply, &trip.asks).map(Box::new);
                self.feed(trip.tab.slot, Input::Answered { exchange, answered });
            }
            Errand::Fetch(number) => self.fetched(trip.tab.slot, number, reply),
        }
    }

    /// The clocks as this tab reads them.
    pub(crate) fn now(&mut self, slot: usize) -> Now {
        let wall_ms = self.clock.wall_ms();
        let only_wall = self.broken == Some(Rule::ClocksLie);
        let monotonic_ms = if only_wall { wall_ms } else { self.clock.monotonic_ms };
        Now { wall_ms, monotonic_ms, random: self.dice.next_u128(), hidden: self.at(slot).hidden }
    }

    /// An input on its way, that many milliseconds.
    pub(crate) fn plan_input(&mut self, tab: TabId, takes_ms: u64, input: Input) {
        self.agenda.plan(self.clock.monotonic_ms + takes_ms, Happening::Deliver(tab, input));
    }

    pub(crate) fn announce(&mut self, from: usize, announcement: Announcement) {
        for slot in 0..self.tabs.len() {
            let late = !self.faults_end && self.dice.chance(20);
            let takes_ms = if late { self.dice.magnitude(13) } else { self.dice.roll(20) };
            if slot != from {
                self.plan_input(self.at(slot).id, takes_ms, Input::Announced(announcement));
            }
        }
    }

    #[expect(clippy::indexing_slicing, reason = "slots are numbers below the number of tabs, which stays the same")]
    pub(crate) fn at(&self, slot: usize) -> &Tab {
        &self.tabs[slot]
    }

    #[expect(clippy::indexing_slicing, reason = "as above")]
    pub(crate) fn at_mut(&mut self, slot: usize) -> &mut Tab {
        &mut self.tabs[slot]
    }

    /// That tab, if it still lives.
    pub(crate) fn tab_mut(&mut self, tab: TabId) -> Option<&mut Tab> {
        self.tabs.get_mut(tab.slot).filter(|it| it.alive && it.id == tab)
    }

    /// Writes down what happens, if somebody is going to read it.
    pub(crate) fn note(&mut self, text: impl FnOnce(&World) -> String) {
        if let Some(mut trace) = self.trace.take() {
            trace.push(format!("{:>12} {}", self.clock.monotonic_ms, text(self)));
            self.trace = Some(trace);
        }
    }

    pub(crate) fn take_trace(&mut self) -> Vec<String> {
        self.trace.take().unwrap_or_default()
    }
}
