//! What the facade is told, in the form in which it is used there: `npm/src/wire.ts` has the types. What is missing is left out.

use super::wire::tell;
use crate::browser::message::Message;
use crate::driver::{Attached, code, event_name, status_name};
use relatch_dialects::{Reason, Values};
use relatch_session::{Challenge, Entry, Failure, Grant, Outcome, Snapshot};

/// The members of an `AuthError`.
pub(super) fn failure(out: &mut Message, failure: &Failure) -> u32 {
    out.object();
    member(out, "code", Some(code(failure.kind)), Message::text);
    member(out, "retryable", Some(failure.kind.is_retryable()), Message::flag);
    member(out, "status", failure.status.map(u64::from), Message::whole);
    member(out, "reason", failure.reason.map(Reason::name), Message::text);
    member(out, "retryAfterMs", failure.retry_after_ms, Message::whole);
    member(out, "details", Some(&failure.details), plain);
    out.end();
    tell::FAILED
}

/// Nothing for "done", `false` for "the caller gets the answer that came", a grant, or the captures.
pub(super) fn settled(out: &mut Message, outcome: &Outcome, attached: &Attached) -> u32 {
    match outcome {
        Outcome::Done => {}
        Outcome::HandOver => out.flag(false),
        Outcome::Granted(it) => grant(out, it, attached),
        Outcome::Performed(values) => out.members(values.members()),
    }
    tell::SETTLED
}

/// Under what a call is sent, and what goes along with it. The facade hands login, generation and context back when it is refused.
fn grant(out: &mut Message, grant: &Grant, attached: &Attached) {
    out.object();
    member(out, "login", Some(grant.login.0), Message::whole);
    member(out, "generation", Some(grant.generation), Message::whole);
    member(out, "context", Some(grant.context.into()), Message::whole);
    member(out, "token", grant.values.get("access_token"), Message::value);
    member(out, "attached", Some(attached), |out, it| out.elements(it));
    out.end();
}

/// The snapshot: what apps see, and what the fast path sends calls with.
pub(super) fn state(out: &mut Message, snapshot: &Snapshot, granted: Option<(Box<Grant>, Attached)>) {
    out.object();
    member(out, "freshUntil", snapshot.fresh_until_ms, Message::whole);
    member(out, "status", Some(status_name(snapshot.status)), Message::text);
    member(out, "expiresAt", snapshot.expires_at_ms, Message::whole);
    member(out, "context", Some(&snapshot.context_values), plain);
    member(out, "challenge", snapshot.challenge.as_ref().map(|it| &***it), challenge);
    member(out, "ended", snapshot.ended.map(event_name), Message::text);
    if let Some((granted, attached)) = granted {
        member(out, "user", granted.values.get("user"), Message::value);
        member(out, "permissions", granted.values.get("permissions"), Message::value);
        out.text("grant");
        grant(out, &granted, &attached);
    }
    out.end();
}

fn challenge(out: &mut Message, challenge: &Challenge) {
    out.object();
    member(out, "number", Some(challenge.number.into()), Message::whole);
    member(out, "kind", Some(challenge.kind.as_str()), Message::text);
    member(out, "details", Some(&challenge.details), plain);
    out.end();
}

/// Values by the names by which apps know them: without `context.` and `detail.`.
fn plain(out: &mut Message, values: &Values) {
    out.object();
    for (name, value) in values.iter() {
        let plain = name.strip_prefix("context.").or_else(|| name.strip_prefix("detail.")).unwrap_or(name);
        member(out, plain, Some(value), Message::value);
    }
    out.end();
}

/// What has happened.
pub(super) fn history<'a>(out: &mut Message, entries: impl IntoIterator<Item = &'a Entry>) {
    out.list();
    for entry in entries {
        out.object();
        member(out, "at", Some(entry.at_ms), Message::whole);
        member(out, "event", Some(event_name(entry.event)), Message::text);
        member(out, "code", entry.cause.map(code), Message::text);
        member(out, "status", entry.status.map(u64::from), Message::whole);
        out.end();
    }
    out.end();
}

/// A member, if there is one.
fn member<T>(out: &mut Message, name: &str, value: Option<T>, write: fn(&mut Message, T)) {
    if let Some(value) = value {
        out.text(name);
        write(out, value);
    }
}
