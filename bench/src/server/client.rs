//! A client that costs next to nothing, so that what is measured is the other end: HTTP/1.1 on one connection, answers
//! with `Content-Length` only.

use anyhow::{Context, bail};
use serde_json::Value;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection that is kept.
#[derive(Debug)]
pub(super) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    pub(super) async fn connect(address: SocketAddr) -> anyhow::Result<Client> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Client { stream, buffer: Vec::with_capacity(8192) })
    }

    /// The body of an answer that has to be JSON.
    pub(super) async fn json(&mut self, method: &str, path: &str, token: &str, body: &str) -> anyhow::Result<Value> {
        Ok(serde_json::from_slice(self.ask(method, path, token, body).await?)?)
    }

    /// The body of an answer that has to be a 200.
    pub(super) async fn ask(&mut self, method: &str, path: &str, token: &str, body: &str) -> anyhow::Result<&[u8]> {
        let authorization = if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
        match self.exchange(method, path, &authorization, body).await? {
            (200, body) => Ok(body),
            (status, _) => bail!("{method} {path}: {status}"),
        }
    }

    /// The status and the body of whatever is answered. `headers` are whole lines, each with its end.
    pub(super) async fn exchange(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> anyhow::Result<(u16, &[u8])> {
        let json = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
        let length = body.len();
        let request =
            format!("{method} {path} HTTP/1.1\r\nhost: bench\r\n{headers}{json}content-length: {length}\r\n\r\n{body}");
        self.stream.write_all(request.as_bytes()).await?;
        self.buffer.clear();
        let head = loop {
            self.fill().await?;
            if let Some(end) = self.buffer.windows(4).position(|it| it == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = std::str::from_utf8(self.buffer.get(..head).unwrap_or_default())?;
        let status = text.strip_prefix("HTTP/1.1 ").and_then(|it| it.get(..3)).context("no status")?.parse()?;
        let length = text.lines().find_map(|it| it.strip_prefix("content-length: ")).context("no content-length")?;
        let end = head + length.parse::<usize>()?;
        while self.buffer.len() < end {
            self.fill().await?;
        }
        Ok((status, self.buffer.get(head..end).context("too little")?))
    }

    async fn fill(&mut self) -> anyhow::Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the connection was closed");
        }
        Ok(())
    }
}
