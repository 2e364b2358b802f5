//! A server that answers what it is told to, however odd.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

/// A request as it came: its first line, its headers, its body.
pub(crate) struct Asked {
    pub(crate) line: String,
    pub(crate) headers: String,
    pub(crate) body: String,
}

/// Starts one; it ends with the test's process. The answer is a status line's rest, headers and a body.
pub(crate) fn serve(answer: impl Fn(&Asked) -> String + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // One that breaks is the client's to notice.
            let _ = converse(stream, &answer);
        }
    });
    url
}

fn converse(mut stream: TcpStream, answer: &impl Fn(&Asked) -> String) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut line, mut headers) = (String::new(), String::new());
    reader.read_line(&mut line)?;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        if header.trim().is_empty() {
            break;
        }
        headers.push_str(&header.to_lowercase());
    }
    let length =
        headers.lines().find_map(|it| it.strip_prefix("content-length:")).and_then(|it| it.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8_lossy(&body).into_owned();
    let text = answer(&Asked { line: line.trim().into(), headers, body });
    stream.write_all(text.as_bytes())
}

/// An answer with a body of JSON.
pub(crate) fn json(status: u16, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} x\r\nContent-Type: application/json\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
