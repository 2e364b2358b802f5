//! The controls under `/demo/`.

use super::faults::{Faults, Mode};
use super::serve::Theatre;
use super::stage::{DemoError, Stage};
use super::summary;
use crate::account::{Account, IdentifierKind};
use crate::audit::{Acting, Actor};
use crate::store::StoreError;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;
use tower_http::cors::CorsLayer;

/// More accounts than the demo makes.
const MAX_ACCOUNTS: u32 = 100;

/// The table of contents. Open to every origin: a test page may be served from elsewhere, and there is no secret here.
pub(super) fn routes(theatre: &Arc<Theatre>) -> Router {
    Router::new()
        .route("/demo/config", get(config))
        .route("/demo/reset", post(reset))
        .route("/demo/{realm}/expire", post(expire))
        .route("/demo/{realm}/account", post(account))
        .route("/demo/{realm}/answers", post(answers))
        .route("/demo/{realm}/end-sessions", post(end_sessions))
        .route("/demo/{realm}/requests", get(requests).delete(clear_requests))
        .route("/demo/{realm}/outbox", get(outbox))
        .layer(CorsLayer::permissive())
        .with_state(Arc::clone(theatre))
}

/// A control that was used wrongly, or failed.
enum Fault {
    Unknown(&'static str),
    Failed(DemoError),
}

impl<E: Into<DemoError>> From<E> for Fault {
    fn from(error: E) -> Fault {
        Fault::Failed(error.into())
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let (status, error) = match self {
            Fault::Unknown(what) => (StatusCode::NOT_FOUND, format!("there is no such {what}")),
            Fault::Failed(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
        };
        (status, Json(serde_json::json!({ "error": error }))).into_response()
    }
}

type Done = Result<StatusCode, Fault>;

/// The realm that the path names, on the stage of this moment.
struct Scene {
    stage: Arc<Stage>,
    faults: Arc<Faults>,
}

impl FromRequestParts<Arc<Theatre>> for Scene {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, theatre: &Arc<Theatre>) -> Result<Scene, Fault> {
        let named = Path::<HashMap<String, String>>::from_request_parts(parts, theatre).await;
        let name = named.ok().and_then(|Path(mut it)| it.remove("realm")).unwrap_or_default();
        let stage = theatre.stage();
        let faults = stage.find(&name).cloned().ok_or(Fault::Unknown("realm"))?;
        Ok(Scene { stage, faults })
    }
}

impl Scene {
    async fn account(&self, username: &str) -> Result<Account, Fault> {
        let kinds = [IdentifierKind::Username, IdentifierKind::Email];
        let found = self.stage.server.store.find_account(&self.faults.realm.name, &kinds, username).await;
        match found {
            Ok(Some(account)) => Ok(account),
            Ok(None) | Err(StoreError::Identifier(_)) => Err(Fault::Unknown("account")),
            Err(error) => Err(error.into()),
        }
    }

    /// That account, or all of them.
    async fn accounts(&self, username: Option<&str>) -> Result<Vec<Account>, Fault> {
        match username {
            Some(username) => Ok(vec![self.account(username).await?]),
            None => Ok(self.stage.server.store.list_accounts(&self.faults.realm.name, 0, MAX_ACCOUNTS).await?),
        }
    }

    fn acting(&self) -> Acting<'_> {
        self.stage.server.acting(Actor::library("demo"))
    }

    fn now_ms(&self) -> i64 {
        self.stage.server.clock.now_ms()
    }
}

async fn config(State(theatre): State<Arc<Theatre>>) -> Result<Response, Fault> {
    Ok(Json(summary::of(&theatre.stage()).await?).into_response())
}

async fn reset(State(theatre): State<Arc<Theatre>>) -> Done {
    theatre.reset().await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Whose {
    username: Option<String>,
}

/// Access tokens issued until now are refused as expired; refresh tokens stay good.
async fn expire(scene: Scene, whose: Option<Json<Whose>>) -> Done {
    let Json(whose) = whose.unwrap_or_default();
    for account in scene.accounts(whose.username.as_deref()).await? {
        scene.stage.server.cutoffs.set(account.id, scene.now_ms());
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Enabling {
    username: String,
    enabled: bool,
}

async fn account(scene: Scene, Json(wish): Json<Enabling>) -> Done {
    let account = scene.account(&wish.username).await?;
    scene.acting().set_enabled(&account, wish.enabled).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answers {
    mode: Mode,
}

async fn answers(scene: Scene, Json(wish): Json<Answers>) -> Done {
    scene.faults.set(wish.mode);
    Ok(StatusCode::NO_CONTENT)
}

async fn end_sessions(scene: Scene, whose: Option<Json<Whose>>) -> Done {
    let Json(whose) = whose.unwrap_or_default();
    for account in scene.accounts(whose.username.as_deref()).await? {
        scene.acting().sign_out(&account).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn requests(scene: Scene) -> Response {
    Json(scene.faults.record.seen()).into_response()
}

async fn clear_requests(scene: Scene) -> StatusCode {
    scene.faults.record.clear();
    StatusCode::NO_CONTENT
}

async fn outbox(scene: Scene) -> Response {
    Json(scene.stage.outbox.letters(&scene.faults.realm.name)).into_response()
}
