//! What a realm was asked: counted, and listed without anything secret. Methods, paths and statuses only; no query, no
//! header, no body.

use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

const MAX_LISTED: usize = 200;
const MAX_COUNTED: usize = 100;
const MAX_PATH_CHARS: usize = 200;

/// A request that was answered, or was not.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    method: String,
    path: String,
    /// `null` for a request that got no answer.
    status: Option<u16>,
    /// Milliseconds since the Unix epoch.
    at: i64,
}

impl Line {
    pub(super) fn new(method: &str, path: &str, status: Option<u16>, at: i64) -> Line {
        Line { method: method.into(), path: path.chars().take(MAX_PATH_CHARS).collect(), status, at }
    }
}

/// Everything since the last clearing: counts of all requests, and the newest ones.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Seen {
    total: u64,
    /// By method and path: `POST /auth/login`.
    counts: BTreeMap<String, u64>,
    requests: VecDeque<Line>,
}

#[derive(Debug, Default)]
pub(super) struct Record(Mutex<Seen>);

impl Record {
    pub(super) fn add(&self, line: Line) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.total += 1;
        let key = format!("{} {}", line.method, line.path);
        if seen.counts.len() < MAX_COUNTED || seen.counts.contains_key(&key) {
            *seen.counts.entry(key).or_default() += 1;
        }
        if seen.requests.len() == MAX_LISTED {
            seen.requests.pop_front();
        }
        seen.requests.push_back(line);
    }

    pub(super) fn seen(&self) -> Seen {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Seen::default();
    }
}
