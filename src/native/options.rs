//! What a program chooses about its client.

use super::engine::Engine;
use super::wire::Wire;
use super::{Client, Error, MemoryStore, Store, lifetime};
use crate::driver::{Driver, Home};
use relatch_dialects::codec::Seen;
use relatch_dialects::{Dialect, Value, Values};
use relatch_session::{Event, Options};
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

pub(super) type LoginRequired = dyn Fn(Event) -> Pin<Box<dyn Future<Output = Option<Values>> + Send>> + Send + Sync;

/// A function of the program's own that a dialect names (`$plugin`), for what no template can say: signatures, key derivations. It gets
/// the members beside its name, and in `attach` the request that is about to be sent; what it returns stands in their place. It runs on a
/// thread of the runtime.
///
/// An error keeps the request from being sent; whoever waits for it gets `plugin-failed`.
pub type Plugin = dyn Fn(&Values, Option<&Seen<'_>>) -> Result<Value, String> + Send + Sync;

/// Builds a [`Client`]. See [`Client::builder`].
pub struct Builder {
    dialect: Dialect,
    base_url: String,
    options: Options,
    store: Arc<dyn Store>,
    login_required: Option<Box<LoginRequired>>,
    http: Option<reqwest::Client>,
    plugins: HashMap<String, Box<Plugin>>,
}

impl Builder {
    pub(super) fn new(dialect: Dialect, base_url: &str) -> Builder {
        let options = Options::new(dialect.renewal(), dialect.is_attached("logout").is_some());
        let store = Arc::new(MemoryStore::default());
        let plugins = HashMap::new();
        Builder { dialect, base_url: base_url.into(), options, store, login_required: None, http: None, plugins }
    }

    /// Where the session is kept; in memory if nothing is said. Cookies, of an API that has its sessions in them, are kept in memory
    /// in any case, until the last clone of the client is dropped.
    #[must_use]
    pub fn store(mut self, store: impl Store + 'static) -> Builder {
        self.store = Arc::new(store);
        self
    }

    /// Keeps the credentials of a login in memory, to log in with them again where the API has no other renewal. Off if
    /// nothing is said. They are never stored, and wiped on log-out.
    #[must_use]
    pub const fn keep_credentials(mut self) -> Builder {
        self.options.keep_credentials = true;
        self
    }

    /// Called when only a person can go on: it returns `identifier` and `password`, or `None` to sign out. Calls wait
    /// meanwhile.
    #[must_use]
    pub fn on_login_required<F, Fut>(mut self, ask: F) -> Builder
    where
        F: Fn(Event) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Option<Values>> + Send + 'static,
    {
        self.login_required = Some(Box::new(move |why| Box::pin(ask(why))));
        self.options.asks_login = true;
        self
    }

    /// How long a request of the session's own may take; 15 seconds if nothing is said.
    #[must_use]
    pub fn request_deadline(mut self, deadline: Duration) -> Builder {
        self.options.request_deadline_ms = u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX);
        self
    }

    /// Gives the dialect a function that it names: see [`Plugin`].
    #[must_use]
    pub fn plugin<F>(mut self, name: &str, function: F) -> Builder
    where
        F: Fn(&Values, Option<&Seen<'_>>) -> Result<Value, String> + Send + Sync + 'static,
    {
        self.plugins.insert(name.into(), Box::new(function));
        self
    }

    /// The HTTP client to use: for proxies, certificates, connection limits. It must not follow redirects, or tokens
    /// may follow them too.
    #[must_use]
    pub fn http(mut self, http: reqwest::Client) -> Builder {
        self.http = Some(http);
        self
    }

    /// Starts the client. It runs on the tokio runtime that this is called on, until the last clone is dropped.
    ///
    /// # Errors
    /// `invalid-argument` if the base URL is not an absolute `http` or `https` URL without query and user name, or if the
    /// HTTP client cannot be made.
    pub fn build(self) -> Result<Client, Error> {
        let home = Home::parse(&self.base_url).map_err(|fault| Error::argument("base_url", fault.reason()))?;
        let http = match self.http {
            Some(http) => http,
            None => reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .map_err(|error| Error::argument("http", &error.to_string()))?,
        };
        let url = reqwest::Url::parse(home.as_str()).map_err(|_| Error::argument("base_url", "expected a URL"))?;
        let wire = Arc::new(Wire::new(self.dialect.clone(), http, self.plugins, url));
        let driver = Driver::new(self.dialect, home.clone(), self.options, lifetime::lifetime);
        let (inbox, snapshots, events) = Engine::start(driver, self.store, self.login_required, Arc::clone(&wire));
        Ok(Client::new(inbox, snapshots, events, wire, home))
    }
}

pub(super) fn parse_json(text: &[u8]) -> Option<Value> {
    let json: serde_json::Value = serde_json::from_slice(text).ok()?;
    Some(Value::from(&json))
}
