//! The law: for every dialect, operation, meaning and reason, `read(write(m)) == narrow(m)`.

use crate::support;
use proptest::prelude::*;
use relatch_dialects::{Dialect, Meaning, Message, Reason, Value, Values};

fn text() -> impl Strategy<Value = Value> {
    "\\PC{0,12}".prop_map(Value::from)
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(|it| Value::Number(it as f64)),
        text(),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::List),
            prop::collection::vec(("[a-z_]{1,10}", inner), 0..3).prop_map(|mut members| {
                members.dedup_by(|a, b| a.0 == b.0);
                Value::Object(members)
            }),
        ]
    })
}

prop_compose! {
    fn values()(
        access in "[!-~]{1,40}", refresh in "[!-~]{1,40}", user in json(), permissions in json(),
        resend_code in text(), email in text(), message in text(),
    ) -> Values {
        Values::new().with("access_token", access).with("refresh_token", refresh).with("user", user)
            .with("permissions", permissions).with("resend_code", resend_code).with("email", email)
            .with("message", message)
    }
}

/// Operations by name, and `None` for a call that is no operation.
fn operations(dialect: &Dialect) -> Vec<Option<String>> {
    dialect.operations().map(|it| Some(it.name.clone())).chain([None]).collect()
}

fn reasons(meaning: Meaning) -> Vec<Option<Reason>> {
    let all = Reason::ALL.iter().copied().map(Some);
    if meaning == Meaning::InvalidRequest { all.chain([None]).collect() } else { vec![None] }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_reads_as_what_it_narrows_to(values in values()) {
        for dialect in support::all().into_iter().chain([support::wild()]) {
            for operation in operations(&dialect) {
                for &meaning in Meaning::ALL {
                    for reason in reasons(meaning) {
                        holds(&dialect, operation.as_deref(), &Message { meaning, reason, values: values.clone(), challenge: None })?;
                    }
                }
            }
        }
    }
}

fn holds(dialect: &Dialect, operation: Option<&str>, message: &Message) -> Result<(), TestCaseError> {
    let answer = dialect.write_answer(operation, message, &support::ambient());
    let (meaning, reason) = dialect.narrow(operation, message.meaning, message.reason);
    let about = format!("{} {operation:?} {:?} {:?}: {answer:?}", dialect.name(), message.meaning, message.reason);
    let read = match operation {
        Some(operation) => dialect.read_answer(operation, 0, &answer),
        // A call's answer concerns the session only where it is a refusal; everything else is the caller's.
        None => match dialect.read_refusal(&answer) {
            None => {
                prop_assert!(!concerns_the_session(meaning), "{about} is not read as a refusal");
                return Ok(());
            }
            refusal => refusal,
        },
    };
    let read = read.ok_or_else(|| TestCaseError::fail(format!("{about} cannot be read")))?;
    prop_assert_eq!((read.meaning, read.reason), (meaning, reason), "{}", about);
    for (name, captured) in read.values.iter() {
        prop_assert_eq!(Some(captured), message.values.get(name), "{} of {}", name, about);
    }
    Ok(())
}

fn concerns_the_session(meaning: Meaning) -> bool {
    let name = meaning.name();
    name.starts_with("token-") || matches!(meaning, Meaning::SessionEnded | Meaning::AccountDisabled)
}

#[test]
fn a_session_carries_its_tokens_through_writing_and_reading() {
    let values = Values::new()
        .with("access_token", "aaa.bbb.ccc")
        .with("refresh_token", "rrr")
        .with("user", Value::Object(vec![("username".into(), "ada".into())]))
        .with("permissions", Value::List(vec!["view_dashboard".into()]));
    for dialect in support::all() {
        let answer =
            dialect.write_answer(Some("login"), &Message::with(Meaning::Session, values.clone()), &support::ambient());
        let read = dialect.read_answer("login", 0, &answer).expect("a login answer");
        assert_eq!(read.meaning, Meaning::Session, "{}", dialect.name());
        assert_eq!(read.values.text("access_token"), Some("aaa.bbb.ccc"), "{}", dialect.name());
    }
}

#[test]
fn every_dialect_tells_as_much_as_its_answers_do_and_no_more() {
    let login = |name: &str, meaning| support::dialect(name).narrow(Some("login"), meaning, None).0;
    assert_eq!(login("investgo", Meaning::AccountDisabled), Meaning::AccountDisabled);
    assert_eq!(login("investgo", Meaning::AccountNotValidated), Meaning::WrongPassword);
    assert_eq!(login("apitickets", Meaning::AccountDisabled), Meaning::BadCredentials);
    assert_eq!(login("stockapi", Meaning::AccountDisabled), Meaning::UnknownUser);
    assert_eq!(login("gatego", Meaning::UnknownUser), Meaning::BadCredentials);
    assert_eq!(login("gatego", Meaning::AccountNotValidated), Meaning::AccountNotValidated);
    assert_eq!(login("integra", Meaning::WrongPassword), Meaning::BadCredentials);
    let call = |name: &str, meaning| support::dialect(name).narrow(None, meaning, None).0;
    assert_eq!(call("investgo", Meaning::TokenMalformed), Meaning::TokenMissing);
    assert_eq!(call("investgo", Meaning::Forbidden), Meaning::TokenExpiredOrForbidden);
    assert_eq!(call("stockapi", Meaning::Forbidden), Meaning::Forbidden);
    assert_eq!(call("apitickets", Meaning::AccountDisabled), Meaning::TokenExpired);
    assert_eq!(support::dialect("gatego").narrow(Some("renew"), Meaning::SessionEnded, None).0, Meaning::TokenExpired);
}
