//! gatego: an access token for an hour, a refresh token that rotates, accounts that are validated.

use crate::support::{Got, PASSWORD, World, claims, empty_answer, header, json_answer};
use serde_json::json;
use uuid::Uuid;

fn refused(status: u16, code: &str, attributes: &str, message: &str) -> String {
    json_answer(
        status,
        &format!(
            r#"{{"error_code":"{code}","extra_attributes":{attributes},"trace_id":"<trace_id>","message":"{message}"}}"#
        ),
    )
}

/// The answer with tokens; its header tells that a renewal may bring an attempt key.
fn tokens() -> String {
    "200\ncache-control: no-store\ncontent-type: application/json\nidempotency-key: supported\n\
     {\"access_token\":\"<access_token>\",\"jwt_token\":\"<access_token>\",\"refresh_token\":\"<refresh_token>\"}"
        .into()
}

fn expired() -> String {
    refused(401, "token-expired", "{}", "JWT token expired")
}

fn inactive() -> String {
    refused(401, "inactive-account", "{}", "Account has been disabled or deleted")
}

async fn login_as(world: &World, identifier: &str) -> Got {
    world.post("/gatego/auth/login").json(json!({ "username": identifier, "password": PASSWORD })).send().await
}

async fn refresh(world: &World, token: &str) -> Got {
    world.post("/gatego/auth/refresh-token").json(json!({ "refresh_token": token })).send().await
}

/// The UUID with which nova may ask for her letter.
async fn resend_code(world: &World) -> String {
    let got = login_as(world, "nova").await.json();
    got["extra_attributes"]["resend_code"].as_str().expect("a code").into()
}

async fn resend(world: &World, code: &str) -> Got {
    world.post("/gatego/api/public/account/validate/resend").json(json!({ "resend_code": code })).send().await
}

async fn validate(world: &World, code: &str, password: &str) -> Got {
    world.post("/gatego/api/public/account/validate").json(json!({ "code": code, "password": password })).send().await
}

#[tokio::test]
async fn a_login_answers_with_three_tokens_of_which_two_are_one() {
    let got = World::new().await.login("gatego", "ada", PASSWORD).await;
    assert_eq!(got.whole(&["refresh_token", "access_token"]), tokens());
}

#[tokio::test]
async fn an_account_is_found_by_username_email_and_phone_in_any_usual_spelling() {
    let world = World::new().await;
    for identifier in ["ada", "ADA", "ada@example.com", "Ada@Example.com", "+51900000001", "+51 900 000 001"] {
        assert_eq!(login_as(&world, identifier).await.status, 200, "{identifier}");
    }
}

#[tokio::test]
async fn the_access_token_lives_an_hour() {
    let world = World::new().await;
    let token = world.token("gatego", "ada").await;
    assert_eq!(header(&token), r#"{"alg":"HS256","typ":"JWT"}"#);
    let claims = claims(&token);
    assert_eq!(claims["sub"], json!(world.account("gatego", "ada").await.id.to_string()));
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(1_772_705_730), &json!(1_772_709_330)));
}

#[tokio::test]
async fn an_unknown_user_and_a_wrong_password_are_bad_credentials() {
    let world = World::new().await;
    for (username, password) in
        [("nobody", PASSWORD), ("ada", "wrong"), ("dora", "wrong"), ("nova", "wrong"), ("", "x")]
    {
        let got = world.login("gatego", username, password).await;
        let expected = refused(401, "bad-credentials", "{}", "Invalid username and/or password");
        assert_eq!(got.whole(&["trace_id"]), expected, "{username}");
    }
}

#[tokio::test]
async fn a_disabled_account_is_told_to_who_knows_its_password() {
    let got = World::new().await.login("gatego", "dora", PASSWORD).await;
    assert_eq!(got.whole(&["trace_id"]), inactive());
}

#[tokio::test]
async fn an_account_that_is_not_validated_gets_a_resend_code() {
    let got = World::new().await.login("gatego", "nova", PASSWORD).await;
    let code = got.json()["extra_attributes"]["resend_code"].as_str().expect("a code").to_owned();
    assert!(Uuid::try_parse(&code).is_ok(), "{code}");
    let attributes = format!(r#"{{"resend_code":"{code}"}}"#);
    assert_eq!(got.whole(&["trace_id"]), refused(401, "account-not-validated", &attributes, "Account not validated"));
}

#[tokio::test]
async fn a_renewal_answers_with_a_new_pair() {
    let world = World::new().await;
    let login = login_as(&world, "ada").await;
    let got = refresh(&world, &login.text("refresh_token")).await;
    assert_eq!(got.whole(&["refresh_token", "access_token"]), tokens());
    assert_ne!(got.text("refresh_token"), login.text("refresh_token"));
    assert_ne!(got.text("access_token"), login.text("access_token"));
    assert_eq!(world.profile("gatego", &got.text("access_token")).await.status, 200);
    assert_eq!(refresh(&world, &got.text("refresh_token")).await.status, 200);
}

#[tokio::test]
async fn the_refresh_token_is_taken_from_the_authorization_header_too() {
    let world = World::new().await;
    let token = login_as(&world, "ada").await.text("refresh_token");
    let got = world.post("/gatego/auth/refresh-token").bearer(&token).send().await;
    assert_eq!(got.status, 200, "{got:?}");
    assert_eq!(refresh(&world, &token).await.text("refresh_token"), got.text("refresh_token"));
}

#[tokio::test]
async fn a_renewal_is_refused_for_an_unknown_an_expired_and_a_revoked_token() {
    let world = World::new().await;
    assert_eq!(refresh(&world, "unknown").await.whole(&["trace_id"]), expired());
    let login = login_as(&world, "ada").await;
    world.post("/gatego/logout").bearer(&login.text("access_token")).send().await;
    assert_eq!(refresh(&world, &login.text("refresh_token")).await.whole(&["trace_id"]), expired());
    let token = login_as(&world, "ada").await.text("refresh_token");
    world.advance_secs(2_592_000);
    assert_eq!(refresh(&world, &token).await.whole(&["trace_id"]), expired());
}

#[tokio::test]
async fn a_renewal_of_a_disabled_account_says_so() {
    let world = World::new().await;
    let token = login_as(&world, "ada").await.text("refresh_token");
    world.set_enabled("gatego", "ada", false).await;
    assert_eq!(refresh(&world, &token).await.whole(&["trace_id"]), inactive());
}

#[tokio::test]
async fn an_access_token_is_no_refresh_token_and_the_other_way_round() {
    let world = World::new().await;
    let login = login_as(&world, "ada").await;
    assert_eq!(refresh(&world, &login.text("access_token")).await.whole(&["trace_id"]), expired());
    assert_eq!(world.profile("gatego", &login.text("refresh_token")).await.whole(&["trace_id"]), expired());
}

#[tokio::test]
async fn an_account_is_validated_with_the_code_of_its_letter_and_its_password() {
    let world = World::new().await;
    let got = resend(&world, &resend_code(&world).await).await;
    assert_eq!(got.whole(&[]), empty_answer(204));
    let [letter] = &world.outbox.letters("gatego")[..] else { panic!("one letter was expected") };
    assert_eq!(letter.email.as_deref(), Some("nova@example.com"));
    let wrong = validate(&world, &letter.code, "wrong").await;
    assert_eq!(wrong.whole(&["trace_id"]), refused(401, "bad-credentials", "{}", "Invalid code and/or password"));
    let got = validate(&world, &letter.code, PASSWORD).await;
    assert_eq!(got.whole(&[]), json_answer(200, r#"{"email":"nova@example.com"}"#));
    assert_eq!(login_as(&world, "nova").await.status, 200);
    assert_eq!(validate(&world, &letter.code, PASSWORD).await.status, 401);
}

#[tokio::test]
async fn a_code_that_nobody_has_is_answered_like_any_other() {
    let world = World::new().await;
    let unknown = Uuid::from_u128(7).to_string();
    assert_eq!(resend(&world, &unknown).await.whole(&[]), empty_answer(204));
    assert_eq!(resend(&world, "no code at all").await.whole(&[]), empty_answer(204));
    assert!(world.outbox.letters("gatego").is_empty());
    let got = validate(&world, &unknown, PASSWORD).await;
    assert_eq!(got.whole(&["trace_id"]), refused(401, "bad-credentials", "{}", "Invalid code and/or password"));
}

#[tokio::test]
async fn a_disabled_account_gets_no_letter_and_is_told_so_when_it_validates() {
    let world = World::new().await;
    let code = resend_code(&world).await;
    resend(&world, &code).await;
    world.set_enabled("gatego", "nova", false).await;
    assert_eq!(resend(&world, &code).await.whole(&[]), empty_answer(204));
    let letters = world.outbox.letters("gatego");
    assert_eq!(letters.len(), 1);
    assert_eq!(validate(&world, &letters[0].code, PASSWORD).await.whole(&["trace_id"]), inactive());
    assert_eq!(validate(&world, &letters[0].code, "wrong").await.text("error_code"), "bad-credentials");
}

#[tokio::test]
async fn codes_end_after_a_day() {
    let world = World::new().await;
    let code = resend_code(&world).await;
    resend(&world, &code).await;
    world.advance_secs(24 * 3600);
    let letter = &world.outbox.letters("gatego")[0];
    assert_eq!(validate(&world, &letter.code, PASSWORD).await.status, 401);
    resend(&world, &code).await;
    assert_eq!(world.outbox.letters("gatego").len(), 1);
}

#[tokio::test]
async fn a_resend_code_does_not_validate_and_is_no_use_elsewhere() {
    let world = World::new().await;
    let code = resend_code(&world).await;
    assert_eq!(validate(&world, &code, PASSWORD).await.status, 401);
    assert_eq!(login_as(&world, "nova").await.status, 401);
}

#[tokio::test]
async fn the_profile_has_the_chosen_shape() {
    let world = World::new().await;
    let token = world.token("gatego", "ada").await;
    let id = world.account("gatego", "ada").await.id;
    assert_eq!(
        world.profile("gatego", &token).await.whole(&[]),
        json_answer(
            200,
            &format!(
                r#"{{"id":"{id}","username":"ada","email":"ada@example.com","phone":"+51900000001","roles":["ADMIN"],"organization_id":"1"}}"#
            )
        )
    );
}

#[tokio::test]
async fn an_unfit_request_is_a_400_in_the_same_shape() {
    let world = World::new().await;
    let got = world.post("/gatego/auth/login").json(json!({ "username": "ada" })).send().await;
    assert_eq!(
        got.whole(&["trace_id"]),
        refused(400, "invalid-request", "{}", "The password is missing: expected a string.")
    );
    let got = world.post("/gatego/auth/refresh-token").json(json!({})).send().await;
    assert_eq!(
        got.whole(&["trace_id"]),
        refused(400, "invalid-request", "{}", "A field that this operation needs is missing.")
    );
    let got = world.post("/gatego/auth/login").send().await;
    let unreadable = "The body cannot be read: expected a JSON object in UTF-8 that names each member once.";
    assert_eq!(got.whole(&["trace_id"]), refused(400, "invalid-request", "{}", unreadable));
}

#[tokio::test]
async fn unknown_paths_failures_and_roles_have_their_codes() {
    let world = World::new().await;
    let got = world.get("/gatego/nowhere").send().await;
    assert_eq!(got.whole(&["trace_id"]), refused(404, "not-found", "{}", "There is nothing at this path."));
    let token = world.token("gatego", "grace").await;
    let got = world.get("/gatego/admin").bearer(&token).send().await;
    assert_eq!(got.whole(&["trace_id"]), refused(403, "forbidden", "{}", "This account may not do that."));
    world.store.close().await;
    let got = world.profile("gatego", &token).await;
    let failed = "Something went wrong on the server: try again later.";
    assert_eq!(got.whole(&["trace_id"]), refused(500, "internal-error", "{}", failed));
}
