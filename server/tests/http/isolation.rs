//! Mounts: what answers where, and that realms do not see each other.

use crate::support::{PASSWORD, TABLE, World, json_answer};
use serde_json::json;

#[tokio::test]
async fn one_dialect_may_sit_at_the_root_so_that_its_paths_are_exactly_those_of_its_page() {
    let world = World::with(|realm| {
        if realm.name == "integra" {
            realm.mount = String::new();
        }
    })
    .await;
    let body = json!({ "username": "ada", "password": "wrong" });
    let got = world.post("/auth/login").json(body).send().await;
    assert_eq!(got.json()["path"], "/auth/login");
    let got = world.post("/auth/login").json(json!({ "username": "ada", "password": PASSWORD })).send().await;
    assert_eq!(got.status, 200);
    assert_eq!(world.get("/me").bearer(&got.text("token")).send().await.status, 200);
    let token = world.token("gatego", "ada").await;
    assert_eq!(world.profile("gatego", &token).await.status, 200);
    let nowhere = world.get("/nowhere").send().await;
    assert_eq!((nowhere.status, nowhere.json()["path"].as_str()), (404, Some("/nowhere")));
}

#[tokio::test]
async fn a_path_outside_every_mount_is_a_plain_404() {
    let world = World::new().await;
    for path in ["/", "/nowhere", "/gategoat/auth/login", "/GATEGO/auth/login", "//gatego/auth/login"] {
        let got = world.get(path).send().await;
        assert_eq!(got.whole(&[]), "404\ncontent-type: application/json\n{\"error\":\"not-found\"}", "{path}");
    }
}

#[tokio::test]
async fn a_path_is_taken_as_it_is_written() {
    let world = World::new().await;
    for path in [
        "/gatego",
        "/gatego/",
        "/gatego/auth/login/",
        "/gatego//auth/login",
        "/gatego/./auth/login",
        "/gatego/auth/%6cogin",
        "/gatego/AUTH/LOGIN",
    ] {
        let got = world.post(path).json(json!({ "username": "ada", "password": PASSWORD })).send().await;
        assert_eq!(got.status, 404, "{path}");
        assert_eq!(got.text("error_code"), "not-found", "{path}");
    }
}

#[tokio::test]
async fn an_account_of_one_realm_is_unknown_in_another() {
    let world = World::new().await;
    world.set_enabled("gatego", "ada", false).await;
    for speech in TABLE.iter().filter(|it| it.realm != "gatego") {
        assert_eq!(world.login(speech.realm, "ada", PASSWORD).await.status, 200, "{}", speech.realm);
    }
    let got = world.login("stockapi", "gina", PASSWORD).await;
    assert_eq!(got.whole(&[]), json_answer(401, r#"{"message":"Usuario no encontrado"}"#));
}

#[tokio::test]
async fn tokens_live_as_long_as_the_deployment_says() {
    let world = World::with(|realm| realm.lifetime_secs = Some(20)).await;
    for speech in &TABLE {
        let token = world.token(speech.realm, "ada").await;
        let claims = crate::support::claims(&token);
        assert_eq!(claims["exp"].as_i64(), Some(world.clock.now_secs() + 20), "{}", speech.realm);
        world.advance_secs(19);
        assert_eq!(world.profile(speech.realm, &token).await.status, 200, "{}", speech.realm);
        world.advance_secs(1);
        assert_eq!(world.profile(speech.realm, &token).await.status, speech.expired.0, "{}", speech.realm);
    }
}

#[tokio::test]
async fn head_answers_as_get_does() {
    let world = World::new().await;
    for speech in &TABLE {
        let token = world.token(speech.realm, "ada").await;
        let got = world.ask("HEAD", &speech.profile_path()).bearer(&token).send().await;
        assert_eq!(got.status, 200, "{}", speech.realm);
    }
}
