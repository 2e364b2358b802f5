//! Per-account not-before times: every access token that was issued up to one is refused from then on, while the
//! session and its refresh token stay.

use crate::account::AccountId;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The times, in this process's memory: a restart forgets them. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cutoffs(Arc<RwLock<HashMap<AccountId, i64>>>);

impl Cutoffs {
    /// From now on, tokens of that account are refused if they were issued at `now_ms` or before.
    pub(crate) fn set(&self, account: AccountId, now_ms: i64) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(account, now_ms);
    }

    pub(crate) fn refuses(&self, account: AccountId, issued_at_ms: i64) -> bool {
        self.of(account).is_some_and(|cutoff_ms| issued_at_ms <= cutoff_ms)
    }

    /// The time that a token gets which is issued at `now_ms`: past the cut, even in the same millisecond.
    pub(crate) fn issue_time_ms(&self, account: AccountId, now_ms: i64) -> i64 {
        self.of(account).map_or(now_ms, |cutoff_ms| now_ms.max(cutoff_ms.saturating_add(1)))
    }

    fn of(&self, account: AccountId) -> Option<i64> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&account).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_refuses_what_was_issued_until_then_and_nothing_that_is_issued_after() {
        let (cutoffs, ada, grace) = (Cutoffs::default(), AccountId::random(), AccountId::random());
        assert!(!cutoffs.refuses(ada, 1_000));
        cutoffs.set(ada, 1_000);
        assert!(cutoffs.refuses(ada, 999) && cutoffs.refuses(ada, 1_000));
        assert!(!cutoffs.refuses(grace, 1_000));
        let same_millisecond = cutoffs.issue_time_ms(ada, 1_000);
        assert!(!cutoffs.refuses(ada, same_millisecond));
        assert_eq!(cutoffs.issue_time_ms(ada, 5_000), 5_000);
    }
}
