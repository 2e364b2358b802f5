//! CORS: who may ask from a browser, and that refusals can be read there.

use crate::support::{Got, ORIGIN, PASSWORD, TABLE, World};

const HEADERS: &str = "authorization,content-type,organization_id,idempotency-key";

fn allowed_origin(got: &Got) -> Option<&str> {
    got.header("access-control-allow-origin")
}

async fn preflight(world: &World, path: &str, origin: &str, headers: &str) -> Got {
    world
        .ask("OPTIONS", path)
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", headers)
        .send()
        .await
}

fn names(got: &Got, header: &str) -> Vec<String> {
    let mut names: Vec<_> = got.header(header).expect(header).split(',').map(|it| it.trim().to_lowercase()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_preflight_admits_the_methods_and_headers_that_a_client_needs() {
    let world = World::new().await;
    for speech in &TABLE {
        let got = preflight(&world, &speech.login_path(), ORIGIN, HEADERS).await;
        assert_eq!((got.status, got.body.as_str()), (200, ""), "{}", speech.realm);
        assert_eq!(allowed_origin(&got), Some(ORIGIN));
        let allowed = ["authorization", "content-type", "idempotency-key", "organization_id"];
        assert_eq!(names(&got, "access-control-allow-headers"), allowed);
        assert_eq!(names(&got, "access-control-allow-methods"), ["delete", "get", "head", "patch", "post", "put"]);
        assert_eq!(got.header("access-control-max-age"), Some("7200"));
        assert_eq!(got.header("access-control-allow-credentials"), None);
        assert!(names(&got, "vary").contains(&"origin".into()));
    }
}

#[tokio::test]
async fn another_origin_is_not_admitted() {
    let world = World::new().await;
    for origin in [
        "https://evil.example",
        "null",
        "http://app.example.com",
        "https://app.example.com:8443",
        "https://app.example.com.evil.example",
    ] {
        for speech in &TABLE {
            let got = preflight(&world, &speech.login_path(), origin, "content-type").await;
            assert_eq!(allowed_origin(&got), None, "{origin}");
            let got = world.get(&speech.profile_path()).header("origin", origin).send().await;
            assert_eq!(allowed_origin(&got), None, "{origin}");
        }
    }
}

#[tokio::test]
async fn refusals_and_failures_can_be_read_too() {
    let world = World::new().await;
    for speech in &TABLE {
        let asks = [
            world.get(&speech.profile_path()),
            world.get(&speech.profile_path()).bearer("bad"),
            world.get(&speech.path("/nowhere")),
            world.get(&speech.login_path()),
            world.post(&speech.login_path()).body("text/plain", "x"),
            world.post(&speech.login_path()).body("application/json", "x".repeat(100_000)),
        ];
        for ask in asks {
            let got = ask.header("origin", ORIGIN).send().await;
            assert!(got.status >= 400);
            assert_eq!(allowed_origin(&got), Some(ORIGIN), "{}: {got:?}", speech.realm);
            assert_eq!(
                names(&got, "access-control-expose-headers"),
                ["idempotency-key", "ratelimit", "ratelimit-policy", "retry-after"]
            );
            assert_eq!(got.header("access-control-allow-credentials"), None);
        }
    }
    world.store.close().await;
    for speech in &TABLE {
        let ask = world.post(&speech.login_path()).json(speech.credentials("ada", PASSWORD));
        let got = ask.header("origin", ORIGIN).send().await;
        assert_eq!((got.status, allowed_origin(&got)), (500, Some(ORIGIN)), "{}", speech.realm);
    }
}

#[tokio::test]
async fn a_realm_without_origins_admits_none_and_one_that_is_open_admits_any() {
    use relatch_server::config::Origins;
    let closed = World::with(|realm| realm.origins = Origins::These(Vec::new())).await;
    let got = closed.get("/gatego/me").header("origin", ORIGIN).send().await;
    assert_eq!(allowed_origin(&got), None);
    let open = World::with(|realm| realm.origins = Origins::Any).await;
    let got = open.get("/gatego/me").header("origin", "https://anywhere.example").send().await;
    assert_eq!(allowed_origin(&got), Some("*"));
}
