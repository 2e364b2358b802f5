//! The server inside another program.

use crate::support::World;
use axum::body::Body;
use axum::http::Request;
use relatch_server::config::{Config, Environment};
use relatch_server::passwords::Passwords;
use relatch_server::store::Store;
use relatch_server::{Server, router_of};
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

/// How many tasks of this test's runtime have not ended.
fn tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

#[tokio::test]
async fn nothing_goes_on_once_the_last_clone_of_a_router_of_a_configuration_is_dropped() {
    let directory = tempfile::tempdir().expect("a directory");
    let text = "listen = \"127.0.0.1:0\"\n[[realm]]\ndialect = \"gatego\"\n";
    let config = Config::parse(text, directory.path(), &Environment::of([])).expect("a configuration");
    let router = router_of(&config).await.expect("a router");
    let clone = router.clone();
    drop(router);
    let request = Request::get("/gatego/me").body(Body::empty()).expect("a request");
    assert_eq!(clone.clone().oneshot(request).await.expect("an answer").status(), 401);
    assert!(tasks() > 0, "a clone goes on");
    drop(clone);
    // Each of them ends when it next looks at what it serves; far fewer would do.
    for _ in 0..3000 {
        if tasks() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{} tasks go on", tasks());
}

#[tokio::test]
async fn upkeep_that_was_stopped_has_let_go_of_the_store() {
    let world = World::new().await;
    let store: Arc<dyn Store> = Arc::new(world.store.clone());
    let outbox = Arc::clone(&world.outbox);
    let server = Server::new(Vec::new(), Arc::clone(&store), Passwords::new(1, 1), world.clock.clone(), outbox);
    let held = Arc::strong_count(&store);
    let upkeep = server.start_upkeep();
    assert!(Arc::strong_count(&store) > held);
    upkeep.stop().await;
    assert_eq!(Arc::strong_count(&store), held);
}
