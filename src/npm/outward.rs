//! What the facade is told, in the form in which it is used there: `npm/src/wire.ts` has the types. What is missing is left out.

use crate::browser::message::Message;
use crate::driver::{Headers, code, event_name, status_name};
use relatch_dialects::Reason;
use relatch_session::{Entry, Failure, Grant, Outcome, Snapshot};

/// The members of an `AuthError`.
pub(super) fn failure(out: &mut Message, failure: Failure) {
    out.object();
    out.member("code", Some(code(failure.kind)), Message::text);
    out.member("retryable", Some(failure.kind.is_retryable()), Message::flag);
    out.member("status", failure.status.map(u64::from), Message::whole);
    out.member("reason", failure.reason.map(Reason::name), Message::text);
    out.member("retryAfterMs", failure.retry_after_ms, Message::whole);
    out.member("details", Some(&failure.details.into()), Message::value);
    out.end();
}

/// Nothing for "done", `false` for "the caller gets the answer that came", a grant, or the captures.
pub(super) fn settled(out: &mut Message, outcome: Outcome, headers: &Headers) {
    match outcome {
        Outcome::Done(_) => {}
        Outcome::HandOver => out.flag(false),
        Outcome::Granted(it) => grant(out, &it, headers),
        Outcome::Performed(values) => out.value(&values.into()),
    }
}

/// Under what a call is sent, and with which headers. The facade hands login, generation and context back when it is refused.
fn grant(out: &mut Message, grant: &Grant, headers: &Headers) {
    out.object();
    out.member("login", Some(grant.login.0), Message::whole);
    out.member("generation", Some(grant.generation), Message::whole);
    out.member("context", Some(grant.context.into()), Message::whole);
    out.member("token", grant.values.get("access_token"), Message::value);
    out.member("headers", Some(headers), Message::headers);
    out.end();
}

/// The snapshot: what apps see, and what the fast path sends calls with.
pub(super) fn state(out: &mut Message, snapshot: &Snapshot, granted: Option<(Grant, Headers)>) {
    out.object();
    out.member("freshUntil", snapshot.fresh_until_ms, Message::whole);
    out.member("status", Some(status_name(snapshot.status)), Message::text);
    out.member("expiresAt", snapshot.expires_at_ms, Message::whole);
    out.member("context", Some(&snapshot.context_values.clone().into()), Message::value);
    out.member("ended", snapshot.ended.map(event_name), Message::text);
    if let Some((granted, headers)) = granted {
        out.member("user", granted.values.get("user"), Message::value);
        out.member("permissions", granted.values.get("permissions"), Message::value);
        out.text("grant");
        grant(out, &granted, &headers);
    }
    out.end();
}

/// What has happened.
pub(super) fn history<'a>(out: &mut Message, entries: impl IntoIterator<Item = &'a Entry>) {
    out.list();
    for entry in entries {
        out.object();
        out.member("at", Some(entry.at_ms), Message::whole);
        out.member("event", Some(event_name(entry.event)), Message::text);
        out.member("code", entry.cause.map(code), Message::text);
        out.member("status", entry.status.map(u64::from), Message::whole);
        out.end();
    }
    out.end();
}
