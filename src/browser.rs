//! The host for everything that speaks JavaScript: pages, workers, servers. It obeys the session and decides nothing.
//!
//! Callback style and no futures, so that no async runtime is linked: what takes its time is begun in `runtime.js`, which tells
//! what has come of it through one closure. There is one queue, so that whatever calls back into the host while it works is
//! served afterwards. Plain loops stand where iterator chains would read better: each chain is compiled anew, for 200 to 400
//! bytes of wasm.
//!
//! A Rust front end implements [`App`] and holds a [`Browser`]. The npm package does the same in `npm.rs`.
//!
//! What goes over the wire here is JSON, forms, queries, headers and cookies. Functions, texts, XML and multipart are done by a chunk of the
//! npm package that a Rust front end does not bring along: documents that have them are for the package, or for the native client.

mod heard;
mod host;
mod js;
pub mod json;
pub(crate) mod message;
mod store;

pub use store::Store;

use crate::driver::{Attached, Driver, Home};
use host::Host;
pub(crate) use host::Obey;
use message::{Message, Parts};
use relatch_dialects::{Answer, Dialect, Meaning, Renewal, Value, Values};
use relatch_session::{CallId, Event, Failure, Grant, Input, Options, Outcome, Snapshot};
use std::cell::Ref;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// A session in a JavaScript program. Clones are the same session.
#[derive(Clone)]
pub struct Browser(Rc<Host>);

/// What the app gives to the host.
pub struct Platform {
    /// The global object, `globalThis`.
    pub global: JsValue,
    /// The platform's `fetch`, or a function of the app's own in its place, which has to obey its `signal`: that is how requests
    /// end that nobody answers.
    pub fetch: JsValue,
    /// Where the record is kept.
    pub store: Store,
    /// Names the record, the lock and the channel: the same for all tabs with this session and for nothing else.
    pub key: String,
    /// Whether other tabs read the same store. If so, the host takes locks and listens to a channel.
    pub shared: bool,
}

impl Platform {
    /// A page's own: its `fetch` and its IndexedDB, shared by the tabs of the origin. `None` outside of a window, or where
    /// the page may not look at its storage.
    pub fn of_page(key: &str) -> Option<Platform> {
        let window = web_sys::window()?;
        window.local_storage().ok()??;
        let global = JsValue::from(window);
        Some(Platform {
            fetch: js::get(&global, "fetch"),
            global,
            store: Store::local(),
            key: key.into(),
            shared: true,
        })
    }
}

/// The program around the session. Its methods are called while the host works: what they ask of the session is done
/// right after.
pub trait App {
    /// A call is answered. For one that may be sent, what is to go along with it.
    fn settled(&self, call: CallId, result: Result<&Outcome, &Failure>, attached: Attached);

    /// Something changed. While somebody is signed in, there is a grant and what goes along with a call made right now.
    fn changed(&self, event: Event, snapshot: &Snapshot, granted: Option<(Box<Grant>, Attached)>);

    /// Credentials are wanted: answer with [`Input::LoginSupplied`].
    fn login_required(&self, why: Event);

    /// A request of the session's own was answered: its operation, the HTTP status (0 without an answer), and what it
    /// meant or how it failed. For logs; nothing in it is secret.
    fn exchanged(&self, operation: &str, status: u16, code: &str);
}

impl Browser {
    /// A session, started: the store is being read when this returns. `None` for a document that needs a codec, which there is none of here:
    /// what its functions should have hashed would be sent as it is.
    pub fn start(
        dialect: Dialect,
        home: Home,
        options: Options,
        platform: Platform,
        app: Box<dyn App>,
    ) -> Option<Browser> {
        if dialect.needs_codec() {
            return None;
        }
        let Platform { global, fetch, store, key, shared } = platform;
        let runtime = js::new(&global, &fetch, &store.0, &key, shared);
        let obeying = runtime.clone();
        let obey = Box::new(move |command, message: &str| obeying.obey(command, message));
        let browser = Browser::on(obey, Driver::new(dialect, home, options, lifetime_ms), app);
        let hearing = browser.clone();
        runtime.listen(&js::closure(Box::new(move |message| hearing.heard(&mut Parts::of(message)))));
        browser.feed(Input::Start);
        Some(browser)
    }

    /// The same on a runtime that is there already, not started yet.
    pub(crate) fn on(obey: Obey, driver: Driver, app: Box<dyn App>) -> Browser {
        Browser(Rc::new(Host::new(driver, obey, app)))
    }

    /// What the runtime tells.
    pub(crate) fn heard(&self, told: &mut Parts) {
        self.0.heard(told);
    }

    /// Asks something of the session, or tells it what the app knows.
    pub fn feed(&self, input: Input) {
        self.0.feed(input);
    }

    /// The driver, to look at. Not to be kept: the session cannot go on meanwhile.
    pub fn driver(&self) -> Ref<'_, Driver> {
        self.0.driver()
    }

    /// What the answer to an ordinary call means to the session, its body being a text; `None` for one that does not concern it.
    pub fn judge(&self, status: u16, body: &JsValue) -> Option<Meaning> {
        self.driver().judge(&Answer::json(status, json::parse(body)))
    }

    /// Whether the token has ended by this machine's clocks. A call that got no answer at all counts as refused then.
    pub fn is_expired(&self) -> bool {
        self.driver().session().is_expired(self.0.now())
    }

    /// Stops everything: timers, listeners, requests. Nothing is settled after this.
    pub fn stop(&self) {
        self.0.stop();
    }
}

/// How long a token is good: `token.js` decides it, where numbers, dates and JSON are at hand. What comes is exact for longer than
/// anybody lives, or no number.
pub(crate) fn lifetime_ms(dialect: &Dialect, captured: &Values, date_ms: Option<u64>) -> Option<u64> {
    let mut out = Message::default();
    out.value(dialect.expires_as_written().unwrap_or(&Value::Null));
    out.members(captured.members());
    out.flag(dialect.renewal() == Renewal::Endpoint);
    if let Some(date) = date_ms {
        out.whole(date);
    }
    let millis = js::lifetime_ms(&out.0);
    (millis >= 0.0).then_some(millis as u64)
}
