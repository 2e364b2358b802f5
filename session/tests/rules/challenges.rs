//! Logins that take more than one step: what the app is told, what goes along, and what ends them.

use crate::world::{HOUR_MS, World, asking, bare, credentials, endpoint, keeping, meant, network, tokens};
use relatch_dialects::{Meaning, Message, Values};
use relatch_session::{Answered, CallId, Event, FailureKind, Input, Outcome, Status};

/// An answer that asks for that, with something to show and something to send.
fn asks_for(kind: &str) -> Answered {
    let values = Values::new()
        .with("challenge.id", ["id of ", kind].concat())
        .with("detail.phone", "…07")
        .with("access_token", "token of nobody")
        .with("step.nonce", "7");
    let message = Message { challenge: Some(kind.into()), ..Message::with(Meaning::Challenge, values) };
    Answered { message, ..meant(Meaning::Challenge) }
}

/// A world in which a login of ada's waits for a code.
fn challenged(options: relatch_session::Options) -> World {
    let mut world = World::new(options);
    world.login("ada");
    world.answer("login", Ok(asks_for("otp")));
    world
}

fn give(world: &mut World, code: &str) -> CallId {
    let values = Values::new().with("code", code);
    world.ask(|call| Input::AnswerChallenge { call, values })
}

fn kind(world: &World) -> Option<String> {
    Some(world.session.snapshot().challenge.as_ref()?.kind.clone())
}

#[test]
fn the_app_sees_what_is_asked_and_what_is_for_people_and_no_more() {
    let mut world = World::new(endpoint());
    let call = world.login("ada");
    world.answer("login", Ok(asks_for("otp")));
    assert_eq!(world.session.snapshot().status, Status::Challenge);
    let challenge = world.session.snapshot().challenge.clone().expect("a challenge");
    assert_eq!((challenge.kind.as_str(), challenge.details.members().len()), ("otp", 1));
    assert_eq!(challenge.details.text("detail.phone"), Some("…07"));
    let failure = world.settled(call).and_then(Result::err).expect("a failure");
    assert_eq!(failure.kind, FailureKind::Meant(Meaning::Challenge));
    assert_eq!((failure.details.members().len(), failure.details.text("detail.phone")), (1, Some("…07")));
    assert_eq!(world.events(), [Event::Ready, Event::Challenged]);
}

#[test]
fn an_answer_goes_with_the_credentials_the_captures_the_context_and_what_the_app_gives() {
    let mut world = challenged(endpoint());
    world.feed(Input::SetContext { name: "tenant".into(), value: Some("42".into()) });
    give(&mut world, "1234");
    let sent = &world.sent[0];
    assert_eq!(sent.operation, "challenge.otp");
    for (name, value) in [
        ("identifier", "ada"),
        ("password", "correct horse 9"),
        ("challenge.id", "id of otp"),
        ("code", "1234"),
        ("context.tenant", "42"),
    ] {
        assert_eq!(sent.values.text(name), Some(value));
    }
}

#[test]
fn an_operation_that_sends_the_code_once_more_can_say_of_what() {
    let mut world = challenged(endpoint());
    let resend = |world: &mut World| {
        world.ask(|call| Input::Perform { call, operation: "resend".into(), attached: false, values: Values::new() });
        world.sent.pop().and_then(|it| it.values.text("challenge.id").map(String::from))
    };
    assert_eq!(resend(&mut world).as_deref(), Some("id of otp"));
    give(&mut world, "1234");
    world.answer("challenge.otp", Ok(tokens("ada")));
    assert_eq!(resend(&mut world), None);
}

#[test]
fn an_answer_that_is_right_signs_in() {
    let mut world = challenged(endpoint());
    let call = give(&mut world, "1234");
    let mut answer = tokens("ada");
    answer.message.values = answer
        .message
        .values
        .with("session.device", "d")
        .with("challenge.id", "x")
        .with("step.a", "y")
        .with("expires", "z");
    world.answer("challenge.otp", Ok(answer));
    assert!(matches!(world.settled(call), Some(Ok(Outcome::Done))));
    let snapshot = world.session.snapshot();
    assert_eq!((snapshot.status, kind(&world)), (Status::SignedIn, None));
    let names = |values: &Values| values.iter().map(|it| it.0.to_string()).collect::<Vec<_>>();
    let kept = snapshot.record.as_ref().map(|it| names(&it.values)).unwrap_or_default();
    assert_eq!(kept, ["access_token", "refresh_token", "session.device", "identifier"]);
    let call = give(&mut world, "1234");
    assert_eq!(world.failure(call), Some(FailureKind::LoginRequired));
}

#[test]
fn the_credentials_that_are_kept_are_those_of_the_login() {
    let mut world = challenged(keeping());
    give(&mut world, "1234");
    world.answer("challenge.otp", Ok(tokens("ada")));
    world.ask(|call| Input::Renew { call });
    assert_eq!(world.sent[0].operation, "login");
    assert_eq!(world.sent[0].values, credentials("ada"));
}

#[test]
fn one_step_may_lead_to_another() {
    let mut world = challenged(endpoint());
    let call = give(&mut world, "1234");
    let mut next = asks_for("tenant");
    next.message.values.remove("challenge.id");
    next.message.values.set("challenge.ticket", "t");
    world.answer("challenge.otp", Ok(next));
    assert_eq!(world.failure(call), Some(FailureKind::Meant(Meaning::Challenge)));
    assert_eq!(kind(&world).as_deref(), Some("tenant"));
    give(&mut world, "x");
    let values = &world.sent[0].values;
    assert_eq!((values.text("challenge.id"), values.text("challenge.ticket")), (Some("id of otp"), Some("t")));
    world.answer("challenge.tenant", Ok(tokens("ada")));
    assert_eq!(world.session.snapshot().status, Status::SignedIn);
}

#[test]
fn a_wrong_answer_and_one_that_was_lost_can_be_given_again() {
    let meanings = Meaning::ALL.iter().copied().filter(|it| !matches!(it, Meaning::Session | Meaning::Challenge));
    let mut outcomes: Vec<_> = meanings.filter(|it| !ENDS.contains(it)).map(|it| Ok(meant(it))).collect();
    outcomes.push(network());
    let mut world = challenged(endpoint());
    let before = world.session.snapshot();
    for outcome in outcomes {
        let call = give(&mut world, "0000");
        world.answer("challenge.otp", outcome);
        assert!(world.failure(call).is_some());
        assert!(std::sync::Arc::ptr_eq(&before, &world.session.snapshot()));
    }
    give(&mut world, "1234");
    world.answer("challenge.otp", Ok(tokens("ada")));
    assert_eq!(world.session.snapshot().status, Status::SignedIn);
}

const ENDS: [Meaning; 4] =
    [Meaning::SessionEnded, Meaning::TokenExpired, Meaning::TokenMissing, Meaning::TokenMalformed];

#[test]
fn a_login_whose_question_the_api_has_forgotten_begins_anew() {
    for meaning in ENDS {
        let mut world = challenged(endpoint());
        let call = give(&mut world, "1234");
        world.answer("challenge.otp", Ok(meant(meaning)));
        assert_eq!(world.failure(call), Some(FailureKind::Meant(meaning)));
        assert_eq!((world.session.snapshot().status, kind(&world)), (Status::SignedOut, None));
        assert_eq!(world.session.snapshot().ended, None, "nobody was signed in");
        assert_eq!(world.events().last(), Some(&Event::ChallengeEnded));
    }
}

#[test]
fn without_a_question_there_is_nothing_to_answer() {
    for mut world in [World::new(endpoint()), World::signed_in(endpoint())] {
        let call = give(&mut world, "1234");
        assert_eq!(world.failure(call), Some(FailureKind::LoginRequired));
        assert_eq!(world.sent.len(), 0);
    }
}

#[test]
fn another_login_takes_its_place_if_it_gets_anywhere() {
    let mut world = challenged(endpoint());
    world.login("grace");
    world.answer("login", Ok(meant(Meaning::WrongPassword)));
    assert_eq!(kind(&world).as_deref(), Some("otp"));
    world.login("grace");
    world.answer("login", Ok(asks_for("tenant")));
    give(&mut world, "x");
    assert_eq!(world.sent[0].values.text("identifier"), Some("grace"));
    world.log_in("dora");
    assert_eq!((world.token().as_deref(), kind(&world)), (Some("token of dora"), None));
}

#[test]
fn an_answer_that_is_overtaken_by_another_login_is_of_no_use_and_its_token_is_revoked() {
    let mut world = challenged(endpoint());
    let call = give(&mut world, "1234");
    world.log_in("grace");
    assert_eq!(world.failure(call), Some(FailureKind::Aborted));
    world.answer("challenge.otp", Ok(tokens("ada")));
    assert_eq!(world.token().as_deref(), Some("token of grace"));
    assert_eq!(world.sent[0].values.text("access_token"), Some("token of ada"));
}

#[test]
fn a_log_out_ends_it_and_what_still_comes_is_revoked() {
    let mut world = challenged(endpoint());
    let answer = give(&mut world, "1234");
    let call = world.ask(|call| Input::Logout { call });
    assert_eq!((world.session.snapshot().status, kind(&world)), (Status::SignedOut, None));
    assert!(world.settled(call).is_some_and(|it| it.is_ok()));
    assert_eq!(world.failure(answer), Some(FailureKind::Aborted));
    world.answer("challenge.otp", Ok(tokens("ada")));
    assert_eq!(world.session.snapshot().status, Status::SignedOut);
    assert_eq!(world.sent[0].operation, "logout");
}

#[test]
fn whoever_is_signed_in_stays_so_while_another_login_is_asked() {
    let mut world = World::signed_in(endpoint());
    world.login("grace");
    world.answer("login", Ok(asks_for("otp")));
    assert_eq!((world.session.snapshot().status, kind(&world).as_deref()), (Status::SignedIn, Some("otp")));
    assert_eq!(world.granted().values.text("access_token"), Some("token of ada"));
    world.ask(|call| Input::Renew { call });
    world.answer("renew", Ok(tokens("ada again")));
    assert_eq!((world.generation(), kind(&world).as_deref()), (Some(2), Some("otp")));
    give(&mut world, "1234");
    world.answer("challenge.otp", Ok(tokens("grace")));
    assert_eq!((world.token().as_deref(), world.generation()), (Some("token of grace"), Some(1)));
    assert_eq!(kind(&world), None);
}

#[test]
fn the_end_of_the_session_before_does_not_take_the_code_out_of_anybodys_hands() {
    let mut world = World::signed_in(bare());
    world.login("ada");
    world.answer("login", Ok(asks_for("otp")));
    world.pass(HOUR_MS);
    assert_eq!(
        (world.session.snapshot().status, world.session.snapshot().ended),
        (Status::Challenge, Some(Event::Expired))
    );
    give(&mut world, "1234");
    world.answer("challenge.otp", Ok(tokens("ada")));
    assert_eq!(world.session.snapshot().status, Status::SignedIn);
}

#[test]
fn calls_that_wait_for_a_person_wait_for_all_of_the_steps() {
    let mut world = World::signed_in(asking());
    world.now.wall_ms += HOUR_MS;
    let parked = world.authorize();
    world.login("ada");
    world.answer("login", Ok(asks_for("otp")));
    assert!(world.settled(parked).is_none());
    give(&mut world, "1234");
    world.answer("challenge.otp", Ok(tokens("ada again")));
    assert_eq!(world.grant_of(parked).generation, 2);
}

#[test]
fn credentials_that_were_asked_for_and_lead_to_a_question_go_on_with_the_same_session() {
    let mut world = World::signed_in(asking());
    let login = world.granted().login;
    world.now.wall_ms += HOUR_MS;
    let parked = world.authorize();
    world.feed(Input::LoginSupplied(Some(credentials("ada"))));
    world.answer("login", Ok(asks_for("otp")));
    assert_eq!(world.failure(parked), Some(FailureKind::Meant(Meaning::Challenge)));
    give(&mut world, "1234");
    world.answer("challenge.otp", Ok(tokens("ada again")));
    assert_eq!((world.granted().login, world.generation()), (login, Some(2)));
}

#[test]
fn kept_credentials_that_lead_to_a_question_are_not_sent_again() {
    let mut world = World::signed_in(relatch_session::Options { asks_login: true, ..keeping() });
    world.now.wall_ms += HOUR_MS;
    let parked = world.authorize();
    world.answer("login", Ok(asks_for("otp")));
    world.pass(2_000);
    assert_eq!((world.count("login"), world.asked(), kind(&world)), (1, 1, None));
    assert!(world.settled(parked).is_none());
    world.feed(Input::LoginSupplied(None));
    assert_eq!(world.failure(parked), Some(FailureKind::LoginRequired));
    assert_eq!(world.count("login"), 1);
}

#[test]
fn a_question_that_comes_before_the_store_is_read_waits_for_it() {
    let mut world = World::unstarted(endpoint());
    world.store_answers = false;
    world.feed(Input::Start);
    world.login("ada");
    world.answer("login", Ok(asks_for("otp")));
    assert_eq!((world.session.snapshot().status, kind(&world).as_deref()), (Status::Loading, Some("otp")));
    world.release_store();
    assert_eq!(world.session.snapshot().status, Status::Challenge);
    assert_eq!(world.events(), [Event::Challenged, Event::Ready]);
}

#[test]
fn an_answer_that_is_given_up_does_not_sign_in_behind_the_apps_back() {
    let mut world = challenged(endpoint());
    let call = give(&mut world, "1234");
    world.feed(Input::Cancel { call });
    assert_eq!(world.failure(call), Some(FailureKind::Aborted));
    world.answer("challenge.otp", Ok(tokens("ada")));
    assert_eq!(world.session.snapshot().status, Status::Challenge);
}

#[test]
fn neither_passwords_nor_what_a_question_left_are_printed_or_stored() {
    let mut world = challenged(keeping());
    give(&mut world, "1234");
    world.answer("challenge.otp", Ok(asks_for("tenant")));
    assert_eq!(world.stored, None);
    let call = give(&mut world, "1234");
    let printed = format!("{:?} {:?} {:?}", world.trace, world.session.snapshot(), world.settled(call));
    for secret in ["correct horse", "id of", "1234"] {
        assert!(!printed.contains(secret), "{secret}");
    }
    world.answer("challenge.tenant", Ok(tokens("ada")));
    let Some(relatch_session::Stored::Session(record)) = &world.stored else { panic!("a session") };
    assert!(record.values.get("password").is_none() && record.values.get("challenge.id").is_none());
}
