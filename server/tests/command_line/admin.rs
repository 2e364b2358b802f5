//! The admin API, on a listener of its own beside the one for users.

use crate::support::{Deployment, FIVE, Running};
use serde_json::{Value as Json, json};
use std::io::{Read, Write};
use std::net::TcpStream;

pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

pub(crate) struct Admin {
    pub(crate) here: Deployment,
    pub(crate) server: Running,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

impl Admin {
    pub(crate) fn new() -> Admin {
        Admin::with(FIVE, |_| {})
    }

    /// With that configuration beside `[admin]`, and with what `prepare` does before the server starts.
    pub(crate) fn with(config: &str, prepare: impl FnOnce(&Deployment)) -> Admin {
        let config = format!("{config}\n[admin]\nlisten = \"127.0.0.1:0\"\ntoken = \"{TOKEN}\"\nname = \"ops\"\n");
        let here = Deployment::new(&config);
        prepare(&here);
        let server = here.serve_with_admin();
        Admin { here, server }
    }

    pub(crate) fn ask(&self, method: &str, path: &str, body: &Json) -> Reply {
        self.ask_as(&format!("authorization: Bearer {TOKEN}\r\n"), method, path, body)
    }

    fn ask_as(&self, headers: &str, method: &str, path: &str, body: &Json) -> Reply {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let json = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: admin\r\nconnection: close\r\n{headers}{json}content-length: {length}\r\n\r\n"
        );
        let mut stream = TcpStream::connect(self.server.admin_address()).unwrap();
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        Reply { status: head[9..12].parse().unwrap(), head: head.to_lowercase(), body: body.into() }
    }

    fn add(&self, username: &str) -> String {
        let new = json!({ "username": username, "password": "correct horse 9" });
        let added = self.ask("POST", "/v1/realms/stockapi/users", &new);
        assert_eq!(added.status, 201, "{}", added.body);
        added.json()["id"].as_str().unwrap().into()
    }
}

#[test]
fn without_the_token_nothing_is_told_and_nothing_is_done() {
    let admin = Admin::new();
    let id = admin.add("ada");
    let wrong = format!("authorization: Bearer {}x\r\n", &TOKEN[1..]);
    let twice = format!("authorization: Bearer {TOKEN}\r\n").repeat(2);
    let basic = format!("authorization: Basic {TOKEN}\r\n");
    for headers in ["", "authorization: Bearer \r\n", &wrong, &twice, &basic] {
        for (method, path) in [
            ("GET", "/v1/realms".to_owned()),
            ("GET", "/v1/audit".to_owned()),
            ("GET", "/metrics".to_owned()),
            ("GET", "/nowhere".to_owned()),
            ("DELETE", format!("/v1/realms/stockapi/users/{id}")),
        ] {
            let reply = admin.ask_as(headers, method, &path, &Json::Null);
            assert_eq!(reply.status, 401, "{headers} {path}");
            assert!(reply.head.contains("www-authenticate: bearer") && !reply.body.contains("ada"), "{}", reply.head);
        }
    }
    assert!(admin.server.log_in("ada", "correct horse 9").is_some());
}

#[test]
fn an_account_lives_from_its_creation_to_its_end() {
    let admin = Admin::new();
    let id = admin.add("ada");
    let path = format!("/v1/realms/stockapi/users/{id}");
    let shown = admin.ask("GET", &path, &Json::Null);
    assert_eq!((shown.status, shown.json()["username"].as_str()), (200, Some("ada")));
    assert!(!shown.body.contains("argon2") && shown.head.contains("cache-control: no-store"));
    let found = admin.ask("GET", "/v1/realms/stockapi/users?identifier=ADA", &Json::Null).json();
    assert_eq!(found["users"][0]["id"], json!(id));

    let token = admin.server.log_in("ada", "correct horse 9").unwrap();
    assert_eq!(admin.ask("POST", &format!("{path}/disable"), &Json::Null).status, 204);
    assert_ne!(admin.server.me(&token), 200);
    assert_eq!(admin.ask("POST", &format!("{path}/enable"), &Json::Null).status, 204);
    let changed = admin.ask("PUT", &format!("{path}/password"), &json!({ "password": "another one" }));
    assert_eq!(changed.status, 204, "{}", changed.body);
    assert!(admin.server.log_in("ada", "correct horse 9").is_none());

    let tokens: Vec<String> = (0..3).map(|_| admin.server.log_in("ada", "another one").unwrap()).collect();
    let sessions = admin.ask("GET", &format!("{path}/sessions"), &Json::Null).json();
    let alive: Vec<&Json> = sessions.as_array().unwrap().iter().filter(|it| it["ended_at"].is_null()).collect();
    assert_eq!(alive.len(), 3);
    let one = format!("{path}/sessions/{}", alive[0]["id"].as_str().unwrap());
    assert_eq!(admin.ask("DELETE", &one, &Json::Null).status, 204);
    assert_eq!(tokens.iter().filter(|it| admin.server.me(it) == 200).count(), 2);
    assert_eq!(admin.ask("DELETE", &format!("{path}/sessions"), &Json::Null).json(), json!({ "ended": 2 }));
    assert_eq!(tokens.iter().filter(|it| admin.server.me(it) == 200).count(), 0);

    assert_eq!(admin.ask("DELETE", &path, &Json::Null).status, 204);
    assert_eq!(admin.ask("GET", &path, &Json::Null).status, 404);
    assert!(admin.server.log_in("ada", "another one").is_none());
}

#[test]
fn what_is_done_is_on_the_record_with_the_tokens_name_and_the_address() {
    let admin = Admin::new();
    let id = admin.add("ada");
    admin.ask("POST", &format!("/v1/realms/stockapi/users/{id}/disable"), &Json::Null);
    let log = admin.ask("GET", &format!("/v1/audit?account={id}"), &Json::Null).json();
    let first = &log[0];
    assert_eq!((first["action"].as_str(), first["outcome"].as_str()), (Some("user.disable"), Some("done")));
    assert_eq!((first["actor"].as_str(), first["channel"].as_str()), (Some("ops"), Some("admin-api")));
    assert_eq!(first["address"], "127.0.0.1");
    assert_eq!((log.as_array().unwrap().len(), log[1]["action"].as_str()), (2, Some("user.add")), "one entry for each");
    let from_the_command_line = admin.here.run(&["audit", "--json", "--limit", "1"]).out;
    assert!(from_the_command_line.contains("\"ops\""), "{from_the_command_line}");
}

#[test]
fn pages_follow_one_another_to_the_last() {
    let admin = Admin::new();
    let ids: Vec<String> = (0..5).map(|it| admin.add(&format!("user{it}"))).collect();
    let (mut after, mut seen) = (json!(0), Vec::new());
    while !after.is_null() {
        let page = admin.ask("GET", &format!("/v1/realms/stockapi/users?limit=2&after={after}"), &Json::Null).json();
        seen.extend(page["users"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()));
        after = page["next"].clone();
    }
    assert_eq!(seen, ids);
}

#[test]
fn what_is_wrong_with_a_request_is_told_and_no_password_is() {
    let admin = Admin::new();
    admin.add("ada");
    let users = "/v1/realms/stockapi/users";
    for (method, path, body, status, told) in [
        ("POST", users, json!({ "username": "ada", "password": "secret horse" }), 409, "username"),
        ("POST", users, json!({ "username": "x", "password": "secret horse", "roles": ["KING"] }), 422, "roles"),
        ("POST", users, json!({ "password": "secret horse" }), 422, "username"),
        ("POST", users, json!({ "username": "x", "pasword": "secret horse" }), 400, "pasword"),
        ("POST", users, json!([]), 400, "invalid"),
        ("POST", "/v1/realms/nowhere/users", json!({ "username": "x", "password": "secret horse" }), 404, "realm"),
        ("GET", "/v1/realms/stockapi/users?limit=0", Json::Null, 400, "limit"),
        ("GET", "/v1/realms/stockapi/users?colour=red", Json::Null, 400, "colour"),
        ("GET", "/v1/realms/stockapi/users/17", Json::Null, 400, "UUID"),
        ("PATCH", users, Json::Null, 405, "Allow"),
        ("GET", "/v1/nothing", Json::Null, 404, "path"),
    ] {
        let reply = admin.ask(method, path, &body);
        assert_eq!(reply.status, status, "{method} {path} {body}: {}", reply.body);
        assert!(reply.head.contains("application/problem+json"), "{}", reply.head);
        assert!(reply.body.contains(told) && !reply.body.contains("secret horse"), "{}", reply.body);
    }
    let (_, log) = admin.server.stop("-TERM");
    assert!(!log.contains("secret horse") && !log.contains(TOKEN), "{log}");
}

#[test]
fn the_description_and_its_page_need_no_token_and_load_nothing_foreign() {
    let admin = Admin::new();
    let description = admin.ask_as("", "GET", "/openapi.json", &Json::Null);
    assert_eq!(description.status, 200);
    let paths = description.json()["paths"].as_object().unwrap().len();
    assert!(paths >= 9, "{paths}");
    for path in ["/", "/page.js", "/page.css"] {
        let reply = admin.ask_as("", "GET", path, &Json::Null);
        assert_eq!(reply.status, 200, "{path}");
        assert!(!reply.body.contains("http://") && !reply.body.contains("https://"), "{path}");
        assert!(
            reply.head.contains("content-security-policy: default-src 'none'; script-src 'self'"),
            "{}",
            reply.head
        );
        assert!(reply.head.contains("x-content-type-options: nosniff"));
    }
}

#[test]
fn metrics_count_what_was_answered_by_its_meaning() {
    let admin = Admin::new();
    admin.add("ada");
    admin.server.log_in("ada", "correct horse 9").unwrap();
    admin.server.log_in("ada", "wrong");
    admin.server.ask("GET", "/stockapi/no-such-thing", "", "");
    let metrics = admin.ask("GET", "/metrics", &Json::Null).body;
    for line in [
        r#"relatch_answers_total{realm="stockapi",operation="login",meaning="session",status="200"} 1"#,
        r#"relatch_answers_total{realm="stockapi",operation="login",meaning="wrong-password",status="401"} 1"#,
        r#"relatch_answers_total{realm="stockapi",operation="none",meaning="invalid-request",status="404"} 1"#,
        r#"relatch_request_duration_seconds_count{realm="stockapi",operation="login"} 2"#,
        "relatch_requests_under_way 0",
        "# EOF",
    ] {
        assert!(metrics.contains(line), "no {line} in\n{metrics}");
    }
    assert!(!metrics.contains("no-such-thing"), "nothing that a client chose is a label");
}

#[test]
fn it_is_healthy_while_it_runs_and_not_ready_without_its_database() {
    let admin = Admin::new();
    for path in ["/healthz", "/readyz"] {
        assert_eq!(admin.server.ask("GET", path, "", "").unwrap().0, 200);
        assert_eq!(admin.ask_as("", "GET", path, &Json::Null).status, 200);
    }
    assert_eq!(admin.ask("GET", "/v1/health", &Json::Null).json()["ready"], true);
    for name in ["relatch.db", "relatch.db-wal", "relatch.db-shm"] {
        // In place: the server has the last of them mapped, and a file that became shorter would end it with a signal.
        let file = std::fs::File::options().write(true).open(admin.here.path(name)).unwrap();
        let length = usize::try_from(file.metadata().unwrap().len()).unwrap();
        std::os::unix::fs::FileExt::write_all_at(&file, &vec![0; length], 0).unwrap();
    }
    assert_eq!(admin.server.ask("GET", "/readyz", "", "").unwrap().0, 503);
    assert_eq!(admin.server.ask("GET", "/healthz", "", "").unwrap().0, 200);
}

#[test]
fn an_admin_listener_without_a_good_token_is_refused_at_start() {
    for (admin, told) in [
        ("listen = \"127.0.0.1:0\"", "admin.token: is missing"),
        ("listen = \"0.0.0.0:0\"", "admin.token: is missing"),
        ("listen = \"0.0.0.0:0\"\ntoken = \"short\"", "admin.token: expected at least 32"),
        (
            "listen = \"127.0.0.1:0\"\ntoken_env = \"NO_SUCH\"",
            "admin.token_env: the environment variable NO_SUCH is not set",
        ),
        ("listen = \"nowhere\"\ntoken = \"0123456789abcdef0123456789abcdef\"", "admin.listen: expected an address"),
        ("token = \"0123456789abcdef0123456789abcdef\"", "admin.listen: is missing"),
    ] {
        let ended = Deployment::new(&format!("{FIVE}\n[admin]\n{admin}\n")).run(&["check-config"]);
        assert_eq!(ended.code, Some(2), "{admin}");
        assert!(ended.err.contains(told) && !ended.err.contains("short"), "{admin}: {}", ended.err);
    }
}
