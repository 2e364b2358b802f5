//! Sign-out everywhere.

use super::Server;
use crate::account::AccountId;
use crate::store::{EndReason, StoreError};

impl Server {
    /// Ends every session of an account, in force at the next request; returns how many there were. Its owner may log
    /// in again at once.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails; then none has ended.
    pub async fn sign_out_everywhere(&self, account: AccountId) -> Result<u64, StoreError> {
        self.store.end_sessions(account, EndReason::SignedOut, self.clock.now_ms()).await
    }
}
