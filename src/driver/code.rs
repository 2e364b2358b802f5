//! The public names of failures and events. They are stable: apps compare them.

use relatch_session::{Event, FailureKind, Status};

/// The code of a kind of failure: the meaning's own name for what a server said, else what happened here.
pub const fn code(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Meant(meaning) => meaning.name(),
        FailureKind::Network => "network",
        FailureKind::Timeout => "timeout",
        FailureKind::UnexpectedAnswer => "unexpected-answer",
        FailureKind::LoginRequired => "login-required",
        FailureKind::SessionChanged => "session-changed",
        FailureKind::Aborted => "aborted",
        FailureKind::InvalidArgument => "invalid-argument",
        FailureKind::PluginFailed => "plugin-failed",
    }
}

/// The name of an event.
pub const fn event_name(event: Event) -> &'static str {
    match event {
        Event::Ready => "ready",
        Event::SignedIn => "signed-in",
        Event::Challenged => "challenged",
        Event::ChallengeEnded => "challenge-ended",
        Event::Renewed => "renewed",
        Event::Adopted => "adopted",
        Event::ContextChanged => "context-changed",
        Event::RenewalFailed => "renewal-failed",
        Event::StoreFailed => "store-failed",
        Event::SignedOut => "signed-out",
        Event::SignedOutElsewhere => "signed-out-elsewhere",
        Event::SessionEnded => "session-ended",
        Event::AccountDisabled => "account-disabled",
        Event::Expired => "expired",
        Event::Idle => "idle",
        Event::CredentialsRefused => "credentials-refused",
    }
}

/// The name of a status.
pub const fn status_name(status: Status) -> &'static str {
    match status {
        Status::Loading => "loading",
        Status::SignedOut => "signed-out",
        Status::SignedIn => "signed-in",
        Status::Challenge => "challenge",
    }
}
