//! Which of an API's operations is which, and where in an answer things stand.

use super::api::{Api, Found, FoundAnswer, Spot};
use super::shape::{Kind, Path, Shape, spelled};
use super::words;

/// An operation that was found, and why it was taken.
pub(super) struct Choice<'a> {
    pub(super) found: &'a Found,
    pub(super) why: String,
}

/// The operation that looks most like a login; none if nothing takes a password.
pub(super) fn login(api: &Api) -> Option<Choice<'_>> {
    let scored = api.operations.iter().filter_map(|it| Some((login_score(it)?, it)));
    let ((_, why), found) = scored.rev().max_by_key(|((score, _), _)| *score)?;
    Some(Choice { found, why })
}

fn login_score(found: &Found) -> Option<(i32, String)> {
    let (path, texts) = (found.path.as_str(), found.texts());
    let mut why = vec![match (password(found), found.basic) {
        (Some(name), _) => format!("its request has a member named {name}"),
        (None, true) => "it takes a name and a password in `Authorization: Basic`".into(),
        (None, false) => return None,
    }];
    let mut score = 0;
    if let Some(word) = words::login(&[path]) {
        score += 4;
        why.push(format!("its path says \"{word}\""));
    } else if let Some(word) = words::login(&texts) {
        score += 3;
        why.push(format!("it is described by \"{word}\""));
    }
    score -= if words::not_login(&[path]).is_some() { 6 } else { 0 };
    score -= if words::not_login(&texts).is_some() { 3 } else { 0 };
    score -= if words::refresh(&[path]).is_some() { 5 } else { 0 };
    score -= if found.attached { 3 } else { 0 };
    score += i32::from(found.method == "POST");
    if let Some((spot, _)) = found.success().and_then(access_token) {
        score += 3;
        why.push(format!("its answer has {}", place(&spot)));
    }
    if found.known.access_token.is_some() {
        score += 10;
        why.push("what it answered with was sent along later".into());
    }
    (score > 0).then(|| (score, why.join(", ")))
}

/// The name of the member with the password, spelled for people.
fn password(found: &Found) -> Option<String> {
    let leaves = found.body.leaves();
    let in_body = leaves.iter().find(|(path, _)| path.last().is_some_and(|it| words::password(it).is_some()));
    let in_query = || found.query.iter().chain(&found.headers).find(|(name, _)| words::password(name).is_some());
    in_body.map(|(path, _)| spelled(path)).or_else(|| in_query().map(|(name, _)| format!("`{name}`")))
}

/// The operation that renews: by its name, or because it takes a refresh token.
pub(super) fn renewal<'a>(api: &'a Api, login: &Found) -> Option<Choice<'a>> {
    if let Some(found) = api.operations.iter().find(|it| it.known.sends_refresh.is_some()) {
        return Some(Choice { found, why: "the refresh token was sent to it".into() });
    }
    let others = || api.operations.iter().filter(|it| it.spelled() != login.spelled());
    let named = others().filter(|it| it.method != "DELETE" && words::logout(&[&it.path]).is_none());
    let named =
        named.filter_map(|it| Some((words::refresh(&[&it.path])?, it))).max_by_key(|(_, it)| it.method == "POST");
    if let Some((word, found)) = named {
        return Some(Choice { found, why: format!("its path says \"{word}\"") });
    }
    let takes = |it: &&Found| takes_refresh_token(it) && words::logout(&it.texts()).is_none();
    if let Some(found) = others().find(takes) {
        return Some(Choice { found, why: "its request has a member for a refresh token".into() });
    }
    let described =
        others().find_map(|it| Some((words::refresh(&it.texts())?, it)).filter(|(_, it)| it.method == "POST"));
    described.map(|(word, found)| Choice { found, why: format!("it is described by \"{word}\"") })
}

fn takes_refresh_token(found: &Found) -> bool {
    let named = |name: &String| words::refresh_token(name).is_some();
    found.body.leaves().iter().any(|(path, _)| path.last().is_some_and(named))
        || found.query.iter().any(|(name, _)| named(name))
}

/// The operation that logs out.
pub(super) fn logout<'a>(api: &'a Api, login: &Found) -> Option<Choice<'a>> {
    let others = || api.operations.iter().filter(|it| it.spelled() != login.spelled() && password(it).is_none());
    let by_path = others().find_map(|it| Some((words::logout(&[&it.path])?, it)));
    let by_path = by_path.map(|(word, found)| Choice { found, why: format!("its path says \"{word}\"") });
    by_path.or_else(|| {
        let same = others().find(|it| it.method == "DELETE" && it.path.trim_end_matches("/current") == login.path)?;
        Some(Choice { found: same, why: "it deletes what the login makes".into() })
    })
}

/// The operation that tells who is signed in.
pub(super) fn profile(api: &Api) -> Option<Choice<'_>> {
    let plain = api.operations.iter().filter(|it| it.method == "GET" && !it.path.contains('{'));
    let last = |it: &Found| it.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_string();
    let named = plain.filter_map(|it| Some((words::profile(&[&last(it)])?, it)));
    let (word, found) = named.min_by_key(|(_, it)| (!it.attached, it.path.len()))?;
    Some(Choice { found, why: format!("its path says \"{word}\"") })
}

/// Where the access token stands in an answer, and why one thinks so.
pub(super) fn access_token(answer: &FoundAnswer) -> Option<(Spot, String)> {
    let named = |path: &Path| path.last().and_then(|it| words::access_token(it));
    if let Some(path) = best(answer, named) {
        let why = format!("{} is what tokens are called", spelled(&path));
        return Some((Spot::Body(path), why));
    }
    let header = answer
        .headers
        .iter()
        .filter(|(name, _)| plausible_header(name))
        .min_by_key(|(name, _)| words::access_token(name));
    if let Some((name, _)) = header {
        return Some((Spot::Header(name.clone()), format!("the header `{name}` is what tokens are called")));
    }
    let cookie = answer.cookies.iter().find(|it| words::refresh_token(it).is_none());
    if let Some(name) = cookie {
        return Some((
            Spot::Cookie(name.clone()),
            format!("it sets the cookie `{name}`, and no token stands anywhere else"),
        ));
    }
    let whole = answer.body.as_ref().filter(|it| matches!(it.kind, Kind::Text))?;
    let why =
        if whole.about.is_empty() { "the answer is nothing but a text" } else { "the answer is a text as a whole" };
    Some((Spot::Body(Path::new()), why.into()))
}

fn plausible_header(name: &str) -> bool {
    name.eq_ignore_ascii_case("authorization")
        || (words::access_token(name).is_some() && !words::plain(name).contains("csrf"))
}

/// Where the refresh token stands.
pub(super) fn refresh_token(answer: &FoundAnswer) -> Option<Spot> {
    let named = |path: &Path| path.last().and_then(|it| words::refresh_token(it));
    let header =
        || answer.headers.iter().find(|(name, _)| words::refresh_token(name.trim_start_matches("x-")).is_some());
    let cookie = || answer.cookies.iter().find(|it| words::plain(it).contains("refresh"));
    best(answer, named)
        .map(Spot::Body)
        .or_else(|| header().map(|(name, _)| Spot::Header(name.clone())))
        .or_else(|| cookie().map(|name| Spot::Cookie(name.clone())))
}

/// The text of an answer's body whose name ranks best; at the same rank the one nearest to the top. A token may also be an object
/// that has the token: `{ "access": { "token": … } }`.
fn best(answer: &FoundAnswer, rank: impl Fn(&Path) -> Option<usize>) -> Option<Path> {
    let body = answer.body.as_ref()?;
    let mut found: Option<(usize, Path)> = None;
    for (path, shape) in body.leaves() {
        let Some(rank) = rank(&path) else { continue };
        let Some(path) = token_text(path, shape) else { continue };
        let inside_user = path.iter().rev().skip(1).any(|it| words::user(it).is_some());
        let rank = rank + if inside_user { 5 } else { 0 };
        if found.as_ref().is_none_or(|(best, _)| rank < *best) {
            found = Some((rank, path));
        }
    }
    found.map(|(_, path)| path)
}

fn token_text(path: Path, shape: &Shape) -> Option<Path> {
    match &shape.kind {
        Kind::Text | Kind::Any => Some(path),
        Kind::Object(members) => {
            let inner =
                |(name, it): &(String, Shape)| it.is_text() && ["token", "value", "jwt"].contains(&name.as_str());
            let name = members.iter().find(|it| inner(it))?.0.clone();
            Some(path.into_iter().chain([name]).collect())
        }
        _ => None,
    }
}

/// Where the user stands.
pub(super) fn user(answer: &FoundAnswer) -> Option<Path> {
    let leaves = answer.body.as_ref()?.leaves();
    let named = leaves.into_iter().filter(|(_, it)| matches!(it.kind, Kind::Object(_)));
    named.filter_map(|(path, _)| Some((words::user(path.last()?)?, path))).min().map(|(_, path)| path)
}

/// Flags beside the token that say whether it went well, and what they say then.
pub(super) fn flags(answer: &FoundAnswer) -> Vec<(Path, bool)> {
    let Some(body) = &answer.body else { return Vec::new() };
    let flag = |(path, shape): (Path, &Shape)| {
        let usual = words::success_flag(path.last()?)?;
        let said = shape.constant.as_ref().or(shape.sample.as_ref()).and_then(serde_json::Value::as_bool);
        matches!(shape.kind, Kind::Bool).then(|| (path, said.unwrap_or(usual)))
    };
    body.leaves().into_iter().filter(|(path, _)| path.len() == 1).filter_map(flag).collect()
}

/// A spot for people.
pub(super) fn place(spot: &Spot) -> String {
    match spot {
        Spot::Body(path) => spelled(path),
        Spot::Header(name) => format!("the header `{name}`"),
        Spot::Cookie(name) => format!("the cookie `{name}`"),
    }
}
