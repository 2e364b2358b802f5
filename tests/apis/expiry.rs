//! When a session is known to end, by what the answer said in the unit of its document.

use crate::api::{Api, Said, json};
use serde_json::json;
use std::time::{SystemTime, UNIX_EPOCH};

#[expect(clippy::disallowed_methods, reason = "what the client says of the wall clock is compared with it")]
fn now_ms() -> u64 {
    u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// How long the client takes a session to be good, to the second; `None` for unknown.
async fn lifetime_secs(unit: &str, said: Said) -> Option<u64> {
    let document = json!({
        "relatch": 1, "name": "x", "attach": [{ "header": "X-Token", "value": "{access_token}" }],
        "expires": { "unit": unit },
        "login": { "request": { "method": "POST", "path": "/login", "json": { "u": "{identifier}" } }, "answers": [
            { "status": 200, "json": { "token": "{access_token}", "end": "{expires}" }, "means": "session" },
            { "status": 401, "means": "bad-credentials" }
        ] }
    });
    let api = Api::open(move |_| said.clone()).await;
    let client = api.client(&document);
    let before = now_ms();
    client.login("ada", "secret").await.unwrap();
    let after = now_ms();
    let end = client.state().expires_at_ms?;
    // Whatever passed between the two is not the session's doing.
    let (most, least) = (end.saturating_sub(before), end.saturating_sub(after));
    Some((most / 1000).min(least.div_ceil(1000)))
}

fn said(end: serde_json::Value) -> Said {
    json(200, json!({ "token": "t", "end": end }))
}

#[tokio::test]
async fn counts_from_now_in_each_unit() {
    for (unit, end, secs) in [
        ("seconds", json!(3600), 3600),
        ("seconds", json!("15m"), 900),
        ("millis", json!("3600000"), 3600),
        ("minutes", json!(20), 1200),
        ("hours", json!(0.5), 1800),
        ("days", json!(10), 864_000),
    ] {
        assert_eq!(lifetime_secs(unit, said(end)).await, Some(secs), "{unit}");
    }
}

/// The server's clock is years behind ours.
#[tokio::test]
async fn counts_from_the_date_of_the_answer_where_the_end_is_a_moment() {
    let dated = "content-type: application/json\r\ndate: Thu, 05 Mar 2020 10:15:30 GMT\r\n";
    for (unit, end) in [
        ("epoch", json!(1_583_406_930)),
        ("epoch", json!("1583406930000")),
        ("epoch-millis", json!(1_583_406_930_000_u64)),
        ("iso8601", json!("2020-03-05T11:15:30.0000000Z")),
        ("iso8601", json!("Thu, 05 Mar 2020 11:15:30 GMT")),
    ] {
        let body = json!({ "token": "t", "end": end }).to_string();
        assert_eq!(lifetime_secs(unit, (200, dated, body)).await, Some(3600), "{unit} {end}");
    }
}

#[tokio::test]
async fn is_unknown_where_nothing_can_be_believed() {
    for (unit, end) in
        [("epoch", json!(1)), ("iso8601", json!("soon")), ("seconds", json!(-1)), ("seconds", json!("never"))]
    {
        assert_eq!(lifetime_secs(unit, said(end)).await, None, "{unit}");
    }
}
