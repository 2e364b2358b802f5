//! TLS by files.

use crate::support::{Deployment, FIVE};
use rcgen::{CertifiedKey, KeyPair};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

fn certificate() -> CertifiedKey<KeyPair> {
    rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap()
}

fn write(here: &Deployment, made: &CertifiedKey<KeyPair>) {
    std::fs::write(here.path("key.pem"), made.signing_key.serialize_pem()).unwrap();
    std::fs::write(here.path("cert.pem"), made.cert.pem()).unwrap();
}

fn configured() -> String {
    format!("{FIVE}\n[tls]\ncertificate = \"cert.pem\"\nkey = \"key.pem\"\n")
}

/// The answer to a request over TLS, by a client that trusts this certificate and no other.
async fn ask(address: &str, trusted: &CertifiedKey<KeyPair>) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.cert.der().clone()).unwrap();
    let builder = ClientConfig::builder_with_provider(default_provider().into()).with_safe_default_protocol_versions();
    let config = builder.unwrap().with_root_certificates(roots).with_no_client_auth();
    let stream = TcpStream::connect(address).await?;
    let mut stream = TlsConnector::from(Arc::new(config)).connect("localhost".try_into().unwrap(), stream).await?;
    stream.write_all(b"GET /stockapi/me HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_a_certificate_speaks_tls_and_takes_a_renewed_one_without_a_restart() {
    let (old, new) = (certificate(), certificate());
    let here = Deployment::new(&configured());
    write(&here, &old);
    let server = here.serve();
    let answer = ask(server.address(), &old).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("strict-transport-security: max-age="), "{answer}");
    assert!(ask(server.address(), &new).await.is_err());

    // Half an exchange: the new key with the old certificate fits nothing.
    std::fs::write(here.path("key.pem"), new.signing_key.serialize_pem()).unwrap();
    assert!(ask(server.address(), &old).await.is_ok());
    write(&here, &new);
    while ask(server.address(), &new).await.is_err() {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let (code, log) = server.stop("-TERM");
    assert!(code == Some(0) && log.contains("the TLS certificate was read again"), "{log}");
    assert!(!log.contains("PRIVATE KEY"));
}

#[test]
fn a_certificate_that_cannot_be_used_is_told_at_start() {
    let here = Deployment::new(&configured());
    let refused = here.run(&["serve"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("cert.pem: No such file"), "{}", refused.err);

    let (one, other) = (certificate(), certificate());
    std::fs::write(here.path("cert.pem"), one.cert.pem()).unwrap();
    std::fs::write(here.path("key.pem"), other.signing_key.serialize_pem()).unwrap();
    let refused = here.run(&["serve"]);
    assert!(refused.code == Some(1) && refused.err.contains("are no certificate with its key"), "{}", refused.err);
    assert!(!refused.err.contains("PRIVATE"), "{}", refused.err);

    let without = format!("{FIVE}\n[tls]\ncertificate = \"cert.pem\"\n");
    let refused = Deployment::new(&without).run(&["check-config"]);
    assert!(refused.code == Some(2) && refused.err.contains("tls.key: is missing"), "{}", refused.err);
}
