//! What a realm answers at which path.

use super::operations;
use super::well_known::{self, Document};
use crate::realm::Realm;
use axum::http::Method;

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// An operation of the dialect: its name, and whether the request carries the token.
    Operation { name: String, attached: bool },
    /// A guarded endpoint, by its place in the configuration.
    Guard(usize),
    /// What the realm publishes about its keys.
    WellKnown(Document),
}

impl Target {
    /// Whether what stands there can change something.
    pub(super) fn may_change(&self) -> bool {
        matches!(self, Target::Operation { name, .. } if !operations::only_reads(name))
    }
}

/// What stands at a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found<'a> {
    Target(&'a Target),
    /// Something, with other methods: those of `Allow`.
    OtherMethods(String),
    Nothing,
}

#[derive(Debug)]
struct Route {
    method: String,
    path: String,
    target: Target,
}

/// The realm's table of contents: every operation of its dialect that `known` has a handler for, then its guards.
#[derive(Debug)]
pub(super) struct Routes(Vec<Route>);

impl Routes {
    pub(super) fn of(realm: &Realm, known: impl Fn(&str) -> bool) -> Routes {
        let mut routes = Vec::new();
        for operation in realm.dialect.operations() {
            if !known(&operation.name) {
                tracing::warn!(realm = realm.name, operation = operation.name, "this server has no such operation");
                continue;
            }
            for (method, path) in &operation.routes {
                let target = Target::Operation { name: operation.name.clone(), attached: operation.attached };
                routes.push(Route { method: method.clone(), path: path.clone(), target });
            }
        }
        for (index, guard) in realm.guarded.iter().enumerate() {
            routes.push(Route { method: "GET".into(), path: guard.path.clone(), target: Target::Guard(index) });
        }
        for (path, document) in well_known::documents(realm) {
            routes.push(Route { method: "GET".into(), path: path.into(), target: Target::WellKnown(document) });
        }
        Routes(routes)
    }

    /// HEAD goes where GET goes (RFC 9110 section 9.1: both "MUST be supported"); hyper leaves out the body.
    pub(super) fn find(&self, method: &Method, path: &str) -> Found<'_> {
        let method = if *method == Method::HEAD { "GET" } else { method.as_str() };
        let mut here = self.0.iter().filter(|it| it.path == path);
        match here.clone().find(|it| it.method == method) {
            Some(route) => Found::Target(&route.target),
            None if here.next().is_none() => Found::Nothing,
            None => Found::OtherMethods(allowed(self.0.iter().filter(|it| it.path == path))),
        }
    }
}

fn allowed<'a>(routes: impl Iterator<Item = &'a Route>) -> String {
    let mut methods: Vec<&str> = Vec::new();
    for route in routes {
        let both: &[&str] = if route.method == "GET" { &["GET", "HEAD"] } else { &[&route.method] };
        methods.extend(both.iter().filter(|it| !methods.contains(*it)).collect::<Vec<_>>());
    }
    methods.join(", ")
}
