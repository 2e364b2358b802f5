//! One scenario with one realm, step by step.

use crate::REALMS;
use crate::outcome::{Outcome, wanted};
use crate::stage::{Stage, dialect, document, enabled};
use relatch::dialects::Values;
use relatch::driver::{event_name, status_name};
use relatch::session::Event;
use relatch::{Client, FileStore};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{broadcast, mpsc};
use tokio::task::JoinHandle;

const WAITING: Duration = Duration::from_millis(300);
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn run(scenario: &Value, realm: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let mut run = Run::open(scenario, realm).await;
        for step in scenario["steps"].as_array().expect("steps") {
            // Shown if the step fails, so that its message need not repeat it.
            println!("{step}");
            tokio::time::timeout(PATIENCE, run.step(step)).await.expect("the step comes to its end");
        }
    });
}

struct Run {
    stage: Stage,
    realm: String,
    neighbour: &'static str,
    scenario: Value,
    folder: tempfile::TempDir,
    client: Client,
    events: broadcast::Receiver<Event>,
    asked: Arc<Mutex<u32>>,
    supply: mpsc::UnboundedSender<Option<Values>>,
    begun: HashMap<String, JoinHandle<Outcome>>,
    token: String,
}

impl Run {
    async fn open(scenario: &Value, realm: &str) -> Run {
        let stage = Stage::open().await;
        let folder = tempfile::tempdir().expect("a folder");
        let (client, events, asked, supply) = client(&stage, scenario, realm, &folder);
        client.ready().await;
        let at = REALMS.iter().position(|it| *it == realm).expect("a realm");
        Run {
            stage,
            realm: realm.into(),
            neighbour: REALMS.iter().cycle().nth(at + 1).expect("a neighbour"),
            scenario: scenario.clone(),
            folder,
            client,
            events,
            asked,
            supply,
            begun: HashMap::new(),
            token: String::new(),
        }
    }

    async fn step(&mut self, step: &Value) {
        let expect = step.get("expect");
        match step["do"].as_str().expect("a step") {
            "login" => self.login(step).await.check(expect, &self.realm),
            "call" => self.call(step).await,
            "begin" => {
                let call = send(self.client.clone(), self.path(&step["path"]));
                self.begun.insert(step["name"].to_string(), tokio::spawn(call));
            }
            "waits" => {
                tokio::time::sleep(WAITING).await;
                assert!(!self.begun[&step["name"].to_string()].is_finished(), "it does not wait");
            }
            "outcome" => {
                let call = self.begun.remove(&step["name"].to_string()).expect("a call that was begun");
                call.await.expect("a call").check(expect, &self.realm);
            }
            "renew" => Outcome::of(self.client.renew().await.map(|()| None)).check(expect, &self.realm),
            "logout" => Outcome::of(self.client.logout().await.map(|()| None)).check(expect, &self.realm),
            "supply" => self.supply(&step["as"]),
            "reload" => self.reload().await,
            "remember-token" => self.token = self.client.token().await.expect("a token"),
            "expire" => self.expire().await,
            "disable" => self.stage.post(&self.realm, "account", enabled(&step["who"], false)).await,
            "end-sessions" => self.stage.post(&self.realm, "end-sessions", json!({ "username": step["who"] })).await,
            "answers" => self.stage.post(&self.realm, "answers", json!({ "mode": step["mode"] })).await,
            "forget-requests" => drop(self.control(Method::DELETE, "requests").await),
            "expect-requests" => self.expect_requests(&step["expect"]).await,
            "expect-neighbour-requests" => {
                let counts = self.stage.counts(self.neighbour).await;
                let sum: u64 = counts.as_object().into_iter().flatten().filter_map(|(_, it)| it.as_u64()).sum();
                assert_eq!(json!(sum), step["expect"]);
            }
            "expect-remembered-token" => {
                let status = self.stage.status_with(&self.url("profile"), &self.token).await;
                Outcome::of(Ok(Some(status))).check(expect, &self.realm);
            }
            "expect-state" => {
                assert_eq!(json!({ "status": status_name(self.client.state().status) }), step["expect"]);
            }
            "expect-events" => self.expect_events(&step["expect"]).await,
            "expect-asked" => self.expect_asked(&step["expect"]).await,
            other => panic!("no step is called {other}"),
        }
    }

    fn credentials(&self, step: &Value) -> Values {
        let who = step["as"].as_str();
        let known = who.and_then(|who| self.stage.identifier(&self.realm, who));
        let named = || step["identifier"].as_str().map(String::from);
        let unknown = || format!("{}@example.com", who.unwrap_or_default());
        let usual = self.stage.config["password"].as_str();
        let password = step["password"].as_str().or(usual).expect("a password");
        Values::new().with("identifier", known.or_else(named).unwrap_or_else(unknown)).with("password", password)
    }

    async fn login(&self, step: &Value) -> Outcome {
        Outcome::of(self.client.login_with(self.credentials(step)).await.map(|()| None))
    }

    async fn call(&self, step: &Value) {
        let times = step["times"].as_u64().unwrap_or(1);
        let calls: Vec<_> =
            (0..times).map(|_| tokio::spawn(send(self.client.clone(), self.path(&step["path"])))).collect();
        for call in calls {
            call.await.expect("a call").check(step.get("expect"), &self.realm);
        }
    }

    fn supply(&self, who: &Value) {
        let credentials = (!who.is_null()).then(|| self.credentials(&json!({ "as": who })));
        self.supply.send(credentials).expect("a question that is open");
    }

    /// The client goes and another one is made over the same store.
    async fn reload(&mut self) {
        (self.client, self.events, self.asked, self.supply) =
            client(&self.stage, &self.scenario, &self.realm, &self.folder);
        self.client.ready().await;
    }

    /// Tokens are issued and refused to the millisecond.
    async fn expire(&self) {
        tokio::time::sleep(Duration::from_millis(2)).await;
        self.stage.post(&self.realm, "expire", json!({})).await;
        tokio::time::sleep(Duration::from_millis(2)).await;
    }

    async fn control(&self, method: Method, path: &str) -> Value {
        self.stage.control(method, &format!("{}/{path}", self.realm), None).await
    }

    fn path(&self, place: &Value) -> String {
        match place.as_str().expect("a place") {
            "neighbour" => {
                let profile = self.stage.realm(self.neighbour)["profile"].as_str().expect("a path");
                self.stage.base_url(self.neighbour) + profile
            }
            place => self.stage.realm(&self.realm)[place].as_str().expect("a path").into(),
        }
    }

    fn url(&self, place: &str) -> String {
        self.stage.base_url(&self.realm) + &self.path(&json!(place))
    }

    async fn expect_requests(&self, expect: &Value) {
        let counts = self.stage.counts(&self.realm).await;
        for (place, expected) in expect.as_object().expect("places") {
            let request = self.request(place);
            let seen = counts.get(&request).cloned().unwrap_or(json!(0));
            assert_eq!(&seen, wanted(expected, &self.realm), "{place}, {request}: {counts}");
        }
    }

    /// As the demo's counts name it.
    fn request(&self, place: &str) -> String {
        let document = document(&self.realm);
        let request = match place {
            "login" => &document["login"]["request"],
            "renewal" if document["renew"].is_object() => &document["renew"]["request"],
            "renewal" => &document["login"]["request"],
            "guarded" => return format!("GET {}", self.path(&json!("guarded"))),
            operation => &document["operations"][operation]["request"],
        };
        let text = |member: &str| request[member].as_str().expect("text");
        format!("{} {}", text("method"), text("path"))
    }

    /// Another tab that has the credentials is waited for first.
    async fn expect_asked(&self, expect: &Value) {
        let asked = || json!(*self.asked.lock().expect("a count"));
        for _ in 0..200 {
            if asked() == *expect {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(&asked(), expect);
    }

    async fn expect_events(&mut self, expect: &Value) {
        // Events are sent before calls are settled, by a task of its own.
        tokio::time::sleep(Duration::from_millis(20)).await;
        let mut events = Vec::new();
        while let Ok(event) = self.events.try_recv() {
            events.push(event);
        }
        events.retain(|it| *it != Event::Ready);
        let names: Vec<&str> = events.into_iter().map(event_name).collect();
        assert_eq!(&json!(names), expect);
    }
}

async fn send(client: Client, path: String) -> Outcome {
    let absolute = path.starts_with("http");
    let response = match reqwest::Url::parse(&path) {
        Ok(url) if absolute => client.send(reqwest::Request::new(Method::GET, url)).await,
        _ => client.get(&path).await,
    };
    Outcome::of(response.map(|it| Some(it.status().as_u16())))
}

type Made = (Client, broadcast::Receiver<Event>, Arc<Mutex<u32>>, mpsc::UnboundedSender<Option<Values>>);

fn client(stage: &Stage, scenario: &Value, realm: &str, folder: &tempfile::TempDir) -> Made {
    let options = &scenario["client"];
    let (supply, open) = mpsc::unbounded_channel();
    let asked = Arc::new(Mutex::new(0));
    let store = FileStore::new(folder.path().join("session.json"));
    let mut builder = Client::builder(dialect(realm), &stage.base_url(realm)).store(store);
    if options["credentials"] == json!(true) {
        builder = builder.keep_credentials();
    }
    if let Some(answers) = options["asks"].as_array() {
        let password = stage.config["password"].as_str().expect("a password");
        let answers = answers.iter().map(|it| answer(it, stage, realm, password)).collect();
        builder = builder.on_login_required(asking(answers, asked.clone(), open));
    }
    let client = builder.build().expect("a client");
    let events = client.events();
    (client, events, asked, supply)
}

/// `None` leaves the question open.
type Planned = Option<Option<Values>>;

fn answer(plan: &Value, stage: &Stage, realm: &str, password: &str) -> Planned {
    if plan == "later" {
        return None;
    }
    let identifier = stage.identifier(realm, plan.as_str().unwrap_or_default());
    Some(identifier.map(|it| Values::new().with("identifier", it).with("password", password)))
}

type Answering = Pin<Box<dyn Future<Output = Option<Values>> + Send>>;

/// The answers in turn, the last one repeated.
fn asking(
    answers: Vec<Planned>,
    asked: Arc<Mutex<u32>>,
    open: mpsc::UnboundedReceiver<Option<Values>>,
) -> impl Fn(Event) -> Answering + Send + Sync {
    let open = Arc::new(tokio::sync::Mutex::new(open));
    move |_| {
        let mut count = asked.lock().expect("a count");
        let planned = answers.get(*count as usize).or(answers.last()).cloned().flatten();
        *count += 1;
        let open = open.clone();
        Box::pin(async move {
            match planned {
                Some(answer) => answer,
                None => open.lock().await.recv().await.flatten(),
            }
        })
    }
}
