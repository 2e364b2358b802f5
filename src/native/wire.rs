//! What this host sends with: the HTTP client, the cookies of its API, and the program's own functions.

use super::engine::{random_bytes, wall_ms};
use super::options::Plugin;
use relatch_dialects::codec::{Outside, Seen, Unwritten};
use relatch_dialects::{Dialect, Value, Values};
use relatch_session::{Failure, FailureKind};
use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Request, Response, Url};
use std::collections::HashMap;

pub(super) struct Wire {
    pub(super) dialect: Dialect,
    pub(super) http: reqwest::Client,
    /// Kept here and not by the HTTP client, so that requests of the dialect can tell what is in it, and a client of the
    /// program's own will do.
    cookies: Jar,
    pub(super) plugins: HashMap<String, Box<Plugin>>,
    home: Url,
}

impl Wire {
    pub(super) fn new(
        dialect: Dialect,
        http: reqwest::Client,
        plugins: HashMap<String, Box<Plugin>>,
        home: Url,
    ) -> Wire {
        Wire { dialect, http, cookies: Jar::default(), plugins, home }
    }

    /// Sends a request, with the API's cookies if the dialect lives by them.
    pub(super) async fn execute(&self, mut request: Request) -> Result<Response, Box<Failure>> {
        let cookies = self.dialect.uses_cookies();
        let url = request.url().clone();
        if cookies
            && !request.headers().contains_key(COOKIE)
            && let Some(mut value) = self.cookies.cookies(&url)
        {
            value.set_sensitive(true);
            request.headers_mut().insert(COOKIE, value);
        }
        let response = self.http.execute(request).await.map_err(|error| failure(&error))?;
        if cookies {
            self.cookies.set_cookies(&mut response.headers().get_all(SET_COOKIE).iter(), &url);
        }
        Ok(response)
    }
}

impl Outside for Wire {
    fn now_ms(&self) -> u64 {
        wall_ms()
    }

    fn random(&self) -> [u8; 16] {
        random_bytes()
    }

    fn cookie(&self, name: &str) -> Option<String> {
        let all = self.cookies.cookies(&self.home)?;
        let mut pairs = all.to_str().ok()?.split("; ").filter_map(|it| it.split_once('='));
        pairs.find(|(it, _)| *it == name).map(|(_, value)| value.into())
    }

    fn plugin(&self, name: &str, input: &Values, request: Option<&Seen<'_>>) -> Result<Value, String> {
        self.plugins.get(name).ok_or("there is no such function")?(input, request)
    }
}

/// The error itself stays here: it may name the URL, which is the program's matter, but also a proxy's credentials.
pub(super) fn failure(error: &reqwest::Error) -> Box<Failure> {
    Failure::of(if error.is_timeout() { FailureKind::Timeout } else { FailureKind::Network })
}

pub(super) fn unwritten(fault: Unwritten) -> Box<Failure> {
    let (kind, name) = match fault {
        Unwritten::Argument(name) => (FailureKind::InvalidArgument, name),
        Unwritten::Plugin(name) => (FailureKind::PluginFailed, name),
    };
    let mut failure = Failure::of(kind);
    failure.details.set("argument", name);
    failure
}
