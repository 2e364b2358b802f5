//! Limits around what guesses a password or a code, or has a letter sent.

use super::server::LETTERS;
use super::{Refusal, Server};
use crate::account::AccountId;
use crate::limits::{Address, Barrier, Outcome, Standing, Subject};
use crate::passwords::as_familiar;
use crate::realm::Realm;
use relatch_dialects::{Meaning, Message, Value, Values};
use std::net::IpAddr;
use std::time::Duration;

/// Something that may be tried only so often.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Attempt<'a> {
    /// A password, for whom that identifier belongs to.
    Login(&'a str),
    /// A code, perhaps with a password.
    Code(&'a str),
    /// A letter to whom that identifier or code belongs to; each one counts, whatever comes of it.
    Letter(&'a str),
}

impl Attempt<'_> {
    fn subject(self, realm: &Realm) -> Subject {
        match self {
            Attempt::Login(text) => Subject::called(&realm.name, "login", &realm.identifiers, text),
            Attempt::Code(text) => Subject::of(&realm.name, "code", text),
            Attempt::Letter(text) => Subject::called(&realm.name, "letter", &realm.identifiers, text),
        }
    }
}

impl Server {
    /// Does what was asked unless it was tried too often; and how the limits stand after it, if there are any.
    pub(crate) async fn limited(
        &self,
        realm: &Realm,
        attempt: Option<Attempt<'_>>,
        from: Option<IpAddr>,
        work: impl Future<Output = Result<Message, Refusal>>,
    ) -> (Result<Message, Refusal>, Option<Standing>) {
        let (Some(limits), Some(attempt)) = (&self.limits, attempt) else { return (work.await, None) };
        let (subject, address) = (attempt.subject(realm), from.map(Address::of));
        let standing = limits.begin(subject, address);
        if let Some((barrier, _)) = standing.refused {
            tracing::info!(?barrier, "refused: too many failures");
            return (Err(refusal(barrier).into()), Some(standing));
        }
        let done = as_familiar(standing.is_familiar, work).await;
        let outcome = match attempt {
            Attempt::Letter(_) => Outcome::Failed,
            _ => outcome(&done),
        };
        (done, Some(limits.end(subject, address, outcome)))
    }

    /// The same for who has shown a token: the guesses count for the account, and nothing is said of how they stand.
    pub(super) async fn limited_for<T>(
        &self,
        realm: &Realm,
        account: AccountId,
        work: impl Future<Output = Result<T, Refusal>>,
    ) -> Result<T, Refusal> {
        let Some(limits) = &self.limits else { return work.await };
        let subject = Subject::of(&realm.name, "current-password", &account.to_string());
        if let Some((_, wait_secs)) = limits.begin(subject, None).refused {
            let values = Values::new().with(RETRY_AFTER, Value::Number(wait_secs as f64));
            return Err(Refusal::Told(Message::with(Meaning::RateLimited, values)));
        }
        let done = work.await;
        limits.end(subject, None, outcome(&done));
        done
    }

    /// Takes up what an earlier process counted.
    ///
    /// # Errors
    /// [`StoreError`](crate::store::StoreError) if the store fails.
    pub async fn restore_limits(&self) -> Result<(), crate::store::StoreError> {
        match &self.limits {
            Some(limits) => limits.restore().await,
            None => Ok(()),
        }
    }

    /// Finishes what was answered already, for a process that is about to end: writes down what has been counted in the
    /// last second, and gives letters on their way ten seconds.
    pub async fn settle(&self) {
        if let Some(limits) = &self.limits {
            limits.write().await;
        }
        // Nobody writes a letter when all places are free.
        if tokio::time::timeout(LAST_LETTERS, self.letters.acquire_many(LETTERS)).await.is_err() {
            tracing::warn!("letters were on their way, and are given up");
        }
    }
}

/// How long letters may take once the server was told to stop.
const LAST_LETTERS: Duration = Duration::from_secs(10);

/// The value of a refusal that says after how many seconds it ends.
pub(crate) const RETRY_AFTER: &str = "retry_after_secs";

const fn refusal(barrier: Barrier) -> Meaning {
    match barrier {
        Barrier::Account => Meaning::AccountLocked,
        Barrier::Address => Meaning::RateLimited,
    }
}

/// Whatever is no success and nobody else's fault is a failure: a right password of an account that is shut out too,
/// since a dialect that does not tell it apart must not tell it by its limits.
fn outcome<T>(done: &Result<T, Refusal>) -> Outcome {
    match done {
        Ok(_) => Outcome::Succeeded,
        Err(Refusal::Told(message)) if message.meaning != Meaning::InvalidRequest => Outcome::Failed,
        Err(_) => Outcome::Neither,
    }
}
