//! The sessions of this program, by the numbers that the facade has given them. By numbers, since a function or an object that
//! crosses the boundary needs a table on both sides, and somebody to free it.

use crate::browser::Browser;
use std::cell::RefCell;

thread_local! {
    static SESSIONS: RefCell<Vec<(u32, Browser)>> = const { RefCell::new(Vec::new()) };
}

pub(super) fn add(number: u32, session: Browser) {
    SESSIONS.with_borrow_mut(|all| all.push((number, session)));
}

/// The session of that number. One that is taken out is freed as soon as it is not at work.
pub(super) fn find(number: u32, take: bool) -> Option<Browser> {
    SESSIONS.with_borrow_mut(|all| {
        let at = all.iter().position(|it| it.0 == number)?;
        Some(if take { all.swap_remove(at).1 } else { all.get(at)?.1.clone() })
    })
}
