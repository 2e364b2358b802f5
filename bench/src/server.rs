//! The server, as a process of its own, by requests over loopback.

mod client;
mod flood;
mod house;
mod load;

use client::Client;
use house::{Bare, House, PASSWORD, USER};
use load::{Pace, Rate, load};
use relatch_server::passwords::{PasswordScheme, Passwords};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub(crate) use house::bare;

/// As many as the budget for renewals names.
const CLIENTS: usize = 64;
const STARTS: usize = 5;
const ROUNDS: usize = 3;

pub(crate) async fn run(program: &Path, secs: u64) -> anyhow::Result<()> {
    let length = Duration::from_secs(secs);
    let mut house = House::build(program).await?;
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        house.stop().await?;
        starts.push(house.start().await?);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let idle = house.resident_kib()?;
    let sessions = sessions(&house).await?;
    let renewals = renewals(&house, &sessions, length)?;
    let (me, bare) = verified(&house, &sessions, length).await?;
    let (logins, hashes) = logins(&house, length).await?;
    let peak = house.resident_kib()?;

    starts.sort_unstable();
    let start = starts.get(STARTS / 2).copied().unwrap_or_default();
    row("server, on SQLite with fsync", "seen", "must be");
    row("memory when idle", &format!("{:.1} MiB", idle as f64 / 1024.0), "< 20 MiB");
    row("memory after all this", &format!("{:.1} MiB", peak as f64 / 1024.0), "");
    row("start to first answer, median of 5", &format!("{} ms", start.as_millis()), "< 150 ms");
    row("durable renewals, 64 clients", &renewals.to_string(), "> 5000/s");
    row("verified `me`, 64 clients", &me.rate.to_string(), "");
    row("bare axum answer of the same size", &bare.rate.to_string(), "");
    row("the former against the latter", &format!("{:.2}", me.rate.per_sec() / bare.rate.per_sec()), ">= 0.60");
    row("processor time of one `me`", &me.cpu(), "");
    row("processor time of one bare answer", &bare.cpu(), "");
    row("logins (argon2id, 19 MiB, 2 passes)", &logins.to_string(), "");
    row("the hash alone, as many at once", &format!("{hashes:.1}/s"), "");
    row("the former against the latter", &format!("{:.2}", logins.per_sec() / hashes), ">= 0.90");
    let sessions = self::sessions(&house).await?;
    flood::run(&house, &sessions, logins.per_sec(), 2 * length).await?;
    house.stop().await?;
    Ok(())
}

fn row(what: &str, seen: &str, must: &str) {
    println!("{what:<44} {seen:>26}   {must}");
}

/// One session for each client.
async fn sessions(house: &House) -> anyhow::Result<Vec<Value>> {
    let mut client = Client::connect(house.address()).await?;
    let mut sessions = Vec::new();
    for _ in 0..CLIENTS {
        sessions.push(log_in(&mut client).await?);
    }
    Ok(sessions)
}

async fn log_in(client: &mut Client) -> anyhow::Result<Value> {
    let body = serde_json::json!({ "username": USER, "password": PASSWORD }).to_string();
    client.json("POST", "/gatego/auth/login", "", &body).await
}

/// The next refresh token.
async fn renew(client: &mut Client, token: &str) -> anyhow::Result<String> {
    let body = serde_json::json!({ "refresh_token": token }).to_string();
    Ok(text(&client.json("POST", "/gatego/auth/refresh-token", "", &body).await?, "refresh_token"))
}

fn renewals(house: &House, sessions: &[Value], length: Duration) -> anyhow::Result<Rate> {
    let tokens: Vec<String> = sessions.iter().map(|it| text(it, "refresh_token")).collect();
    load(house.address(), tokens, length, Pace::AtOnce, async |client, token| {
        *token = renew(client, token).await?;
        Ok(())
    })
}

/// What answered how fast, and what that cost it.
#[derive(Debug, Default)]
struct Answering {
    rate: Rate,
    answers: usize,
    busy: Duration,
}

impl Answering {
    fn cpu(&self) -> String {
        format!("{:.1} us", self.busy.as_secs_f64() * 1e6 / self.answers.max(1) as f64)
    }
}

/// In turns, so that whatever else the machine does hits both; of the rates the median, of the processor time the sum.
async fn verified(house: &House, sessions: &[Value], length: Duration) -> anyhow::Result<(Answering, Answering)> {
    let tokens: Vec<String> = sessions.iter().map(|it| text(it, "access_token")).collect();
    let first = tokens.first().cloned().unwrap_or_default();
    let size = Client::connect(house.address()).await?.ask("GET", "/gatego/me", &first, "").await?.len();
    let bare = Bare::start(size).await?;
    let ask = |address| {
        load(address, tokens.clone(), length / 2, Pace::AtOnce, async |client, token| {
            client.ask("GET", "/gatego/me", token, "").await.map(drop)
        })
    };
    let (mut rates, mut answering) = ((Vec::new(), Vec::new()), (Answering::default(), Answering::default()));
    for _ in 0..ROUNDS {
        let (before, rate) = (house.cpu()?, ask(house.address())?);
        answering.0.busy += house.cpu()?.saturating_sub(before);
        answering.0.answers += rate.count();
        rates.0.push(rate);
        let (before, rate) = (bare.cpu()?, ask(bare.address())?);
        answering.1.busy += bare.cpu()?.saturating_sub(before);
        answering.1.answers += rate.count();
        rates.1.push(rate);
    }
    answering.0.rate = Rate::median(rates.0);
    answering.1.rate = Rate::median(rates.1);
    Ok(answering)
}

/// Logins, and what the hash alone allows, in turns.
async fn logins(house: &House, length: Duration) -> anyhow::Result<(Rate, f64)> {
    let (mut rates, mut alone) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // Enough to keep every core busy, and few enough for the queue.
        let clients = vec![(); 2 * cores()];
        let rate =
            load(house.address(), clients, length / 2, Pace::AtOnce, async |client, ()| log_in(client).await.map(drop));
        rates.push(rate?);
        alone.push(hashes(length / 2).await);
    }
    alone.sort_by(f64::total_cmp);
    Ok((Rate::median(rates), alone.get(ROUNDS / 2).copied().unwrap_or(f64::NAN)))
}

/// Verified passwords a second, by the server's own code, with as many at once as there are cores.
async fn hashes(length: Duration) -> f64 {
    let passwords = Arc::new(Passwords::new(cores(), 2 * cores()));
    let Ok(hash) = passwords.hash(PASSWORD, PasswordScheme::ARGON2ID).await else { return f64::NAN };
    let started = load::now();
    let tasks = (0..2 * cores()).map(|_| {
        let (passwords, hash) = (Arc::clone(&passwords), hash.clone());
        tokio::spawn(async move {
            let mut done = 0_u32;
            while started.elapsed() < length {
                done += u32::from(passwords.verify(PASSWORD, &hash).await.unwrap_or(false));
            }
            done
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let mut done = 0;
    for task in tasks {
        done += task.await.unwrap_or_default();
    }
    f64::from(done) / started.elapsed().as_secs_f64()
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

fn text(value: &Value, member: &str) -> String {
    value.get(member).and_then(Value::as_str).unwrap_or_default().into()
}
