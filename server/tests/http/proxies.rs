//! Real proxies with the files under `deploy/`, in front of an application that tells what it got.

use crate::support::World;
use axum::Router;
use axum::http::HeaderMap;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A proxy as its table row has it: only how it is started differs.
struct Proxy {
    program: &'static str,
    package: &'static str,
    /// Writes its configuration and gives its arguments.
    configure: fn(&Path, port: u16, relatch: SocketAddr, app: SocketAddr) -> Vec<String>,
}

const NGINX: Proxy = Proxy { program: "nginx", package: "nginx-light", configure: nginx };
const CADDY: Proxy = Proxy { program: "caddy", package: "caddy", configure: caddy };

fn addressed(snippet: &str, relatch: SocketAddr, app: SocketAddr) -> String {
    snippet.replace("127.0.0.1:8787", &relatch.to_string()).replace("127.0.0.1:3000", &app.to_string())
}

fn nginx(directory: &Path, port: u16, relatch: SocketAddr, app: SocketAddr) -> Vec<String> {
    let site = addressed(include_str!("../../deploy/nginx.conf"), relatch, app);
    let frame = format!(
        "daemon off; pid nginx.pid; error_log stderr; events {{}} http {{ access_log off; client_body_temp_path body; \
         proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi; \
         server {{ listen 127.0.0.1:{port};\n{site}\n}} }}"
    );
    std::fs::write(directory.join("nginx.conf"), frame).expect("to be written");
    let prefix = directory.to_str().expect("UTF-8").to_owned();
    vec!["-p".into(), prefix, "-c".into(), "nginx.conf".into(), "-e".into(), "stderr".into()]
}

fn caddy(directory: &Path, port: u16, relatch: SocketAddr, app: SocketAddr) -> Vec<String> {
    let site = addressed(include_str!("../../deploy/Caddyfile"), relatch, app);
    let site = site.replace("app.example.com", &format!("http://127.0.0.1:{port}"));
    let file = directory.join("Caddyfile");
    std::fs::write(&file, format!("{{\n\tadmin off\n\tauto_https off\n}}\n{site}")).expect("to be written");
    let file = file.to_str().expect("UTF-8").to_owned();
    vec!["run".into(), "--adapter".into(), "caddyfile".into(), "--config".into(), file]
}

/// A proxy that runs, with what stands behind it.
struct House {
    world: World,
    address: SocketAddr,
    child: Child,
    _directory: TempDir,
}

impl Drop for House {
    fn drop(&mut self) {
        // nginx's workers end when told to, and stay if their master is killed.
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

async fn listen(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// An address that nobody else takes in the meantime: below the ports that systems give to who asks for any, since the
/// proxies cannot tell which one they were given.
async fn free_address() -> SocketAddr {
    loop {
        let address = SocketAddr::from(([127, 0, 0, 1], rand::random_range(15_000..30_000)));
        if TcpListener::bind(address).await.is_ok() {
            return address;
        }
    }
}

/// Answers every request with the headers that it came with.
fn mirror() -> Router {
    Router::new().fallback(|headers: HeaderMap| async move {
        let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let members = headers.iter().map(|(name, value)| (name.to_string(), Value::from(text(value)))).collect();
        axum::Json(Value::Object(members))
    })
}

impl House {
    async fn of(proxy: &Proxy) -> House {
        let world = World::new().await;
        let (relatch, app) = (listen(world.router().clone()).await, listen(mirror()).await);
        let directory = tempfile::tempdir().expect("a directory");
        let free = free_address().await;
        let arguments = (proxy.configure)(directory.path(), free.port(), relatch, app);
        let mut command = Command::new(proxy.program);
        command.args(arguments).env("HOME", directory.path()).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(std::fs::File::create(directory.path().join("log")).expect("a file"));
        let child = command.spawn().unwrap_or_else(|error| {
            let (program, package) = (proxy.program, proxy.package);
            panic!("{program} cannot be started ({error}): install the Debian package {package}")
        });
        let mut house = House { world, address: free, child, _directory: directory };
        house.wait().await;
        house
    }

    async fn wait(&mut self) {
        while TcpStream::connect(self.address).await.is_err() {
            let log = || std::fs::read_to_string(self._directory.path().join("log")).unwrap_or_default();
            assert!(self.child.try_wait().expect("to be asked").is_none(), "the proxy ended: {}", log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Status, headers and body.
    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> (u16, String, String) {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        headers.iter().for_each(|(name, value)| head += &format!("{name}: {value}\r\n"));
        let body = if method == "POST" { "hello" } else { "" };
        let text = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
        let mut stream = TcpStream::connect(self.address).await.expect("a connection");
        stream.write_all(text.as_bytes()).await.expect("to be sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        (head[9..12].parse().expect("a status"), head.to_lowercase(), dechunked(head, body))
    }
}

fn dechunked(head: &str, body: &str) -> String {
    if !head.to_lowercase().contains("transfer-encoding: chunked") {
        return body.into();
    }
    body.split("\r\n").skip(1).step_by(2).collect()
}

async fn passes_and_refuses(proxy: &Proxy) {
    let house = House::of(proxy).await;
    let token = house.world.token("gatego", "ada").await;
    let bearer = format!("Bearer {token}");
    let account = house.world.account("gatego", "ada").await;

    for method in ["GET", "POST"] {
        let forged = [("authorization", bearer.as_str()), ("Remote-User", "root"), ("Remote-Organization", "evil")];
        let (status, _, body) = house.ask(method, "/orders?x=1", &forged).await;
        assert_eq!(status, 200, "{method}: {body}");
        let seen: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(seen["remote-user"], json!("ada"), "{seen}");
        assert_eq!(seen["remote-id"], json!(account.id.to_string()), "{seen}");
        assert_ne!(seen["remote-organization"], json!("evil"), "{seen}");
        assert_eq!(seen["authorization"], json!(bearer), "{seen}");
    }

    for headers in [vec![], vec![("authorization", "Bearer no.good.token")], vec![("Remote-User", "root")]] {
        let (status, _, body) = house.ask("GET", "/orders", &headers).await;
        assert_eq!(status, 401, "{body}");
        assert!(body.contains(r#""error_code":"token-expired""#), "the dialect's words reach the client: {body}");
    }

    let foreign = [("authorization", bearer.as_str()), ("organization_id", "999999")];
    let grace = format!("Bearer {}", house.world.token("gatego", "grace").await);
    let forbidden = [("authorization", grace.as_str()), foreign[1]];
    let (status, _, body) = house.ask("GET", "/orders", &forbidden).await;
    assert_eq!(status, 403, "a header with an underscore gets through: {body}");

    let (status, _, _) = house.ask("OPTIONS", "/orders", &[("Remote-User", "root")]).await;
    assert_eq!(status, 200, "a preflight is the application's to answer");
    let (_, _, body) = house.ask("OPTIONS", "/orders", &[("Remote-User", "root")]).await;
    assert!(!body.contains("root"), "{body}");

    house.world.set_enabled("gatego", "ada", false).await;
    let (status, _, body) = house.ask("GET", "/orders", &[("authorization", &bearer)]).await;
    assert!(status == 401 && body.contains("inactive-account"), "{status} {body}");
}

#[tokio::test]
async fn nginx_lets_good_tokens_through_with_their_caller_and_nothing_forged() {
    passes_and_refuses(&NGINX).await;
}

#[tokio::test]
async fn caddy_lets_good_tokens_through_with_their_caller_and_nothing_forged() {
    passes_and_refuses(&CADDY).await;
}
