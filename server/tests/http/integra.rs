//! integra: Spring with bean validation, one message an answer.

use crate::support::{Got, PASSWORD, World, claims, header, json_answer};
use serde_json::{Value, json};

fn spring(status: u16, error: &str, message: &str, path: &str) -> String {
    json_answer(
        status,
        &format!(
            r#"{{"timestamp":"2026-03-05T10:15:30.000+00:00","status":{status},"error":"{error}","message":"{message}","path":"{path}"}}"#
        ),
    )
}

async fn login(world: &World, body: Value) -> Got {
    world.post("/integra/auth/login").json(body).send().await
}

#[tokio::test]
async fn a_login_answers_with_token_employee_and_permissions() {
    let world = World::new().await;
    let got = world.login("integra", "ada", PASSWORD).await;
    let number = world.account("integra", "ada").await.number;
    assert_eq!(
        got.whole(&["token"]),
        json_answer(
            200,
            &format!(
                r#"{{"token":"<token>","employeeName":{{"id":{number},"codigo":"E-0001","nombre":"Ada","apellidoPaterno":"Lovelace","apellidoMaterno":"Byron","nombreCompleto":"Ada Lovelace Byron","puesto":{{"id":1,"nombre":"Directora"}},"departamento":{{"id":1,"nombre":"Dirección"}},"fechaAlta":"2019-03-01","estatus":"ACTIVO","sexo":"F"}},"uiPermissions":["view_dashboard","manage_attendance","view_reports","access_kiosk"]}}"#
            )
        )
    );
}

#[tokio::test]
async fn an_ordinary_employee_has_fewer_permissions() {
    let got = World::new().await.login("integra", "grace", PASSWORD).await;
    assert_eq!(got.json()["uiPermissions"], json!(["view_dashboard", "access_kiosk"]));
}

#[tokio::test]
async fn the_token_has_the_published_claims_and_lives_a_day() {
    let token = World::new().await.token("integra", "ada").await;
    assert_eq!(header(&token), r#"{"alg":"HS256","typ":"JWT"}"#);
    let claims = claims(&token);
    let names: Vec<_> = claims.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["sub", "iat", "exp", "jti"]);
    assert_eq!(
        (&claims["sub"], &claims["iat"], &claims["exp"]),
        (&json!("ada"), &json!(1_772_705_730), &json!(1_772_792_130))
    );
}

#[tokio::test]
async fn an_unknown_user_a_wrong_password_and_a_disabled_account_are_one_answer() {
    let world = World::new().await;
    for (username, password) in [("nobody", PASSWORD), ("ada", "wrong"), ("dora", PASSWORD)] {
        let got = world.login("integra", username, password).await;
        assert_eq!(got.whole(&[]), spring(401, "Unauthorized", "Invalid credentials", "/auth/login"), "{username}");
    }
}

#[tokio::test]
async fn each_fault_of_a_login_request_has_its_message() {
    let world = World::new().await;
    let long = "x".repeat(101);
    let cases = [
        (json!({ "password": "x" }), "El usuario no puede ser nulo."),
        (json!({ "username": null, "password": "x" }), "El usuario no puede ser nulo."),
        (json!({ "username": "ab", "password": "x" }), "El usuario debe tener entre 3 y 50 caracteres."),
        (json!({ "username": "", "password": "x" }), "El usuario debe tener entre 3 y 50 caracteres."),
        (json!({ "username": "x".repeat(51), "password": "x" }), "El usuario debe tener entre 3 y 50 caracteres."),
        (json!({ "username": "ada" }), "La contraseña no puede ser nula."),
        (json!({ "username": "ada", "password": null }), "La contraseña no puede ser nula."),
        (json!({ "username": "ada", "password": "" }), "La contraseña debe tener entre 1 y 100 caracteres."),
        (json!({ "username": "ada", "password": long }), "La contraseña debe tener entre 1 y 100 caracteres."),
    ];
    for (body, message) in cases {
        assert_eq!(
            login(&world, body.clone()).await.whole(&[]),
            spring(400, "Bad Request", message, "/auth/login"),
            "{body}"
        );
    }
}

#[tokio::test]
async fn the_username_is_checked_before_the_password_and_absence_before_length() {
    let world = World::new().await;
    let cases = [
        (json!({}), "El usuario no puede ser nulo."),
        (json!({ "password": "" }), "El usuario no puede ser nulo."),
        (json!({ "username": "ab" }), "El usuario debe tener entre 3 y 50 caracteres."),
        (json!({ "username": "ab", "password": "" }), "El usuario debe tener entre 3 y 50 caracteres."),
    ];
    for (body, message) in cases {
        assert_eq!(
            login(&world, body.clone()).await.whole(&[]),
            spring(400, "Bad Request", message, "/auth/login"),
            "{body}"
        );
    }
}

#[tokio::test]
async fn lengths_count_characters_and_not_bytes() {
    let world = World::new().await;
    for username in ["ñññ".to_owned(), "🦀".repeat(3), "é".repeat(50), "x".repeat(50)] {
        let got = login(&world, json!({ "username": username, "password": "ñ".repeat(100) })).await;
        assert_eq!(got.status, 401, "{username}: {got:?}");
    }
    for username in ["🦀🦀".to_owned(), "é".repeat(51)] {
        let got = login(&world, json!({ "username": username, "password": "x" })).await;
        assert_eq!(got.status, 400, "{username}: {got:?}");
    }
}

#[tokio::test]
async fn the_profile_is_the_employee_of_the_login() {
    let world = World::new().await;
    let login = world.login("integra", "grace", PASSWORD).await.json();
    let got = world.profile("integra", login["token"].as_str().expect("a token")).await;
    assert_eq!((got.status, got.json()), (200, login["employeeName"].clone()));
}

#[tokio::test]
async fn a_missing_token_is_an_unauthorized_of_that_path() {
    let got = World::new().await.get("/integra/me").send().await;
    assert_eq!(got.whole(&[]), spring(401, "Unauthorized", "Unauthorized", "/me"));
}
