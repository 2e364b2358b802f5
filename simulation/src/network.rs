//! Between tabs and server: requests and answers that are late, lost, or not the server's own.

use crate::agenda::{Happening, TabId};
use crate::server::{Asks, Reply, means, nothing};
use crate::world::World;
use relatch_dialects::Meaning;
use relatch_session::{ExchangeId, FailureKind};

/// For whom a request travels.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Errand {
    /// The session's own.
    Exchange(ExchangeId),
    /// A call of the app's, by its place among what the tab has asked.
    Fetch(u32),
}

/// A request on its way, and back.
#[derive(Clone)]
pub(crate) struct Trip {
    pub(crate) tab: TabId,
    pub(crate) errand: Errand,
    pub(crate) asks: Asks,
    pub(crate) reply: Option<Reply>,
    /// When the answer is back.
    pub(crate) back_ms: u64,
    /// Whether the tab hears what the server says.
    heard: bool,
}

/// How well the network works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Weather {
    #[default]
    Fine,
    Foul,
    Offline,
}

impl World {
    pub(crate) fn send(&mut self, tab: TabId, errand: Errand, asks: Asks, deadline_ms: u64) {
        let now = self.clock.monotonic_ms;
        let (there, back) = (1 + self.dice.roll(60), 1 + self.dice.roll(60));
        let mut trip = Box::new(Trip { tab, errand, asks, reply: None, back_ms: now + there + back, heard: true });
        let arrives_ms = now + there;
        match self.weather() {
            Weather::Fine => self.agenda.plan(arrives_ms, Happening::Arrive(trip)),
            Weather::Offline => {
                trip.reply = Some(nothing(FailureKind::Network));
                self.agenda.plan(arrives_ms, Happening::Return(trip));
            }
            Weather::Foul => self.send_through_foul(trip, now, deadline_ms),
        }
    }

    fn weather(&self) -> Weather {
        if self.faults_end || self.clock.monotonic_ms > self.weather.1 { Weather::Fine } else { self.weather.0 }
    }

    fn send_through_foul(&mut self, mut trip: Box<Trip>, now: u64, deadline_ms: u64) {
        let (there, back) = (1 + self.dice.magnitude(16), 1 + self.dice.magnitude(16));
        let arrives_ms = now + there;
        let (told, acts) = match self.dice.roll(10) {
            0 => (Some(nothing(FailureKind::Network)), false),
            1 => (Some(nothing(FailureKind::Network)), true),
            2 => (Some(rate_limited(self.dice.magnitude(21))), false),
            3 => (Some(means(Meaning::ServerError)), false),
            4 => (Some(means(Meaning::ServerError)), true),
            5 => (Some(nothing(FailureKind::UnexpectedAnswer)), false),
            _ => (None, true),
        };
        trip.back_ms = (arrives_ms + back).min(now + deadline_ms);
        let is_late = arrives_ms + back > now + deadline_ms;
        let told = if is_late { Some(nothing(FailureKind::Timeout)) } else { told };
        // A request that was given up before it had arrived is taken off the wire.
        let acts = acts && arrives_ms < now + deadline_ms;
        if told.is_some() {
            let unheard = Box::new(Trip { heard: false, ..(*trip).clone() });
            if acts {
                self.agenda.plan(arrives_ms, Happening::Arrive(unheard));
            }
            trip.reply = told;
            self.agenda.plan(trip.back_ms, Happening::Return(trip));
        } else {
            self.agenda.plan(arrives_ms, Happening::Arrive(trip));
        }
    }

    /// The server acts.
    pub(crate) fn arrive(&mut self, mut trip: Box<Trip>) {
        let renewed = if let Asks::Renewal { token, .. } = &trip.asks { *token } else { None };
        let was_ended = !self.server.is_alive(renewed);
        let reply = self.server.act(&trip.asks, &self.plan, self.clock.server_ms());
        if self.tab_mut(trip.tab).is_none_or(|it| it.frozen) {
            // After two renewals by other tabs it cannot be told from a theft.
            self.server.excuse(renewed, "a tab that is gone had sent it");
        }
        self.check_reuse(renewed, was_ended);
        self.note(|_| format!("server: {:?} -> {:?}", trip.asks, reply.as_ref().map(|it| it.message.meaning)));
        if !trip.heard {
            return self.answer_lost(&trip.asks);
        }
        trip.reply = Some(reply);
        self.agenda.plan(trip.back_ms, Happening::Return(trip));
    }

    /// A strict server cannot tell the repetition from a theft.
    pub(crate) fn answer_lost(&mut self, asks: &Asks) {
        if let Asks::Renewal { token, attempt: None } = asks {
            self.server.excuse(*token, "its answer was lost");
            self.counts.lost_answers += 1;
        }
    }
}

fn rate_limited(retry_after_ms: u64) -> Reply {
    means(Meaning::RateLimited).map(|it| relatch_session::Answered { retry_after_ms: Some(retry_after_ms), ..it })
}
