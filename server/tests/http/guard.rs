//! An API of somebody's own, behind the layer and the extractor.

use crate::support::{Ask, Got, World, speech};
use axum::extract::FromRef;
use axum::routing::get;
use axum::{Extension, Router};
use relatch_server::guard::{Caller, GuardFault, NotAllowed, Protect, Verified};
use serde::Deserialize;

#[derive(Clone)]
struct App {
    protect: Protect,
}

impl FromRef<App> for Protect {
    fn from_ref(app: &App) -> Protect {
        app.protect.clone()
    }
}

#[derive(Deserialize)]
struct Claims {
    username: String,
    role: String,
    exp: u64,
}

#[derive(Deserialize)]
struct Others {
    #[expect(dead_code, reason = "it is what no token has")]
    colour: String,
}

async fn orders(Extension(caller): Extension<Caller>) -> String {
    format!("orders of {}", caller.account().username.as_deref().unwrap_or_default())
}

async fn report(caller: Verified<Claims>) -> Result<String, NotAllowed> {
    caller.require_role("developer")?;
    caller.require_authority("developer")?;
    Ok(format!("{} {} {}", caller.claims.username, caller.claims.role, caller.claims.exp))
}

async fn misread(_: Verified<Others>) -> &'static str {
    "never"
}

fn app(world: &World) -> Router {
    let protect = |world: &World| Protect::realm(world.server(), "stockapi").expect("a realm");
    let staff = protect(world).any_role(["developer"]).expect("a role");
    Router::new()
        .route("/staff", get(orders))
        .layer(staff)
        .route("/orders", get(orders).layer(protect(world)))
        .route("/report", get(report))
        .route("/misread", get(misread))
        .with_state(App { protect: protect(world) })
}

async fn ask(world: &World, path: &str, token: &str) -> Got {
    Ask::new(&app(world), "GET", path).bearer(token).send().await
}

#[tokio::test]
async fn the_layer_lets_good_tokens_through_with_their_caller() {
    let world = World::new().await;
    let (ada, grace) = (world.token("stockapi", "ada").await, world.token("stockapi", "grace").await);
    for (path, token, status, body) in [
        ("/orders", &ada, 200, "orders of ada"),
        ("/orders", &grace, 200, "orders of grace"),
        ("/staff", &ada, 200, "orders of ada"),
        ("/staff", &grace, 403, speech("stockapi").forbidden.1),
    ] {
        let got = ask(&world, path, token).await;
        assert_eq!((got.status, got.body.as_str()), (status, body), "{path}");
    }
}

#[tokio::test]
async fn the_extractor_gives_claims_of_the_programs_own_type() {
    let world = World::new().await;
    let (ada, grace) = (world.token("stockapi", "ada").await, world.token("stockapi", "grace").await);
    let got = ask(&world, "/report", &ada).await;
    let ends = world.clock.now_secs() + speech("stockapi").lifetime_secs;
    assert_eq!((got.status, got.body), (200, format!("ada developer {ends}")));
    let got = ask(&world, "/report", &grace).await;
    assert_eq!((got.status, got.body.as_str()), speech("stockapi").forbidden);
}

#[tokio::test]
async fn refusals_are_in_the_dialects_words() {
    let world = World::new().await;
    let token = world.token("stockapi", "ada").await;
    for path in ["/orders", "/report"] {
        let got = Ask::new(&app(&world), "GET", path).send().await;
        assert_eq!((got.status, got.body.as_str()), speech("stockapi").missing);
        let got = Ask::new(&app(&world), "GET", path).header("authorization", "Basic x").send().await;
        assert_eq!((got.status, got.body.as_str()), speech("stockapi").malformed);
        let got = ask(&world, path, &world.token("gatego", "ada").await).await;
        assert_eq!((got.status, got.body.as_str()), speech("stockapi").expired, "a foreign token");
    }
    world.set_enabled("stockapi", "ada", false).await;
    let got = ask(&world, "/orders", &token).await;
    assert_eq!((got.status, got.body.as_str()), speech("stockapi").disabled, "in force at once");
}

#[tokio::test]
async fn claims_of_another_shape_are_the_programs_fault_and_not_the_callers() {
    let world = World::new().await;
    let got = ask(&world, "/misread", &world.token("stockapi", "ada").await).await;
    assert!(got.status >= 500 && !got.body.contains("colour"), "{got:?}");
}

#[tokio::test]
async fn a_guard_that_nobody_could_pass_is_refused_when_it_is_made() {
    let world = World::new().await;
    let protect = || Protect::realm(world.server(), "stockapi").expect("a realm");
    assert_eq!(Protect::realm(world.server(), "nowhere").unwrap_err(), GuardFault::UnknownRealm("nowhere".into()));
    assert_eq!(protect().any_role(["king"]).unwrap_err(), GuardFault::UnknownRole("king".into()));
    assert_eq!(protect().authority("fly").unwrap_err(), GuardFault::UnknownAuthority("fly".into()));
}
