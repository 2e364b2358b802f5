//! Serves the demo: the stage, its controls, and the files.

use super::DemoOptions;
use super::controls;
use super::faults::Lost;
use super::stage::{DemoError, Stage};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tower::ServiceExt;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;
use uuid::Uuid;

/// A demo that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct Demo {
    theatre: Arc<Theatre>,
    listening: JoinHandle<()>,
}

impl Demo {
    /// Runs on until the listener fails.
    pub async fn wait(&mut self) {
        // Aborted or panicked: either way it is over.
        let _ = (&mut self.listening).await;
    }

    /// Closes the connections and the database, and removes the directory if it was a temporary one.
    pub async fn stop(mut self) {
        self.listening.abort();
        self.wait().await;
        self.theatre.stage().close().await;
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.listening.abort();
        // Not left to the directory's own `Drop`: connections that are just being closed share it, and a process that
        // ends now would not wait for them.
        self.theatre.directory.remove();
    }
}

/// Starts the demo; the address is the one that it listens on, with the port that it got.
///
/// # Errors
/// [`DemoError`] if the address is taken or the directory cannot be used.
pub async fn serve(options: DemoOptions) -> Result<(SocketAddr, Demo), DemoError> {
    let listener = TcpListener::bind(options.listen).await?;
    let address = listener.local_addr()?;
    let theatre = Arc::new(Theatre::open(options).await?);
    let router = Theatre::router(&theatre);
    let listening = tokio::spawn(listen(listener, router));
    Ok((address, Demo { theatre, listening }))
}

/// The house around the stage: what stays when the stage is reset.
#[derive(Debug)]
pub(super) struct Theatre {
    options: DemoOptions,
    directory: Directory,
    stage: RwLock<Arc<Stage>>,
    resetting: tokio::sync::Mutex<()>,
}

impl Theatre {
    async fn open(options: DemoOptions) -> Result<Theatre, DemoError> {
        let directory = Directory::open(options.data.as_deref())?;
        let stage = Stage::open(&directory.path, &options).await?;
        Ok(Theatre {
            options,
            directory,
            stage: RwLock::new(Arc::new(stage)),
            resetting: tokio::sync::Mutex::default(),
        })
    }

    pub(super) fn stage(&self) -> Arc<Stage> {
        Arc::clone(&self.stage.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Everything anew: accounts, sessions, keys, faults, records, letters.
    pub(super) async fn reset(&self) -> Result<(), DemoError> {
        let _one_at_a_time = self.resetting.lock().await;
        self.stage().strike(&self.directory.path).await?;
        let stage = Arc::new(Stage::open(&self.directory.path, &self.options).await?);
        *self.stage.write().unwrap_or_else(PoisonError::into_inner) = stage;
        Ok(())
    }

    fn router(theatre: &Arc<Theatre>) -> Router {
        let mut router = controls::routes(theatre);
        if let Some(npm) = &theatre.options.npm {
            router = router.nest_service("/npm", ServeDir::new(npm));
        }
        let files = theatre.options.www.as_ref().map(ServeDir::new);
        let theatre = Arc::clone(theatre);
        let router = router.fallback(move |request: Request| {
            let (stage, files) = (theatre.stage(), files.clone());
            async move { fallback(&stage, files, request).await }
        });
        // A page that was just built anew is what everybody wants to see.
        let no_cache = HeaderValue::from_static("no-cache");
        router.layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, no_cache))
    }
}

/// Realms first, then the page.
async fn fallback(stage: &Stage, files: Option<ServeDir>, request: Request) -> Response {
    let path = request.uri().path();
    let mounted = stage
        .faults
        .iter()
        .any(|it| path.strip_prefix(&it.realm.mount).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    match files {
        Some(files) if !mounted => files.oneshot(request).await.into_response(),
        _ => stage.routes.clone().oneshot(request).await.into_response(),
    }
}

/// Where the database lies; a temporary directory goes when the demo does.
#[derive(Debug)]
struct Directory {
    path: PathBuf,
    is_temporary: bool,
}

impl Directory {
    fn open(given: Option<&Path>) -> io::Result<Directory> {
        let temporary = || std::env::temp_dir().join(format!("relatch-demo-{}", Uuid::new_v4().simple()));
        let directory = Directory { path: given.map_or_else(temporary, Path::to_owned), is_temporary: given.is_none() };
        std::fs::create_dir_all(&directory.path)?;
        Ok(directory)
    }

    fn remove(&self) {
        if self.is_temporary {
            // What cannot be removed now is the system's to clean up.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// Accepts connections. Not `axum::serve`, which cannot close a connection without an answer.
async fn listen(listener: TcpListener, router: Router) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(converse(stream, router.clone()));
            }
            // Too many open files, most likely: wait for some to close.
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(100)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn converse(stream: TcpStream, router: Router) {
    let service = service_fn(move |request: hyper::Request<Incoming>| answer(router.clone(), request));
    let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // A connection that breaks is the client's to notice.
    let _ = connection.await;
}

/// An error closes the connection with nothing written.
async fn answer(router: Router, request: hyper::Request<Incoming>) -> io::Result<Response> {
    let response = router.oneshot(request.map(Body::new)).await.into_response();
    match response.extensions().get::<Lost>() {
        Some(Lost) => Err(io::ErrorKind::ConnectionAborted.into()),
        None => Ok(response),
    }
}
