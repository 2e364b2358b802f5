//! TLS by files that are read again when they change, so that a renewed certificate needs no restart.

use crate::cli::CommandError;
use crate::config::TlsConfig;
use axum_server::tls_rustls::RustlsConfig;
use std::time::Duration;

/// Looked at rather than watched: links that are exchanged, mounted secrets and network disks give no notice.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Certificate and key as they lie on the disk.
#[derive(PartialEq, Eq)]
struct Pem {
    certificate: Vec<u8>,
    key: zeroize::Zeroizing<Vec<u8>>,
}

impl Pem {
    async fn read(config: &TlsConfig) -> Result<Pem, String> {
        let told = |file: &std::path::Path, error| format!("{}: {error}", file.display());
        let certificate = tokio::fs::read(&config.certificate).await;
        let key = tokio::fs::read(&config.key).await;
        Ok(Pem {
            certificate: certificate.map_err(|error| told(&config.certificate, error))?,
            key: key.map_err(|error| told(&config.key, error))?.into(),
        })
    }
}

/// The certificate and its follower; nothing where none is configured.
pub(super) async fn load(config: Option<&TlsConfig>) -> Result<Option<RustlsConfig>, CommandError> {
    let Some(config) = config else { return Ok(None) };
    // Named, since a program may have been built with more than one. Installed already: the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let pem = Pem::read(config).await.map_err(|reason| CommandError::Failed(format!("tls: {reason}")))?;
    let loaded = RustlsConfig::from_pem(pem.certificate.clone(), pem.key.to_vec()).await;
    let tls = loaded.map_err(|error| {
        let (certificate, key) = (config.certificate.display(), config.key.display());
        CommandError::Failed(format!("tls: {certificate} and {key} are no certificate with its key: {error}"))
    })?;
    tokio::spawn(follow(config.clone(), tls.clone(), pem));
    Ok(Some(tls))
}

/// A pair that does not fit, which is what half an exchange looks like, leaves the old one in place.
async fn follow(config: TlsConfig, tls: RustlsConfig, mut last: Pem) {
    let mut looks = tokio::time::interval(LOOK_EVERY);
    loop {
        looks.tick().await;
        let Ok(pem) = Pem::read(&config).await else { continue };
        if pem == last {
            continue;
        }
        match tls.reload_from_pem(pem.certificate.clone(), pem.key.to_vec()).await {
            Ok(()) => tracing::info!("the TLS certificate was read again"),
            Err(error) => tracing::error!(%error, "the changed TLS files do not fit: the old certificate stays"),
        }
        last = pem;
    }
}
