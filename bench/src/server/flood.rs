//! A flood of logins at four times what the server can hash, from addresses and for names that it has never seen, and what
//! becomes of everybody else meanwhile: verified requests and renewals at a steady pace, people who have logged in from
//! where they are before, and people who have not.

use super::client::Client;
use super::house::{House, OTHERS, PASSWORD, other};
use super::load::{Pace, Rate, load, now};
use super::{row, text};
use serde_json::{Value, json};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How many times what it can.
const TIMES: f64 = 4.0;

/// Connections of the flood. Those who are let in wait for a while, so that there have to be more than places.
const FLOODERS: usize = 256;

/// 8 clients of 50 a second each, and 8 of 10: what a server has to do on an ordinary day.
const EVERY_CALL: Duration = Duration::from_millis(20);
const EVERY_RENEWAL: Duration = Duration::from_millis(100);
const CALMLY: usize = 8;

/// After a 503, and between two logins of one person.
const PAUSE: Duration = Duration::from_secs(1);

/// The flood's own answers.
#[derive(Debug, Default)]
struct Answers {
    sent: AtomicUsize,
    unavailable: AtomicUsize,
    limited: AtomicUsize,
}

/// One kind of people who want to log in: how long each login took, with all its tries.
#[derive(Debug, Default)]
struct People {
    waits: Mutex<Vec<Duration>>,
    tries: AtomicUsize,
}

pub(super) async fn run(
    house: &House,
    sessions: &[Value],
    logins_per_sec: f64,
    length: Duration,
) -> anyhow::Result<()> {
    let tokens: Vec<String> = sessions.iter().take(CALMLY).map(|it| text(it, "access_token")).collect();
    let mut renewable: Vec<String> = Vec::new();
    for session in sessions.iter().rev().take(CALMLY) {
        renewable.push(text(session, "refresh_token"));
    }
    let renewable = Mutex::new(renewable);
    for at in 0..OTHERS {
        log_in(&mut Client::connect(house.address()).await?, at, &home(at)).await?;
    }
    let before = house.resident_kib()?;
    let (calls, renewals) = calmly(house, &tokens, &renewable, length)?;
    let (answers, familiar, strangers) = (Answers::default(), People::default(), People::default());
    let every = Duration::from_secs_f64(FLOODERS as f64 / (TIMES * logins_per_sec));
    // A little longer at both ends than what is measured in it.
    let whole = length + 2 * PAUSE;
    let (flooded_calls, flooded_renewals) = std::thread::scope(|scope| {
        let flood = scope.spawn(|| flood(house, &answers, every, whole));
        let known = scope.spawn(|| people(house, &familiar, true, whole));
        let unknown = scope.spawn(|| people(house, &strangers, false, whole));
        std::thread::sleep(PAUSE);
        let measured = calmly(house, &tokens, &renewable, length);
        for thread in [flood, known, unknown] {
            thread.join().unwrap_or_else(|_| anyhow::bail!("a thread panicked"))?;
        }
        measured
    })?;
    let after = house.resident_kib()?;

    println!();
    row(&format!("a flood of {TIMES} times as many logins"), "seen", "must be");
    let sent = answers.sent.load(Ordering::Relaxed);
    let share = |it: &AtomicUsize| format!("{:.0} %", 100.0 * it.load(Ordering::Relaxed) as f64 / sent.max(1) as f64);
    row("logins of the flood", &format!("{:.0}/s", sent as f64 / whole.as_secs_f64()), "");
    row("of those, answered 503", &share(&answers.unavailable), "");
    row("of those, answered 429", &share(&answers.limited), "");
    compare("verified calls", &calls, &flooded_calls);
    compare("renewals", &renewals, &flooded_renewals);
    row("memory before", &mib(before), "");
    row("memory after", &mib(after), "flat");
    tell("logins from where they logged in before", &familiar);
    tell("logins from somewhere new", &strangers);
    Ok(())
}

fn compare(what: &str, idle: &Rate, flooded: &Rate) {
    let times = |it: &Rate| format!("p50 {:.2}, p99 {:.2} ms", it.percentile_ms(50), it.percentile_ms(99));
    row(&format!("{what}, idle"), &times(idle), "");
    row(&format!("{what}, flooded"), &times(flooded), "");
    let ratio = flooded.percentile_ms(99) / idle.percentile_ms(99);
    row("p99 of the latter against the former", &format!("{ratio:.2}"), "<= 3");
}

fn mib(kib: u64) -> String {
    format!("{:.1} MiB", kib as f64 / 1024.0)
}

fn tell(what: &str, people: &People) {
    let waits = people.waits.lock().map(|it| it.clone()).unwrap_or_default();
    let (rate, tries) = (Rate::of(waits, Duration::from_secs(1)), people.tries.load(Ordering::Relaxed));
    row(what, &format!("{} of {tries} tries", rate.count()), "get through");
    row(
        "how long until they were in",
        &format!("p50 {:.0}, p99 {:.0} ms", rate.percentile_ms(50), rate.percentile_ms(99)),
        "",
    );
}

/// Verified calls and renewals side by side, at their pace.
fn calmly(
    house: &House,
    tokens: &[String],
    renewable: &Mutex<Vec<String>>,
    length: Duration,
) -> anyhow::Result<(Rate, Rate)> {
    let mine = renewable.lock().map(|it| it.clone()).unwrap_or_default();
    let renewed: Mutex<Vec<String>> = Mutex::default();
    let rates = std::thread::scope(|scope| {
        let renewing = scope.spawn(|| {
            let states = mine.into_iter().map(|it| Renewing { token: it, done: &renewed }).collect();
            load(house.address(), states, length, Pace::Every(EVERY_RENEWAL), async |client, it: &mut Renewing<'_>| {
                it.token = super::renew(client, &it.token).await?;
                Ok(())
            })
        });
        let calls = load(house.address(), tokens.to_vec(), length, Pace::Every(EVERY_CALL), async |client, token| {
            client.ask("GET", "/gatego/me", token, "").await.map(drop)
        })?;
        Ok((calls, renewing.join().unwrap_or_else(|_| anyhow::bail!("a thread panicked"))?))
    });
    if let (Ok(mut all), Ok(renewed)) = (renewable.lock(), renewed.lock()) {
        all.clone_from(&renewed);
    }
    rates
}

/// A refresh token, which is handed on when its client is done.
struct Renewing<'a> {
    token: String,
    done: &'a Mutex<Vec<String>>,
}

impl Drop for Renewing<'_> {
    fn drop(&mut self) {
        if let Ok(mut done) = self.done.lock() {
            done.push(std::mem::take(&mut self.token));
        }
    }
}

fn flood(house: &House, answers: &Answers, every: Duration, length: Duration) -> anyhow::Result<()> {
    load(house.address(), vec![(); FLOODERS], length, Pace::Every(every), async |client, ()| {
        let at = answers.sent.fetch_add(1, Ordering::Relaxed);
        let body = json!({ "username": format!("nobody{at}"), "password": "incorrect horse" }).to_string();
        let from = format!("x-forwarded-for: {}\r\n", address(10, at));
        match client.exchange("POST", "/gatego/auth/login", &from, &body).await? {
            (503, _) => answers.unavailable.fetch_add(1, Ordering::Relaxed),
            (429, _) => answers.limited.fetch_add(1, Ordering::Relaxed),
            _ => 0,
        };
        Ok(())
    })
    .map(drop)
}

/// People with the right password who try again when they are told to.
fn people(house: &House, people: &People, are_familiar: bool, length: Duration) -> anyhow::Result<()> {
    let half = OTHERS / 2;
    let range = if are_familiar { 0..half } else { half..OTHERS };
    let visits = AtomicUsize::new(0);
    load(house.address(), range.collect(), length, Pace::AtOnce, async |client, at: &mut usize| {
        let started = now();
        let from = if are_familiar { home(*at) } else { address(172, visits.fetch_add(1, Ordering::Relaxed)) };
        while started.elapsed() < length {
            people.tries.fetch_add(1, Ordering::Relaxed);
            if log_in(client, *at, &from).await? {
                if let Ok(mut waits) = people.waits.lock() {
                    waits.push(started.elapsed());
                }
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        tokio::time::sleep(PAUSE).await;
        Ok(())
    })
    .map(drop)
}

async fn log_in(client: &mut Client, at: usize, from: &str) -> anyhow::Result<bool> {
    let body = json!({ "username": other(at), "password": PASSWORD }).to_string();
    let from = format!("x-forwarded-for: {from}\r\n");
    match client.exchange("POST", "/gatego/auth/login", &from, &body).await? {
        (200, _) => Ok(true),
        (503, _) => Ok(false),
        (status, _) => anyhow::bail!("a login with the right password was answered {status}"),
    }
}

fn home(at: usize) -> String {
    address(192, at)
}

/// An address for each number.
fn address(net: u8, at: usize) -> String {
    let [.., a, b, c] = at.to_be_bytes();
    format!("{net}.{a}.{b}.{c}")
}
