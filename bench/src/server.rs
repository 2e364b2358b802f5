//! The server, as a process of its own, by requests over loopback.

mod client;
mod house;
mod load;

use client::Client;
use house::{Bare, House, PASSWORD};
use load::{Rate, load};
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
    let renewals = renewals(&house, &sessions, length).await?;
    let (me, bare) = verified(&house, &sessions, length).await?;
    let logins = logins(&house, length).await?;
    let peak = house.resident_kib()?;
    house.stop().await?;
    let hashes = hashes(length).await;

    starts.sort_unstable();
    let start = starts.get(STARTS / 2).copied().unwrap_or_default();
    row("server, on SQLite with fsync", "seen", "must be");
    row("memory when idle", &format!("{:.1} MiB", idle as f64 / 1024.0), "< 20 MiB");
    row("memory after all this", &format!("{:.1} MiB", peak as f64 / 1024.0), "");
    row("start to first answer, median of 5", &format!("{} ms", start.as_millis()), "< 150 ms");
    row("durable renewals, 64 clients", &renewals.to_string(), "> 5000/s");
    row("verified `me`, 64 clients", &me.to_string(), "");
    row("bare axum answer of the same size", &bare.to_string(), "");
    row("the former against the latter", &format!("{:.2}", me.per_sec() / bare.per_sec()), ">= 0.60");
    row("logins (argon2id, 19 MiB, 2 passes)", &logins.to_string(), "");
    row("the hash alone, as many at once", &format!("{hashes:.1}/s"), "");
    row("the former against the latter", &format!("{:.2}", logins.per_sec() / hashes), ">= 0.90");
    Ok(())
}

fn row(what: &str, seen: &str, must: &str) {
    println!("{what:<44} {seen:>22}   {must}");
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
    let body = serde_json::json!({ "username": "bench", "password": PASSWORD }).to_string();
    client.json("POST", "/gatego/auth/login", "", &body).await
}

async fn renewals(house: &House, sessions: &[Value], length: Duration) -> anyhow::Result<Rate> {
    let tokens: Vec<String> = sessions.iter().map(|it| text(it, "refresh_token")).collect();
    load(house.address(), tokens, length, async |client, token| {
        let body = serde_json::json!({ "refresh_token": token }).to_string();
        let renewed = client.json("POST", "/gatego/auth/refresh-token", "", &body).await?;
        *token = text(&renewed, "refresh_token");
        Ok(())
    })
    .await
}

/// In turns, so that whatever else the machine does hits both; the median of each.
async fn verified(house: &House, sessions: &[Value], length: Duration) -> anyhow::Result<(Rate, Rate)> {
    let tokens: Vec<String> = sessions.iter().map(|it| text(it, "access_token")).collect();
    let first = tokens.first().cloned().unwrap_or_default();
    let size = Client::connect(house.address()).await?.ask("GET", "/gatego/me", &first, "").await?.len();
    let bare = Bare::start(size).await?;
    let (mut verified, mut answered) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for (address, rates) in [(house.address(), &mut verified), (bare.address(), &mut answered)] {
            let rate = load(address, tokens.clone(), length / 2, async |client, token| {
                client.ask("GET", "/gatego/me", token, "").await.map(drop)
            });
            rates.push(rate.await?);
        }
    }
    Ok((Rate::median(verified), Rate::median(answered)))
}

async fn logins(house: &House, length: Duration) -> anyhow::Result<Rate> {
    // Enough to keep every core busy, and few enough for the queue.
    let clients = vec![String::new(); 2 * cores()];
    load(house.address(), clients, length, async |client, _| log_in(client).await.map(drop)).await
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
