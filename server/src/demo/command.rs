//! `relatch-server demo`: the demo without its builder, for those who have built the page and the package already.

use super::{DemoError, DemoOptions, serve};
use std::net::SocketAddr;
use std::path::PathBuf;

/// The arguments of `relatch-server demo`.
#[derive(Clone, Debug, clap::Args)]
pub struct DemoArguments {
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// How long access tokens live, in seconds.
    #[arg(long)]
    lifetime: Option<u64>,
    /// Where to keep the database, instead of a temporary directory.
    #[arg(long)]
    data: Option<PathBuf>,
    /// The page's directory.
    #[arg(long)]
    www: Option<PathBuf>,
    /// The built npm package's directory.
    #[arg(long)]
    npm: Option<PathBuf>,
}

impl DemoArguments {
    /// Runs the demo until it is interrupted. `ready` is told where it listens.
    ///
    /// # Errors
    /// As for [`serve`].
    pub async fn run(self, ready: impl FnOnce(SocketAddr)) -> Result<(), DemoError> {
        let options = DemoOptions {
            listen: SocketAddr::from(([127, 0, 0, 1], self.port)),
            data: self.data,
            lifetime_secs: self.lifetime,
            www: self.www,
            npm: self.npm,
            cheap_hashes: false,
        };
        let (address, mut demo) = serve(options).await?;
        ready(address);
        tokio::select! {
            () = demo.wait() => {}
            interrupted = tokio::signal::ctrl_c() => interrupted?,
        }
        demo.stop().await;
        Ok(())
    }
}
