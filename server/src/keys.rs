//! Keys: which algorithms there are, how keys are made, read, sealed and used, and the ring of a realm's live ones.
//! No HTTP, and no SQL: what is kept, and for how long, is the store's to say.
//!
//! How to add an algorithm: a row in `algorithm`, and an arm in each function of `material`.

mod algorithm;
mod key_ring;
mod master;
mod material;
mod ready;
mod refresh;
mod ring;
mod rotation;

pub use algorithm::SigningAlgorithm;
pub use key_ring::KeyRing;
pub use master::{MasterKey, MasterKeyName, reseal};
pub(crate) use material::{Key, from_pem, generate};
pub use refresh::RefreshKeys;
pub use rotation::{KeyPurpose, NOTICE_MS, rotate};
