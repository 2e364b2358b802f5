//! The operations that this server has: one handler each, whatever the dialect.

use crate::realm::Realm;
use crate::services::{Attempt, Refusal, Server};
use crate::store::AttemptHash;
use relatch_dialects::{Meaning, Message, Values};

/// The names of operations that have a handler.
const KNOWN: [&str; 10] = [
    "login",
    "renew",
    "logout",
    "sign-out-everywhere",
    "profile",
    "validate",
    "resend-validation",
    "change-password",
    "request-password-reset",
    "reset-password",
];

pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

/// Whether an operation changes nothing: it needs not be carried through when nobody waits for its answer any more.
pub(super) fn only_reads(name: &str) -> bool {
    name == "profile"
}

/// What an operation tries that may be tried only so often.
pub(super) fn attempt<'a>(name: &str, values: &'a Values) -> Option<Attempt<'a>> {
    let text = |name| values.text(name).unwrap_or_default();
    match name {
        "login" => Some(Attempt::Login(text("identifier"))),
        "validate" => Some(Attempt::Code(text("code"))),
        "request-password-reset" => Some(Attempt::Letter(text("identifier"))),
        "reset-password" => Some(Attempt::Code(text("code"))),
        "resend-validation" => Some(Attempt::Letter(text("resend_code"))),
        _ => None,
    }
}

/// Has the service act that an operation is for. `values` are what the dialect read from the request.
pub(super) async fn perform(
    server: &Server,
    realm: &Realm,
    name: &str,
    values: &Values,
    attempt: Option<AttemptHash>,
) -> Result<Message, Refusal> {
    let text = |name| values.text(name).unwrap_or_default();
    match name {
        "login" => server.login(realm, text("identifier"), text("password")).await,
        "renew" => server.renew(realm, text("refresh_token"), attempt).await,
        "logout" => server.logout(realm, text("access_token")).await,
        "sign-out-everywhere" => server.sign_out_everywhere(realm, text("access_token")).await,
        "validate" => server.validate(realm, text("code"), text("password")).await,
        "resend-validation" => server.resend_validation(realm, text("resend_code")).await,
        "change-password" => {
            server.change_password(realm, text("access_token"), text("password"), text("field.new_password")).await
        }
        "request-password-reset" => server.request_password_reset(realm, text("identifier")),
        "reset-password" => server.reset_password(realm, text("code"), text("field.new_password")).await,
        // None: `is_known` names these, and the profile, which only reads.
        _ => Err(Meaning::ServerError.into()),
    }
}
