//! What a program keeps, and what it leaves alone.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relatch::dialects::{DOCUMENTS, Dialect, Value, Values};
use relatch::driver::stored_form;
use relatch::session::{Login, Record, Stored};
use relatch::{Client, MemoryStore, Store};
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// Keeps its texts slowly, as a disk that is busy does.
#[derive(Clone, Default)]
struct SlowStore(Arc<MemoryStore>);

impl Store for SlowStore {
    fn load(&self) -> io::Result<Option<String>> {
        self.0.load()
    }

    fn replace(&self, seen: Option<&str>, text: &str) -> io::Result<Option<String>> {
        thread::sleep(Duration::from_millis(200));
        self.0.replace(seen, text)
    }
}

/// A client of an API that nobody serves, and which would be told of the log-out.
fn client(store: &SlowStore) -> Client {
    let (_, document) = DOCUMENTS.iter().find(|(name, _)| *name == "gatego").unwrap();
    let document: serde_json::Value = serde_json::from_str(document).unwrap();
    let dialect = Dialect::load(&Value::from(&document)).unwrap();
    Client::builder(dialect, "http://127.0.0.1:9").store(store.clone()).build().unwrap()
}

fn signed_in() -> SlowStore {
    let record = Record {
        login: Login(7),
        generation: 1,
        values: Values::new().with("access_token", "a").with("refresh_token", "r"),
        received_at_ms: 0,
        lifetime_ms: None,
        attempt: None,
        context: Values::new(),
        pause: None,
        active_at_ms: 0,
        kept: false,
    };
    let form = Value::from(stored_form(&Stored::Session(record.into())));
    let store = SlowStore::default();
    store.0.replace(None, &serde_json::Value::from(&form).to_string()).unwrap();
    store
}

#[tokio::test]
async fn who_starts_anew_after_a_log_out_is_signed_out_however_slow_the_store() {
    let store = signed_in();
    let before = client(&store);
    before.ready().await;
    assert!(before.state().record.is_some());
    before.logout().await.unwrap();
    let after = client(&store);
    after.ready().await;
    assert!(after.state().record.is_none());
}

#[tokio::test]
async fn what_a_later_version_wrote_is_not_written_over() {
    let store = signed_in();
    let client = client(&store);
    client.ready().await;
    let later = r#"{"relatch":2,"login":7}"#;
    store.0.replace(store.load().unwrap().as_deref(), later).unwrap();
    for organization in ["41", "42"] {
        client.set_context("organization", Some(organization));
    }
    client.logout().await.unwrap();
    assert_eq!(store.load().unwrap().as_deref(), Some(later));
}
