//! Configuration: a TOML file and a few environment variables, read once at start and checked whole. What
//! comes out is ready to use; nothing below it parses text again. All faults are told in one go, each with
//! its key and what was expected, because a deployment that is mended key by key is restarted key by key.
//!
//! The file is read by hand (`reader`) rather than by serde's derive: that stops at the first fault and
//! cannot say under which key a nested one stands.
//!
//! `docs/server.md` documents every key. How to add one: read it where its struct is made, document it there.

mod environment;
mod fault;
mod limits;
mod mail;
mod operations;
mod overlap;
mod reader;
mod realm;
mod secret;

pub use environment::Environment;
pub use fault::{ConfigError, ConfigFault};
pub use mail::{LetterText, MailConfig, MailSecurity};
pub use operations::{AdminConfig, TlsConfig};
pub use realm::{Guard, Origins, RealmConfig};

use crate::keys::MasterKey;
use crate::limits::LimitConfig;
use reader::Reader;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Everything that a deployment chooses.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen (`listen`, `RELATCH_LISTEN`); 127.0.0.1:8787 unless chosen.
    pub listen: SocketAddr,
    /// The SQLite file (`database`, `RELATCH_DATABASE`); `relatch.db` unless chosen.
    pub database: PathBuf,
    /// Where letters to the owners of accounts are left for a mailer (`outbox`, `RELATCH_OUTBOX`); `outbox.jsonl` unless chosen.
    pub outbox: PathBuf,
    /// What is logged (`[log]`).
    pub log: LogConfig,
    /// How many passwords are hashed at once (`[passwords]`).
    pub passwords: PasswordConfig,
    /// The relay that takes letters (`[mail]`); they go to [`outbox`](Self::outbox) where there is none.
    pub mail: Option<MailConfig>,
    /// How many failed logins are borne (`[limits]`).
    pub limits: LimitConfig,
    /// Where operators are answered (`[admin]`); nowhere unless chosen.
    pub admin: Option<AdminConfig>,
    /// Certificate and key (`[tls]`); plain HTTP, for behind a proxy, unless chosen.
    pub tls: Option<TlsConfig>,
    /// The realms (`[[realm]]`), at least one.
    pub realms: Vec<RealmConfig>,
}

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogConfig {
    /// Which events (`log.filter`, `RELATCH_LOG`), in `tracing`'s directive syntax; `info` unless chosen.
    pub filter: String,
    /// One JSON object a line rather than text (`log.format = "json"`, `RELATCH_LOG_FORMAT`).
    pub json: bool,
    /// The OpenTelemetry collector that traces go to (`log.traces`), such as `http://127.0.0.1:4318`; none unless
    /// chosen. Asks for the feature `otlp`.
    pub traces: Option<String>,
}

/// The bounds of the password pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordConfig {
    /// Passwords hashed at once (`passwords.parallel`); as many as the machine has cores unless chosen.
    pub parallel: usize,
    /// Further ones that wait (`passwords.waiting`); beyond, logins are refused for a while. 64 unless chosen.
    pub waiting: usize,
}

impl Default for PasswordConfig {
    fn default() -> PasswordConfig {
        let parallel = std::thread::available_parallelism().map_or(2, usize::from);
        PasswordConfig { parallel, waiting: 64 }
    }
}

impl Config {
    /// Reads and checks a file. Paths in it are relative to its directory.
    ///
    /// # Errors
    /// [`ConfigError`] with every fault that was found.
    pub fn load(file: &Path, environment: &Environment) -> Result<Config, ConfigError> {
        let text = std::fs::read_to_string(file)
            .map_err(|error| ConfigError::new(file, vec![ConfigFault::new("", format!("cannot be read: {error}"))]))?;
        let directory = file.parent().unwrap_or(Path::new(""));
        Config::parse(&text, directory, environment).map_err(|faults| ConfigError::new(file, faults))
    }

    /// Checks a configuration that is at hand as text; `directory` is what its paths are relative to.
    ///
    /// # Errors
    /// Every fault that was found.
    pub fn parse(text: &str, directory: &Path, environment: &Environment) -> Result<Config, Vec<ConfigFault>> {
        let table = text.parse::<toml::Table>().map_err(|error| vec![ConfigFault::syntax(&error, text)])?;
        let mut top = Reader::new(environment.applied_to(table));
        let config = read(&mut top, directory, environment);
        let mut faults = top.finish();
        faults.extend(overlap::faults(&config.realms));
        if faults.is_empty() { Ok(config) } else { Err(faults) }
    }
}

fn read(top: &mut Reader, directory: &Path, environment: &Environment) -> Config {
    let listen = top.parsed("listen", "an address and port such as 127.0.0.1:8787");
    let database = top.string("database").unwrap_or_else(|| "relatch.db".into());
    let outbox = top.string("outbox").unwrap_or_else(|| "outbox.jsonl".into());
    let master_key = secret::master(top, directory, environment);
    Config {
        listen: listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8787))),
        database: database_path(top, &database, directory, environment),
        outbox: file("RELATCH_OUTBOX", &outbox, directory, environment),
        log: top.section("log", log).unwrap_or_else(|| LogConfig { filter: "info".into(), json: false, traces: None }),
        passwords: top.section("passwords", passwords).unwrap_or_default(),
        mail: top.section("mail", |it| mail::read(it, directory, environment)).flatten(),
        limits: top.section("limits", limits::read).unwrap_or_default(),
        admin: top.section("admin", |it| operations::admin(it, directory, environment)).flatten(),
        tls: top.section("tls", |it| operations::tls(it, directory)).flatten(),
        realms: sealed(realms(top, directory, environment), master_key.as_ref()),
    }
}

fn sealed(realms: Vec<RealmConfig>, master_key: Option<&MasterKey>) -> Vec<RealmConfig> {
    realms.into_iter().map(|realm| RealmConfig { master_key: master_key.cloned(), ..realm }).collect()
}

fn database_path(top: &mut Reader, database: &str, directory: &Path, environment: &Environment) -> PathBuf {
    let path = database.strip_prefix("sqlite:").unwrap_or(database);
    if path.is_empty() || path.contains("://") || path == ":memory:" {
        top.fault("database", "expected the path of an SQLite file, such as relatch.db");
    }
    file("RELATCH_DATABASE", path, directory, environment)
}

/// A path that this variable may have set: what the shell says is relative to where the shell stands.
fn file(variable: &str, path: &str, directory: &Path, environment: &Environment) -> PathBuf {
    if environment.get(variable).is_some() { path.into() } else { directory.join(path) }
}

fn log(section: &mut Reader) -> LogConfig {
    let filter = section.string("filter").unwrap_or_else(|| "info".into());
    if let Err(error) = tracing_subscriber::EnvFilter::try_new(&filter) {
        section.fault("filter", &format!("is no list of log directives: {error}"));
    }
    let json = section.one_of("format", &["text", "json"]).is_some_and(|it| it == "json");
    LogConfig { filter, json, traces: operations::traces(section) }
}

fn passwords(section: &mut Reader) -> PasswordConfig {
    let usual = PasswordConfig::default();
    PasswordConfig {
        parallel: section.integer("parallel", 1, 1024).map_or(usual.parallel, |it| it as usize),
        waiting: section.integer("waiting", 0, 100_000).map_or(usual.waiting, |it| it as usize),
    }
}

fn realms(top: &mut Reader, directory: &Path, environment: &Environment) -> Vec<RealmConfig> {
    let realms = top.sections("realm", |section| realm::read(section, directory, environment));
    if realms.is_none() {
        top.fault("realm", "expected at least one [[realm]]");
    }
    realms.unwrap_or_default().into_iter().flatten().collect()
}
