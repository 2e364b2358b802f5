//! Dialects: one small JSON document describes a login API, and both halves of Relatch read it. The client
//! writes requests and reads answers by it, the server reads requests and writes answers by the very same
//! templates.
//!
//! This crate knows nobody: no network, no clock, no JSON parser (the feature `json` adds conversions for
//! `serde_json`), no session, no accounts. `docs/dialects/format.md` is the reference of the document.
//!
//! ```
//! use relatch_dialects::{Answer, DOCUMENTS, Dialect, Meaning, Value, Values};
//!
//! let document: serde_json::Value = serde_json::from_str(DOCUMENTS[1].1).unwrap();
//! let apitickets = Dialect::load(&Value::from(&document)).unwrap();
//!
//! let values = Values::new().with("identifier", "ada@example.com").with("password", "correct horse 9");
//! assert_eq!(apitickets.write_request("login", 0, &values).unwrap().path, "/api/usuario/login");
//!
//! let body = serde_json::json!({ "Respuesta": false, "Token": "", "Datos": null });
//! let read = apitickets.read_answer("login", 0, &Answer::json(200, Some(Value::from(&body)))).unwrap();
//! assert_eq!(read.meaning, Meaning::BadCredentials); // a failure inside a 200
//! ```

mod answers;
#[cfg(feature = "check")]
mod check;
#[cfg(feature = "codec")]
pub mod codec;
mod dialect;
#[cfg(feature = "check")]
mod fault;
#[cfg(feature = "issue")]
mod issue;
#[cfg(feature = "json")]
mod json;
mod message;
#[cfg(feature = "check")]
mod place;
mod rare;
mod read;
mod requests;
mod shadow;
mod template;
#[cfg(feature = "issue")]
mod unplayable;
mod value;
mod vocabulary;
mod write;

pub use dialect::{Dialect, Expires, Operation, Renewal};
#[cfg(feature = "check")]
pub use fault::Fault;
#[cfg(feature = "issue")]
pub use issue::{FieldKind, FieldType, Issue, Organizations, Role};
pub use message::{Answer, Message, Request};
pub use rare::Rare;
pub use value::{MAX_EXACT, Value, Values};
pub use vocabulary::{Meaning, Reason};

/// Whether what few documents need is compiled: see the features of this crate. It guards the few places at which that is reached, and the
/// compiler drops what lies behind them; what would have to be kept for it is a [`Rare`].
pub const FULL: bool = cfg!(feature = "full");

/// The five documents that come with Relatch, as JSON text: name and document.
pub const DOCUMENTS: [(&str, &str); 5] = [
    ("investgo", include_str!("../documents/investgo.json")),
    ("apitickets", include_str!("../documents/apitickets.json")),
    ("stockapi", include_str!("../documents/stockapi.json")),
    ("gatego", include_str!("../documents/gatego.json")),
    ("integra", include_str!("../documents/integra.json")),
];
