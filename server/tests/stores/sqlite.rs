//! The contract on SQLite, and what concerns its file.

use crate::every_case;
use crate::support::{NOW, begin, create, named, reread};
use relatch_server::store::{Accounts, SqliteStore, StoreError};
use sqlx::SqlitePool;
use std::path::Path;
use tempfile::TempDir;

every_case!(open);

async fn open() -> (SqliteStore, TempDir) {
    let directory = TempDir::new().unwrap();
    (SqliteStore::open(&directory.path().join("relatch.db")).await.unwrap(), directory)
}

async fn edit(file: &Path, sql: &'static str) {
    let pool = SqlitePool::connect(file.to_str().unwrap()).await.unwrap();
    sqlx::raw_sql(sql).execute(&pool).await.unwrap();
    pool.close().await;
}

#[tokio::test]
async fn what_was_stored_is_there_after_reopening() {
    let (store, directory) = open().await;
    let ada = create(&store, named("a", "ada")).await;
    let session = begin(&store, &ada, 1).await;
    store.close().await;
    let store = SqliteStore::open(&directory.path().join("relatch.db")).await.unwrap();
    assert_eq!(reread(&store, &ada).await, ada);
    assert!(relatch_server::store::Sessions::session(&store, "a", session).await.unwrap().is_some());
}

#[tokio::test]
async fn a_change_by_another_process_is_seen_at_the_next_query() {
    let (store, directory) = open().await;
    let ada = create(&store, named("a", "ada")).await;
    assert!(reread(&store, &ada).await.enabled);
    let other = SqliteStore::open(&directory.path().join("relatch.db")).await.unwrap();
    other.set_enabled(ada.id, false, NOW).await.unwrap();
    assert!(!reread(&store, &ada).await.enabled);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_make_one_file_at_once_all_succeed() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("relatch.db");
    let (a, b, c) = tokio::join!(SqliteStore::open(&file), SqliteStore::open(&file), SqliteStore::open(&file));
    assert!(a.is_ok() && b.is_ok() && c.is_ok(), "{a:?} {b:?} {c:?}");
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_refused() {
    let (store, directory) = open().await;
    store.close().await;
    let file = directory.path().join("relatch.db");
    edit(&file, "INSERT INTO _sqlx_migrations VALUES (999, 'later', 0, 1, x'00', 0)").await;
    assert!(matches!(SqliteStore::open(&file).await, Err(StoreError::Migration(_))));
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_told_with_table_column_and_row() {
    let (store, directory) = open().await;
    let ada = create(&store, named("a", "ada")).await;
    edit(&directory.path().join("relatch.db"), "UPDATE accounts SET roles = '[1]'").await;
    let told = store.account("a", ada.id).await.unwrap_err().to_string();
    assert_eq!(told, format!("accounts {}: column roles cannot be read", ada.id));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("relatch.db");
    std::fs::write(&file, "x".repeat(5000)).unwrap();
    assert!(matches!(SqliteStore::open(&file).await, Err(StoreError::Unavailable(_))));
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_but_its_owner_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let (store, directory) = open().await;
    create(&store, named("a", "ada")).await;
    let files: Vec<_> = std::fs::read_dir(directory.path()).unwrap().map(Result::unwrap).collect();
    assert_eq!(files.len(), 3);
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{file:?}");
    }
}
