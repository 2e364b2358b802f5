//! A server of one connection after the other, which answers by a function.

use relatch::dialects::{Dialect, Value};
use relatch::{Builder, Client};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came.
#[derive(Clone)]
pub(crate) struct Came {
    /// Method and target: `POST /login?a=b`.
    pub(crate) line: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Came {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What is answered: a status, headers as they stand on the wire, a body.
pub(crate) type Said = (u16, &'static str, String);

pub(crate) fn json(status: u16, body: serde_json::Value) -> Said {
    (status, "content-type: application/json\r\n", body.to_string())
}

pub(crate) struct Api {
    pub(crate) url: String,
    came: Arc<Mutex<Vec<Came>>>,
}

impl Api {
    pub(crate) async fn open(answer: impl Fn(&Came) -> Said + Send + 'static) -> Api {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/api", listener.local_addr().unwrap());
        let came = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&came);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let Some(request) = read(&mut stream).await else { continue };
                let said = answer(&request);
                seen.lock().unwrap().push(request);
                let _ = stream.write_all(&written(&said)).await;
            }
        });
        Api { url, came }
    }

    /// What came, the first to the last.
    pub(crate) fn came(&self) -> Vec<Came> {
        self.came.lock().unwrap().clone()
    }

    pub(crate) fn last(&self) -> Came {
        self.came().pop().expect("a request")
    }

    pub(crate) fn builder(&self, document: &serde_json::Value) -> Builder {
        let dialect = Dialect::load(&Value::from(document)).unwrap_or_else(|fault| panic!("{fault}"));
        Client::builder(dialect, &self.url)
    }

    pub(crate) fn client(&self, document: &serde_json::Value) -> Client {
        self.builder(document).build().unwrap()
    }
}

fn written((status, headers, body): &Said) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} -\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}").into_bytes()
}

async fn read(stream: &mut TcpStream) -> Option<Came> {
    let mut bytes = Vec::new();
    loop {
        if let Some(came) = parsed(&bytes) {
            return Some(came);
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

/// The request, if it is there to its end.
fn parsed(bytes: &[u8]) -> Option<Came> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    let line = lines.next()?.strip_suffix(" HTTP/1.1")?.replacen("/api", "", 1);
    let headers = lines.filter_map(|it| it.split_once(": ")).map(|(name, value)| (name.into(), value.into()));
    let came = Came { line, headers: headers.collect(), body: body.into() };
    let length = came.header("content-length").map_or(0, |it| it.parse().expect("a length"));
    (body.len() == length).then_some(came)
}
