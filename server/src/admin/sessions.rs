//! Sessions of an account.

use super::Admin;
use super::document::Refusals;
use super::extract::At;
use super::model::Ended;
use super::problem::Problem;
use crate::audit::Actor;
use crate::shown::Session;
use crate::store::SessionId;
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use uuid::Uuid;

/// More than anybody has.
const MOST: u32 = 1000;

/// Lists the account's sessions, the newest first; ended ones too, as long as they are kept.
#[utoipa::path(get, path = "/v1/realms/{realm}/users/{user}/sessions", tag = "sessions",
    params(("realm" = String, Path), ("user" = Uuid, Path)), responses((status = 200, body = Vec<Session>), Refusals))]
pub(super) async fn list(
    State(admin): State<Admin>,
    At((realm, user)): At<(String, Uuid)>,
) -> Result<Json<Vec<Session>>, Problem> {
    let account = admin.account(&realm, user).await?;
    let sessions = admin.server.store.sessions_of(&realm, account.id, MOST).await?;
    Ok(Json(sessions.iter().map(Session::from).collect()))
}

/// Signs the account out everywhere.
#[utoipa::path(delete, path = "/v1/realms/{realm}/users/{user}/sessions", tag = "sessions",
    params(("realm" = String, Path), ("user" = Uuid, Path)), responses((status = 200, body = Ended), Refusals))]
pub(super) async fn sign_out(
    State(admin): State<Admin>,
    Extension(actor): Extension<Actor>,
    At((realm, user)): At<(String, Uuid)>,
) -> Result<Json<Ended>, Problem> {
    let account = admin.account(&realm, user).await?;
    Ok(Json(Ended { ended: admin.acting(&actor).sign_out(&account).await? }))
}

/// Ends one session; one that has ended stays so.
#[utoipa::path(delete, path = "/v1/realms/{realm}/users/{user}/sessions/{session}", tag = "sessions",
    params(("realm" = String, Path), ("user" = Uuid, Path), ("session" = Uuid, Path)),
    responses((status = 204), Refusals))]
pub(super) async fn end(
    State(admin): State<Admin>,
    Extension(actor): Extension<Actor>,
    At((realm, user, session)): At<(String, Uuid, Uuid)>,
) -> Result<StatusCode, Problem> {
    let account = admin.account(&realm, user).await?;
    let found = admin.server.store.session(&realm, SessionId(session)).await?;
    if !found.is_some_and(|(it, _)| it.account == account.id) {
        return Err(Problem::not_found("this account has no such session"));
    }
    admin.acting(&actor).end_session(&account, SessionId(session)).await?;
    Ok(StatusCode::NO_CONTENT)
}
