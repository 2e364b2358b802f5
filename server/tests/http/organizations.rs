//! `organization_id`: who may act for whom.

use crate::support::{PASSWORD, World, json_answer};
use serde_json::{Value, json};

async fn acting(world: &World, username: &str, organization: &str) -> (u16, Value) {
    let token = world.token("gatego", username).await;
    let got = world.get("/gatego/me").bearer(&token).header("organization_id", organization).send().await;
    (got.status, got.json()["organization_id"].clone())
}

#[tokio::test]
async fn an_admin_acts_for_any_organization() {
    let world = World::new().await;
    assert_eq!(acting(&world, "ada", "42").await, (200, json!("42")));
    assert_eq!(acting(&world, "ada", "of-nobody").await, (200, json!("of-nobody")));
}

#[tokio::test]
async fn a_group_admin_acts_for_those_of_which_they_are_a_member() {
    let world = World::new().await;
    let gina = world.account("gatego", "gina").await;
    for organization in &gina.memberships {
        assert_eq!(acting(&world, "gina", organization).await, (200, json!(organization)));
    }
    assert!(!gina.memberships.is_empty() && !gina.belongs_to("of-nobody"));
    assert_eq!(acting(&world, "gina", "of-nobody").await.0, 403);
}

#[tokio::test]
async fn everybody_else_acts_for_their_own_organization_only() {
    let world = World::new().await;
    let own = world.account("gatego", "grace").await.organization.expect("an organization");
    assert_eq!(acting(&world, "grace", &own).await, (200, json!(own)));
    let token = world.token("gatego", "grace").await;
    let got = world.get("/gatego/me").bearer(&token).header("organization_id", "1").send().await;
    assert_eq!(
        got.whole(&["trace_id"]),
        json_answer(
            403,
            r#"{"error_code":"forbidden","extra_attributes":{},"trace_id":"<trace_id>","message":"This account may not do that."}"#
        )
    );
}

#[tokio::test]
async fn without_the_header_or_with_an_empty_one_it_is_the_own_organization() {
    let world = World::new().await;
    let own = world.account("gatego", "grace").await.organization;
    assert_eq!(acting(&world, "grace", "").await, (200, json!(own)));
    let token = world.token("gatego", "grace").await;
    assert_eq!(world.profile("gatego", &token).await.json()["organization_id"], json!(own));
}

#[tokio::test]
async fn guarded_endpoints_honour_it_too() {
    let world = World::new().await;
    let token = world.token("gatego", "ada").await;
    let got = world.get("/gatego/admin").bearer(&token).header("organization_id", "42").send().await;
    assert_eq!((got.status, &got.json()["organization_id"]), (200, &json!("42")));
}

#[tokio::test]
async fn the_auth_endpoints_ignore_it() {
    let world = World::new().await;
    let body = json!({ "username": "grace", "password": PASSWORD });
    let got = world.post("/gatego/auth/login").json(body).header("organization_id", "1").send().await;
    assert_eq!(got.status, 200);
    let body = json!({ "refresh_token": got.text("refresh_token") });
    let got = world.post("/gatego/auth/refresh-token").json(body).header("organization_id", "1").send().await;
    assert_eq!(got.status, 200);
    let token = got.text("access_token");
    let got = world.post("/gatego/logout").bearer(&token).header("organization_id", "1").send().await;
    assert_eq!(got.status, 204);
}

#[tokio::test]
async fn dialects_without_organizations_do_not_know_the_header() {
    let world = World::new().await;
    let token = world.token("stockapi", "grace").await;
    let got = world.get("/stockapi/me").bearer(&token).header("organization_id", "1").send().await;
    assert_eq!(got.whole(&[]), json_answer(200, r#"{"username":"grace","role":"vendedor"}"#));
}
