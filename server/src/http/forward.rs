//! Forward authentication: a proxy asks, before it passes a request on, whether its token is good, and gets the caller
//! in headers (`docs/server.md` has nginx, Caddy and Traefik).

use super::guard::{Caller, GuardFault, Protect};
use super::{Answering, Exchange, TraceId};
use crate::realm::Realm;
use crate::services::Server;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use relatch_dialects::{Meaning, Message};
use std::sync::Arc;

/// `/forward-auth/<realm>`, for every method: some proxies repeat the one of the request that they ask about.
pub(super) fn path(realm: &Realm) -> String {
    format!("/forward-auth/{}", realm.name)
}

pub(super) fn answering(server: &Server, realm: &Arc<Realm>) -> Answering {
    let (server, realm) = (server.clone(), Arc::clone(realm));
    Arc::new(move |request| {
        let (server, realm) = (server.clone(), Arc::clone(&realm));
        Box::pin(async move { answer(&server, &realm, request).await })
    })
}

async fn answer(server: &Server, realm: &Arc<Realm>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let protect = match asked(Protect::of(server, realm), &parts) {
        Ok(protect) => protect,
        Err(fault) => return misconfigured(server, realm, &parts, &fault.to_string()),
    };
    match protect.check(&parts).await {
        Ok(caller) => identity(&caller)
            .unwrap_or_else(|| misconfigured(server, realm, &parts, "a value of this account cannot be a header's")),
        Err(refusal) => narrowed(refusal),
    }
}

/// `?role=A&role=B` asks for one of them, `&authority=C` for that as well.
fn asked(protect: Protect, parts: &Parts) -> Result<Protect, GuardFault> {
    let pairs: Vec<_> = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).collect();
    let named = |name| pairs.iter().filter(move |(it, _)| it == name).map(|(_, value)| value.as_ref());
    let roles: Vec<&str> = named("role").collect();
    let protect = if roles.is_empty() { protect } else { protect.any_role(roles)? };
    named("authority").try_fold(protect, Protect::authority)
}

/// 204 with who it is. Every header is there, empty if there is nothing to say: a proxy that copied only those that it
/// got would pass on what a client had forged.
fn identity(caller: &Caller) -> Option<Response> {
    let account = caller.account();
    let id = account.id.to_string();
    let names = [&account.username, &account.email, &account.phone];
    let user = names.into_iter().flatten().next().unwrap_or(&id);
    let headers = [
        ("remote-user", user.as_str()),
        ("remote-id", id.as_str()),
        ("remote-email", account.email.as_deref().unwrap_or_default()),
        ("remote-groups", &account.roles.join(",")),
        ("remote-organization", caller.organization().unwrap_or_default()),
    ];
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, text) in headers {
        let value = HeaderValue::from_bytes(text.as_bytes()).ok()?;
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
    Some(response)
}

/// nginx takes 401 and 403 for refusals and everything else for a failure of the server that it asked.
fn narrowed(mut refusal: Response) -> Response {
    let passes = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
    if refusal.status().is_client_error() && !passes.contains(&refusal.status()) {
        *refusal.status_mut() = StatusCode::UNAUTHORIZED;
    }
    refusal
}

fn misconfigured(server: &Server, realm: &Arc<Realm>, parts: &Parts, fault: &str) -> Response {
    let exchange = Exchange {
        realm: Arc::clone(realm),
        trace_id: TraceId::random(),
        path: parts.uri.path().into(),
        now_ms: server.clock.now_ms(),
    };
    tracing::error!(realm = realm.name, trace_id = %exchange.trace_id, fault, "forward authentication cannot answer");
    let mut response = exchange.say(None, &Message::new(Meaning::ServerError));
    // Some dialects say a wrong password by a 500, and others a failure by a 200.
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
