//! Random histories: whatever happens in whatever order, every call gets exactly one answer, every lock is let go, a
//! log-out is final, and no call of one login goes on under another.

use crate::world::{World, asking, bare, credentials, endpoint, keeping, meant, network, tokens};
use relatch_dialects::{Meaning, Values};
use relatch_session::{CallId, Command, Grant, Input, Outcome, Status, Stored};

const NAMES: [&str; 3] = ["ada", "grace", "dora"];

struct Dice(u64);

impl Dice {
    /// A number below `sides` (xorshift64*).
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % sides
    }

    fn name(&mut self) -> &'static str {
        NAMES[self.roll(3) as usize]
    }

    fn meaning(&mut self) -> Meaning {
        Meaning::ALL[self.roll(Meaning::ALL.len() as u64) as usize]
    }
}

/// One random thing happens. Returns the call that was made, if it was one.
fn step(world: &mut World, dice: &mut Dice) -> Option<CallId> {
    match dice.roll(20) {
        0..=4 => return Some(world.authorize()),
        5 => return Some(world.login(dice.name())),
        6 | 7 => {
            let grant = last_grant(world)?;
            let (meaning, retried) = (dice.meaning(), dice.roll(3) == 0);
            return Some(world.refuse(&grant, meaning, retried));
        }
        8 => return Some(world.ask(|call| Input::Renew { call })),
        9 if dice.roll(3) == 0 => return Some(world.ask(|call| Input::Logout { call })),
        10 => {
            let values = Values::new();
            let operation = String::from("profile");
            return Some(world.ask(|call| Input::Perform { call, operation, attached: true, values }));
        }
        11 => {
            let call = dice.roll(40) as CallId;
            world.feed(Input::Cancel { call });
        }
        12 => {
            let value = (dice.roll(2) == 0).then(|| dice.name().into());
            world.feed(Input::SetContext { name: "organization".into(), value });
        }
        13 => {
            let supplied = (dice.roll(4) > 0).then(|| credentials(dice.name()));
            world.feed(Input::LoginSupplied(supplied));
        }
        14 => world.store_answers = false,
        15 => world.release_store(),
        16 => {
            world.lock_is_free = dice.roll(2) == 0;
            if world.lock_is_free {
                world.release_lock();
            }
        }
        17 => world.pass(1 << dice.roll(23)),
        _ => answer_one(world, dice),
    }
    None
}

fn last_grant(world: &World) -> Option<Box<Grant>> {
    world.trace.iter().rev().find_map(|it| match it {
        Command::Settle { result: Ok(Outcome::Granted(grant)), .. } => Some(grant.clone()),
        _ => None,
    })
}

fn answer_one(world: &mut World, dice: &mut Dice) {
    let at = dice.roll(world.sent.len().max(1) as u64) as usize;
    let Some(operation) = world.sent.get(at).map(|it| it.operation.clone()) else { return };
    let answered = match dice.roll(4) {
        0 => network(),
        1 => Ok(meant(dice.meaning())).map(|it| match it.message.meaning {
            Meaning::Session => tokens("ada"),
            _ => it,
        }),
        _ if operation == "profile" || operation == "logout" => Ok(meant(Meaning::Done)),
        _ => Ok(tokens(dice.name())),
    };
    world.answer(&operation, answered);
}

/// Everything that is waited for comes to its end.
fn come_to_rest(world: &mut World) {
    for _ in 0..6 {
        world.release_store();
        world.release_lock();
        while let Some(operation) = world.sent.first().map(|it| it.operation.clone()) {
            world.answer(&operation, network());
        }
        world.feed(Input::LoginSupplied(None));
        world.pass(120_000);
    }
}

#[test]
fn every_history_comes_to_rest() {
    for seed in 1..=3_000_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let options = [endpoint(), keeping(), asking(), bare()][(seed % 4) as usize].clone();
        let mut world = World::unstarted(options);
        world.store_answers = dice.roll(2) == 0;
        world.feed(Input::Start);
        let calls: Vec<_> = (0..80).filter_map(|_| step(&mut world, &mut dice)).collect();
        come_to_rest(&mut world);
        for call in calls {
            assert!(world.settled(call).is_some(), "seed {seed}: call {call} waits for ever");
        }

        world.ask(|call| Input::Logout { call });
        come_to_rest(&mut world);
        let count = |kind: fn(&Command) -> bool| world.trace.iter().filter(|it| kind(it)).count();
        let locks = count(|it| matches!(it, Command::Lock(_)));
        assert_eq!(locks, count(|it| matches!(it, Command::Unlock(_))), "seed {seed}");
        assert_eq!(world.session.snapshot().status, Status::SignedOut, "seed {seed}");
        assert!(!matches!(world.stored, Some(Stored::Session(_))), "seed {seed}");
    }
}

#[test]
fn at_most_one_renewal_is_under_way() {
    for seed in 1..=1_000_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut world = World::new(endpoint());
        world.log_in("ada");
        for _ in 0..80 {
            step(&mut world, &mut dice);
            let open = world.trace.iter().fold(0_i32, |open, it| match it {
                Command::Lock(_) => open + 1,
                Command::Unlock(_) => open - 1,
                _ => open,
            });
            assert!((0..=1).contains(&open), "seed {seed}: {open} locks");
        }
    }
}
