//! The demo: five realms with well-known accounts, a page, and controls that make things go wrong on purpose. For a
//! person who wants to see a session survive, and for tests that need a server which misbehaves when told to.
//!
//! Not for production: everybody knows the password, and the controls ask for none. They exist here only; nothing
//! that [`router`](crate::router) returns can be reached by them.
//!
//! | control | what it does |
//! |---|---|
//! | `GET /demo/config` | the password, and each realm's name, title, mount, lifetimes, renewal, paths and accounts |
//! | `POST /demo/{realm}/expire` `{"username"?}` | access tokens issued until now are refused as expired; refresh tokens stay |
//! | `POST /demo/{realm}/account` `{"username","enabled"}` | disables or enables an account |
//! | `POST /demo/{realm}/answers` `{"mode"}` | `normal`; `stop`: never answers; `drop`: acts, then closes the connection without an answer; `error`: 503; `rate-limit`: 429, both with `Retry-After` |
//! | `POST /demo/{realm}/end-sessions` `{"username"?}` | ends sessions as a log-out does |
//! | `GET`, `DELETE /demo/{realm}/requests` | what was asked: `{"total","counts","requests":[{"method","path","status","at"}]}`; forgets it |
//! | `GET /demo/{realm}/outbox` | the letters with validation codes |
//! | `POST /demo/reset` | everything anew: accounts, sessions, keys, modes |
//!
//! A control that did its work answers 204, one for a realm or an account that does not exist 404.

mod command;
mod controls;
mod faults;
mod options;
mod realms;
mod record;
mod serve;
mod stage;
mod summary;

pub use command::DemoArguments;
pub use options::DemoOptions;
pub use serve::{Demo, serve};
pub use stage::DemoError;
