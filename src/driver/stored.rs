//! The record as it is written to a store, and back; and what tabs tell each other about it. Whatever is not exactly such
//! a record counts as nothing stored, and any other announcement as none. Except what a later version of this package wrote:
//! that is not ours to write over, so the store counts as one that does not work.

use relatch_dialects::{MAX_EXACT, Value, Values};
use relatch_session::{Announcement, Login, Pause, Record, StoreFailed, Stored};

/// The version of the stored form: one more when an older reader would misread it. Members that it does not know do no harm.
const VERSION: u64 = 1;

/// The stored form, as the members of an object.
pub fn stored_form(stored: &Stored) -> Values {
    let mut form = Values::new();
    set_number(&mut form, "relatch", VERSION);
    match stored {
        Stored::Tombstone(login) => set_number(&mut form, "ended", login.0),
        Stored::Session(record) => {
            set_number(&mut form, "login", record.login.0);
            set_number(&mut form, "generation", record.generation);
            form.set("values", record.values.clone());
            set_number(&mut form, "receivedAt", record.received_at_ms);
            if let Some(lifetime) = record.lifetime_ms {
                set_number(&mut form, "lifetime", lifetime);
            }
            if let Some(attempt) = &record.attempt {
                form.set("attempt", attempt.as_str());
            }
            form.set("context", record.context.clone());
            if let Some(pause) = record.pause {
                let parts = vec![number(pause.until_ms), number(pause.failures.into()), number(pause.status.into())];
                form.set("pause", Value::List(parts));
            }
            set_number(&mut form, "activeAt", record.active_at_ms);
            form.set("kept", record.kept);
        }
    }
    form
}

/// What a stored form says; `None` if it is none.
///
/// # Errors
/// [`StoreFailed`] if a later version of this package wrote it.
pub fn parse_stored(form: Value) -> Result<Option<Stored>, StoreFailed> {
    let Some(form) = Values::of(form) else { return Ok(None) };
    match whole(&form, "relatch") {
        Some(VERSION) => Ok(parse_current(form)),
        Some(later) if later > VERSION => Err(StoreFailed),
        _ => Ok(None),
    }
}

fn parse_current(mut form: Values) -> Option<Stored> {
    if let Some(ended) = login(&form, "ended") {
        return Some(Stored::Tombstone(ended));
    }
    // What is copied comes first: with nothing in hand yet, there is nothing to let go of where a member is missing.
    let (login, generation) = (login(&form, "login")?, whole(&form, "generation")?);
    let received_at_ms = whole(&form, "receivedAt")?;
    let values = Values::of(form.remove("values")?)?;
    Some(Stored::Session(Box::new(Record {
        login,
        generation,
        values,
        received_at_ms,
        lifetime_ms: whole(&form, "lifetime"),
        attempt: form.text("attempt").map(String::from),
        context: form.remove("context").and_then(Values::of).unwrap_or_default(),
        pause: form.get("pause").and_then(parse_pause),
        active_at_ms: whole(&form, "activeAt").unwrap_or_default(),
        kept: matches!(form.get("kept"), Some(Value::Bool(true))),
    })))
}

fn parse_pause(form: &Value) -> Option<Pause> {
    let Value::List(parts) = form else { return None };
    let part = |at: usize| parts.get(at)?.as_u64();
    Some(Pause { until_ms: part(0)?, failures: part(1)? as u32, status: part(2)? as u16 })
}

/// An announcement as it goes to the other tabs, as the members of an object.
pub fn announcement_form(announcement: Announcement) -> Values {
    let mut form = Values::new();
    match announcement {
        Announcement::Changed => {}
        Announcement::Ended { login, generation } => {
            set_number(&mut form, "ended", login.0);
            set_number(&mut form, "generation", generation);
        }
        Announcement::Wanted { login, generation } => {
            set_number(&mut form, "wanted", login.0);
            set_number(&mut form, "generation", generation);
        }
        Announcement::Coming { login } => set_number(&mut form, "coming", login.0),
    }
    form
}

/// The announcement that another tab made; `None` if it is none.
pub fn parse_announcement(form: Value) -> Option<Announcement> {
    let form = Values::of(form)?;
    let generation = whole(&form, "generation");
    if let Some(login) = login(&form, "ended") {
        return Some(Announcement::Ended { login, generation: generation? });
    }
    if let Some(login) = login(&form, "wanted") {
        return Some(Announcement::Wanted { login, generation: generation? });
    }
    Some(login(&form, "coming").map_or(Announcement::Changed, |login| Announcement::Coming { login }))
}

fn login(form: &Values, name: &str) -> Option<Login> {
    Some(Login(whole(form, name)?))
}

fn whole(form: &Values, name: &str) -> Option<u64> {
    form.get(name)?.as_u64()
}

// Compiled once: the wasm would else have a copy wherever it is called.
#[inline(never)]
fn set_number(form: &mut Values, name: &str, whole: u64) {
    form.set(name, number(whole));
}

fn number(whole: u64) -> Value {
    Value::Number((whole as f64).min(MAX_EXACT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Box<Record> {
        Box::new(Record {
            login: Login(0x1f_ffff_ffff_fff0),
            generation: 7,
            values: Values::new()
                .with("access_token", "t")
                .with("user", Value::Object(vec![("__proto__".into(), Value::Null)])),
            received_at_ms: 1_772_706_930_000,
            lifetime_ms: Some(3_600_000),
            attempt: Some("key".into()),
            context: Values::new().with("context.organization", "42"),
            pause: Some(Pause { until_ms: 1_772_706_931_000, failures: 2, status: 503 }),
            active_at_ms: 1_772_706_930_001,
            kept: true,
        })
    }

    #[test]
    fn what_is_stored_comes_back() {
        let bare = Box::new(Record { lifetime_ms: None, attempt: None, pause: None, kept: false, ..*record() });
        for stored in [Stored::Session(record()), Stored::Session(bare), Stored::Tombstone(Login(0))] {
            assert_eq!(parse_stored(stored_form(&stored).into()), Ok(Some(stored)));
        }
    }

    #[test]
    fn a_record_with_anything_missing_or_strange_counts_as_none() {
        for name in ["relatch", "login", "generation", "values", "receivedAt"] {
            let mut form = stored_form(&Stored::Session(record()));
            form.set(name, Value::Number(-1.5));
            assert_eq!(parse_stored(form.clone().into()), Ok(None), "{name}");
            form.remove(name);
            assert_eq!(parse_stored(form.into()), Ok(None), "{name}");
        }
        assert_eq!(parse_stored(Value::Null), Ok(None));
    }

    #[test]
    fn a_record_of_a_later_version_is_not_taken_for_nothing() {
        let mut form = stored_form(&Stored::Session(record()));
        form.set("relatch", number(VERSION + 1));
        assert_eq!(parse_stored(form.into()), Err(StoreFailed));
    }

    #[test]
    fn a_record_without_what_came_later_is_read() {
        let mut form = stored_form(&Stored::Session(record()));
        for name in ["context", "pause", "activeAt", "kept"] {
            form.remove(name);
        }
        let bare = Box::new(Record { context: Values::new(), pause: None, active_at_ms: 0, kept: false, ..*record() });
        assert_eq!(parse_stored(form.into()), Ok(Some(Stored::Session(bare))));
    }

    #[test]
    fn what_is_announced_is_heard() {
        let login = Login(7);
        let (ended, wanted) =
            (Announcement::Ended { login, generation: 9 }, Announcement::Wanted { login, generation: 9 });
        for announcement in [Announcement::Changed, ended, wanted, Announcement::Coming { login }] {
            assert_eq!(parse_announcement(announcement_form(announcement).into()), Some(announcement));
        }
        assert_eq!(parse_announcement("hello".into()), None);
        assert_eq!(parse_announcement(Values::new().with("ended", number(login.0)).into()), None);
    }
}
