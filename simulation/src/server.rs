//! The API: accounts, sessions, tokens, and three rules of renewing. What it does is the truth that the rules are held against.

use crate::plan::{Api, Plan};
use relatch_dialects::{Meaning, Message, Values};
use relatch_session::{Answered, Failure, FailureKind};

pub(crate) const USERS: [&str; 3] = ["ada", "grace", "dora"];

/// After this a login that waits for a code has been forgotten.
const FORGOTTEN_MS: u64 = 300_000;

/// Within this after a rotation, the token before is given the same successor.
const GRACE_MS: u64 = 30_000;

/// Which tokens: those of a session, from that generation on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) session: usize,
    pub(crate) generation: usize,
    /// Of an access token: which of those that calls have brought since its renewal.
    pub(crate) turn: usize,
}

/// What a request asks for.
#[derive(Clone, Debug)]
pub(crate) enum Asks {
    Login {
        user: usize,
        password: u32,
    },
    /// The answer to a challenge.
    Code {
        question: Option<usize>,
        right: bool,
    },
    Renewal {
        token: Option<Token>,
        attempt: Option<String>,
    },
    Logout(Option<Token>),
    /// A call that needs a token, and perhaps a right that nobody has.
    Call {
        token: Option<Token>,
        forbidden: bool,
    },
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    LoggedOut,
    Operator,
    Reuse,
}

/// One session, as the server has it.
pub(crate) struct Held {
    pub(crate) user: usize,
    /// When the tokens of each generation were issued last, with each turn.
    issued_ms: Vec<Vec<u64>>,
    rotated_ms: u64,
    attempt: Option<String>,
    pub(crate) ended: Option<End>,
    /// The client was told that it is no more.
    pub(crate) is_refused: bool,
    /// What has happened to it that no client can make good: a reuse is then no fault of the client's.
    pub(crate) excuse: Option<&'static str>,
}

#[derive(Default)]
pub(crate) struct Account {
    pub(crate) disabled: bool,
    pub(crate) password: u32,
    /// The client was told that it is disabled; it may be in order again by now.
    pub(crate) is_refused: bool,
}

/// A code that a login waits for.
struct Question {
    user: usize,
    asked_ms: u64,
    wrong: u32,
    is_over: bool,
}

#[derive(Default)]
pub(crate) struct Server {
    questions: Vec<Question>,
    pub(crate) sessions: Vec<Held>,
    pub(crate) accounts: [Account; 3],
}

/// What came of a request, before the network had its way with the answer.
pub(crate) type Reply = Result<Answered, Box<Failure>>;

impl Token {
    fn text(self, kind: char) -> String {
        format!("secret-{kind}{}.{}.{}", self.session, self.generation, self.turn)
    }

    /// The token in a value, if it is one of ours.
    pub(crate) fn of(values: &Values, name: &str) -> Option<Token> {
        let mut numbers = values.text(name)?.get(8..)?.split('.').map(str::parse);
        let mut next = || numbers.next()?.ok();
        Some(Token { session: next()?, generation: next()?, turn: next()? })
    }
}

impl Server {
    pub(crate) fn act(&mut self, asks: &Asks, plan: &Plan, now_ms: u64) -> Reply {
        let reply = self.answer(asks, plan, now_ms);
        if let Asks::Renewal { token: Some(token), .. } | Asks::Call { token: Some(token), .. } = asks {
            self.remember_refusal(*token, reply.as_ref().ok().map(|it| it.message.meaning));
        }
        reply
    }

    fn remember_refusal(&mut self, token: Token, meaning: Option<Meaning>) {
        let Some(held) = self.sessions.get_mut(token.session) else { return };
        held.is_refused |= meaning == Some(Meaning::SessionEnded);
        if let Some(account) = self.accounts.get_mut(held.user) {
            account.is_refused |= meaning == Some(Meaning::AccountDisabled);
        }
    }

    fn answer(&mut self, asks: &Asks, plan: &Plan, now_ms: u64) -> Reply {
        match asks {
            Asks::Login { user, password } => self.login(*user, *password, plan, now_ms),
            Asks::Code { question, right } => self.code(*question, *right, plan, now_ms),
            Asks::Renewal { token, attempt } => self.renew(*token, attempt.as_deref(), plan, now_ms),
            Asks::Logout(token) => {
                if let Some(held) = token.and_then(|it| self.sessions.get_mut(it.session)) {
                    held.ended = held.ended.or(Some(End::LoggedOut));
                }
                means(Meaning::Done)
            }
            Asks::Call { token, forbidden } => match self.call(*token, *forbidden, plan, now_ms) {
                Meaning::Done => Ok(self.done(*token, plan, now_ms)),
                meaning => means(meaning),
            },
        }
    }

    fn login(&mut self, user: usize, password: u32, plan: &Plan, now_ms: u64) -> Reply {
        match self.accounts.get(user) {
            Some(account) if account.password != password => means(Meaning::WrongPassword),
            Some(account) if !account.disabled && plan.challenges && user != 1 => Ok(self.ask(user, "otp", now_ms)),
            Some(account) if !account.disabled => Ok(self.begin(user, plan, now_ms)),
            _ => means(Meaning::AccountDisabled),
        }
    }

    fn begin(&mut self, user: usize, plan: &Plan, now_ms: u64) -> Answered {
        self.sessions.push(Held {
            user,
            issued_ms: vec![vec![now_ms]],
            rotated_ms: 0,
            attempt: None,
            ended: None,
            is_refused: false,
            excuse: None,
        });
        tokens(Token { session: self.sessions.len() - 1, generation: 0, turn: 0 }, plan)
    }

    fn ask(&mut self, user: usize, kind: &str, now_ms: u64) -> Answered {
        let id = format!("secret-c{}", self.questions.len());
        self.questions.push(Question { user, asked_ms: now_ms, wrong: 0, is_over: false });
        let values = Values::new().with("challenge.id", id).with("detail.phone", "…07");
        let message = Message { challenge: Some(kind.into()), ..Message::with(Meaning::Challenge, values) };
        Answered { message, status: 200, lifetime_ms: None, retry_after_ms: None, idempotent: false }
    }

    fn code(&mut self, id: Option<usize>, right: bool, plan: &Plan, now_ms: u64) -> Reply {
        let Some((id, question)) = id.and_then(|id| Some((id, self.questions.get_mut(id)?))) else {
            return means(Meaning::TokenMissing);
        };
        let is_late = now_ms.saturating_sub(question.asked_ms) > FORGOTTEN_MS;
        if question.is_over || is_late {
            return means(if id % 2 == 0 { Meaning::SessionEnded } else { Meaning::TokenExpired });
        }
        if !right {
            question.wrong += 1;
            question.is_over = question.wrong > 2;
            return means(Meaning::BadCredentials);
        }
        question.is_over = true;
        let user = question.user;
        if self.accounts.get(user).is_some_and(|it| it.disabled) {
            return means(Meaning::AccountDisabled);
        }
        Ok(if id % 3 == 0 { self.ask(user, "tenant", now_ms) } else { self.begin(user, plan, now_ms) })
    }

    /// A call that was carried out, and what comes with that.
    fn done(&mut self, token: Option<Token>, plan: &Plan, now_ms: u64) -> Answered {
        let mut values = Values::new();
        let mut lifetime_ms = None;
        if let Some(mut token) = token
            && let Some(issued_ms) =
                self.sessions.get_mut(token.session).and_then(|it| it.issued_ms.get_mut(token.generation))
        {
            let newest = issued_ms.len() - 1;
            if plan.slides
                && let Some(issued) = issued_ms.get_mut(token.turn)
            {
                *issued = now_ms;
                values.set("expires", "later");
                lifetime_ms = Some(plan.lifetime_ms);
            }
            // Some of the time the same again, as whoever asked before was given.
            if plan.observes && !now_ms.is_multiple_of(3) {
                token.turn = newest + usize::from(now_ms % 3 == 1);
                issued_ms.resize(token.turn + 1, now_ms);
                values.set("access_token", token.text('a'));
                lifetime_ms = plan.lifetime_told.then_some(plan.lifetime_ms);
            }
        }
        let message = Message::with(Meaning::Done, values);
        Answered { message, status: 200, lifetime_ms, retry_after_ms: None, idempotent: false }
    }

    fn renew(&mut self, token: Option<Token>, attempt: Option<&str>, plan: &Plan, now_ms: u64) -> Reply {
        let Some(token) = token else { return means(Meaning::TokenMissing) };
        let Some(held) = self.sessions.get_mut(token.session) else { return means(Meaning::TokenMalformed) };
        if self.accounts.get(held.user).is_some_and(|it| it.disabled) {
            return means(Meaning::AccountDisabled);
        }
        if held.ended.is_some() {
            return means(Meaning::SessionEnded);
        }
        let newest = held.issued_ms.len() - 1;
        if plan.api == Api::Lasting {
            held.issued_ms.push(vec![now_ms]);
            let mut answered = tokens(Token { generation: newest + 1, ..token }, plan);
            answered.message.values.remove("refresh_token");
            return Ok(answered);
        }
        let next = Token { generation: token.generation + 1, ..token };
        if token.generation == newest {
            held.issued_ms.push(vec![now_ms]);
            (held.rotated_ms, held.attempt) = (now_ms, attempt.map(String::from));
            return Ok(tokens(next, plan));
        }
        let same_attempt = attempt.is_some() && held.attempt.as_deref() == attempt;
        let repeated = same_attempt || now_ms.saturating_sub(held.rotated_ms) < GRACE_MS;
        if plan.api == Api::Attempts && next.generation == newest && repeated {
            if let Some(issued) = held.issued_ms.last_mut().and_then(|it| it.first_mut()) {
                *issued = now_ms;
            }
            return Ok(tokens(next, plan));
        }
        held.ended = Some(End::Reuse);
        means(Meaning::SessionEnded)
    }

    fn call(&self, token: Option<Token>, forbidden: bool, plan: &Plan, now_ms: u64) -> Meaning {
        let refused = if plan.guarded { Meaning::TokenExpiredOrForbidden } else { Meaning::TokenExpired };
        let Some((token, held)) = token.and_then(|it| Some((it, self.sessions.get(it.session)?))) else {
            return refused;
        };
        let issued_ms = held.issued_ms.get(token.generation).and_then(|it| it.get(token.turn)).copied().unwrap_or(0);
        match () {
            () if held.ended.is_some() && plan.guarded => refused,
            () if held.ended.is_some() => Meaning::SessionEnded,
            () if self.accounts.get(held.user).is_some_and(|it| it.disabled) => Meaning::AccountDisabled,
            () if now_ms.saturating_sub(issued_ms) >= plan.lifetime_ms => refused,
            () if forbidden && plan.guarded => refused,
            () if forbidden => Meaning::Forbidden,
            () => Meaning::Done,
        }
    }

    /// Whether the server still honours the session that this token is of.
    pub(crate) fn is_alive(&self, token: Option<Token>) -> bool {
        let held = token.and_then(|it| self.sessions.get(it.session));
        held.is_some_and(|it| it.ended.is_none() && self.accounts.get(it.user).is_some_and(|it| !it.disabled))
    }

    pub(crate) fn user(&self, token: Option<Token>) -> Option<usize> {
        self.sessions.get(token?.session).map(|it| it.user)
    }

    /// Something happened to this session that may look to the server like a theft.
    pub(crate) fn excuse(&mut self, token: Option<Token>, why: &'static str) {
        if let Some(held) = token.and_then(|it| self.sessions.get_mut(it.session)) {
            held.excuse = held.excuse.or(Some(why));
        }
    }
}

fn tokens(token: Token, plan: &Plan) -> Answered {
    let mut values = Values::new().with("access_token", token.text('a'));
    if plan.refresh_tokens {
        values.set("refresh_token", token.text('r'));
    }
    Answered {
        message: Message::with(Meaning::Session, values),
        status: 200,
        lifetime_ms: plan.lifetime_told.then_some(plan.lifetime_ms),
        retry_after_ms: None,
        idempotent: plan.api == Api::Attempts,
    }
}

/// An answer that means this and carries nothing.
#[expect(clippy::unnecessary_wraps, reason = "every reply is one")]
pub(crate) fn means(meaning: Meaning) -> Reply {
    let status = meaning.default_status();
    Ok(Answered { message: Message::new(meaning), status, lifetime_ms: None, retry_after_ms: None, idempotent: false })
}

/// No answer, for this reason.
pub(crate) fn nothing(kind: FailureKind) -> Reply {
    let details = Values::new();
    Err(Box::new(Failure { kind, status: None, reason: None, retry_after_ms: None, details }))
}
