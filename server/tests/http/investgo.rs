//! investgo: Spring Security with jjwt, and logins that fail with 500.

use crate::support::{PASSWORD, World, claims, empty_answer, header, json_answer};
use serde_json::json;

fn failed(message: &str) -> String {
    json_answer(
        500,
        &format!(
            r#"{{"timestamp":"2026-03-05T10:15:30.000+00:00","status":500,"error":"Internal Server Error","message":"{message}","path":"/generate-token"}}"#
        ),
    )
}

#[tokio::test]
async fn a_login_answers_with_the_token_and_nothing_else() {
    let got = World::new().await.login("investgo", "ada", PASSWORD).await;
    assert_eq!(got.whole(&["token"]), json_answer(200, r#"{"token":"<token>"}"#));
}

#[tokio::test]
async fn the_token_has_the_published_header_and_claims_and_lives_ten_hours() {
    let token = World::new().await.token("investgo", "ada").await;
    assert_eq!(header(&token), r#"{"alg":"HS512"}"#);
    let claims = claims(&token);
    let names: Vec<_> = claims.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["sub", "iat", "exp", "jti"]);
    assert_eq!(
        (&claims["sub"], &claims["iat"], &claims["exp"]),
        (&json!("ada"), &json!(1_772_705_730), &json!(1_772_741_730))
    );
}

#[tokio::test]
async fn each_failure_of_a_login_is_a_500_with_its_own_message() {
    let world = World::new().await;
    let unknown = world.login("investgo", "nobody", PASSWORD).await;
    assert_eq!(unknown.whole(&[]), failed("Usuario no encontrado"));
    let wrong = world.login("investgo", "ada", "wrong").await;
    assert_eq!(wrong.whole(&[]), failed("Credenciales ivalidas"));
    let disabled = world.login("investgo", "dora", PASSWORD).await;
    assert_eq!(disabled.whole(&[]), failed("Usuario deshabilitado"));
}

#[tokio::test]
async fn that_an_account_is_disabled_is_told_only_to_who_knows_its_password() {
    let got = World::new().await.login("investgo", "dora", "wrong").await;
    assert_eq!(got.whole(&[]), failed("Credenciales ivalidas"));
}

#[tokio::test]
async fn the_profile_of_the_highest_role_is_whole() {
    let world = World::new().await;
    let token = world.token("investgo", "ada").await;
    let got = world.profile("investgo", &token).await;
    let number = world.account("investgo", "ada").await.number;
    assert_eq!(
        got.whole(&[]),
        json_answer(
            200,
            &format!(
                r#"{{"id":{number},"nombre":"Ada","apellidoPa":"Lovelace","apellidoMa":"Byron","telefono":"+51900000001","correo":"ada@example.com","username":"ada","password":null,"foto":null,"fecha":"1990-12-10","dni":"40000001","enable":"Activo","idTipoUsu":1,"tiporol":{{"idTipoUsu":1,"tipo":"ADMIN"}},"authorities":[{{"authority":"ADMIN"}}],"accountNonExpired":true,"accountNonLocked":true,"credentialsNonExpired":true,"enabled":true}}"#
            )
        )
    );
}

#[tokio::test]
async fn an_ordinary_account_has_the_role_user() {
    let world = World::new().await;
    let token = world.token("investgo", "grace").await;
    let profile = world.profile("investgo", &token).await.json();
    assert_eq!(profile["tiporol"], json!({ "idTipoUsu": 2, "tipo": "USER" }));
    assert_eq!(profile["authorities"], json!([{ "authority": "USER" }]));
}

#[tokio::test]
async fn the_stored_hash_is_bcrypt_and_shown_only_where_the_deployment_says_so() {
    let world = World::with(|realm| realm.expose_password_hash = true).await;
    let token = world.token("investgo", "ada").await;
    let shown = world.profile("investgo", &token).await.text("password");
    assert!(shown.starts_with("$2b$"), "{shown}");
    assert_eq!(shown, world.account("investgo", "ada").await.password_hash.0);
}

#[tokio::test]
async fn a_log_out_ends_the_session() {
    let world = World::new().await;
    let token = world.token("investgo", "ada").await;
    let got = world.post("/investgo/logout").bearer(&token).send().await;
    assert_eq!(got.whole(&[]), empty_answer(204));
    assert_eq!(world.profile("investgo", &token).await.status, 403);
}
