//! apitickets: ASP.NET, every login answered with 200.

use crate::support::{PASSWORD, World, claims, empty_answer, header, json_answer};
use serde_json::{Value, json};
use uuid::Uuid;

const FAILED: &str = r#"{"Respuesta":false,"Token":"","Datos":null}"#;

#[tokio::test]
async fn a_login_answers_with_token_and_user() {
    let world = World::new().await;
    let got = world.login("apitickets", "ada", PASSWORD).await;
    let id = world.account("apitickets", "ada").await.id;
    assert_eq!(
        got.whole(&["Token"]),
        json_answer(
            200,
            &format!(
                r#"{{"Respuesta":true,"Token":"<Token>","Datos":{{"IdUsuario":"{id}","Nombre":"Ada Lovelace","Correo":"ada@example.com","Rol":"Admin","Activo":true}}}}"#
            )
        )
    );
    assert!(Uuid::try_parse(&id.to_string()).is_ok());
}

#[tokio::test]
async fn the_token_has_the_published_header_and_claims_and_lives_ten_days() {
    let world = World::new().await;
    let token = world.token("apitickets", "ada").await;
    assert_eq!(header(&token), r#"{"alg":"HS256","typ":"JWT"}"#);
    let claims = claims(&token);
    let names: Vec<_> = claims.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["nameid", "exp", "jti"]);
    assert_eq!(claims["nameid"], json!(world.account("apitickets", "ada").await.id.to_string()));
    assert_eq!(claims["exp"], json!(1_772_705_730 + 864_000));
}

#[tokio::test]
async fn every_failure_of_a_login_is_the_same_answer() {
    let world = World::new().await;
    for (username, password) in [("nobody", PASSWORD), ("ada", "wrong"), ("dora", PASSWORD), ("dora", "wrong")] {
        let got = world.login("apitickets", username, password).await;
        assert_eq!(got.whole(&[]), json_answer(200, FAILED), "{username}");
    }
}

#[tokio::test]
async fn a_username_is_no_identifier_here() {
    let world = World::new().await;
    let body = json!({ "Correo": "ada", "Password": PASSWORD });
    let got = world.post("/apitickets/api/usuario/login").json(body).send().await;
    assert_eq!(got.whole(&[]), json_answer(200, FAILED));
}

#[tokio::test]
async fn malformed_json_and_a_missing_field_are_problem_details() {
    let world = World::new().await;
    let path = "/apitickets/api/usuario/login";
    let details = |detail: &str| {
        json_answer(
            400,
            &format!(
                r#"{{"type":"https://tools.ietf.org/html/rfc9110#section-15","title":"Bad Request","status":400,"detail":"{detail}","traceId":"<traceId>"}}"#
            ),
        )
    };
    let got = world.post(path).body("application/json", "{\"Correo\":").send().await;
    let unreadable = "The body cannot be read: expected a JSON object in UTF-8 that names each member once.";
    assert_eq!(got.whole(&["traceId"]), details(unreadable));
    let got = world.post(path).json(json!({ "Password": PASSWORD })).send().await;
    assert_eq!(got.whole(&["traceId"]), details("The identifier is missing: expected a string."));
    let got = world.post(path).json(json!({ "Correo": "ada@example.com", "Password": null })).send().await;
    assert_eq!(got.whole(&["traceId"]), details("The password is missing: expected a string."));
}

#[tokio::test]
async fn the_profile_is_the_user_of_the_login() {
    let world = World::new().await;
    let login: Value = world.login("apitickets", "grace", PASSWORD).await.json();
    let token = login["Token"].as_str().expect("a token");
    let got = world.profile("apitickets", token).await;
    assert_eq!((got.status, got.json()), (200, login["Datos"].clone()));
}

#[tokio::test]
async fn a_protected_endpoint_refuses_with_an_empty_401_to_the_very_second() {
    let world = World::new().await;
    let token = world.token("apitickets", "ada").await;
    world.advance_secs(864_000 - 1);
    assert_eq!(world.profile("apitickets", &token).await.status, 200);
    world.advance_secs(1);
    assert_eq!(world.profile("apitickets", &token).await.whole(&[]), empty_answer(401));
    assert_eq!(world.get("/apitickets/me").send().await.whole(&[]), empty_answer(401));
}
