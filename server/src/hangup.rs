//! Whether the client that a request came from is still on the line. It stops nothing by itself: what waits for a place
//! in a queue asks here whether anybody still wants the answer; what has begun is carried through.

use std::future::pending;
use tokio::sync::watch;

tokio::task_local! {
    static LINE: watch::Receiver<()>;
}

/// The client's end of the line; it hangs up when this is dropped.
#[derive(Debug)]
pub(crate) struct Line {
    _end: watch::Sender<()>,
}

/// A line, and the work with that line to the one who asked for it.
pub(crate) fn answering<F: Future>(work: F) -> (Line, impl Future<Output = F::Output>) {
    let (end, receiver) = watch::channel(());
    (Line { _end: end }, LINE.scope(receiver, work))
}

/// Ends when the client has hung up; never where there is no line, as in a command.
pub(crate) async fn hung_up() {
    let Ok(mut line) = LINE.try_with(Clone::clone) else { return pending().await };
    while line.changed().await.is_ok() {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_works_learns_when_the_one_who_asked_hangs_up() {
        let (line, work) = answering(hung_up());
        let work = tokio::spawn(work);
        tokio::task::yield_now().await;
        assert!(!work.is_finished());
        drop(line);
        work.await.expect("to end");
    }
}
