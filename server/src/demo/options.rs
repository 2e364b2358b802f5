//! What a demo is started with.

use std::net::SocketAddr;
use std::path::PathBuf;

/// How to run the demo. The default listens on 127.0.0.1:8787 and keeps everything in a temporary directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoOptions {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where the database is kept; a temporary directory, removed at the end, unless given.
    pub data: Option<PathBuf>,
    /// Another lifetime of access tokens for every realm, in seconds.
    pub lifetime_secs: Option<u64>,
    /// The directory of the page, served at `/`.
    pub www: Option<PathBuf>,
    /// The directory of the built npm package, served at `/npm/`.
    pub npm: Option<PathBuf>,
    /// Passwords hashed at the least cost there is, for tests that log in a hundred times.
    pub cheap_hashes: bool,
}

impl Default for DemoOptions {
    fn default() -> DemoOptions {
        DemoOptions {
            listen: SocketAddr::from(([127, 0, 0, 1], 8787)),
            data: None,
            lifetime_secs: None,
            www: None,
            npm: None,
            cheap_hashes: false,
        }
    }
}
