//! A socket with what answers on it.

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use hyper_util::rt::TokioTimer;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long a client may take over the head of a request: one that sends a byte a minute must not keep a connection.
const HEAD_PATIENCE: Duration = Duration::from_secs(30);

/// A year (RFC 6797 section 6.1), told only where this server speaks TLS itself.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Bound, and not serving yet: whoever connects waits.
pub(super) struct Listening {
    socket: std::net::TcpListener,
    tls: Option<RustlsConfig>,
    router: Router,
    handle: Handle<SocketAddr>,
}

impl Listening {
    pub(super) async fn on(address: SocketAddr, tls: Option<RustlsConfig>, router: Router) -> io::Result<Listening> {
        let socket = TcpListener::bind(address).await?.into_std()?;
        let router = if tls.is_some() { router.layer(axum::middleware::map_response(with_hsts)) } else { router };
        Ok(Listening { socket, tls, router, handle: Handle::new() })
    }

    /// Where it can be reached, with the port that it got.
    pub(super) fn url(&self) -> io::Result<String> {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        Ok(format!("{scheme}://{}", self.socket.local_addr()?))
    }

    /// By which it is stopped.
    pub(super) fn handle(&self) -> Handle<SocketAddr> {
        self.handle.clone()
    }

    /// Answers until it is stopped and those under way are finished, or their time is over.
    pub(super) async fn serve(self) -> io::Result<()> {
        let service = self.router.into_make_service_with_connect_info::<SocketAddr>();
        match self.tls {
            Some(tls) => {
                let mut server = axum_server::from_tcp_rustls(self.socket, tls)?.handle(self.handle.clone());
                server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE);
                server.serve(service).await?;
            }
            None => {
                let mut server = axum_server::from_tcp(self.socket)?.handle(self.handle.clone());
                server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE);
                server.serve(service).await?;
            }
        }
        if self.handle.connection_count() > 0 {
            tracing::warn!("stopped with requests under way");
        }
        Ok(())
    }
}

async fn with_hsts(mut response: Response) -> Response {
    response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    response
}
