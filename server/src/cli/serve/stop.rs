//! Being told to stop: SIGINT from a terminal, SIGTERM from a supervisor.

use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Listens for the signals from its making on, so that none is lost between start and first wait.
#[derive(Debug)]
pub(super) struct Stop {
    signals: Signals,
    news: Arc<Notify>,
}

impl Stop {
    pub(super) fn listen() -> io::Result<Stop> {
        Ok(Stop { signals: Signals::listen()?, news: Arc::default() })
    }

    /// Ends when the process is told to stop.
    pub(super) async fn asked(mut self) {
        self.signals.any().await;
        tracing::info!("stopping");
        // Kept for one who comes to wait later.
        self.news.notify_one();
    }

    /// Ends `grace` after [`asked`](Self::asked) did.
    pub(super) fn overdue(&self, grace: Duration) -> impl Future<Output = ()> + use<> {
        let news = Arc::clone(&self.news);
        async move {
            news.notified().await;
            tokio::time::sleep(grace).await;
        }
    }
}

#[cfg(unix)]
#[derive(Debug)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn any(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
#[derive(Debug)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn listen() -> io::Result<Signals> {
        Ok(Signals(tokio::signal::windows::ctrl_c()?))
    }

    async fn any(&mut self) {
        let _ = self.0.recv().await;
    }
}
