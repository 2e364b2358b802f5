//! Sessions that live in cookies.

use crate::api::{Api, json};
use serde_json::json;

fn document() -> serde_json::Value {
    json!({
        "relatch": 1, "name": "x",
        "attach": [{ "cookies": true }],
        "always": [{ "header": "X-XSRF-TOKEN", "value": { "$cookie": "XSRF-TOKEN" } }],
        "login": {
            "before": [{
                "request": { "method": "GET", "path": "/csrf-cookie" },
                "answers": [{ "status": 204, "means": "done" }]
            }],
            "request": { "method": "POST", "path": "/login", "json": { "u": "{identifier}" } },
            "answers": [{ "status": 200, "means": "session" }, { "status": 422, "means": "bad-credentials" }]
        }
    })
}

async fn api() -> Api {
    Api::open(|came| match came.line.as_str() {
        "GET /csrf-cookie" => {
            (204, "set-cookie: XSRF-TOKEN=a%3D1; Path=/\r\nset-cookie: s=guest; HttpOnly\r\n", String::new())
        }
        "POST /login" => (200, "set-cookie: s=ada; HttpOnly; Path=/api\r\n", "{}".into()),
        _ => json(200, json!({})),
    })
    .await
}

#[tokio::test]
async fn go_along_with_everything_and_one_of_them_comes_back_as_a_header() {
    let api = api().await;
    let client = api.client(&document());
    client.login("ada", "secret").await.unwrap();
    client.get("/items").await.unwrap();
    let came = api.came();
    let sent: Vec<_> = came.iter().map(|it| it.header("x-xsrf-token")).collect();
    assert_eq!(sent, [None, Some("a=1"), Some("a=1")]);
    assert_eq!(came[0].header("cookie"), None);
    for (request, session) in [(&came[1], "s=guest"), (&came[2], "s=ada")] {
        let cookies: Vec<_> = request.header("cookie").expect("cookies").split("; ").collect();
        assert!(cookies.contains(&session) && cookies.contains(&"XSRF-TOKEN=a%3D1"), "{cookies:?}");
    }
}

#[tokio::test]
async fn are_not_kept_for_an_api_that_does_not_live_by_them() {
    let api = api().await;
    let mut document = document();
    document["attach"] = json!([{ "header": "X-Token", "value": "{access_token}" }]);
    document["login"]["answers"][0]["headers"] = json!({ "X-Token": "{access_token?}" });
    document["login"]["answers"][0] = json!({ "status": 200, "json": "{access_token}", "means": "session" });
    let _ = api.client(&document).login("ada", "secret").await;
    assert!(api.came().iter().all(|it| it.header("cookie").is_none()));
}

#[tokio::test]
async fn of_one_client_are_not_those_of_another() {
    let api = api().await;
    api.client(&document()).login("ada", "secret").await.unwrap();
    api.client(&document()).login("grace", "secret").await.unwrap();
    assert_eq!(api.came()[2].header("cookie"), None);
}
