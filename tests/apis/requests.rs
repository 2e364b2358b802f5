//! Logins in each of the forms that requests have.

use crate::api::{Api, Came, Said, json};
use relatch::dialects::{Value, Values};
use serde_json::json;

fn granted(_: &Came) -> Said {
    json(200, json!({ "token": "t1" }))
}

/// A document whose login has this request.
fn document(request: serde_json::Value) -> serde_json::Value {
    json!({
        "relatch": 1, "name": "x",
        "attach": [{ "header": "Authorization", "value": "Bearer {access_token}" }],
        "login": { "request": request, "answers": [
            { "status": 200, "json": { "token": "{access_token}" }, "means": "session" },
            { "status": 401, "means": "bad-credentials" }
        ] }
    })
}

/// The request of a login as `ada` with `p w&ñ`.
async fn login(request: serde_json::Value) -> Came {
    let api = Api::open(granted).await;
    api.client(&document(request)).login("ada", "p w&ñ").await.unwrap();
    api.last()
}

#[tokio::test]
async fn a_form() {
    let form =
        json!({ "grant_type": "password", "username": "{identifier}", "password": "{password}", "scope": ["a", "b"] });
    let came = login(json!({ "method": "POST", "path": "/token", "form": form })).await;
    assert_eq!(came.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(came.body, "grant_type=password&username=ada&password=p+w%26%C3%B1&scope=a&scope=b");
}

#[tokio::test]
async fn a_query() {
    let query = json!({ "u": "{identifier}", "p": "{password}", "otp": "{field.otp?}", "v": 2 });
    let came = login(json!({ "method": "GET", "path": "/login", "query": query })).await;
    assert_eq!(came.line, "GET /login?u=ada&p=p+w%26%C3%B1&v=2");
    assert_eq!(came.body, "");
}

#[tokio::test]
async fn basic_credentials_and_headers_of_its_own() {
    let headers = json!({
        "Authorization": { "$concat": ["Basic ", { "$base64": "{identifier}:{password}" }] },
        "X-Client": "web", "X-Request": { "$uuid": true }
    });
    let came = login(json!({ "method": "POST", "path": "/login", "headers": headers })).await;
    assert_eq!(came.header("authorization"), Some("Basic YWRhOnAgdybDsQ=="));
    assert_eq!(came.header("x-client"), Some("web"));
    assert_eq!(came.header("x-request").map(str::len), Some(36));
}

#[tokio::test]
async fn multipart_text_and_xml() {
    let multipart = login(json!({ "method": "POST", "path": "/login", "multipart": { "u": "{identifier}" } })).await;
    let boundary = multipart.header("content-type").and_then(|it| it.strip_prefix("multipart/form-data; boundary="));
    let part = "\r\nContent-Disposition: form-data; name=\"u\"\r\n\r\nada\r\n";
    assert_eq!(boundary.map(|it| format!("--{it}{part}--{it}--\r\n")), Some(multipart.body));

    let text = login(json!({ "method": "POST", "path": "/login", "text": "{identifier}|{password}" })).await;
    assert_eq!((text.header("content-type"), text.body.as_str()), (Some("text/plain;charset=UTF-8"), "ada|p w&ñ"));

    let call = json!({ "methodCall": { "methodName": "login", "params": { "param": [{ "value": { "string": "{password}" } }] } } });
    let headers = json!({ "Content-Type": "text/xml" });
    let xml = login(json!({ "method": "POST", "path": "/", "xml": call, "headers": headers })).await;
    assert_eq!(xml.header("content-type"), Some("text/xml"));
    let params = "<params><param><value><string>p w&amp;ñ</string></value></param></params>";
    let declared = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    assert_eq!(xml.body, format!("{declared}<methodCall><methodName>login</methodName>{params}</methodCall>"));
}

#[tokio::test]
async fn a_path_with_what_the_program_says() {
    let api = Api::open(granted).await;
    let document = document(json!({ "method": "POST", "path": "/tenants/{field.tenant}/login" }));
    let credentials = |tenant| Values::new().with("identifier", "ada").with("field.tenant", tenant);
    let client = api.client(&document);
    client.login_with(credentials("a b")).await.unwrap();
    assert_eq!(api.last().line, "POST /tenants/a%20b/login");
    let refused = client.login_with(credentials("../x")).await.err().map(|it| it.code());
    assert_eq!(refused, Some("invalid-argument"));
}

#[tokio::test]
async fn a_step_before_gives_what_the_login_needs() {
    let api = Api::open(|came| match came.line.as_str() {
        "GET /challenge?user=ada" => json(200, json!({ "nonce": "n1" })),
        "POST /login" => json(200, json!({ "token": "t1" })),
        other => panic!("{other}"),
    })
    .await;
    let hashed = json!({ "$md5": { "$concat": ["{step.nonce}", { "$md5": "{password}" }] } });
    let request = json!({ "method": "POST", "path": "/login", "json": { "hash": hashed, "nonce": "{step.nonce}" } });
    let mut document = document(request);
    document["login"]["before"] = json!([{
        "request": { "method": "GET", "path": "/challenge", "query": { "user": "{identifier}" } },
        "answers": [
            { "status": 200, "json": { "nonce": "{step.nonce}" }, "means": "done" },
            { "status": 404, "means": "unknown-user" }
        ]
    }]);
    api.client(&document).login("ada", "secret").await.unwrap();
    // md5("n1" + md5("secret"))
    assert_eq!(api.last().body, r#"{"hash":"1a45062d4e75fdaeb2e9a9f72d981ccc","nonce":"n1"}"#);
    assert_eq!(api.came().len(), 2);
}

#[tokio::test]
async fn a_step_that_is_refused_ends_the_login() {
    let api = Api::open(|_| json(404, json!({}))).await;
    let mut document = document(json!({ "method": "POST", "path": "/login" }));
    document["login"]["before"] = json!([{
        "request": { "method": "GET", "path": "/challenge" },
        "answers": [{ "status": 200, "means": "done" }, { "status": 404, "means": "unknown-user" }]
    }]);
    let refused = api.client(&document).login("ada", "secret").await.err().map(|it| it.code());
    assert_eq!((refused, api.came().len()), (Some("unknown-user"), 1));
}

#[tokio::test]
async fn a_function_of_the_program_makes_what_no_template_can() {
    let api = Api::open(granted).await;
    let proof = json!({ "$plugin": "srp", "secret": "{password}" });
    let document = document(json!({ "method": "POST", "path": "/login", "json": { "proof": proof } }));
    let made = |input: &Values| Value::from(input.text("secret").unwrap_or_default().len().to_string());
    let client = api.builder(&document).plugin("srp", move |input, _| Ok(made(input))).build().unwrap();
    client.login("ada", "secret").await.unwrap();
    assert_eq!(api.last().body, r#"{"proof":"6"}"#);

    let without = api.client(&document).login("ada", "secret").await.err().map(|it| it.code());
    assert_eq!((without, api.came().len()), (Some("plugin-failed"), 1));
}
