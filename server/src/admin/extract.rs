//! What handlers take: axum's own extractors, with refusals that are [`Problem`]s.

use super::Admin;
use super::problem::Problem;
use crate::account::{Account, AccountId};
use crate::audit::{Acting, Actor};
use crate::config::RealmConfig;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// The parts of the path.
#[derive(Debug)]
pub(super) struct At<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Admin> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Admin) -> Result<At<T>, Problem> {
        let Path(it) =
            Path::from_request_parts(parts, state).await.map_err(|it| Problem::bad_request(it.body_text()))?;
        Ok(At(it))
    }
}

/// The query.
#[derive(Debug)]
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<Admin> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Admin) -> Result<Asked<T>, Problem> {
        let query = Query::from_request_parts(parts, state).await;
        let Query(it) = query.map_err(|it| Problem::bad_request(it.body_text()))?;
        Ok(Asked(it))
    }
}

/// A JSON body.
#[derive(Debug)]
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Admin> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &Admin) -> Result<Body<T>, Problem> {
        let axum::Json(it) = axum::Json::from_request(request, state).await.map_err(|it| refused(&it))?;
        Ok(Body(it))
    }
}

/// A body of another shape is a 400 here; 422 is for what the realm does not take.
fn refused(rejection: &JsonRejection) -> Problem {
    let status = match rejection.status() {
        StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
        status => status,
    };
    Problem::of_status(status, rejection.body_text())
}

impl Admin {
    /// The realm of that name.
    pub(super) fn realm(&self, name: &str) -> Result<&RealmConfig, Problem> {
        let found = self.realms.iter().find(|it| it.name == name);
        found.ok_or_else(|| Problem::not_found("there is no such realm"))
    }

    /// The account of that id in that realm.
    pub(super) async fn account(&self, realm: &str, id: Uuid) -> Result<Account, Problem> {
        self.realm(realm)?;
        let found = self.server.store.account(realm, AccountId(id)).await?;
        found.ok_or_else(|| Problem::not_found("there is no such account in this realm"))
    }

    /// Whoever sent the request, on the record.
    pub(super) fn acting(&self, actor: &Actor) -> Acting<'_> {
        self.server.acting(actor.clone())
    }
}
