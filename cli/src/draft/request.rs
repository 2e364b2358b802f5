//! The request template of an operation that was found.

use super::api::Found;
use super::name;
use super::shape::{Kind, Path, Shape, spelled};
use super::words;
use serde_json::{Map, Value, json};

/// What a request is drafted for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Login,
    Renewal,
    /// Log-out, profile: only what it cannot do without.
    Other,
}

/// A drafted request, and what the app has to pass for it.
pub(super) struct Drafted {
    pub(super) request: Map<String, Value>,
    /// Which member is the identifier and which the password.
    pub(super) credentials: Vec<String>,
    /// The names of `field.…` and `context.…` in it.
    pub(super) passed: Vec<String>,
}

impl Drafted {
    /// Whether that hole is somewhere in the request.
    pub(super) fn carries(&self, hole: &str) -> bool {
        self.request.values().any(|it| it.to_string().contains(hole))
    }
}

pub(super) fn draft(found: &Found, purpose: Purpose) -> Drafted {
    let mut writer = Writer::new(found, purpose);
    let mut request = Map::new();
    request.insert("method".into(), found.method.as_str().into());
    request.insert("path".into(), name::path(&found.path).into());
    writer.fields(&mut request, "query", &found.query);
    writer.fields(&mut request, "headers", &found.headers);
    if found.basic && writer.password.is_none() {
        let text = json!({ "$concat": ["Basic ", { "$base64": "{identifier}:{password}" }] });
        request.insert("headers".into(), json!({ "Authorization": text }));
        writer.credentials.push("both in `Authorization: Basic`".into());
    }
    if let Some(body) =
        writer.value(&Path::new(), &found.body).filter(|it| it.as_object().is_some_and(|it| !it.is_empty()))
    {
        request.insert(found.carrier.member().into(), body);
    }
    Drafted { request, credentials: writer.credentials, passed: writer.passed }
}

struct Writer {
    purpose: Purpose,
    password: Option<Path>,
    identifier: Option<Path>,
    refresh_token: Option<Path>,
    credentials: Vec<String>,
    passed: Vec<String>,
}

impl Writer {
    fn new(found: &Found, purpose: Purpose) -> Writer {
        let mut leaves: Vec<(Path, &Shape)> = found.body.leaves();
        leaves.extend(found.query.iter().chain(&found.headers).map(|(name, it)| (vec![name.clone()], it)));
        leaves.retain(|(path, it)| !path.is_empty() && it.members().is_empty());
        let best = |rank: fn(&str) -> Option<usize>| {
            let ranked = leaves.iter().filter_map(|(path, _)| Some((rank(path.last()?)?, path)));
            ranked.min_by_key(|(rank, _)| *rank).map(|(_, path)| path.clone())
        };
        let login = purpose == Purpose::Login;
        let only = |_: &str| (purpose == Purpose::Renewal && leaves.len() == 1).then_some(0);
        let sent = found.known.sends_refresh.clone().flatten();
        let named = best(words::refresh_token);
        let token =
            sent.or_else(|| named.clone()).or_else(|| best_of(&leaves, only)).or_else(|| best(words::access_token));
        let renewal = purpose == Purpose::Renewal;
        Writer {
            purpose,
            password: best(words::password).filter(|_| login),
            identifier: best(words::identifier).filter(|_| login),
            refresh_token: if renewal { token } else { named.filter(|_| !login) },
            credentials: Vec::new(),
            passed: Vec::new(),
        }
    }

    fn fields(&mut self, request: &mut Map<String, Value>, part: &str, fields: &[(String, Shape)]) {
        let filled: Map<String, Value> =
            fields.iter().filter_map(|(name, it)| Some((name.clone(), self.value(&vec![name.clone()], it)?))).collect();
        if !filled.is_empty() {
            request.insert(part.into(), filled.into());
        }
    }

    /// The template for a value; none if it can be left out.
    fn value(&mut self, path: &Path, shape: &Shape) -> Option<Value> {
        if let Kind::Object(members) = &shape.kind {
            let below = |name: &String| path.iter().cloned().chain([name.clone()]).collect::<Path>();
            // A name with a dollar would be a function.
            let members = members.iter().filter(|(name, _)| !name.starts_with('$'));
            let filled = members.filter_map(|(name, it)| Some((name.clone(), self.value(&below(name), it)?)));
            let filled: Map<String, Value> = filled.collect();
            return (!filled.is_empty() || path.is_empty()).then(|| filled.into());
        }
        let here = Some(path);
        if here == self.password.as_ref() {
            self.credentials.push(format!("the password in {}", spelled(path)));
            return Some("{password}".into());
        }
        if here == self.identifier.as_ref() {
            self.credentials.push(format!("the identifier in {}", spelled(path)));
            return Some("{identifier}".into());
        }
        if here == self.refresh_token.as_ref() {
            let name = path.last().map(String::as_str).unwrap_or_default();
            let access = words::access_token(name) == Some(0);
            return Some(if access { "{access_token}" } else { "{refresh_token}" }.into());
        }
        self.other(path.last()?, shape)
    }

    fn other(&mut self, name: &str, shape: &Shape) -> Option<Value> {
        if words::plain(name) == "granttype" {
            return Some(if self.purpose == Purpose::Renewal { "refresh_token" } else { "password" }.into());
        }
        if let Some(constant) = &shape.constant {
            return shape.required.then(|| constant.clone());
        }
        match shape.kind {
            _ if !shape.required => None,
            Kind::Bool => Some(shape.sample.as_ref().and_then(Value::as_bool).unwrap_or(false).into()),
            Kind::Object(_) | Kind::List(_) => None,
            _ => Some(self.passed(name).into()),
        }
    }

    /// A hole that the app fills. What a renewal needs as well cannot be passed with a login.
    fn passed(&mut self, name: &str) -> String {
        let lasting = ["client", "tenant", "organization", "organisation", "company", "empresa"];
        let kept = words::split(name).first().is_some_and(|it| lasting.contains(&it.as_str()));
        let kind = if kept || self.purpose != Purpose::Login { "context" } else { "field" };
        let hole = format!("{kind}.{}", name::hole(name));
        if !self.passed.contains(&hole) {
            self.passed.push(hole.clone());
        }
        format!("{{{hole}}}")
    }
}

fn best_of(leaves: &[(Path, &Shape)], rank: impl Fn(&str) -> Option<usize>) -> Option<Path> {
    leaves.iter().find(|(path, _)| path.last().is_some_and(|it| rank(it).is_some())).map(|(path, _)| path.clone())
}
