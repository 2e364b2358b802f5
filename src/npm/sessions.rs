//! The sessions of this program, by the numbers that the facade has given them. By numbers, since a function or an object that
//! crosses the boundary needs a table on both sides, and somebody to free it.

use crate::browser::Browser;
use std::cell::Cell;

thread_local! {
    /// Taken out while it is looked at, like the host's queue.
    static SESSIONS: Cell<Vec<(u32, Browser)>> = const { Cell::new(Vec::new()) };
}

pub(super) fn add(number: u32, session: Browser) {
    with_all(|all| all.push((number, session)));
}

pub(super) fn find(number: u32) -> Option<Browser> {
    with_all(|all| Some(all.iter().find(|it| it.0 == number)?.1.clone()))
}

/// Frees it, as soon as it is not at work.
pub(super) fn remove(number: u32) {
    with_all(|all| all.retain(|it| it.0 != number));
}

fn with_all<R>(work: impl FnOnce(&mut Vec<(u32, Browser)>) -> R) -> R {
    let mut all = SESSIONS.take();
    let result = work(&mut all);
    SESSIONS.set(all);
    result
}
