//! Requests by the dialect, over HTTP, and the answers read by it.

use super::jar::Jar;
use super::matching::{self, Asked};
use super::shown::{Exchange, body, carried, cause};
use super::told;
use crate::document::Document;
use crate::output::CommandError;
use relatch::driver::Home;
use relatch_dialects::codec::{self, Http, Outside, Seen, Unwritten};
use relatch_dialects::{Dialect, Message, Value, Values};
use reqwest::header::{HeaderName, HeaderValue};
use std::time::Duration;

/// No login answer is larger; what is, is cut off.
const BODY_LIMIT: usize = 1 << 20;

/// The API, as the dialect speaks to it.
pub(super) struct Wire {
    pub(super) document: Document,
    pub(super) jar: Jar,
    home: Home,
    context: Values,
    http: reqwest::Client,
}

/// What an operation or a call came to.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) exchanges: Vec<Exchange>,
    pub(super) message: Option<Message>,
    /// The cookies that were set, by name.
    pub(super) cookies: Vec<String>,
    /// The answer's own time, in milliseconds since the epoch; this machine's where it told none.
    pub(super) at_ms: u64,
}

/// An answer as it came.
pub(super) struct Arrived {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Wire {
    pub(super) fn new(
        document: Document,
        home: Home,
        context: Values,
        deadline: Duration,
    ) -> Result<Wire, CommandError> {
        // A redirect could lead a password elsewhere, and is an answer that the dialect has to know.
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(deadline).build();
        let http = http.map_err(|error| CommandError::Failed(format!("no HTTP client: {}", cause(&error))))?;
        Ok(Wire { document, jar: Jar::default(), home, context, http })
    }

    pub(super) const fn dialect(&self) -> &Dialect {
        &self.document.dialect
    }

    pub(super) fn base_url(&self) -> &str {
        self.home.as_str()
    }

    /// Performs an operation with the steps before it.
    ///
    /// # Errors
    /// Why a request cannot be written.
    pub(super) async fn perform(&mut self, operation: &str, values: &Values) -> Result<Told, String> {
        let (mut told, mut values, mut caught) = (Told::default(), self.filled(values), Values::new());
        let steps = self.dialect().steps(operation);
        for step in 0..=steps {
            let http = self.written(operation, step, &values)?;
            let asked = Asked::Operation(operation, step);
            let message = self.exchange(http, asked, &mut told).await;
            if let Some(message) = &message {
                values.overlay(&message.values);
                caught.overlay(&message.values);
            }
            let goes_on =
                step < steps && message.as_ref().is_some_and(|it| it.meaning == relatch_dialects::Meaning::Done);
            if !goes_on {
                // What steps captured counts as captured by the last answer.
                told.message = message.map(|it| Message { values: caught, ..it });
                return Ok(told);
            }
        }
        Ok(told)
    }

    /// A call to a path, with the token if the values have one.
    ///
    /// # Errors
    /// Why it cannot be written.
    pub(super) async fn call(&mut self, path: &str, values: &Values, attached: bool) -> Result<Told, String> {
        let url = self.home.resolve(path).map_err(|fault| format!("{path}: {fault}"))?;
        let http = Http { method: "GET".into(), url, ..Http::default() };
        let http = self.attached(http, &self.filled(values), attached)?;
        let mut told = Told::default();
        told.message = self.exchange(http, Asked::Call, &mut told).await;
        Ok(told)
    }

    fn filled(&self, values: &Values) -> Values {
        let mut all = self.context.clone();
        all.overlay(values);
        all
    }

    fn written(&self, operation: &str, step: usize, values: &Values) -> Result<Http, String> {
        let request = self.dialect().write_request(operation, step, values).map_err(|name| missing(&name))?;
        let url = self.home.join(&request.path).ok_or("the path leads out of the base URL")?;
        let asked = (operation, step);
        let http = codec::write(self.dialect(), asked, (&request.method, &url), &request.parts, self)
            .map_err(|it| unwritten(&it))?;
        self.attached(http, values, self.dialect().is_step_attached(operation, step))
    }

    fn attached(&self, http: Http, values: &Values, token: bool) -> Result<Http, String> {
        let elements = self.dialect().attach(values, token).map_err(|name| missing(&name))?;
        codec::attach(self.dialect(), http, &elements, self).map_err(|it| unwritten(&it))
    }

    async fn exchange(&mut self, http: Http, asked: Asked<'_>, told: &mut Told) -> Option<Message> {
        let mut shown = Exchange {
            request: format!("{} {}", http.method, told::url(&http.url)),
            carried: carried(&http),
            outcome: Err(String::new()),
            matched: None,
            meaning: None,
            shape: String::new(),
            body: None,
        };
        told.at_ms = self.now_ms();
        let arrived = match self.send(http).await {
            Ok(arrived) => arrived,
            Err(why) => {
                told.exchanges.push(Exchange { outcome: Err(why), ..shown });
                return None;
            }
        };
        let header =
            |name: &'static str| arrived.headers.iter().filter(move |(it, _)| it == name).map(|(_, value)| value);
        told.cookies.extend(header("set-cookie").filter_map(|it| self.jar.set(it)));
        if let Some(date) = header("date").next().and_then(|it| httpdate::parse_http_date(it).ok()) {
            told.at_ms = date.duration_since(std::time::UNIX_EPOCH).map_or(told.at_ms, |it| it.as_millis() as u64);
        }
        let operation = if let Asked::Operation(name, step) = asked { Some((name, step)) } else { None };
        let answer = codec::read_answer(self.dialect(), operation, arrived.status, &arrived.headers, &arrived.body);
        let message = match asked {
            Asked::Operation(name, step) => self.dialect().read_answer(name, step, &answer),
            Asked::Call => self.dialect().read_refusal(&answer),
        };
        shown.outcome = Ok(arrived.status);
        shown.matched = matching::pointer(&self.document.json, asked, &answer);
        shown.meaning = message.as_ref().map(|it| it.meaning.name());
        (shown.shape, shown.body) = body(&arrived);
        told.exchanges.push(shown);
        message
    }

    async fn send(&self, http: Http) -> Result<Arrived, String> {
        let method = reqwest::Method::from_bytes(http.method.as_bytes()).map_err(|_| "not a method")?;
        let mut request = self.http.request(method, &http.url).header("Accept", "application/json, */*;q=0.5");
        for (name, value) in &http.headers {
            let name = HeaderName::try_from(name).map_err(|_| "not a header name")?;
            let mut value = HeaderValue::try_from(value).map_err(|_| "not a header value")?;
            value.set_sensitive(true);
            request = request.header(name, value);
        }
        if let Some(cookies) = self.jar.header().filter(|_| http.cookies) {
            request = request.header("Cookie", cookies);
        }
        if let Some(body) = http.body {
            request = request.body(body);
        }
        let mut response = request.send().await.map_err(|error| cause(&error))?;
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = response.headers().iter().map(|(name, value)| (name.as_str().to_string(), text(value))).collect();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| cause(&error))? {
            body.extend_from_slice(&chunk);
            if body.len() > BODY_LIMIT {
                body.truncate(BODY_LIMIT);
                break;
            }
        }
        Ok(Arrived { status: response.status().as_u16(), headers, body })
    }
}

impl Outside for Wire {
    #[expect(clippy::disallowed_methods, reason = "this is the edge at which time comes in")]
    fn now_ms(&self) -> u64 {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |it| it.as_millis() as u64)
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        // Without a source of randomness an id is only less unique.
        let _ = getrandom::fill(&mut bytes);
        bytes
    }

    fn cookie(&self, name: &str) -> Option<String> {
        self.jar.get(name).map(String::from)
    }

    fn plugin(&self, name: &str, _: &Values, _: Option<&Seen<'_>>) -> Result<Value, String> {
        Err(name.into())
    }
}

fn missing(name: &str) -> String {
    let how = match name.split_once('.') {
        _ if name == "identifier" => "give it with --identifier".into(),
        Some(("field", rest)) => format!("give it with --field {rest}=…"),
        Some(("context", rest)) => format!("give it with --context {rest}=…"),
        _ if name == "code" => "give it with --field code=…".into(),
        _ => "no answer has given it".into(),
    };
    format!("the request needs {{{name}}}: {how}")
}

fn unwritten(why: &Unwritten) -> String {
    match why {
        Unwritten::Argument(name) => missing(name),
        Unwritten::Plugin(name) => {
            format!("the request needs the plug-in `{name}`, which only an app has; it cannot be tried from here")
        }
    }
}
