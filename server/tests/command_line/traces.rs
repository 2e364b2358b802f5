//! Traces, to a collector that is a socket.

use crate::support::{Deployment, FIVE};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;

/// Takes one request in and answers it; its first line and its body.
fn collected(listener: &TcpListener) -> (String, Vec<u8>) {
    let (mut stream, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first).unwrap();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").unwrap();
    (first, body)
}

#[test]
fn a_requests_trace_reaches_the_collector_with_the_trace_id_of_its_answer_and_no_secret() {
    let collector = TcpListener::bind("127.0.0.1:0").unwrap();
    let traces = format!("[log]\ntraces = \"http://{}\"\n", collector.local_addr().unwrap());
    let here = Deployment::new(&format!("{FIVE}\n{traces}"));
    let server = here.serve();
    let (_, body) = server.ask("GET", "/gatego/me", "not.a.token", "").unwrap();
    let answer: serde_json::Value = serde_json::from_str(&body).unwrap();
    let receiving = std::thread::spawn(move || collected(&collector));
    server.stop("-TERM");
    let (first, body) = receiving.join().unwrap();
    let text = String::from_utf8_lossy(&body);
    assert!(first.starts_with("POST /v1/traces"), "{first}");
    assert!(text.contains(answer["trace_id"].as_str().unwrap()) && text.contains("relatch-server"), "{text}");
    assert!(!text.contains("not.a.token"));
}
