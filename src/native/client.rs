//! The API of the native host.

use super::answer::{date_ms, looked_into, texts};
use super::engine::{Ask, Inbox, Mail, Reply};
use super::wire::{Wire, unwritten};
use super::{Builder, Error};
use crate::driver::{Attached, Home};
use relatch_dialects::codec::{self, Http, Interest};
use relatch_dialects::{Dialect, Meaning, Values};
use relatch_session::{Event, FailureKind, Grant, Input, Snapshot, Status};
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Body, Method, Request, Response, Url};
use std::sync::Arc;
use tokio::sync::{broadcast, oneshot, watch};

/// A session at one API. Clones share it.
///
/// ```no_run
/// use relatch::dialects::{DOCUMENTS, Dialect, Value};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let document: serde_json::Value = serde_json::from_str(DOCUMENTS[3].1)?;
/// let gatego = Dialect::load(&Value::from(&document))?;
/// let client = relatch::Client::builder(gatego, "https://api.example.com").build()?;
/// client.login("ada", "correct horse 9").await?;
/// let response = client.get("/me").await?; // renewed and sent once more, if need be
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    inbox: Inbox,
    snapshots: watch::Receiver<Arc<Snapshot>>,
    events: broadcast::Sender<Event>,
    wire: Arc<Wire>,
    home: Home,
}

impl Client {
    /// Begins to build a client for the API at `base_url` that speaks this dialect.
    pub fn builder(dialect: Dialect, base_url: &str) -> Builder {
        Builder::new(dialect, base_url)
    }

    pub(super) const fn new(
        inbox: Inbox,
        snapshots: watch::Receiver<Arc<Snapshot>>,
        events: broadcast::Sender<Event>,
        wire: Arc<Wire>,
        home: Home,
    ) -> Client {
        Client { inbox, snapshots, events, wire, home }
    }

    /// Logs in.
    ///
    /// # Errors
    /// What the answer meant (`bad-credentials`, `account-disabled`, …), or `network`, `timeout`, `unexpected-answer`. A failed
    /// login leaves the session that there is.
    pub async fn login(&self, identifier: &str, password: &str) -> Result<(), Error> {
        self.login_with(Values::new().with("identifier", identifier).with("password", password)).await
    }

    /// The same, with whatever else the dialect's login request names (`field.…`).
    ///
    /// # Errors
    /// As for [`login`](Self::login); `invalid-argument` if something that the request needs is missing.
    pub async fn login_with(&self, credentials: Values) -> Result<(), Error> {
        self.ask(Box::new(|call| Input::Login { call, credentials })).await.map(drop)
    }

    /// Takes the next step of a login that was rejected with `challenge`: with `code`, and with what else the dialect's request for it
    /// names. [`state`](Self::state) says what is asked, in [`Snapshot::challenge`].
    ///
    /// # Errors
    /// `challenge` if there is another step, `login-required` if no login waits for one; else as for [`login`](Self::login). What the
    /// API refuses may be given once more, as long as the state has the challenge.
    pub async fn answer(&self, values: Values) -> Result<(), Error> {
        self.ask(Box::new(|call| Input::AnswerChallenge { call, values })).await.map(drop)
    }

    /// A `GET` below the base URL, with the session's token.
    ///
    /// # Errors
    /// As for [`send`](Self::send).
    pub async fn get(&self, path: &str) -> Result<Response, Error> {
        self.send(self.request(Method::GET, path)?).await
    }

    /// A request below the base URL, to be completed and given to [`send`](Self::send).
    ///
    /// # Errors
    /// `foreign-url` if the path could lead elsewhere.
    pub fn request(&self, method: Method, path: &str) -> Result<Request, Error> {
        let url = self.home.resolve(path).map_err(Error::foreign)?;
        let url = Url::parse(&url).map_err(|_| Error::argument("path", "expected a URL"))?;
        Ok(Request::new(method, url))
    }

    /// Sends a call with the session's token: renewed before, if it has ended, and sent once more, if it is refused. A body
    /// that is a stream can be sent once only: its refusal is handed over as it came.
    ///
    /// # Errors
    /// `login-required` if nobody is signed in; `session-changed` if another user is, by the time that it would be sent again;
    /// `network` and `timeout`; `foreign-url` for a URL that is not below the base.
    pub async fn send(&self, request: Request) -> Result<Response, Error> {
        self.home.resolve(request.url().as_str()).map_err(Error::foreign)?;
        let again = request.try_clone();
        let (grant, attached) = self.authorize().await?;
        let response = self.execute(request, &attached).await?;
        let (verdict, response) = self.judge(response, grant, false).await?;
        match (verdict, again) {
            (Some((grant, attached)), Some(request)) => {
                let response = self.execute(request, &attached).await?;
                Ok(self.judge(response, grant, true).await?.1)
            }
            _ => Ok(response),
        }
    }

    async fn authorize(&self) -> Result<(Box<Grant>, Attached), Error> {
        match self.ask(Box::new(|call| Input::Authorize { call })).await? {
            Reply::Granted(grant, attached) => Ok((grant, attached)),
            _ => Err(Error::of(FailureKind::LoginRequired)),
        }
    }

    async fn execute(&self, mut request: Request, attached: &Attached) -> Result<Response, Error> {
        self.attach(&mut request, attached)?;
        self.wire.execute(request).await.map_err(Error::from)
    }

    /// Lays over a call what the dialect attaches to it.
    fn attach(&self, request: &mut Request, attached: &Attached) -> Result<(), Error> {
        let wire = &*self.wire;
        let own = texts(request.headers());
        // What a signature or a member more is not asked for need not be copied.
        let is_read = !wire.plugins.is_empty() || attached.iter().any(|it| it.get("body").is_some());
        let body = request.body().and_then(Body::as_bytes).filter(|_| is_read).map(<[u8]>::to_vec);
        let (method, url) = (request.method().as_str().into(), request.url().as_str().into());
        let given = Http { method, url, headers: own.clone(), body: body.clone(), cookies: false };
        let Http { url, headers, body: made, .. } =
            codec::attach(&wire.dialect, given, attached, wire).map_err(|it| Error::from(unwritten(it)))?;
        *request.url_mut() = Url::parse(&url).map_err(|_| Error::argument("attach", "expected a URL"))?;
        for (name, value) in headers.iter().skip(own.len()) {
            insert(request, name, value)?;
        }
        // A stream stays what it is.
        if made != body && (request.body().is_none() || body.is_some()) {
            *request.body_mut() = made.map(Body::from);
        }
        Ok(())
    }

    /// Looks into an answer that may be a refusal. With a grant: send the call once more.
    async fn judge(
        &self,
        response: Response,
        grant: Box<Grant>,
        retried: bool,
    ) -> Result<(Option<(Box<Grant>, Attached)>, Response), Error> {
        let (meaning, response) = self.meaning(response, grant.clone()).await?;
        let Some(meaning) = meaning else { return Ok((None, response)) };
        let refused = move |call| Input::Refused { call, grant, meaning, retried };
        match self.ask(Box::new(refused)).await? {
            Reply::Granted(grant, attached) => Ok((Some((grant, attached)), response)),
            _ => Ok((None, response)),
        }
    }

    /// What an answer means to the session, which is told what came along with it; and the same answer again with its body unread.
    async fn meaning(&self, response: Response, grant: Box<Grant>) -> Result<(Option<Meaning>, Response), Error> {
        let status = response.status().as_u16();
        let (body, response) = match self.interest(&response) {
            Interest::Nothing => return Ok((None, response)),
            Interest::Head => (Vec::new(), response),
            Interest::Body => looked_into(response).await?,
        };
        let answer = codec::read_answer(&self.wire.dialect, None, status, &texts(response.headers()), &body);
        let (reply, meaning) = oneshot::channel();
        self.post(Mail::Judge { answer, date_ms: date_ms(response.headers()), grant, reply })?;
        Ok((meaning.await.map_err(|_| Error::of(FailureKind::Aborted))?, response))
    }

    /// A stream of events has no end that could be waited for.
    fn interest(&self, response: &Response) -> Interest {
        let status = response.status();
        let media_type = response.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
        match codec::interest(&self.wire.dialect, status.as_u16()) {
            Interest::Body
                if status.is_success() && media_type.is_some_and(|it| it.starts_with("text/event-stream")) =>
            {
                Interest::Head
            }
            interest => interest,
        }
    }

    /// A fresh access token, for whatever this client cannot send itself.
    ///
    /// # Errors
    /// As for [`send`](Self::send).
    pub async fn token(&self) -> Result<String, Error> {
        let (grant, _) = self.authorize().await?;
        grant.values.text("access_token").map(String::from).ok_or(Error::of(FailureKind::LoginRequired))
    }

    /// Renews now.
    ///
    /// # Errors
    /// `login-required` where nothing can renew; a retryable error where it failed for now.
    pub async fn renew(&self) -> Result<(), Error> {
        self.ask(Box::new(|call| Input::Renew { call })).await.map(drop)
    }

    /// Signs out: at once here, and at the server as far as it can be told.
    ///
    /// # Errors
    /// None that matters; the session is over in any case.
    pub async fn logout(&self) -> Result<(), Error> {
        self.ask(Box::new(|call| Input::Logout { call })).await.map(drop)
    }

    /// Performs one of the dialect's named operations, and returns what its answer carried.
    ///
    /// # Errors
    /// What the answer meant; `invalid-argument` if something that the request needs is missing.
    pub async fn perform(&self, operation: &str, values: Values) -> Result<Values, Error> {
        let attached = self.wire.dialect.is_attached(operation) == Some(true);
        let operation = operation.to_string();
        match self.ask(Box::new(move |call| Input::Perform { call, operation, attached, values })).await? {
            Reply::Performed(values) => Ok(values),
            _ => Ok(Values::new()),
        }
    }

    /// Sets, or with `None` clears, a value that goes along with every call (`context.<name>` in the dialect).
    pub fn set_context(&self, name: &str, value: Option<&str>) {
        let input = Input::SetContext { name: name.into(), value: value.map(String::from) };
        // An error only says that the engine has ended.
        let _ = self.post(Mail::Happened(input));
    }

    /// Waits until the store has been read.
    pub async fn ready(&self) {
        // An error only says that the engine has ended, after which nothing changes any more.
        let _ = self.snapshots.clone().wait_for(|it| it.status != Status::Loading).await;
    }

    /// The state as it is now.
    pub fn state(&self) -> Arc<Snapshot> {
        self.snapshots.borrow().clone()
    }

    /// The states to come.
    pub fn states(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.snapshots.clone()
    }

    /// The events to come.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    async fn ask(&self, ask: Ask) -> Result<Reply, Error> {
        let (reply, answer) = oneshot::channel();
        self.post(Mail::Ask(ask, reply))?;
        answer.await.map_err(|_| Error::of(FailureKind::Aborted))?.map_err(Error::from)
    }

    fn post(&self, mail: Mail) -> Result<(), Error> {
        self.inbox.send(mail).map_err(|_| Error::of(FailureKind::Aborted))
    }
}

/// In place of one of that name.
fn insert(request: &mut Request, name: &str, value: &str) -> Result<(), Error> {
    let name = HeaderName::try_from(name).map_err(|_| Error::argument("attach", "expected a header name"))?;
    let mut value = HeaderValue::try_from(value).map_err(|_| Error::argument("attach", "expected plain text"))?;
    value.set_sensitive(true);
    request.headers_mut().insert(name, value);
    Ok(())
}
