//! The operations that this server has: one handler each, whatever the dialect.

use crate::realm::Realm;
use crate::services::{Access, Refusal, Server};
use crate::store::AttemptHash;
use relatch_dialects::{Message, Values};

/// The names of operations that have a handler.
const KNOWN: [&str; 6] = ["login", "renew", "logout", "profile", "validate", "resend-validation"];

pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
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
        "validate" => server.validate(realm, text("code"), text("password")).await,
        "resend-validation" => server.resend_validation(realm, text("resend_code")).await,
        _ => protected(server, realm, values, None).await,
    }
}

/// The caller's profile, for those who have one of `roles` if any are named.
pub(super) async fn protected(
    server: &Server,
    realm: &Realm,
    values: &Values,
    roles: Option<&[String]>,
) -> Result<Message, Refusal> {
    let access = Access { organization: values.text("context.organization"), roles };
    server.profile(realm, values.text("access_token").unwrap_or_default(), access).await
}
