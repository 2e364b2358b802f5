//! Warnings about when a session ends and how it goes on.

use super::Warning;
use super::walk::{Outline, has_hole, texts, whole_hole};
use crate::draft::words;
use serde_json::Value;

pub(super) fn warn(outline: &Outline<'_>, warnings: &mut Vec<Warning>) {
    renewal(outline, warnings);
    refresh_token(outline, warnings);
    let expires = outline.document.get("expires");
    let member = |name| expires.and_then(|it| it.get(name));
    if member("jwt").and_then(Value::as_bool) == Some(true)
        && member("after_secs").is_none()
        && !outline.captures("login", "expires")
    {
        warnings.push(Warning {
            code: "jwt-without-fallback",
            pointer: "/expires".into(),
            what: "a token without `iat` or `exp` is used until it is refused".into(),
            advice: "add `after_secs`, the lifetime that the API documents, for tokens that do not tell it themselves",
        });
    }
    unit(outline, member("unit").and_then(Value::as_str), warnings);
}

/// A short life and no way on.
fn renewal(outline: &Outline<'_>, warnings: &mut Vec<Warning>) {
    const SHORT_SECS: u64 = 3600;
    let secs = outline.document.pointer("/expires/after_secs").and_then(Value::as_u64);
    let renewed = outline.document.get("renew").is_some_and(|it| it != "none");
    if let (Some(secs), false) = (secs.filter(|it| *it < SHORT_SECS), renewed) {
        warnings.push(Warning {
            code: "no-renewal",
            pointer: "/expires/after_secs".into(),
            what: format!("people have to log in again every {secs} seconds: nothing renews the session"),
            advice: "describe the renewal under `renew`, or write \"renew\": \"login\" so that an app may log in once more",
        });
    }
}

/// A refresh token that nobody captures, or that nobody uses.
fn refresh_token(outline: &Outline<'_>, warnings: &mut Vec<Warning>) {
    let captured = outline.captures("login", "refresh_token");
    let Some(renew) = outline.operation("renew") else {
        if captured {
            warnings.push(Warning {
                code: "unused-refresh-token",
                pointer: "/login/answers".into(),
                what: "the login captures a refresh token, and nothing renews by it".into(),
                advice: "describe the renewal under `renew`",
            });
        }
        return;
    };
    let used = renew.requests.iter().find(|(_, request)| has_hole(request, "refresh_token"));
    if let (Some((pointer, _)), false) = (used, captured) {
        warnings.push(Warning {
            code: "no-refresh-token",
            pointer: pointer.clone(),
            what: "the renewal sends a refresh token, and no answer of the login captures one".into(),
            advice: "write \"{refresh_token}\" where the login's answer has it",
        });
    }
}

/// A captured expiry whose name does not go with its unit.
fn unit(outline: &Outline<'_>, unit: Option<&str>, warnings: &mut Vec<Warning>) {
    let mut found = false;
    for operation in &outline.operations {
        for answer in &operation.answers {
            let mut suspects = Vec::new();
            texts(answer.json, &answer.pointer, "", &mut |pointer, name, text| {
                if whole_hole(text) == Some("expires") {
                    found = true;
                    suspects.push((pointer.to_string(), name.to_string()));
                }
            });
            warnings.extend(suspects.into_iter().filter_map(|(pointer, name)| odd_unit(pointer, &name, unit)));
        }
    }
    if !found && unit.is_some() && !outline.uses_cookies() {
        warnings.push(Warning {
            code: "unused-unit",
            pointer: "/expires/unit".into(),
            what: "no answer captures {expires}, so this unit measures nothing".into(),
            advice: "write \"{expires}\" where the answer says when the token ends, or take the unit out",
        });
    }
}

fn odd_unit(pointer: String, name: &str, unit: Option<&str>) -> Option<Warning> {
    let absolute = words::says_moment(name);
    let what = match unit {
        None | Some("seconds" | "minutes" | "hours" | "days" | "millis") if absolute => {
            format!("`{name}` sounds like a moment, and is read as {} from now", unit.unwrap_or("seconds"))
        }
        None | Some("seconds") if words::says_millis(name) => {
            format!("`{name}` sounds like milliseconds, and is read as seconds")
        }
        Some("epoch" | "epoch-millis" | "iso8601") if name.ends_with("_in") || name.ends_with("In") => {
            format!("`{name}` sounds like a length of time, and is read as a moment")
        }
        _ => return None,
    };
    let advice = "set `expires.unit` to what the API sends: seconds, millis, minutes, hours, days, epoch, epoch-millis or iso8601";
    Some(Warning { code: "odd-unit", pointer, what, advice })
}
