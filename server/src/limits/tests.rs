//! The rules of `limits`, with a clock that is moved by hand.

use super::*;
use crate::store::{LimitRows, SqliteStore};
use tempfile::TempDir;

const MINUTE: i64 = 60_000;

struct Scene {
    limits: Limits,
    clock: Clock,
    store: Arc<SqliteStore>,
    _directory: TempDir,
}

impl Scene {
    async fn new() -> Scene {
        let directory = TempDir::new().unwrap();
        let store = Arc::new(SqliteStore::open(&directory.path().join("test.db")).await.unwrap());
        let clock = Clock::manual(1_772_705_730_000);
        let limits = Limits::new(LimitConfig::default(), Arc::clone(&store) as _, clock.clone());
        Scene { limits, clock, store, _directory: directory }
    }

    /// Tries to log in; whether the attempt was let in, and if not, why and how long not.
    fn attempt(&self, who: &str, from: u8, outcome: Outcome) -> Option<(Barrier, u64)> {
        let (subject, address) = (ada(who), Some(at(from)));
        let refused = self.limits.begin(subject, address).refused;
        if refused.is_none() {
            self.limits.end(subject, address, outcome);
        }
        refused
    }

    fn fail(&self, who: &str, from: u8) -> bool {
        self.attempt(who, from, Outcome::Failed).is_none()
    }

    fn succeed(&self, who: &str, from: u8) -> bool {
        self.attempt(who, from, Outcome::Succeeded).is_none()
    }
}

fn ada(who: &str) -> Subject {
    Subject::of("a", "login", who)
}

fn at(host: u8) -> Address {
    Address::of(std::net::IpAddr::from([192, 0, 2, host]))
}

#[tokio::test]
async fn ten_failures_lock_an_account_for_a_quarter_of_an_hour_and_no_other_one() {
    let scene = Scene::new().await;
    assert!((0..10).all(|from| scene.fail("ada", from)));
    assert_eq!(scene.attempt("ada", 99, Outcome::Succeeded), Some((Barrier::Account, 900)));
    assert!(scene.succeed("grace", 99));
    scene.clock.advance_ms(15 * MINUTE - 1);
    assert_eq!(scene.attempt("ada", 99, Outcome::Succeeded), Some((Barrier::Account, 1)));
    scene.clock.advance_ms(1);
    assert!(scene.succeed("ada", 99));
}

#[tokio::test]
async fn failures_slide_out_one_by_one_and_successes_count_for_nothing() {
    let scene = Scene::new().await;
    assert!((0..9).all(|_| scene.fail("ada", 1)));
    let standing = scene.limits.begin(ada("ada"), Some(at(2)));
    assert_eq!((standing.account.remaining, standing.account.reset_secs), (0, 900), "this one counts while it lasts");
    let standing = scene.limits.end(ada("ada"), Some(at(2)), Outcome::Neither);
    assert_eq!((standing.account.remaining, standing.account.reset_secs), (1, 810));
    scene.clock.advance_ms(90_000);
    assert!(scene.fail("ada", 1), "one is forgiven each ninety seconds");
    let many = (0..500).all(|_| scene.succeed("grace", 3));
    assert!(many);
}

#[tokio::test]
async fn whoever_fails_without_end_keeps_a_right_password_out_for_one_window_at_most() {
    let scene = Scene::new().await;
    let (start, mut let_in) = (scene.clock.now_ms(), Vec::new());
    // An attacker with many addresses tries every second, the owner comes from a new address each minute.
    for second in 0..7200_u32 {
        for from in 0..3 {
            scene.fail("ada", ((second * 3 + from) % 200) as u8);
        }
        if second % 60 == 59 {
            let subject = ada("ada");
            let owner = Address::of(std::net::IpAddr::from(second.to_be_bytes()));
            if scene.limits.begin(subject, Some(owner)).refused.is_none() {
                // It stays a stranger, so that the next time is as hard.
                scene.limits.end(subject, Some(owner), Outcome::Neither);
                let_in.push((scene.clock.now_ms() - start) / 1000);
            }
        }
        scene.clock.advance_ms(1000);
    }
    let gaps = let_in.windows(2).map(|it| it[1] - it[0]).max().unwrap();
    assert!(gaps <= 900 + 60, "kept out for {gaps} seconds");
}

#[tokio::test]
async fn an_address_that_the_owner_has_logged_in_from_is_not_locked_out_by_others() {
    let scene = Scene::new().await;
    assert!(scene.succeed("ada", 1));
    while scene.fail("ada", 2) {}
    assert!(scene.succeed("ada", 1));
    while scene.fail("ada", 1) {}
    assert_eq!(scene.attempt("ada", 1, Outcome::Succeeded), Some((Barrier::Account, 90)), "its own failures count");
    scene.clock.advance_ms(90_000);
    assert!(scene.succeed("ada", 1));
    scene.clock.advance_ms(31 * 24 * 60 * MINUTE);
    assert!((0..10).all(|_| scene.fail("ada", 3)));
    assert!(!scene.succeed("ada", 1), "not for ever");
}

#[tokio::test]
async fn an_address_that_tries_many_accounts_is_limited_and_its_neighbour_is_not() {
    let scene = Scene::new().await;
    assert!((0..100).all(|who| scene.fail(&who.to_string(), 1)));
    assert_eq!(scene.attempt("ada", 1, Outcome::Succeeded), Some((Barrier::Address, 9)));
    assert!(scene.succeed("ada", 2));
}

#[tokio::test]
async fn a_hundred_attempts_at_once_are_not_all_let_in() {
    let scene = Scene::new().await;
    let at_once = (0..100).filter(|_| scene.limits.begin(ada("ada"), Some(at(1))).refused.is_none()).count();
    assert_eq!(at_once, 10);
}

#[tokio::test]
async fn who_is_turned_away_in_a_flood_costs_no_row() {
    let scene = Scene::new().await;
    for from in 0..20 {
        scene.attempt(&format!("nobody {from}"), from, Outcome::Neither);
    }
    scene.limits.write().await;
    assert!(scene.store.limits(0).await.unwrap().is_empty());
    scene.fail("ada", 1);
    scene.attempt("ada", 2, Outcome::Neither);
    scene.limits.write().await;
    assert_eq!(scene.store.limits(0).await.unwrap().len(), 2, "the account's and the address's");
}

#[tokio::test]
async fn a_restart_forgets_neither_locks_nor_familiar_addresses() {
    let scene = Scene::new().await;
    assert!(scene.succeed("ada", 1));
    assert!((0..10).all(|_| scene.fail("ada", 2)));
    assert!(scene.fail("grace", 2));
    scene.limits.write().await;
    let again = Limits::new(LimitConfig::default(), Arc::clone(&scene.store) as _, scene.clock.clone());
    again.restore().await.unwrap();
    assert_eq!(again.begin(ada("ada"), Some(at(3))).refused, Some((Barrier::Account, 900)));
    assert_eq!(again.begin(ada("ada"), Some(at(1))).refused, None);
    assert_eq!(again.begin(ada("grace"), Some(at(3))).account.remaining, 8);
}

#[tokio::test]
async fn what_holds_no_more_is_forgotten_in_the_store_too() {
    let scene = Scene::new().await;
    assert!(scene.fail("ada", 1));
    scene.limits.write().await;
    assert_eq!(scene.store.limits(0).await.unwrap().len(), 2);
    scene.clock.advance_ms(60 * MINUTE);
    assert!(scene.fail("grace", 2));
    scene.limits.write().await;
    assert_eq!(scene.store.limits(0).await.unwrap().len(), 2, "grace and her address");
}

#[test]
fn the_number_of_counts_is_bounded() {
    let mut table = table::Table::default();
    for number in 0..=table::CAPACITY as u32 {
        let address = Address::of(std::net::IpAddr::from(number.to_be_bytes()));
        table.change(Key::address(address), 0, 0, |it| it.level_ms = i64::from(number) + 1);
    }
    assert!(table.len() <= table::CAPACITY);
    let newest = Address::of(std::net::IpAddr::from((table::CAPACITY as u32).to_be_bytes()));
    assert_ne!(table.get(Key::address(newest)), table::Entry::default());
}
