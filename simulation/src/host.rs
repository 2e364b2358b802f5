//! The host of each tab's session: reads the clocks, hands in what happens, and obeys. For each rule there is a host that
//! breaks it; the session is the same.

use crate::agenda::Happening;
use crate::network::Errand;
use crate::rule::Rule;
use crate::server::{Asks, Reply, Token, USERS, means};
use crate::tab::{Exchange, Wish};
use crate::world::World;
use relatch_dialects::{Meaning, Values};
use relatch_session::{CallId, Command, Event, ExchangeId, Failure, FailureKind, Input, Lock, Outcome};

/// What a session was handed, for the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A login was asked for, or credentials were supplied.
    Credentials,
    /// The store has read or written.
    Store,
    Other,
}

impl Cause {
    const fn of(input: &Input) -> Cause {
        match input {
            Input::Login { .. } | Input::AnswerChallenge { .. } | Input::LoginSupplied(_) => Cause::Credentials,
            Input::Loaded(_) | Input::Saved(_) => Cause::Store,
            _ => Cause::Other,
        }
    }
}

impl World {
    /// A session takes an input, and is obeyed.
    pub(crate) fn feed(&mut self, slot: usize, input: Input) {
        let (cause, now) = (Cause::of(&input), self.now(slot));
        self.note(|_| format!("tab {slot} <- {input:?}"));
        self.check_input(slot, &input);
        let mut commands = self.at_mut(slot).session.handle(input, now);
        self.tamper(&mut commands);
        for command in commands {
            self.note(|_| format!("tab {slot} -> {command:?}"));
            self.check_command(slot, cause, &command);
            self.obey(slot, cause, command);
        }
        self.check_after(slot);
    }

    fn tamper(&self, commands: &mut Vec<Command>) {
        match self.broken {
            Some(Rule::ListenersOutside) => {
                commands.sort_by_key(|it| matches!(it, Command::Unlock(Lock::Renewal)));
            }
            Some(Rule::EventsMeanChange) => {
                if let Some(Command::Emit(event, snapshot)) = commands.last() {
                    let again = Command::Emit(*event, snapshot.clone());
                    commands.push(again);
                }
            }
            Some(Rule::Deadlines) => commands.retain(|it| !matches!(it, Command::Wake(_))),
            _ => {}
        }
    }

    fn obey(&mut self, slot: usize, cause: Cause, command: Command) {
        let tab = self.at(slot).id;
        match command {
            Command::Load => self.ask_store(tab, None),
            Command::Save(stored) => self.ask_store(tab, Some(stored)),
            Command::Lock(lock) => self.queue_for_lock(lock, tab),
            Command::Unlock(lock) => self.leave_lock(lock, tab),
            Command::Announce(announcement) => self.announce(slot, announcement),
            Command::Send { exchange, operation, values, attempt, deadline_ms, .. } => {
                let asks = self.open(slot, cause, exchange, &operation, &values, attempt);
                self.send_if_written(slot, exchange, asks, deadline_ms);
            }
            Command::Wake(delay) => {
                self.at_mut(slot).timer += 1;
                if let Some(delay) = delay {
                    let timer = self.at(slot).timer;
                    self.agenda.plan(self.clock.monotonic_ms + delay, Happening::Timer(tab, timer));
                }
            }
            Command::AskLogin(_) => self.ask_user(slot),
            Command::Settle { call, result } => self.settled(slot, call, result),
            Command::Emit(event, snapshot) => {
                self.at_mut(slot).last = snapshot;
                if self.faults_end && event == Event::Challenged {
                    self.answer_rightly(slot);
                }
            }
        }
    }

    /// Puts a request into words, and notes what the rules need to know of it.
    fn open(
        &mut self,
        slot: usize,
        cause: Cause,
        id: ExchangeId,
        operation: &str,
        values: &Values,
        attempt: Option<String>,
    ) -> Option<Asks> {
        let is_renewal = operation == "renew" || operation == "login" && cause != Cause::Credentials;
        let renews = self.at(slot).key().filter(|_| is_renewal);
        let is_answer = operation.starts_with("challenge.");
        if is_answer || matches!(operation, "renew" | "login") {
            self.at_mut(slot).exchanges.push(Exchange { id, is_login: operation == "login", renews, overtaken: false });
        }
        let access = Token::of(values, "access_token");
        Some(match operation {
            "login" => Asks::Login { user: user_of(values)?, password: password_of(values)? },
            _ if is_answer => {
                Asks::Code { question: question_of(values), right: values.text("code") == Some("secret-k") }
            }
            "renew" => Asks::Renewal { token: Some(Token::of(values, "refresh_token")?), attempt },
            "logout" => Asks::Logout(access),
            _ => Asks::Call { token: access, forbidden: false },
        })
    }

    fn send_if_written(&mut self, slot: usize, exchange: ExchangeId, asks: Option<Asks>, deadline_ms: u64) {
        let tab = self.at(slot).id;
        match asks {
            Some(asks) => self.send(tab, Errand::Exchange(exchange), asks, deadline_ms),
            None => {
                let answered = crate::server::nothing(FailureKind::InvalidArgument).map(Box::new);
                self.plan_input(tab, 0, Input::Answered { exchange, answered });
            }
        }
    }

    /// What a host makes of an answer.
    pub(crate) fn as_told(&self, reply: Reply, asks: &Asks) -> Reply {
        let is_lost = reply.as_ref().is_err_and(|it| it.kind == FailureKind::Network);
        if self.broken == Some(Rule::AuthoritativeEnd) && is_lost && matches!(asks, Asks::Renewal { .. }) {
            return means(Meaning::SessionEnded);
        }
        reply
    }

    fn settled(&mut self, slot: usize, call: CallId, result: Result<Outcome, Box<Failure>>) {
        let asked = &mut self.at_mut(slot).asked;
        let Some(place) = asked.iter().position(|it| it.call == call) else {
            return self.fail(Rule::Deadlines, "a call was answered twice");
        };
        let asked = asked.swap_remove(place);
        match (asked.wish, result) {
            (Wish::Fetch(number), Ok(Outcome::Granted(grant))) => self.fetch(slot, number, grant),
            (Wish::Fetch(number), _) => self.at_mut(slot).fetches.retain(|it| it.number != number),
            _ => {}
        }
    }
}

fn user_of(credentials: &Values) -> Option<usize> {
    let identifier = credentials.text("identifier")?;
    USERS.iter().position(|it| *it == identifier)
}

fn question_of(values: &Values) -> Option<usize> {
    values.text("challenge.id")?.strip_prefix("secret-c")?.parse().ok()
}

fn password_of(credentials: &Values) -> Option<u32> {
    credentials.text("password")?.strip_prefix("secret-p")?.parse().ok()
}
