//! Keys: which algorithms there are, how keys are made, read, sealed and used, and the ring of a realm's live ones.
//! No HTTP, and no SQL: what is kept, and for how long, is the store's to say.
//!
//! How to add an algorithm: a row in `algorithm`, and an arm in each function of `material`.

mod algorithm;
mod master;
mod material;
mod ready;
mod refresh;
mod ring;
mod rotation;

pub use algorithm::SigningAlgorithm;
pub use master::MasterKey;
pub(crate) use material::{Key, from_pem, generate};
pub(crate) use refresh::refresh_keys;
pub use ring::KeyRing;
pub use rotation::{NOTICE_MS, rotate};
