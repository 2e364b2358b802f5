//! What a realm with a key pair publishes about itself, so that others can verify its tokens. No secret is in it; a
//! realm whose keys are secrets publishes nothing, and answers as at any path where nothing stands.

use crate::realm::Realm;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Which of the two documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Document {
    /// The public keys (RFC 7517 section 5).
    Keys,
    /// Where they are, and who says so (RFC 8414).
    Metadata,
}

const KEYS_PATH: &str = "/.well-known/jwks.json";

/// The documents that a realm has, with their paths below its mount.
pub(super) fn documents(realm: &Realm) -> Vec<(&'static str, Document)> {
    let mut documents = Vec::new();
    if realm.keys.algorithm().is_asymmetric() {
        documents.push((KEYS_PATH, Document::Keys));
        // Metadata without an issuer is none, and one guessed from `Host` could be anybody's.
        if realm.issuer.is_some() {
            documents.push(("/.well-known/oauth-authorization-server", Document::Metadata));
        }
    }
    documents
}

pub(super) fn answer(realm: &Realm, document: Document, now_ms: i64) -> Response {
    let body = match document {
        Document::Keys => json!({ "keys": public_keys(realm, now_ms) }),
        Document::Metadata => metadata(realm),
    };
    // No longer than a new key is announced before it signs (`keys::NOTICE_MS`).
    let head = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=60")];
    (StatusCode::OK, head, body.to_string()).into_response()
}

/// Keys that only verify are among them, and those that are announced.
fn public_keys(realm: &Realm, now_ms: i64) -> Vec<Value> {
    let keys = realm.keys.keys();
    let live = keys.iter().filter(|it| it.verifies_at(now_ms));
    live.filter_map(|key| {
        let mut jwk = serde_json::to_value(key.public.as_ref()?).ok()?;
        let members = jwk.as_object_mut()?;
        for (name, text) in [("kid", key.id.as_str()), ("alg", key.algorithm.name), ("use", "sig")] {
            members.insert(name.into(), text.into());
        }
        Some(jwk)
    })
    .collect()
}

/// What is true of this server among RFC 8414's members. It has no OAuth endpoints, so that the lists which must be
/// there are empty.
fn metadata(realm: &Realm) -> Value {
    let issuer = realm.issuer.as_deref().unwrap_or_default();
    json!({
        "issuer": issuer,
        "jwks_uri": format!("{}{KEYS_PATH}", issuer.trim_end_matches('/')),
        "response_types_supported": [],
        "grant_types_supported": [],
    })
}
