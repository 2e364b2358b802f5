//! The demo's accounts, in every dialect that comes with Relatch.

use super::*;
use crate::account::{Account, check_extension};
use crate::config::RealmConfig;
use crate::store::{Accounts, SqliteStore};
use relatch_dialects::{DOCUMENTS, Dialect};
use tempfile::TempDir;

async fn seeded() -> (SqliteStore, Vec<Realm>, Passwords, TempDir) {
    let directory = TempDir::new().unwrap();
    let store = SqliteStore::open(&directory.path().join("relatch.db")).await.unwrap();
    let mut realms = Vec::new();
    for (_, document) in DOCUMENTS {
        let json: serde_json::Value = serde_json::from_str(document).unwrap();
        let mut config = RealmConfig::of(Dialect::load(&Value::from(&json)).unwrap()).unwrap();
        config.password_scheme = PasswordScheme::Bcrypt { cost: 4 };
        realms.push(Realm::open(&config, &store, 0).await.unwrap());
    }
    let passwords = Passwords::new(2, 8);
    seed_demo(&store, &passwords, &realms, 0).await.unwrap();
    (store, realms, passwords, directory)
}

async fn everybody(store: &dyn Store, realm: &Realm) -> Vec<Account> {
    store.list_accounts(&realm.name, 0, 100).await.unwrap()
}

#[tokio::test]
async fn every_realm_has_the_same_people_as_far_as_its_dialect_knows_such() {
    let (store, realms, _, _directory) = seeded().await;
    for realm in &realms {
        let names: Vec<_> = everybody(&store, realm).await.into_iter().filter_map(|it| it.username).collect();
        let expected: &[&str] =
            if realm.name == "gatego" { &["ada", "grace", "dora", "nova", "gina"] } else { &["ada", "grace", "dora"] };
        assert_eq!(names, expected, "{}", realm.name);
    }
}

#[tokio::test]
async fn they_have_the_fields_and_the_roles_of_their_dialect() {
    let (store, realms, _, _directory) = seeded().await;
    for realm in &realms {
        let people = everybody(&store, realm).await;
        for person in &people {
            assert_eq!(check_extension(&realm.issue.account, &person.extension), Ok(()), "{person:?}");
        }
        let roles: Vec<_> = people.iter().take(3).filter_map(Account::role).collect();
        let (highest, lowest) = (&realm.issue.roles[0].name, &realm.issue.roles.last().unwrap().name);
        assert_eq!(roles, [highest, lowest, lowest]);
        let states: Vec<_> = people.iter().take(3).map(|it| (it.enabled, it.validated)).collect();
        assert_eq!(states, [(true, true), (true, true), (false, true)]);
    }
}

#[tokio::test]
async fn they_log_in_with_the_password_that_everybody_knows() {
    let (store, realms, passwords, _directory) = seeded().await;
    for person in everybody(&store, &realms[0]).await {
        assert_eq!(passwords.verify(DEMO_PASSWORD, &person.password_hash).await, Ok(true));
    }
}

#[tokio::test]
async fn seeding_again_changes_nothing() {
    let (store, realms, passwords, _directory) = seeded().await;
    let before = everybody(&store, &realms[0]).await;
    store.set_enabled(before[0].id, false, 1).await.unwrap();
    seed_demo(&store, &passwords, &realms, 2).await.unwrap();
    let after = everybody(&store, &realms[0]).await;
    assert_eq!(after.len(), before.len());
    assert!(!after[0].enabled, "what was changed since stays changed");
}
