//! Being told to stop: SIGINT from a terminal, SIGTERM from a supervisor.

use std::io;

/// Listens for the signals from its making on, so that none is lost between start and first wait.
#[derive(Debug)]
pub(super) struct Stop(Signals);

impl Stop {
    pub(super) fn listen() -> io::Result<Stop> {
        Ok(Stop(Signals::listen()?))
    }

    /// Ends when the process is told to stop.
    pub(super) async fn asked(mut self) {
        self.0.any().await;
        tracing::info!("stopping");
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
