//! stockapi: Express, with a message for each thing that can go wrong.

use crate::support::{PASSWORD, World, claims, empty_answer, header, json_answer};
use serde_json::json;

#[tokio::test]
async fn a_login_answers_with_message_token_and_user() {
    let world = World::new().await;
    let got = world.login("stockapi", "ada", PASSWORD).await;
    assert_eq!(
        got.whole(&["token"]),
        json_answer(
            200,
            r#"{"message":"Login exitoso","token":"<token>","user":{"username":"ada","role":"developer"}}"#
        )
    );
    let got = world.login("stockapi", "grace", PASSWORD).await;
    assert_eq!(got.json()["user"], json!({ "username": "grace", "role": "vendedor" }));
}

#[tokio::test]
async fn the_token_has_the_published_header_and_claims_and_lives_four_hours() {
    let world = World::new().await;
    let token = world.token("stockapi", "ada").await;
    assert_eq!(header(&token), r#"{"alg":"HS256","typ":"JWT"}"#);
    let mut claims = claims(&token);
    assert!(claims["jti"].as_str().is_some_and(|it| !it.is_empty()));
    claims.as_object_mut().expect("an object").remove("jti");
    let number = world.account("stockapi", "ada").await.number;
    let expected =
        json!({ "id": number, "username": "ada", "role": "developer", "iat": 1_772_705_730, "exp": 1_772_720_130 });
    assert_eq!(claims, expected);
}

#[tokio::test]
async fn an_unknown_user_and_a_wrong_password_have_their_own_messages() {
    let world = World::new().await;
    let unknown = world.login("stockapi", "nobody", PASSWORD).await;
    assert_eq!(unknown.whole(&[]), json_answer(401, r#"{"message":"Usuario no encontrado"}"#));
    let wrong = world.login("stockapi", "ada", "wrong").await;
    assert_eq!(wrong.whole(&[]), json_answer(401, r#"{"message":"Contraseña incorrecta"}"#));
}

#[tokio::test]
async fn a_disabled_account_is_not_found() {
    let got = World::new().await.login("stockapi", "dora", PASSWORD).await;
    assert_eq!(got.whole(&[]), json_answer(401, r#"{"message":"Usuario no encontrado"}"#));
}

#[tokio::test]
async fn a_login_that_the_server_cannot_answer_is_a_500_without_internals() {
    let world = World::new().await;
    world.store.close().await;
    let got = world.login("stockapi", "ada", PASSWORD).await;
    assert_eq!(
        got.whole(&[]),
        json_answer(
            500,
            r#"{"message":"Error en el login","error":"Something went wrong on the server: try again later."}"#
        )
    );
}

#[tokio::test]
async fn the_profile_is_the_user_of_the_login() {
    let world = World::new().await;
    let token = world.token("stockapi", "ada").await;
    let got = world.profile("stockapi", &token).await;
    assert_eq!(got.whole(&[]), json_answer(200, r#"{"username":"ada","role":"developer"}"#));
}

#[tokio::test]
async fn a_role_that_does_not_suffice_is_told_from_a_token_that_does_not() {
    let world = World::new().await;
    let token = world.token("stockapi", "grace").await;
    let forbidden = world.get("/stockapi/admin").bearer(&token).send().await;
    assert_eq!(forbidden.whole(&[]), json_answer(403, r#"{"message":"Acceso denegado"}"#));
    let bad = world.get("/stockapi/admin").bearer("x.y.z").send().await;
    assert_eq!(bad.whole(&[]), json_answer(403, r#"{"message":"Token expirado o inválido"}"#));
}

#[tokio::test]
async fn a_log_out_ends_the_session_and_a_new_login_begins_another() {
    let world = World::new().await;
    let token = world.token("stockapi", "ada").await;
    assert_eq!(world.post("/stockapi/logout").bearer(&token).send().await.whole(&[]), empty_answer(204));
    assert_eq!(world.profile("stockapi", &token).await.status, 403);
    let again = world.token("stockapi", "ada").await;
    assert_ne!(token, again);
    assert_eq!(world.profile("stockapi", &again).await.status, 200);
}
