//! What the runtime tells the host, as the session's inputs. By number and place: `runtime.js` has the same.

use super::host::Host;
use super::message::Parts;
use crate::driver::{HttpAnswer, parse_announcement, parse_stored};
use relatch_dialects::{Answer, Values};
use relatch_session::{Failure, FailureKind, Input, Lock, Saved, StoreFailed};

const WOKE: u64 = 0;
const RETURNED: u64 = 1;
const LOADED: u64 = 2;
const SAVED: u64 = 3;
const LOCKED: u64 = 4;
const ANSWERED: u64 = 5;

impl Host {
    /// The only way in from JavaScript, but for what the app asks.
    pub(super) fn heard(&self, told: &mut Parts) {
        if let Some(input) = self.input(told) {
            self.feed(input);
        }
    }

    fn input(&self, told: &mut Parts) -> Option<Input> {
        Some(match told.whole()? {
            WOKE => Input::Woke,
            RETURNED => told.value().and_then(parse_announcement).map_or(Input::Returned, Input::Announced),
            what @ (LOADED | SAVED) => stored(what, told),
            LOCKED => Input::Locked(if told.flag()? { Lock::Asking } else { Lock::Renewal }, told.flag()?),
            what => {
                let (exchange, operation) = (told.whole()? as u32, told.text()?);
                self.came(exchange, &operation, came(what, told));
                return None;
            }
        })
    }
}

/// A store that has answered says whether there was something to say, and what; one that has failed says nothing.
fn stored(what: u64, told: &mut Parts) -> Input {
    let something = told.flag();
    let found = told.value().map_or(Ok(None), parse_stored);
    if what == LOADED {
        return Input::Loaded(if something.is_some() { found } else { Err(StoreFailed) });
    }
    Input::Saved(match (something, found) {
        (Some(false), _) => Saved::Done,
        (Some(true), Ok(found)) => Saved::Conflict(found),
        _ => Saved::Failed,
    })
}

fn came(what: u64, told: &mut Parts) -> Result<HttpAnswer, Box<Failure>> {
    if what == ANSWERED {
        // What is no answer at all has no status either.
        let status = told.whole().unwrap_or_default() as u16;
        let (retry_after_ms, attempt, date_ms) = (told.whole(), told.flag() == Some(true), told.whole());
        let parts = told.value().and_then(Values::of).unwrap_or_default();
        return Ok(HttpAnswer { answer: Answer { status, parts }, retry_after_ms, attempt, date_ms });
    }
    Err(Failure::of(match told.flag() {
        Some(true) => FailureKind::Timeout,
        Some(false) => FailureKind::Network,
        None => FailureKind::PluginFailed,
    }))
}
