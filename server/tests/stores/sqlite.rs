//! The contract on SQLite, and what concerns its file.

use crate::every_case;
use crate::support::{NOW, begin, create, named, new_session, reread};
use relatch_server::audit::{Action, Actor, AuditEntry, AuditOutcome, Channel};
use relatch_server::store::{
    Accounts, Changed, Changes, EndReason, Keys, Operations, SessionId, Sessions, SigningKey, SqliteStore, StoreError,
};
use sqlx::{Connection, SqliteConnection, SqlitePool};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::Barrier;
use zeroize::Zeroizing;

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
    let session = begin(&store, &ada).await;
    store.close().await;
    let store = SqliteStore::open(&directory.path().join("relatch.db")).await.unwrap();
    assert_eq!(reread(&store, &ada).await, ada);
    assert!(Sessions::session(&store, "a", session).await.unwrap().is_some());
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

/// Each opener is a connection of its own, which is all that SQLite knows of a process here.
#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn processes_that_make_one_file_at_once_all_succeed() {
    for round in 0..10 {
        let directory = TempDir::new().unwrap();
        let file: Arc<Path> = directory.path().join("relatch.db").into();
        let together = Arc::new(Barrier::new(8));
        let openers = (0..8).map(|_| {
            let (file, together) = (file.clone(), together.clone());
            tokio::spawn(async move {
                together.wait().await;
                SqliteStore::open(&file).await
            })
        });
        for opener in openers.collect::<Vec<_>>() {
            let opened = opener.await.unwrap();
            assert!(opened.is_ok(), "round {round}: {opened:?}");
        }
    }
}

/// A write in a file that has no write-ahead log yet is where SQLite refuses at once instead of waiting.
#[tokio::test]
async fn a_process_that_is_making_the_file_is_waited_for() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("relatch.db");
    std::fs::write(&file, "").unwrap();
    let mut other = SqliteConnection::connect(file.to_str().unwrap()).await.unwrap();
    sqlx::raw_sql("CREATE TABLE theirs (x); BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let leaving = async {
        // Long enough for the other to be refused; were it not, it would have nothing to wait for.
        tokio::time::sleep(Duration::from_millis(100)).await;
        sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    };
    let (opened, ()) = tokio::join!(SqliteStore::open(&file), leaving);
    assert!(opened.is_ok(), "{opened:?}");
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

#[tokio::test]
async fn another_process_hears_of_a_change_by_version_and_reads_it_in_the_log() {
    let (store, directory) = open().await;
    let ada = create(&store, named("a", "ada")).await;
    let session = begin(&store, &ada).await;
    let other = SqliteStore::open(&directory.path().join("relatch.db")).await.unwrap();
    let (version, place) = (other.version().await.unwrap(), other.changes_after(-1).await.unwrap().place);
    store.end_session(session, EndReason::LoggedOut, NOW).await.unwrap();
    assert_ne!(other.version().await.unwrap(), version);
    assert_eq!(other.changes_after(place).await.unwrap().changed, Some(vec![Changed::Session(session)]));
}

#[tokio::test]
async fn a_person_with_a_database_shell_is_in_the_log_too() {
    let (store, directory) = open().await;
    let ada = create(&store, named("a", "ada")).await;
    let place = store.changes_after(-1).await.unwrap().place;
    edit(&directory.path().join("relatch.db"), "UPDATE accounts SET enabled = 0").await;
    edit(&directory.path().join("relatch.db"), "DELETE FROM accounts").await;
    let twice = vec![Changed::Account(ada.id); 2];
    assert_eq!(store.changes_after(place).await.unwrap().changed, Some(twice));
}

#[tokio::test]
async fn on_a_full_disk_writes_fail_clearly_reads_go_on_and_room_brings_it_back() {
    let (store, _directory) = open().await;
    let ada = create(&store, named("a", "ada")).await;
    let before = begin(&store, &ada).await;
    store.limit_pages(1).await.unwrap();
    let mut begun = 0;
    let error = loop {
        match store.create_session(&ada, new_session(), NOW).await {
            Ok(_) => begun += 1,
            Err(error) => break error,
        }
        assert!(begun < 1000, "the limit does not hold");
    };
    assert!(error.is_passing(), "{error:?}");
    let many: Vec<_> = (0..500).map(|it| named("a", &format!("u{it}"))).collect();
    assert!(store.create_accounts(&many, NOW).await.unwrap_err().is_passing());
    assert!(store.session("a", before).await.unwrap().is_some());
    store.limit_pages(1_000_000).await.unwrap();
    assert!(store.create_session(&ada, new_session(), NOW).await.unwrap());
    assert_eq!(store.create_accounts(&many, NOW).await.unwrap().len(), 500);
}

/// Each of them comes first after the disk was full, when the connection has to be opened anew.
#[tokio::test]
async fn what_is_written_beside_logins_comes_back_with_room_too() {
    let (store, _directory) = open().await;
    let key = SigningKey::new("first", "HS256", Zeroizing::new(vec![1; 64]), 0);
    store.ensure_signing_key("a", key.clone(), NOW).await.unwrap();
    let many: Vec<_> = (0..500).map(|it| named("a", &format!("u{it}"))).collect();
    let entry = AuditEntry {
        actor: Actor { channel: Channel::CommandLine, name: "root".into(), address: None },
        action: Action::Backup,
        outcome: AuditOutcome::Done,
        realm: None,
        account: None,
        detail: None,
    };
    for at in 0..5 {
        store.limit_pages(1).await.unwrap();
        assert!(store.create_accounts(&many, NOW).await.unwrap_err().is_passing());
        store.limit_pages(1_000_000).await.unwrap();
        match at {
            0 => drop(store.append_audit(&entry, NOW).await.unwrap()),
            1 => drop(store.forget_changes(0, 1).await.unwrap()),
            2 => drop(store.purge_sessions(NOW, 1).await.unwrap()),
            3 => assert!(store.seal_signing_key("a", key.clone()).await.unwrap()),
            _ => drop(store.retire_signing_key("a", "first", NOW, false).await.unwrap()),
        }
    }
    assert_eq!(store.create_accounts(&many, NOW).await.unwrap().len(), 500);
}

#[tokio::test]
async fn a_database_of_the_first_version_keeps_its_sessions() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("relatch.db");
    std::fs::write(&file, "").unwrap();
    edit(&file, include_str!("../../migrations/0001_accounts_sessions_codes_keys.sql")).await;
    edit(&file, FIRST_VERSION).await;
    let store = SqliteStore::open(&file).await.unwrap();
    let id = SessionId(uuid::Uuid::from_u128(2));
    let (session, account) = Sessions::session(&store, "a", id).await.unwrap().unwrap();
    assert_eq!((account.username.as_deref(), session.generation, session.renewing), (Some("ada"), 3, None));
    assert_eq!((session.expires_at_ms, session.ended), (9, Some((6, EndReason::LoggedOut))));
}

/// What the first migration left behind, with one account and one session.
const FIRST_VERSION: &str = "
    CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMP
        NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, execution_time BIGINT
        NOT NULL);
    INSERT INTO _sqlx_migrations VALUES (1, 'accounts, sessions, codes, keys', 0, 1, X'\
        3C3AA2831F9C5940ECE82E8DECA4711299527086F31FA171D164C592C16456682466F2063640537EEBBC789C54DA2417', 1);
    INSERT INTO accounts VALUES (X'00000000000000000000000000000001', 'a', 1, 'ada', NULL, NULL, 'x', 1, 1, 1, '[]',
        NULL, '[]', '{}', 1);
    INSERT INTO sessions VALUES (X'00000000000000000000000000000002', X'00000000000000000000000000000001', 3,
        NULL, 4, 9, 6, 'logged-out');
";
