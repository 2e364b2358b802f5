//! Accounts.

use super::Admin;
use super::document::Refusals;
use super::extract::{Asked, At, Body};
use super::model::{MAX_NUMBER, MOST, NewPassword, NewUser, UserPage, UserQuery};
use super::problem::Problem;
use crate::account::{IdentifierKind, PasswordHash};
use crate::audit::Actor;
use crate::cli::Draft;
use crate::config::RealmConfig;
use crate::shown::User;
use crate::store::StoreError;
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use relatch_dialects::Value;
use uuid::Uuid;

/// Lists a realm's accounts by number, or finds one.
#[utoipa::path(get, path = "/v1/realms/{realm}/users", tag = "users", params(("realm" = String, Path), UserQuery),
    responses((status = 200, body = UserPage), Refusals))]
pub(super) async fn list(
    State(admin): State<Admin>,
    At(realm): At<String>,
    Asked(query): Asked<UserQuery>,
) -> Result<Json<UserPage>, Problem> {
    let realm = admin.realm(&realm)?;
    if query.after > MAX_NUMBER || !(1..=MOST).contains(&query.limit) {
        return Err(Problem::bad_request(format!("expected after up to {MAX_NUMBER} and a limit from 1 to {MOST}")));
    }
    if let Some(identifier) = &query.identifier {
        return found(&admin, realm, identifier).await;
    }
    let accounts = admin.server.store.list_accounts(&realm.name, query.after, query.limit).await?;
    let full = accounts.len() == query.limit as usize;
    let next = accounts.last().filter(|_| full).map(|it| it.number);
    Ok(Json(UserPage { users: accounts.iter().map(User::from).collect(), next }))
}

async fn found(admin: &Admin, realm: &RealmConfig, identifier: &str) -> Result<Json<UserPage>, Problem> {
    let found = match admin.server.store.find_account(&realm.name, &IdentifierKind::ALL, identifier).await {
        // What can be no identifier is nobody's.
        Err(StoreError::Identifier(_)) => None,
        found => found?,
    };
    Ok(Json(UserPage { users: found.iter().map(User::from).collect(), next: None }))
}

/// Creates an account.
#[utoipa::path(post, path = "/v1/realms/{realm}/users", tag = "users", params(("realm" = String, Path)),
    request_body = NewUser, responses((status = 201, body = User), Refusals))]
pub(super) async fn add(
    State(admin): State<Admin>,
    Extension(actor): Extension<Actor>,
    At(realm): At<String>,
    Body(new): Body<NewUser>,
) -> Result<(StatusCode, Json<User>), Problem> {
    let realm = admin.realm(&realm)?;
    let password = new.password.clone();
    let unhashed = PasswordHash(String::new());
    let mut account = draft(new).checked(realm, unhashed).map_err(|faults| {
        let told: Vec<String> = faults.iter().map(|it| format!("{}: {}", it.what, it.reason)).collect();
        Problem::unacceptable(told.join("\n"))
    })?;
    let named = [&account.username, &account.email, &account.phone];
    let identifiers: Vec<&str> = named.into_iter().filter_map(|it| it.as_deref()).collect();
    account.password_hash = hashed(&admin, realm, &password, &identifiers).await?;
    let account = admin.acting(&actor).add(&account).await?;
    Ok((StatusCode::CREATED, Json(User::from(&account))))
}

fn draft(new: NewUser) -> Draft {
    Draft {
        username: new.username,
        email: new.email,
        phone: new.phone,
        disabled: !new.enabled,
        not_validated: !new.validated,
        roles: new.roles,
        organization: new.organization,
        memberships: new.memberships,
        fields: Vec::new(),
        extension: Some(Value::from(&serde_json::Value::Object(new.fields))),
    }
}

async fn hashed(
    admin: &Admin,
    realm: &RealmConfig,
    password: &str,
    identifiers: &[&str],
) -> Result<PasswordHash, Problem> {
    let checked = realm.password_policy().check(password, identifiers);
    checked.map_err(|reason| Problem::unacceptable(format!("password: {reason}")))?;
    Ok(admin.server.passwords.hash(password, realm.password_scheme).await?)
}

/// Shows an account.
#[utoipa::path(get, path = "/v1/realms/{realm}/users/{user}", tag = "users",
    params(("realm" = String, Path), ("user" = Uuid, Path)), responses((status = 200, body = User), Refusals))]
pub(super) async fn show(
    State(admin): State<Admin>,
    At((realm, user)): At<(String, Uuid)>,
) -> Result<Json<User>, Problem> {
    Ok(Json(User::from(&admin.account(&realm, user).await?)))
}

/// Deletes an account with its sessions; it cannot be had back.
#[utoipa::path(delete, path = "/v1/realms/{realm}/users/{user}", tag = "users",
    params(("realm" = String, Path), ("user" = Uuid, Path)), responses((status = 204), Refusals))]
pub(super) async fn delete(
    State(admin): State<Admin>,
    Extension(actor): Extension<Actor>,
    At((realm, user)): At<(String, Uuid)>,
) -> Result<StatusCode, Problem> {
    let account = admin.account(&realm, user).await?;
    admin.acting(&actor).delete(&account).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shuts an account out and ends its sessions.
#[utoipa::path(post, path = "/v1/realms/{realm}/users/{user}/disable", tag = "users",
    params(("realm" = String, Path), ("user" = Uuid, Path)), responses((status = 204), Refusals))]
pub(super) async fn disable(
    State(admin): State<Admin>,
    Extension(actor): Extension<Actor>,
    At((realm, user)): At<(String, Uuid)>,
) -> Result<StatusCode, Problem> {
    set_enabled(&admin, &actor, &realm, user, false).await
}

/// Lets a disabled account in again; its earlier sessions stay ended.
#[utoipa::path(post, path = "/v1/realms/{realm}/users/{user}/enable", tag = "users",
    params(("realm" = String, Path), ("user" = Uuid, Path)), responses((status = 204), Refusals))]
pub(super) async fn enable(
    State(admin): State<Admin>,
    Extension(actor): Extension<Actor>,
    At((realm, user)): At<(String, Uuid)>,
) -> Result<StatusCode, Problem> {
    set_enabled(&admin, &actor, &realm, user, true).await
}

async fn set_enabled(
    admin: &Admin,
    actor: &Actor,
    realm: &str,
    user: Uuid,
    enabled: bool,
) -> Result<StatusCode, Problem> {
    let account = admin.account(realm, user).await?;
    admin.acting(actor).set_enabled(&account, enabled).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sets a new password and ends the account's sessions.
#[utoipa::path(put, path = "/v1/realms/{realm}/users/{user}/password", tag = "users",
    params(("realm" = String, Path), ("user" = Uuid, Path)), request_body = NewPassword,
    responses((status = 204), Refusals))]
pub(super) async fn set_password(
    State(admin): State<Admin>,
    Extension(actor): Extension<Actor>,
    At((realm, user)): At<(String, Uuid)>,
    Body(new): Body<NewPassword>,
) -> Result<StatusCode, Problem> {
    let account = admin.account(&realm, user).await?;
    let identifiers: Vec<&str> = IdentifierKind::ALL.into_iter().filter_map(|it| account.identifier(it)).collect();
    let hash = hashed(&admin, admin.realm(&realm)?, &new.password, &identifiers).await?;
    admin.acting(&actor).set_password(&account, &hash).await?;
    Ok(StatusCode::NO_CONTENT)
}
