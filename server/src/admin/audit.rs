//! The audit log.

use super::Admin;
use super::document::Refusals;
use super::extract::Asked;
use super::model::{EntryQuery, MAX_NUMBER, MOST};
use super::problem::Problem;
use crate::account::AccountId;
use crate::audit::AuditQuery;
use crate::shown::Entry;
use axum::Json;
use axum::extract::State;

/// Reads the audit log, the newest first.
#[utoipa::path(get, path = "/v1/audit", tag = "audit", params(EntryQuery),
    responses((status = 200, body = Vec<Entry>), Refusals))]
pub(super) async fn read(
    State(admin): State<Admin>,
    Asked(query): Asked<EntryQuery>,
) -> Result<Json<Vec<Entry>>, Problem> {
    if query.before.is_some_and(|it| it > MAX_NUMBER) || !(1..=MOST).contains(&query.limit) {
        return Err(Problem::bad_request(format!("expected before up to {MAX_NUMBER} and a limit from 1 to {MOST}")));
    }
    let query = AuditQuery {
        before: query.before,
        realm: query.realm,
        account: query.account.map(AccountId),
        limit: query.limit,
    };
    let records = admin.server.store.audit_log(&query).await?;
    Ok(Json(records.into_iter().map(Entry::from).collect()))
}
