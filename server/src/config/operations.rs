//! What operators need: the admin listener (`[admin]`), TLS (`[tls]`), where traces go (`[log] traces`).

use super::Environment;
use super::reader::Reader;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// As long as a SHA-256 is, so that guessing the token is no better than guessing a key.
const SHORTEST_TOKEN_BYTES: usize = 32;

/// The admin listener.
#[derive(Clone)]
pub struct AdminConfig {
    /// Where it listens (`admin.listen`): never the address that serves users.
    pub listen: SocketAddr,
    /// The bearer token (`admin.token`, `token_file`, `token_env`), at least 32 bytes. Asked for on a loopback address
    /// too: every page that a browser of that machine shows can send requests there.
    pub token: Zeroizing<Vec<u8>>,
    /// What the audit log calls who has that token (`admin.name`); `admin` unless chosen.
    pub name: String,
}

// Deliberately not derived: the token.
impl fmt::Debug for AdminConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdminConfig").field("listen", &self.listen).field("name", &self.name).finish_non_exhaustive()
    }
}

/// TLS by files, read again when they change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsConfig {
    /// The certificate and its chain, in PEM, the server's own first (`tls.certificate`).
    pub certificate: PathBuf,
    /// Its private key, in PEM (`tls.key`).
    pub key: PathBuf,
}

pub(super) fn admin(section: &mut Reader, directory: &Path, environment: &Environment) -> Option<AdminConfig> {
    if section.absent("listen") {
        section.fault("listen", "is missing; expected an address and port such as 127.0.0.1:8788");
    }
    let listen = section.parsed("listen", "an address and port such as 127.0.0.1:8788");
    let name = section.string("name").unwrap_or_else(|| "admin".into());
    let token = token(section, directory, environment);
    Some(AdminConfig { listen: listen?, token: token?, name })
}

fn token(section: &mut Reader, directory: &Path, environment: &Environment) -> Option<Zeroizing<Vec<u8>>> {
    let Some((key, given)) = super::secret::given(section, "token", directory, environment)? else {
        let advice = "is missing; expected a secret of at least 32 bytes, such as `openssl rand -hex 32` prints";
        section.fault("token", advice);
        return None;
    };
    let is_text = given.iter().all(|it| it.is_ascii_graphic());
    if given.len() < SHORTEST_TOKEN_BYTES || !is_text {
        let reason = format!(
            "expected at least {SHORTEST_TOKEN_BYTES} visible ASCII characters, such as `openssl rand -hex 32` prints"
        );
        section.fault(key, &reason);
        return None;
    }
    Some(given)
}

pub(super) fn tls(section: &mut Reader, directory: &Path) -> Option<TlsConfig> {
    let (certificate, key) = (section.required("certificate"), section.required("key"));
    Some(TlsConfig { certificate: directory.join(certificate?), key: directory.join(key?) })
}

/// The collector's address, such as `http://127.0.0.1:4318`.
pub(super) fn traces(section: &mut Reader) -> Option<String> {
    let url = section.string("traces")?;
    if !url.starts_with("http://") && !url.starts_with("https://") {
        section.fault("traces", &format!("expected a collector's address such as http://127.0.0.1:4318, got {url:?}"));
    } else if !cfg!(feature = "otlp") {
        section.fault("traces", "this program was built without the feature `otlp`: build it with --features otlp");
    }
    Some(url)
}
