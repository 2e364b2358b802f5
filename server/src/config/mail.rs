//! `[mail]`: the relay that takes letters, and what is in them.

use super::reader::Reader;
use super::{Environment, secret};
use lettre::message::Mailbox;
use std::fmt;
use std::path::Path;
use zeroize::Zeroizing;

/// A mail relay and the letters that it gets.
#[derive(Clone)]
pub struct MailConfig {
    /// Its name (`mail.host`), which its certificate has to bear.
    pub host: String,
    /// Its port (`mail.port`); 587, 465 for `tls`, and 25 without either, unless chosen.
    pub port: Option<u16>,
    /// How the connection is protected (`mail.security`).
    pub security: MailSecurity,
    /// Name and password (`mail.username`, and `mail.password`, `mail.password_file` or `mail.password_env`).
    pub credentials: Option<(String, Zeroizing<String>)>,
    /// Whom letters come from (`mail.from`).
    pub from: Mailbox,
    /// The letter with a validation code (`mail.validation`).
    pub validation: LetterText,
    /// The letter with a code for a new password (`mail.password_reset`).
    pub password_reset: LetterText,
}

/// How the connection to a relay is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailSecurity {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// STARTTLS, or nothing is sent.
    StartTls,
    /// Nothing: for a relay on the same machine.
    None,
}

/// The words of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterText {
    /// Its subject.
    pub subject: String,
    /// Its text, in which `{code}` and `{name}` are filled in.
    pub text: String,
}

const VALIDATION: (&str, &str) = (
    "Please confirm your address",
    "Hello {name},\n\nplease confirm this address with the following code. It is good for a day.\n\n{code}\n\n\
     If you have no account with us, nothing needs to be done.\n",
);

const PASSWORD_RESET: (&str, &str) = (
    "A new password",
    "Hello {name},\n\nsomebody, you we hope, asked for a new password. This code is good for an hour, once.\n\n{code}\n\n\
     If it was not you, nothing needs to be done: your password is as it was.\n",
);

pub(super) fn read(section: &mut Reader, directory: &Path, environment: &Environment) -> Option<MailConfig> {
    let host = section.required("host");
    let port = section.integer("port", 1, 65_535).map(|it| it as u16);
    let security = match section.one_of("security", &["starttls", "tls", "none"]).as_deref() {
        Some("tls") => MailSecurity::Tls,
        Some("none") => MailSecurity::None,
        _ => MailSecurity::StartTls,
    };
    let credentials = credentials(section, security, directory, environment);
    let from = section.required("from");
    let from = from.and_then(|it| {
        let parsed = it.parse().ok();
        if parsed.is_none() {
            section.fault("from", &format!("expected an address such as \"Shop <no-reply@example.com>\", got {it:?}"));
        }
        parsed
    });
    let validation = section.section("validation", |it| letter(it, VALIDATION)).unwrap_or_else(|| usual(VALIDATION));
    let password_reset =
        section.section("password_reset", |it| letter(it, PASSWORD_RESET)).unwrap_or_else(|| usual(PASSWORD_RESET));
    Some(MailConfig { host: host?, port, security, credentials, from: from?, validation, password_reset })
}

fn credentials(
    section: &mut Reader,
    security: MailSecurity,
    directory: &Path,
    environment: &Environment,
) -> Option<(String, Zeroizing<String>)> {
    let username = section.string("username");
    let given = [("password", "secret"), ("password_file", "secret_file"), ("password_env", "secret_env")];
    let given = given.map(|(key, how)| (key, how, section.string(key).map(Zeroizing::new)));
    let mut named = given.into_iter().filter_map(|(key, how, text)| Some((key, how, text?)));
    match (username, named.next(), named.next()) {
        (None, None, _) => None,
        (Some(username), Some((key, how, text)), None) => {
            if security == MailSecurity::None {
                section.fault("security", "expected starttls or tls: without, the password could be read on its way");
            }
            let password = secret::resolve(how, &text, directory, environment)
                .and_then(|it| String::from_utf8(it.to_vec()).map_err(|_| "expected text in UTF-8".into()));
            password.map_err(|reason| section.fault(key, &reason)).ok().map(|it| (username, Zeroizing::new(it)))
        }
        (Some(_), None, _) => {
            section.fault("username", "expected a password beside it: password, password_file or password_env");
            None
        }
        (_, Some((key, ..)), _) => {
            section.fault(key, "expected a username beside it, and one password from one place");
            None
        }
    }
}

fn letter(section: &mut Reader, usual: (&str, &str)) -> LetterText {
    let subject = section.string("subject").unwrap_or_else(|| usual.0.into());
    let text = section.string("text").unwrap_or_else(|| usual.1.into());
    if !text.contains("{code}") {
        section.fault("text", "expected {code} somewhere in it");
    }
    LetterText { subject, text }
}

fn usual((subject, text): (&str, &str)) -> LetterText {
    LetterText { subject: subject.into(), text: text.into() }
}

// Deliberately not derived: the password.
impl fmt::Debug for MailConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailConfig").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}
