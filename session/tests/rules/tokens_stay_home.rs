//! No token and no password in any log: whatever is printed tells shapes, never contents.

use crate::world::{HOUR_MS, World, asking, credentials, endpoint, keeping, meant, tokens};
use relatch_dialects::Meaning;
use relatch_session::{Answered, Input, Outcome};

const SECRETS: [&str; 3] = ["token of", "correct horse", "refresh\""];

fn assert_redacted(text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[test]
fn no_command_no_input_and_no_history_prints_a_secret() {
    for options in [endpoint(), keeping(), asking()] {
        let mut world = World::new(options);
        world.login("ada");
        world.answer("login", Ok(Answered { idempotent: true, ..tokens("ada") }));
        let grant = world.granted();
        world.refuse(&grant, Meaning::TokenExpired, false);
        world.feed(Input::LoginSupplied(Some(credentials("ada"))));
        let operation = world.sent.first().map(|it| it.operation.clone());
        world.answer(&operation.expect("a renewal"), Ok(tokens("ada again")));
        world.now.wall_ms += HOUR_MS;
        world.authorize();
        world.ask(|call| Input::Logout { call });
        assert_redacted(&format!("{:?}", world.trace));
        assert_redacted(&format!("{:?}", world.session.history().collect::<Vec<_>>()));
        assert_redacted(&format!("{:?}", world.session.snapshot()));
        assert_redacted(&format!(
            "{:?} {:?} {:?}",
            world.stored,
            tokens("ada"),
            Input::LoginSupplied(Some(credentials("a")))
        ));
    }
}

#[test]
fn an_attempt_key_is_not_printed() {
    let mut world = World::new(endpoint());
    world.login("ada");
    world.answer("login", Ok(Answered { idempotent: true, ..tokens("ada") }));
    let record = world.session.snapshot().record.clone().expect("a record");
    let key = record.attempt.clone().expect("a key");
    assert!(!format!("{record:?} {:?}", world.session.snapshot()).contains(&key));
}

#[test]
fn no_failure_and_no_operation_hands_out_a_token() {
    let mut world = World::new(endpoint());
    let call = world.login("ada");
    let mut refused = meant(Meaning::AccountNotValidated);
    refused.message.values = tokens("ada").message.values.with("resend_code", "1234");
    world.answer("login", Ok(refused));
    let failure = world.settled(call).and_then(Result::err).expect("a failure");
    assert_eq!(failure.details.text("resend_code"), Some("1234"));
    assert!(failure.details.get("access_token").is_none() && failure.details.get("refresh_token").is_none());

    world.log_in("ada");
    let values = relatch_dialects::Values::new();
    let call = world.ask(|call| Input::Perform { call, operation: "profile".into(), attached: true, values });
    let mut answer = meant(Meaning::Done);
    answer.message.values = tokens("ada").message.values;
    world.answer("profile", Ok(answer));
    let Some(Ok(Outcome::Performed(values))) = world.settled(call) else { panic!("performed") };
    assert!(values.get("access_token").is_none());
}

#[test]
fn credentials_are_kept_only_if_the_app_says_so() {
    let mut world = World::signed_in(crate::world::bare());
    world.now.wall_ms += HOUR_MS;
    world.authorize();
    assert_eq!(world.count("login"), 0);
    let mut world = World::signed_in(keeping());
    world.reload(keeping());
    world.now.wall_ms += HOUR_MS;
    world.authorize();
    assert_eq!(world.count("login"), 0, "kept credentials are of one tab's memory alone");
    assert_eq!(world.sent.len(), 0);
}
