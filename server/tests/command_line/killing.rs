//! `kill -9` under a load of logins, renewals and log-outs, again and again on one database: whatever was answered holds
//! afterwards.
//!
//! `RELATCH_KILLS` says how often; three times unless chosen.

use crate::support::{Deployment, FIVE, Running};
use serde_json::{Value as Json, json};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

const CLIENTS: usize = 6;

/// Answers before the server is killed, and a little by chance, so that it is hit in the middle of things.
const ANSWERS: usize = 60;

/// A session as its client knows it.
#[derive(Clone, Default)]
struct Client {
    access: String,
    refresh: String,
    /// The attempt key of the renewal that was sent and not answered, or is next.
    attempt: String,
    state: State,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum State {
    #[default]
    In,
    /// The log-out was answered.
    Out,
    /// The log-out was sent, and nobody knows.
    Leaving,
}

impl Client {
    fn begin(server: &Running) -> Option<Client> {
        let body = json!({ "username": "ada", "password": "correct horse 9" }).to_string();
        let mut client = Client::default();
        let (status, answer) = server.ask("POST", "/gatego/auth/login", "", &body)?;
        assert_eq!(status, 200, "{answer}");
        client.take(&answer);
        Some(client)
    }

    fn take(&mut self, answer: &str) {
        let answer: Json = serde_json::from_str(answer).unwrap();
        let text = |name: &str| answer.get(name).and_then(Json::as_str).unwrap().to_owned();
        (self.access, self.refresh) = (text("access_token"), text("refresh_token"));
        self.attempt = uuid::Uuid::new_v4().to_string();
    }

    /// Whether the server answered.
    fn renew(&mut self, server: &Running) -> bool {
        let body = json!({ "refresh_token": self.refresh }).to_string();
        let headers = [("idempotency-key", self.attempt.as_str())];
        let Some((status, answer)) = server.ask_with("POST", "/gatego/auth/refresh-token", &headers, &body) else {
            return false;
        };
        assert_eq!(status, 200, "a session was lost: {answer}");
        self.take(&answer);
        true
    }

    fn log_out(&mut self, server: &Running) -> bool {
        self.state = State::Leaving;
        let Some((status, answer)) = server.ask("POST", "/gatego/logout", &self.access, "") else { return false };
        assert_eq!(status, 204, "{answer}");
        self.state = State::Out;
        true
    }

    fn me(&self, server: &Running) -> u16 {
        server.ask("GET", "/gatego/me", &self.access, "").unwrap().0
    }

    fn refused(&self, server: &Running) -> bool {
        let body = json!({ "refresh_token": self.refresh }).to_string();
        let (status, _) = server.ask("POST", "/gatego/auth/refresh-token", "", &body).unwrap();
        self.me(server) == 401 && status == 401
    }
}

#[test]
fn after_each_kill_no_session_is_lost_none_is_back_and_the_database_is_sound() {
    let kills = std::env::var("RELATCH_KILLS").map_or(3, |it| it.parse().unwrap());
    let here = Deployment::new(FIVE);
    here.add("gatego", &["--username", "ada"]);
    let clients = Mutex::new(Vec::new());
    for round in 1..=kills {
        let server = here.serve();
        load(&server, &clients, round);
        drop(server);
        sound(&here);
        let server = here.serve();
        verify(&server, &mut clients.lock().unwrap());
    }
}

/// Clients that come, renew and go until the server is killed under them.
fn load(server: &Running, clients: &Mutex<Vec<Client>>, round: usize) {
    let (answers, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                while !is_over.load(Ordering::SeqCst) {
                    let Some(client) = live(server, &answers) else { return };
                    clients.lock().unwrap().push(client);
                }
            });
        }
        while answers.load(Ordering::SeqCst) < ANSWERS + 7 * round {
            std::thread::sleep(Duration::from_millis(1));
        }
        server.kill();
        is_over.store(true, Ordering::SeqCst);
    });
}

/// One client's life; `None` if it never got in. Every other one logs out.
fn live(server: &Running, answers: &AtomicUsize) -> Option<Client> {
    let mut client = Client::begin(server)?;
    let count = answers.fetch_add(1, Ordering::SeqCst);
    for _ in 0..3 {
        if !client.renew(server) {
            return Some(client);
        }
        answers.fetch_add(1, Ordering::SeqCst);
    }
    if count.is_multiple_of(2) && client.log_out(server) {
        answers.fetch_add(1, Ordering::SeqCst);
    }
    Some(client)
}

fn verify(server: &Running, clients: &mut Vec<Client>) {
    assert!(clients.iter().any(|it| it.state == State::In) && clients.iter().any(|it| it.state == State::Out));
    clients.retain(|it| it.state != State::Leaving);
    for client in clients {
        if client.state == State::Out {
            assert!(client.refused(server), "a session that was logged out is back");
        } else {
            assert_eq!(client.me(server), 200, "a session was lost");
            // The renewal that was never answered, repeated.
            assert!(client.renew(server));
            assert_eq!(client.me(server), 200);
        }
    }
}

fn sound(here: &Deployment) {
    let file = here.path("relatch.db");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let pool = sqlx::SqlitePool::connect(file.to_str().unwrap()).await.unwrap();
        let told: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&pool).await.unwrap();
        assert_eq!(told, ["ok"]);
        let dangling = sqlx::query("PRAGMA foreign_key_check").fetch_all(&pool).await.unwrap();
        assert!(dangling.is_empty());
        pool.close().await;
    });
}
