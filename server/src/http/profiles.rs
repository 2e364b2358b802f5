//! The answers with a profile. They are asked for more often than everything else together, and say the same until the
//! account changes: so the text is kept beside the account, and goes with it (`services::standing`). What it takes to be
//! given one is asked anew each time.

use super::Exchange;
use crate::realm::Realm;
use crate::services::Profile;
use axum::response::Response;
use relatch_dialects::Meaning;

/// The dialect's name of the operation.
pub(super) const PROFILE: &str = "profile";

/// How a realm's profiles are answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Profiles {
    /// Whether a profile can be told twice in the same words.
    is_lasting: bool,
}

impl Profiles {
    pub(super) fn of(realm: &Realm) -> Profiles {
        Profiles { is_lasting: !realm.dialect.says_ambient(Some(PROFILE), Meaning::Done, None) }
    }

    pub(super) fn answer(self, exchange: &Exchange, profile: &Profile) -> Response {
        let account = &profile.account;
        let is_kept = self.is_lasting && profile.organization == account.organization;
        if let Some(written) = account.profile.get().filter(|_| is_kept) {
            return exchange.repeat(PROFILE, written);
        }
        match exchange.write(PROFILE, profile.message(&exchange.realm)) {
            Ok(written) if is_kept && written.status < 400 => {
                exchange.repeat(PROFILE, account.profile.get_or_init(|| written))
            }
            Ok(written) => exchange.repeat(PROFILE, &written),
            Err(refusal) => exchange.respond(Some(PROFILE), Err(refusal)),
        }
    }
}
