//! Tokens that come unasked, along with the answer to a call: taken over like those of a renewal, if nothing newer has come meanwhile. They
//! end nothing, and give way to whatever a renewal brings.

use crate::answers::some_of;
use crate::renewal::Renewing;
use crate::store::Incoming;
use crate::{Event, Grant, Record, Session};
use relatch_dialects::{Rare, Renewal, Values};

impl Session {
    pub(crate) fn observed(&mut self, grant: &Grant, values: &Values, lifetime_ms: Option<u64>) {
        let is_busy = self.is_sending() || self.queue.has_tokens();
        if is_busy || self.generation() != (grant.login, grant.generation) {
            return;
        }
        let Some(mut record) = self.record.clone() else { return };
        let news = some_of(values, &["access_token", "refresh_token", "session."], true);
        let has_end = values.get("expires").is_some();
        let mut all = record.values.clone();
        all.overlay(&news);
        if all.same_texts(&record.values) && !(has_end && self.tells_another_end(lifetime_ms)) {
            return;
        }
        // The key stays with its refresh token: whoever renews with that for the second time, perhaps, says so.
        if all.text("refresh_token") != record.values.text("refresh_token") {
            record.attempt = None;
        }
        if has_end || news.get("access_token").is_some() {
            (record.received_at_ms, record.lifetime_ms) = (self.now.wall_ms, lifetime_ms);
        }
        record.generation += 1;
        record.values = all;
        self.store(Box::new(Incoming {
            record,
            event: Event::Renewed,
            call: None,
            credentials: None,
            observed: Rare::new(()),
        }));
    }

    /// A refresh token that is being used up must not be stored again as if it were the newest.
    pub(crate) const fn is_sending(&self) -> bool {
        matches!(self.renewing, Renewing::Sending)
    }

    /// Whether some tab may be using up the refresh token of what is stored. By the mark of its lease alone, since clocks lie; a tab that
    /// died leaves it there until the next renewal.
    pub(crate) fn may_be_renewing(&self, stored: &Record) -> bool {
        let is_leased = stored.pause.is_some_and(|it| it.failures == 0);
        let has_endpoint = matches!(self.options.renewal, Renewal::Endpoint);
        self.is_sending() || is_leased && has_endpoint && self.unrenewable != (stored.login, stored.generation)
    }

    /// A session that slides does so with each answer; it is written down ten times in its length at the most.
    fn tells_another_end(&self, lifetime_ms: Option<u64>) -> bool {
        lifetime_ms.is_some_and(|it| it.abs_diff(self.validity.until_end(&self.now)) > it / 10)
    }
}
