//! Realms, as the configuration has them.

use super::Admin;
use super::document::Refusals;
use super::model::Realm;
use crate::config::RealmConfig;
use axum::Json;
use axum::extract::State;

/// Lists the realms.
#[utoipa::path(get, path = "/v1/realms", tag = "realms", responses((status = 200, body = Vec<Realm>), Refusals))]
pub(super) async fn list(State(admin): State<Admin>) -> Json<Vec<Realm>> {
    Json(admin.realms.iter().map(shown).collect())
}

fn shown(realm: &RealmConfig) -> Realm {
    Realm {
        name: realm.name.clone(),
        mount: realm.mount.clone(),
        dialect: realm.dialect.name().into(),
        roles: realm.issue.roles.iter().map(|it| it.name.clone()).collect(),
        identifiers: realm.identifiers.iter().map(|it| it.name().into()).collect(),
        lifetime_secs: realm.lifetime_secs.unwrap_or(realm.issue.lifetime_secs),
    }
}
