//! Letters by SMTP. A letter is handed to the configured relay while its request waits (or, for a new password, after the
//! answer); keeping it until a relay is back is a mail server's business, and the file outbox serves who has none.

use super::outbox::{Letter, Outbox, Sending};
use crate::config::{MailConfig, MailSecurity};
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::io;
use std::time::Duration;

/// An outbox that hands letters to a mail relay.
#[derive(Clone, Debug)]
pub struct MailOutbox(MailConfig);

/// How long a relay may take for one letter.
const PATIENCE: Duration = Duration::from_secs(20);

impl MailOutbox {
    /// An outbox for that relay, which is asked for the first time with the first letter.
    pub const fn new(config: MailConfig) -> MailOutbox {
        MailOutbox(config)
    }

    async fn deliver(&self, letter: &Letter) -> io::Result<()> {
        let Some(email) = &letter.email else {
            tracing::warn!(realm = letter.realm, kind = letter.kind, "an account without an address gets no letter");
            return Ok(());
        };
        let message = self.message(letter, email).map_err(io::Error::other)?;
        let sent = self.transport().map_err(io::Error::other)?.send(message).await;
        sent.map(|_| ()).map_err(io::Error::other)
    }

    fn message(&self, letter: &Letter, email: &str) -> Result<Message, Box<dyn std::error::Error + Send + Sync>> {
        let text = if letter.kind == "password-reset" { &self.0.password_reset } else { &self.0.validation };
        let name = letter.username.as_deref().unwrap_or(email);
        let body = text.text.replace("{code}", &letter.code).replace("{name}", name);
        // lettre encodes what is no plain text in a header, line ends included.
        let message = Message::builder().from(self.0.from.clone()).to(Mailbox::new(None, email.parse()?));
        Ok(message.subject(text.subject.clone()).header(ContentType::TEXT_PLAIN).body(body)?)
    }

    fn transport(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>, lettre::transport::smtp::Error> {
        let host = self.0.host.as_str();
        let mut builder = match self.0.security {
            MailSecurity::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(host)?,
            MailSecurity::StartTls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host)?,
            MailSecurity::None => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host),
        };
        if let Some(port) = self.0.port {
            builder = builder.port(port);
        }
        if let Some((username, password)) = &self.0.credentials {
            builder = builder.credentials(Credentials::new(username.clone(), password.to_string()));
        }
        Ok(builder.timeout(Some(PATIENCE)).build())
    }
}

impl Outbox for MailOutbox {
    fn send(&self, letter: Letter) -> Sending<'_> {
        Box::pin(async move { self.deliver(&letter).await })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::LetterText;
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    /// A relay that takes one letter; what it heard.
    async fn relay(listener: TcpListener, refuses: bool) -> String {
        let (stream, _) = listener.accept().await.expect("a connection");
        let (read, mut write) = stream.into_split();
        let (mut lines, mut heard, mut in_data) = (BufReader::new(read).lines(), String::new(), false);
        write.write_all(b"220 relay\r\n").await.expect("to be heard");
        while let Ok(Some(line)) = lines.next_line().await {
            heard += &line;
            heard.push('\n');
            let answer = match line.split(' ').next().unwrap_or_default() {
                "." => "250 taken\r\n",
                _ if in_data => continue,
                "DATA" => "354 go on\r\n",
                "QUIT" => "221 bye\r\n",
                "RCPT" if refuses => "550 nobody here\r\n",
                _ => "250 well\r\n",
            };
            in_data = line == "DATA";
            write.write_all(answer.as_bytes()).await.expect("to be heard");
            if line == "QUIT" {
                break;
            }
        }
        heard
    }

    fn letter(email: Option<&str>) -> Letter {
        let (email, username) = (email.map(str::to_owned), Some("nova\r\nBcc: eve@example.com".to_owned()));
        let realm = "gatego".into();
        Letter { kind: "password-reset", at_ms: 7, realm, username, email, phone: None, code: "the-code".into() }
    }

    fn config(port: u16) -> MailConfig {
        let text = |subject: &str| LetterText { subject: subject.into(), text: "Hello {name}: {code}".into() };
        MailConfig {
            host: "127.0.0.1".into(),
            port: Some(port),
            security: MailSecurity::None,
            credentials: None,
            from: "Shop <no-reply@example.com>".parse().expect("an address"),
            validation: text("Confirm"),
            password_reset: text("New password"),
        }
    }

    #[tokio::test]
    async fn a_letter_reaches_the_relay_with_its_code() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let outbox = MailOutbox::new(config(listener.local_addr().expect("an address").port()));
        let heard = tokio::spawn(relay(listener, false));
        outbox.send(letter(Some("nova@example.com"))).await.expect("to be sent");
        drop(outbox);
        let heard = heard.await.expect("a relay");
        for part in ["RCPT TO:<nova@example.com>", "Subject: New password", "From: \"Shop\" <no-reply@example.com>"] {
            assert!(heard.contains(part) || heard.contains(&part.replace('"', "")), "no {part} in {heard}");
        }
        let (head, body) = heard.split_once("\n\n").expect("a body");
        assert!(body.contains("the-code") && !head.contains("eve@example.com"), "{heard}");
    }

    #[tokio::test]
    async fn a_relay_that_refuses_is_a_failure_without_the_code() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let outbox = MailOutbox::new(config(listener.local_addr().expect("an address").port()));
        let _relay = tokio::spawn(relay(listener, true));
        let error = outbox.send(letter(Some("nova@example.com"))).await.expect_err("a refusal");
        assert!(!format!("{error:?}").contains("the-code"), "{error:?}");
    }

    #[tokio::test]
    async fn who_has_no_address_gets_no_letter_and_no_relay_is_asked() {
        let outbox = MailOutbox::new(config(1));
        outbox.send(letter(None)).await.expect("nothing to be done");
    }
}
