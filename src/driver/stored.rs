//! The record as it is written to a store, and back; and what tabs tell each other about it. Whatever is not exactly such
//! a record counts as nothing stored, and any other announcement as none.

use relatch_dialects::{MAX_EXACT, Value, Values};
use relatch_session::{Announcement, Login, Record, Stored};

/// The version of the stored form. A store written by another version is not read.
const VERSION: u64 = 1;

/// The stored form, as the members of an object.
pub fn stored_form(stored: &Stored) -> Values {
    let mut form = Values::new();
    form.set("relatch", number(VERSION));
    match stored {
        Stored::Tombstone(login) => form.set("ended", number(login.0)),
        Stored::Session(record) => {
            form.set("login", number(record.login.0));
            form.set("generation", number(record.generation));
            form.set("values", Value::from(record.values.clone()));
            form.set("receivedAt", number(record.received_at_ms));
            if let Some(lifetime) = record.lifetime_ms {
                form.set("lifetime", number(lifetime));
            }
            if let Some(attempt) = &record.attempt {
                form.set("attempt", attempt.as_str());
            }
        }
    }
    form
}

/// What a stored form says; `None` if it is none.
pub fn parse_stored(form: Value) -> Option<Stored> {
    let mut form = Values::of(form)?;
    if whole(&form, "relatch") != Some(VERSION) {
        return None;
    }
    if let Some(ended) = login(&form, "ended") {
        return Some(Stored::Tombstone(ended));
    }
    let values = Values::of(form.remove("values")?)?;
    values.text("access_token")?;
    Some(Stored::Session(Record {
        login: login(&form, "login")?,
        generation: whole(&form, "generation")?,
        values,
        received_at_ms: whole(&form, "receivedAt")?,
        lifetime_ms: whole(&form, "lifetime"),
        attempt: form.text("attempt").map(String::from),
    }))
}

/// An announcement as it goes to the other tabs, as the members of an object.
pub fn announcement_form(announcement: Announcement) -> Values {
    let mut form = Values::new();
    match announcement {
        Announcement::Ended { login } => form.set("ended", number(login.0)),
        Announcement::Changed { login, generation } => {
            form.set("login", number(login.0));
            form.set("generation", number(generation));
        }
    }
    form
}

/// The announcement that another tab made; `None` if it is none.
pub fn parse_announcement(form: Value) -> Option<Announcement> {
    let form = Values::of(form)?;
    if let Some(login) = login(&form, "ended") {
        return Some(Announcement::Ended { login });
    }
    Some(Announcement::Changed { login: login(&form, "login")?, generation: whole(&form, "generation")? })
}

fn login(form: &Values, name: &str) -> Option<Login> {
    Some(Login(whole(form, name)?))
}

fn whole(form: &Values, name: &str) -> Option<u64> {
    form.get(name)?.as_u64()
}

fn number(whole: u64) -> Value {
    Value::Number((whole as f64).min(MAX_EXACT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        Record {
            login: Login(0x1f_ffff_ffff_fff0),
            generation: 7,
            values: Values::new()
                .with("access_token", "t")
                .with("user", Value::Object(vec![("__proto__".into(), Value::Null)])),
            received_at_ms: 1_772_706_930_000,
            lifetime_ms: Some(3_600_000),
            attempt: Some("key".into()),
        }
    }

    #[test]
    fn what_is_stored_comes_back() {
        let bare = Record { lifetime_ms: None, attempt: None, ..record() };
        for stored in [Stored::Session(record()), Stored::Session(bare), Stored::Tombstone(Login(0))] {
            assert_eq!(parse_stored(stored_form(&stored).into()), Some(stored));
        }
    }

    #[test]
    fn a_record_with_anything_missing_or_strange_counts_as_none() {
        for name in ["relatch", "login", "generation", "values", "receivedAt"] {
            let mut form = stored_form(&Stored::Session(record()));
            form.set(name, Value::Number(-1.5));
            assert_eq!(parse_stored(form.clone().into()), None, "{name}");
            form.remove(name);
            assert_eq!(parse_stored(form.into()), None, "{name}");
        }
        assert_eq!(parse_stored(Value::Null), None);
    }

    #[test]
    fn what_is_announced_is_heard() {
        let login = Login(7);
        for announcement in [Announcement::Ended { login }, Announcement::Changed { login, generation: 9 }] {
            assert_eq!(parse_announcement(announcement_form(announcement).into()), Some(announcement));
        }
        assert_eq!(parse_announcement("hello".into()), None);
        assert_eq!(parse_announcement(Values::new().with("login", number(login.0)).into()), None);
    }
}
