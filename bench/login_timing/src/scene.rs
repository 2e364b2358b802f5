//! Realms with accounts that fail for different reasons.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use relatch_dialects::{DOCUMENTS, Dialect, FieldKind, FieldType, Value};
use relatch_server::account::{NewAccount, PasswordHash};
use relatch_server::clock::Clock;
use relatch_server::config::RealmConfig;
use relatch_server::passwords::{PasswordScheme, Passwords};
use relatch_server::realm::Realm;
use relatch_server::services::MemoryOutbox;
use relatch_server::store::{Accounts, SqliteStore};
use relatch_server::{Server, router};
use std::error::Error;
use std::path::Path;
use std::sync::Arc;

/// A reason to fail, and how to do it.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    username: &'static str,
    password: &'static str,
}

/// A realm, and the cases that must not be told apart in it.
pub(crate) struct Scene {
    pub(crate) name: &'static str,
    pub(crate) cases: Vec<Case>,
    router: Router,
    path: String,
    members: [&'static str; 2],
    suffix: &'static str,
}

const RIGHT: &str = "correct horse 9";
const WRONG: &str = "incorrect horse";

const fn case(name: &'static str, username: &'static str, password: &'static str) -> Case {
    Case { name, username, password }
}

/// 600,000 rounds, as Django 4.2 has them. No password is known that fits.
const PBKDF2: &str = "$pbkdf2-sha256$i=600000,l=32$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The scenes: a dialect that answers every failure alike; one that tells states, but only to who knows the password;
/// and one in the middle of a migration, whose accounts have hashes of three kinds.
pub(crate) async fn all(directory: &Path) -> Result<Vec<Scene>, Box<dyn Error>> {
    let hidden = vec![
        case("unknown", "nobody", WRONG),
        case("wrong password", "ada", WRONG),
        case("wrong password again", "grace", WRONG),
        case("disabled, right password", "dora", RIGHT),
        case("disabled, wrong password", "dora", WRONG),
    ];
    let told = vec![
        case("unknown", "nobody", WRONG),
        case("wrong password", "ada", WRONG),
        case("wrong password again", "grace", WRONG),
        case("disabled, wrong password", "dora", WRONG),
        case("not validated, wrong password", "nova", WRONG),
    ];
    let mixed = vec![
        case("unknown", "nobody", WRONG),
        case("wrong password, argon2id", "ada", WRONG),
        case("wrong password, bcrypt 10", "bea", WRONG),
        case("wrong password, bcrypt 8", "ben", WRONG),
        case("wrong password, PBKDF2", "pia", WRONG),
        case("disabled, right password", "dora", RIGHT),
    ];
    Ok(vec![
        open(directory, "apitickets", "apitickets", ["Correo", "Password"], "@example.com", hidden).await?,
        open(directory, "gatego", "gatego", ["username", "password"], "", told).await?,
        open(directory, "integra in a migration", "integra", ["username", "password"], "", mixed).await?,
    ])
}

async fn open(
    directory: &Path,
    name: &'static str,
    dialect: &str,
    members: [&'static str; 2],
    suffix: &'static str,
    cases: Vec<Case>,
) -> Result<Scene, Box<dyn Error>> {
    let store = SqliteStore::open(&directory.join(format!("{dialect}.db"))).await?;
    let (clock, passwords) = (Clock::system(), Passwords::new(1, 8));
    let (_, document) = DOCUMENTS.iter().find(|(it, _)| *it == dialect).ok_or("no such dialect")?;
    let json: serde_json::Value = serde_json::from_str(document)?;
    let config = RealmConfig::of(Dialect::load(&Value::from(&json)).map_err(|it| it.to_string())?)?;
    let realm = Realm::open(&config, &store, clock.now_ms()).await?;
    let accounts = accounts(&realm, &passwords, name != dialect).await?;
    store.create_accounts(&accounts, clock.now_ms()).await?;
    let login = config.dialect.operation("login").ok_or("no login")?;
    let (_, below) = login.routes.first().ok_or("no route")?;
    let path = format!("{}{below}", realm.mount);
    let server = Server::new(vec![realm], Arc::new(store), passwords, clock, Arc::new(MemoryOutbox::default()));
    // What is refused by limits is not judged, and here thousands fail.
    let server = server.without_limits();
    Ok(Scene { name, cases, router: router(server), path, members, suffix })
}

async fn accounts(realm: &Realm, passwords: &Passwords, mixed: bool) -> Result<Vec<NewAccount>, Box<dyn Error>> {
    let usual = passwords.hash(RIGHT, realm.password_scheme).await?;
    let account = |username: &str, hash: &PasswordHash| NewAccount {
        username: Some(username.into()),
        email: Some(format!("{username}@example.com")),
        roles: realm.issue.roles.last().map(|it| it.name.clone()).into_iter().collect(),
        extension: extension(&realm.issue.account),
        ..NewAccount::new(&realm.name, hash.clone())
    };
    let mut accounts = vec![account("ada", &usual), account("grace", &usual)];
    accounts.push(NewAccount { enabled: false, ..account("dora", &usual) });
    accounts.push(NewAccount { validated: false, ..account("nova", &usual) });
    if mixed {
        accounts.push(account("bea", &passwords.hash(RIGHT, PasswordScheme::Bcrypt { cost: 10 }).await?));
        accounts.push(account("ben", &passwords.hash(RIGHT, PasswordScheme::Bcrypt { cost: 8 }).await?));
        accounts.push(account("pia", &PasswordHash(PBKDF2.into())));
    }
    Ok(accounts)
}

/// Any value of each field's type.
fn extension(fields: &[(String, FieldType)]) -> Value {
    let value = |field: &FieldType| match &field.kind {
        FieldKind::Object(inner) => extension(inner),
        FieldKind::Integer => Value::Number(1.0),
        FieldKind::Bool => Value::Bool(true),
        FieldKind::String => "x".into(),
        FieldKind::Date => "2024-01-15".into(),
    };
    Value::Object(fields.iter().map(|(name, field)| (name.clone(), value(field))).collect())
}

impl Scene {
    /// The router and a request that fails in that way.
    pub(crate) fn request(&self, case: &Case) -> Result<(Router, Request<Body>), Box<dyn Error>> {
        let [identifier, password] = self.members;
        let json =
            serde_json::json!({ identifier: format!("{}{}", case.username, self.suffix), password: case.password });
        let request = Request::post(&self.path).header("content-type", "application/json");
        Ok((self.router.clone(), request.body(Body::from(json.to_string()))?))
    }
}
