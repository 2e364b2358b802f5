//! Letters by SMTP over TLS, to a relay that the test runs.

use crate::support::{Deployment, FIVE, Running};
use rcgen::{CertifiedKey, KeyPair};
use serde_json::{Value as Json, json};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

const HOST: &str = "localhost";
const PASSWORD: &str = "the relay's secret";

/// When a relay begins to speak TLS.
#[derive(Clone, Copy)]
enum Security {
    /// From the first byte.
    Tls,
    /// When it is asked to, after a few words in the open.
    StartTls,
    /// Never, whoever asks.
    Refused,
}

impl Security {
    const fn name(self) -> &'static str {
        if matches!(self, Security::Tls) { "tls" } else { "starttls" }
    }
}

/// What a relay heard on one connection, and in which state.
#[derive(Debug, Default)]
struct Heard {
    open: String,
    sealed: String,
}

/// A relay that takes letters, one connection after the other, and tells of each. The thread ends with the test.
struct Relay {
    port: u16,
    heard: Receiver<Heard>,
}

impl Relay {
    fn start(security: Security, made: &CertifiedKey<KeyPair>) -> Relay {
        let listener = TcpListener::bind((HOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (config, (tell, heard)) = (Arc::new(served_with(made)), channel());
        std::thread::spawn(move || listen(&listener, security, &config, &tell));
        Relay { port, heard }
    }

    fn next(&self) -> Heard {
        self.heard.recv().unwrap()
    }
}

fn listen(listener: &TcpListener, security: Security, config: &Arc<ServerConfig>, tell: &Sender<Heard>) {
    for stream in listener.incoming().map_while(Result::ok) {
        let mut heard = Heard::default();
        // A client that does not trust the certificate hangs up: that is what it was meant to do.
        let _ = converse(stream, security, config, &mut heard);
        if tell.send(heard).is_err() {
            return;
        }
    }
}

fn converse(
    mut stream: TcpStream,
    security: Security,
    config: &Arc<ServerConfig>,
    heard: &mut Heard,
) -> std::io::Result<()> {
    if !matches!(security, Security::Tls) {
        stream.write_all(b"220 relay\r\n")?;
        if !speak(&mut stream, security, &mut heard.open)? {
            return Ok(());
        }
    }
    let connection = ServerConnection::new(config.clone()).map_err(std::io::Error::other)?;
    let mut sealed = StreamOwned::new(connection, stream);
    if matches!(security, Security::Tls) {
        sealed.write_all(b"220 relay\r\n")?;
    }
    speak(&mut sealed, Security::Tls, &mut heard.sealed).map(drop)
}

/// Answers to commands (RFC 5321) until the other side leaves, or, which it returns, wants TLS (RFC 3207).
fn speak(stream: &mut (impl Read + Write), security: Security, heard: &mut String) -> std::io::Result<bool> {
    let mut in_data = false;
    loop {
        let line = line(stream)?;
        *heard += &line;
        let command = line.trim_end();
        let answer = match command.split(' ').next().unwrap_or_default() {
            "." => "250 taken\r\n",
            _ if in_data => continue,
            "EHLO" if matches!(security, Security::StartTls) => "250-relay\r\n250 STARTTLS\r\n",
            "EHLO" if matches!(security, Security::Tls) => "250-relay\r\n250 AUTH PLAIN\r\n",
            "AUTH" => "235 welcome\r\n",
            "DATA" => "354 go on\r\n",
            "STARTTLS" => "220 go on\r\n",
            "QUIT" => "221 bye\r\n",
            _ => "250 well\r\n",
        };
        in_data = command == "DATA";
        stream.write_all(answer.as_bytes())?;
        stream.flush()?;
        match command {
            "STARTTLS" => return Ok(true),
            "QUIT" => return Ok(false),
            _ => {}
        }
    }
}

/// Byte by byte: whatever follows STARTTLS belongs to TLS.
fn line(stream: &mut impl Read) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    BufReader::with_capacity(1, stream).read_until(b'\n', &mut bytes)?;
    if bytes.is_empty() {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn certificate(name: &str) -> CertifiedKey<KeyPair> {
    rcgen::generate_simple_self_signed(vec![name.into()]).unwrap()
}

fn served_with(made: &CertifiedKey<KeyPair>) -> ServerConfig {
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let builder = ServerConfig::builder_with_provider(default_provider().into()).with_safe_default_protocol_versions();
    builder.unwrap().with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap()
}

/// A server whose letters go to that relay, on a machine that trusts this certificate and no other; `nova` has to be
/// validated.
fn serve(relay: &Relay, security: Security, trusted: &CertifiedKey<KeyPair>) -> (Deployment, Running) {
    let (port, name) = (relay.port, security.name());
    let mail = format!(
        "[mail]\nhost = \"{HOST}\"\nport = {port}\nsecurity = \"{name}\"\nusername = \"shop\"\n\
         password = \"{PASSWORD}\"\nfrom = \"Shop <no-reply@example.com>\"\n"
    );
    let here = Deployment::new(&format!("{FIVE}\n{mail}"));
    let roots = here.path("roots.pem");
    std::fs::write(&roots, trusted.cert.pem()).unwrap();
    here.add("gatego", &["--username", "nova", "--email", "nova@example.com", "--not-validated"]);
    let server = here.serve_with(&[("SSL_CERT_FILE", roots.to_str().unwrap())]);
    (here, server)
}

/// Asks for nova's letter, as she does who has just been told that her account is not validated; the status.
fn ask_for_letter(server: &Running) -> u16 {
    let login = json!({ "username": "nova", "password": "correct horse 9" });
    let (_, body) = server.ask("POST", "/gatego/auth/login", "", &login.to_string()).unwrap();
    let body: Json = serde_json::from_str(&body).unwrap();
    let ask = json!({ "resend_code": body["extra_attributes"]["resend_code"] });
    server.ask("POST", "/gatego/api/public/account/validate/resend", "", &ask.to_string()).unwrap().0
}

fn validate(server: &Running, code: &str) -> u16 {
    let body = json!({ "code": code, "password": "correct horse 9" }).to_string();
    server.ask("POST", "/gatego/api/public/account/validate", "", &body).unwrap().0
}

/// The code in a letter: the one line of it that is a code and nothing else.
fn code_in(letter: &str) -> &str {
    let (_, body) = letter.split_once("\r\n\r\n").unwrap();
    let mut lines = body.lines().filter(|line| line.len() > 20 && !line.contains(' '));
    lines.next().unwrap_or_else(|| panic!("no code in {letter}"))
}

fn a_code_arrives_that_validates(security: Security) {
    let made = certificate(HOST);
    let relay = Relay::start(security, &made);
    let (_here, server) = serve(&relay, security, &made);
    assert_eq!(ask_for_letter(&server), 204);
    let Heard { open, sealed } = relay.next();
    assert!(sealed.contains("RCPT TO:<nova@example.com>") && sealed.contains("AUTH PLAIN"), "{sealed}");
    assert!(!open.contains("nova") && !open.contains("AUTH"), "{open}");
    assert_eq!(validate(&server, code_in(&sealed)), 200);
    assert!(!server.stop("-TERM").1.contains(code_in(&sealed)));
}

#[test]
fn a_validation_code_arrives_by_tls_from_the_first_byte() {
    a_code_arrives_that_validates(Security::Tls);
}

#[test]
fn a_validation_code_arrives_by_starttls_and_nothing_of_it_in_the_open() {
    a_code_arrives_that_validates(Security::StartTls);
}

/// Nothing was sent, the person is told that it failed, the operator why.
fn nothing_is_sent(security: Security, presented: &CertifiedKey<KeyPair>, trusted: &CertifiedKey<KeyPair>, why: &str) {
    let relay = Relay::start(security, presented);
    let (_here, server) = serve(&relay, security, trusted);
    assert_eq!(ask_for_letter(&server), 500);
    let Heard { open, sealed } = relay.next();
    assert!(sealed.is_empty() && !open.contains("nova") && !open.contains("AUTH"), "{open}{sealed}");
    let (_, log) = server.stop("-TERM");
    assert!(log.contains("a letter could not be put into the outbox") && log.contains(why), "{log}");
    assert!(!log.contains(PASSWORD), "{log}");
}

#[test]
fn a_relay_with_a_certificate_that_nobody_vouches_for_gets_neither_letter_nor_password() {
    for security in [Security::Tls, Security::StartTls] {
        nothing_is_sent(security, &certificate(HOST), &certificate(HOST), "invalid peer certificate");
    }
}

#[test]
fn a_relay_with_the_certificate_of_another_name_gets_neither_letter_nor_password() {
    let other = certificate("other.example.com");
    nothing_is_sent(Security::StartTls, &other, &other, "not valid for name");
}

#[test]
fn a_relay_without_starttls_gets_neither_letter_nor_password() {
    let made = certificate(HOST);
    nothing_is_sent(Security::Refused, &made, &made, "STARTTLS");
}

#[test]
fn a_letter_that_could_not_be_sent_is_sent_when_it_is_asked_for_again() {
    let made = certificate(HOST);
    let (wrong, right) = (Relay::start(Security::Tls, &certificate(HOST)), Relay::start(Security::Tls, &made));
    let (here, server) = serve(&wrong, Security::Tls, &made);
    assert_eq!(ask_for_letter(&server), 500);
    assert_eq!(server.stop("-TERM").0, Some(0));
    let file = here.path("relatch.toml");
    let port = |relay: &Relay| format!("port = {}\n", relay.port);
    let mended = std::fs::read_to_string(&file).unwrap().replace(&port(&wrong), &port(&right));
    std::fs::write(&file, mended).unwrap();
    let server = here.serve_with(&[("SSL_CERT_FILE", here.path("roots.pem").to_str().unwrap())]);
    assert_eq!(ask_for_letter(&server), 204);
    assert_eq!(validate(&server, code_in(&right.next().sealed)), 200);
}

/// Its answer comes before anything is looked up, so that the log alone can tell how it went.
#[test]
fn a_letter_for_a_new_password_is_finished_before_the_server_stops_and_its_failure_told_with_its_cause() {
    let relay = Relay::start(Security::StartTls, &certificate(HOST));
    let (here, server) = serve(&relay, Security::StartTls, &certificate(HOST));
    drop(server);
    let gatego = include_str!("../../../dialects/documents/gatego.json");
    let ask = r#""operations": { "request-password-reset": { "request": { "method": "POST", "path": "/forgotten",
        "json": { "who": "{identifier}" } }, "answers": [{ "status": 204, "means": "done" }] }, "#;
    std::fs::write(here.path("shop.json"), gatego.replacen("\"operations\": {", ask, 1)).unwrap();
    let file = here.path("relatch.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, config.replace("\"gatego\"", "\"shop.json\"")).unwrap();
    let server = here.serve_with(&[("SSL_CERT_FILE", here.path("roots.pem").to_str().unwrap())]);
    assert_eq!(server.ask("POST", "/gatego/forgotten", "", r#"{ "who": "nova" }"#).unwrap().0, 204);
    let (_, log) = server.stop("-TERM");
    assert!(log.contains("a letter for a new password could not be sent"), "{log}");
    assert!(log.contains("invalid peer certificate"), "{log}");
}
