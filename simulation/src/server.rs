//! The API: accounts, sessions, tokens, and three rules of renewing. What it does is the truth that the rules are held against.

use crate::plan::{Api, Plan};
use relatch_dialects::{Meaning, Message, Values};
use relatch_session::{Answered, Failure, FailureKind};

pub(crate) const USERS: [&str; 3] = ["ada", "grace", "dora"];

/// Within this after a rotation, the token before is given the same successor.
const GRACE_MS: u64 = 30_000;

/// Which tokens: those of a session, from that generation on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) session: usize,
    pub(crate) generation: usize,
}

/// What a request asks for.
#[derive(Clone, Debug)]
pub(crate) enum Asks {
    Login {
        user: usize,
        password: u32,
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
    /// When the tokens of each generation were issued last.
    issued_ms: Vec<u64>,
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

#[derive(Default)]
pub(crate) struct Server {
    pub(crate) sessions: Vec<Held>,
    pub(crate) accounts: [Account; 3],
}

/// What came of a request, before the network had its way with the answer.
pub(crate) type Reply = Result<Answered, Failure>;

impl Token {
    fn text(self, kind: char) -> String {
        format!("secret-{kind}{}.{}", self.session, self.generation)
    }

    /// The token in a value, if it is one of ours.
    pub(crate) fn of(values: &Values, name: &str) -> Option<Token> {
        let (session, generation) = values.text(name)?.get(8..)?.split_once('.')?;
        Some(Token { session: session.parse().ok()?, generation: generation.parse().ok()? })
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
            Asks::Renewal { token, attempt } => self.renew(*token, attempt.as_deref(), plan, now_ms),
            Asks::Logout(token) => {
                if let Some(held) = token.and_then(|it| self.sessions.get_mut(it.session)) {
                    held.ended = held.ended.or(Some(End::LoggedOut));
                }
                means(Meaning::Done)
            }
            Asks::Call { token, forbidden } => means(self.call(*token, *forbidden, plan, now_ms)),
        }
    }

    fn login(&mut self, user: usize, password: u32, plan: &Plan, now_ms: u64) -> Reply {
        match self.accounts.get(user) {
            Some(account) if account.password != password => means(Meaning::WrongPassword),
            Some(account) if !account.disabled => {
                let issued_ms = vec![now_ms];
                self.sessions.push(Held {
                    user,
                    issued_ms,
                    rotated_ms: 0,
                    attempt: None,
                    ended: None,
                    is_refused: false,
                    excuse: None,
                });
                Ok(tokens(Token { session: self.sessions.len() - 1, generation: 0 }, plan))
            }
            _ => means(Meaning::AccountDisabled),
        }
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
        let next = Token { generation: token.generation + 1, ..token };
        if token.generation == newest {
            held.issued_ms.push(now_ms);
            (held.rotated_ms, held.attempt) = (now_ms, attempt.map(String::from));
            return Ok(tokens(next, plan));
        }
        let same_attempt = attempt.is_some() && held.attempt.as_deref() == attempt;
        let repeated = same_attempt || now_ms.saturating_sub(held.rotated_ms) < GRACE_MS;
        if plan.api == Api::Attempts && next.generation == newest && repeated {
            if let Some(issued) = held.issued_ms.last_mut() {
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
        let issued_ms = held.issued_ms.get(token.generation).copied().unwrap_or(0);
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
pub(crate) const fn nothing(kind: FailureKind) -> Reply {
    let details = Values::new();
    Err(Failure { kind, status: None, reason: None, retry_after_ms: None, details })
}
