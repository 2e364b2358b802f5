//! A recording as an API: which exchange logged in, where its token went, what renewed it.

use super::exchange::Exchange;
use super::trace::{self, Use, element, origins, uses};
use crate::draft::api::{Api, Attach, Found, FoundAnswer, Known, Spot};
use crate::draft::shape::{Kind, Path, Shape};
use crate::draft::words;
use relatch::claims;
use serde_json::{Value, json};

/// What the recording shows.
///
/// # Errors
/// If nobody logs in in it.
pub(super) fn api(exchanges: &[Exchange]) -> Result<Api, String> {
    let (at, login) = login(exchanges).ok_or_else(|| {
        format!("nobody logs in here: of {} recorded requests none has a password and an answer that says that it went well", exchanges.len())
    })?;
    let later = exchanges.get(at + 1..).unwrap_or_default();
    let here: Vec<&Exchange> = exchanges.iter().filter(|it| it.origin == login.origin).collect();
    let (token, refresh) = tokens(login, later);
    let mut api = Api { base_url: Some(login.origin.clone()), title: host(&login.origin), ..Api::default() };
    let values: Vec<String> = issued(&here);
    for exchange in &here {
        add(&mut api, exchange, &values);
    }
    let known = Known {
        access_token: token.as_ref().map(|it| it.spot.clone()),
        refresh_token: refresh.as_ref().map(|it| it.spot.clone()),
        sends_refresh: None,
    };
    let route = login.route();
    if let Some(found) = api.operations.iter_mut().find(|it| it.path == route && it.method == login.method) {
        found.known = known;
        // The answer that made the session goes before those that refused one.
        found.answers.sort_by_key(|it| it.status != login.status || !same_names(it, login));
    }
    if let Some(token) = &token {
        api.attach = attach(&token.value, later);
        api.jwt = jwt(&token.value);
    }
    if let Some(refresh) = &refresh {
        mark_renewal(&mut api, later, &refresh.value);
    }
    forgery(&mut api, &here);
    habits(&mut api, &here);
    Ok(api)
}

fn host(origin: &str) -> String {
    origin.split("://").nth(1).and_then(|it| it.split(':').next()).unwrap_or_default().into()
}

/// The exchange that logged in: the last one that has a password and went well, of those that look most like it.
fn login(exchanges: &[Exchange]) -> Option<(usize, &Exchange)> {
    let tried = exchanges.iter().enumerate().filter(|(_, it)| it.is_fine() && has_password(it));
    tried.max_by_key(|(at, it)| {
        let later = exchanges.get(at + 1..).unwrap_or_default();
        let used = origins(it).iter().any(|origin| later.iter().any(|it| !uses(it, &origin.value).is_empty()));
        let register = words::not_login(&[&it.path]).is_some();
        (used, !register, words::login(&[&it.path]).is_some(), usize::MAX - at)
    })
}

fn has_password(exchange: &Exchange) -> bool {
    let mut found = exchange.query.iter().chain(&exchange.headers).any(|(name, _)| words::password(name).is_some());
    found |= exchange.header("authorization").is_some_and(|it| it.to_lowercase().starts_with("basic "));
    if let Some(body) = &exchange.body {
        trace::texts(body, &mut Path::new(), &mut |path, _| {
            found |= path.last().is_some_and(|it| words::password(it).is_some())
        });
    }
    found
}

/// The access token is what later requests carry most often; the refresh token, what is sent in a body or to a renewal.
fn tokens(login: &Exchange, later: &[Exchange]) -> (Option<trace::Origin>, Option<trace::Origin>) {
    let renews = |it: &Exchange| words::refresh(&[&it.path]).is_some();
    let count = |value: &str, renewal: bool| {
        later.iter().filter(|it| renews(it) == renewal && !uses(it, value).is_empty()).count()
    };
    let mut found = origins(login);
    let named_refresh = |it: &trace::Origin| match &it.spot {
        Spot::Body(path) => path.last().is_some_and(|it| words::refresh_token(it).is_some()),
        Spot::Header(name) | Spot::Cookie(name) => words::plain(name).contains("refresh"),
    };
    let refresh =
        found.iter().position(|it| named_refresh(it) || (count(&it.value, true) > 0 && count(&it.value, false) == 0));
    let refresh = refresh.map(|at| found.swap_remove(at));
    let best = found.iter().enumerate().map(|(at, it)| (count(&it.value, false), at)).filter(|(count, _)| *count > 0);
    let best = best.max_by_key(|(count, at)| (*count, usize::MAX - at)).map(|(_, at)| at);
    (best.map(|at| found.swap_remove(at)), refresh)
}

/// Every token-like value that any answer gave: requests that carry one of them are protected.
fn issued(here: &[&Exchange]) -> Vec<String> {
    let named = |it: &trace::Origin| match &it.spot {
        Spot::Body(path) => path.last().is_some_and(|it| words::access_token(it).is_some()),
        Spot::Header(name) | Spot::Cookie(name) => {
            words::access_token(name).is_some() || name.to_lowercase().contains("auth")
        }
    };
    here.iter().flat_map(|it| origins(it)).filter(named).map(|it| it.value).collect()
}

fn add(api: &mut Api, exchange: &Exchange, issued: &[String]) {
    let route = exchange.route();
    let at = api.operations.iter().position(|it| it.path == route && it.method == exchange.method);
    let at = at.unwrap_or_else(|| {
        api.operations.push(Found { method: exchange.method.clone(), path: route, ..Found::default() });
        api.operations.len() - 1
    });
    let Some(found) = api.operations.get_mut(at) else { return };
    if exchange.is_fine() || found.answers.is_empty() {
        request(found, exchange);
    }
    let authorized = exchange.header("authorization").is_some_and(|it| !it.to_lowercase().starts_with("basic "));
    found.attached |= authorized || issued.iter().any(|it| !uses(exchange, it).is_empty());
    found.answers.push(answer(exchange));
}

fn request(found: &mut Found, exchange: &Exchange) {
    let field = |(name, value): &(String, String)| (name.clone(), Shape::of(&value.as_str().into()));
    found.carrier = exchange.carrier;
    found.body = exchange.body.as_ref().map(Shape::of).unwrap_or_default();
    graphql(&mut found.body);
    found.query = exchange.query.iter().map(field).collect();
    let telling = |name: &str| {
        words::password(name).is_some() || matches!(words::plain(name).as_str(), "username" | "xusername" | "login")
    };
    found.headers = exchange.headers.iter().filter(|(name, _)| telling(name)).map(field).collect();
    found.basic = exchange.header("authorization").is_some_and(|it| it.to_lowercase().starts_with("basic "));
}

/// The text of a GraphQL request is a program and no value, unless somebody has written values into it.
fn graphql(body: &mut Shape) {
    let Kind::Object(members) = &mut body.kind else { return };
    let program = |it: &Shape| {
        let text = it.sample.as_ref().and_then(Value::as_str).map(str::trim_start).unwrap_or_default();
        ["mutation", "query", "{"].iter().any(|word| text.starts_with(word)) && !text.contains('"')
    };
    if let Some((_, it)) = members.iter_mut().find(|(name, it)| name == "query" && program(it)) {
        let text = it.sample.as_ref().and_then(Value::as_str).unwrap_or_default();
        it.constant = Some(text.replace('{', "{{").replace('}', "}}").into());
        members.retain(|(name, _)| name != "operationName" && name != "extensions");
    }
}

fn answer(exchange: &Exchange) -> FoundAnswer {
    let field = |(name, value): &(String, String)| (trace::spelled(name), Shape::of(&value.as_str().into()));
    let token_like = |name: &str| words::access_token(name).is_some() || words::plain(name).contains("auth");
    FoundAnswer {
        status: exchange.status,
        body: exchange.answer.as_ref().map(Shape::of),
        is_text: exchange.answer_is_text,
        headers: exchange.answer_headers.iter().filter(|(name, _)| token_like(name)).map(field).collect(),
        cookies: exchange.set_cookies.iter().map(|(name, _)| name.clone()).collect(),
        ..FoundAnswer::default()
    }
}

/// Whether this is the answer that the login gave, by the names in it.
fn same_names(answer: &FoundAnswer, login: &Exchange) -> bool {
    let names = |it: Option<&Shape>| it.map(|it| it.leaves().into_iter().map(|(path, _)| path).collect::<Vec<_>>());
    let body = login.answer.as_ref().map(Shape::of);
    let sample = |it: Option<&Shape>| it.and_then(|it| it.sample.clone());
    names(answer.body.as_ref()) == names(body.as_ref()) && sample(answer.body.as_ref()) == sample(body.as_ref())
}

/// How later requests carry the token: the way that most of them take.
fn attach(token: &str, later: &[Exchange]) -> Option<Attach> {
    let all: Vec<Vec<Use>> = later.iter().map(|it| uses(it, token)).filter(|it| !it.is_empty()).collect();
    let most = all.iter().max_by_key(|it| all.iter().filter(|other| other == it).count())?;
    let times = all.iter().filter(|it| *it == most).count();
    let elements: Vec<Value> = most.iter().filter_map(element).collect();
    let why =
        format!("the login's token was sent along like this {times} {}", if times == 1 { "time" } else { "times" });
    (!elements.is_empty()).then_some(Attach { elements, why })
}

/// Whether a token is a JWT, and how long it says that it lives, in seconds.
fn jwt(token: &str) -> Option<Option<u64>> {
    let parse = |text: &[u8]| serde_json::from_slice::<Value>(text).ok().map(|it| relatch_dialects::Value::from(&it));
    claims::decode_unverified(token, parse).ok()?;
    Some(claims::lifetime_ms(token, parse).map(|ms| ms / 1000))
}

fn mark_renewal(api: &mut Api, later: &[Exchange], refresh: &str) {
    let renewal =
        later.iter().find(|it| it.is_fine() && words::logout(&[&it.path]).is_none() && !uses(it, refresh).is_empty());
    let Some(renewal) = renewal.filter(|it| words::refresh(&[&it.path]).is_some() || it.body.is_some()) else { return };
    let inside =
        uses(renewal, refresh).into_iter().find_map(|it| if let Use::Body(path) = it { Some(path) } else { None });
    let route = renewal.route();
    if let Some(found) = api.operations.iter_mut().find(|it| it.path == route && it.method == renewal.method) {
        found.known.sends_refresh = Some(inside);
    }
}

/// A header that repeats a cookie: the usual guard against forged requests.
fn forgery(api: &mut Api, here: &[&Exchange]) {
    let decoded = |it: &str| it.replace("%3D", "=").replace("%2B", "+").replace("%2F", "/").replace("%7C", "|");
    for exchange in here {
        for (header, value) in exchange.headers.iter().filter(|(name, _)| words::plain(name).contains("srf")) {
            let cookie = exchange.cookies.iter().find(|(_, it)| it == value || decoded(it) == *value);
            let Some((cookie, _)) = cookie else { continue };
            let element = json!({ "header": trace::spelled(header), "value": { "$cookie": cookie } });
            if !api.always.iter().any(|(it, _)| *it == element) {
                api.always.push((element, format!("this header repeated the cookie `{cookie}`")));
                let setter =
                    here.iter().find(|it| it.method == "GET" && it.set_cookies.iter().any(|(name, _)| name == cookie));
                api.remarks.extend(setter.map(|it| {
                    format!(
                        "`GET {}` set the cookie `{cookie}`: if the login needs it, let it go first, in `login.before`",
                        it.route()
                    )
                }));
            }
        }
    }
}

/// Headers of the app's own that go with every request.
fn habits(api: &mut Api, here: &[&Exchange]) {
    let own = |name: &str| {
        let name = name.to_lowercase();
        (name.starts_with("x-") || name.contains("api") || name.contains("tenant"))
            && !name.contains("srf")
            && !name.contains("auth")
            && name != "x-requested-with"
    };
    let Some(first) = here.first() else { return };
    for (name, _) in first.headers.iter().filter(|(name, _)| own(name)) {
        if here.iter().all(|it| it.header(name).is_some()) {
            let value = format!("{{context.{}}}", words::split(name).join("_"));
            let element = json!({ "header": trace::spelled(name), "value": value });
            api.remarks.push(format!(
                "every request carries the header `{name}`: if the API asks for it, add {element} to `always`"
            ));
        }
    }
}
