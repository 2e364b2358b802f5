//! Warnings about what answers mean.

use super::Warning;
use super::walk::{Answer, Outline, whole_hole};
use serde_json::Value;

pub(super) fn warn(outline: &Outline<'_>, warnings: &mut Vec<Warning>) {
    credentials(outline, warnings);
    expired(outline, warnings);
    outline.refusals.iter().for_each(|it| refusal(outline, it, warnings));
    let operations = outline.operations.iter().flat_map(|it| &it.answers);
    operations.chain(&outline.refusals).for_each(|it| greedy(it, warnings));
}

/// A wrong password that only its status tells.
fn credentials(outline: &Outline<'_>, warnings: &mut Vec<Warning>) {
    let Some(login) = outline.operation("login") else { return };
    let wordings: Vec<_> = login.answers.iter().filter(|it| it.means("bad-credentials")).collect();
    if let (true, Some(first)) = (wordings.iter().all(|it| it.is_status_alone()), wordings.first()) {
        warnings.push(Warning {
            code: "bad-credentials-by-status",
            pointer: first.pointer.clone(),
            what: "every answer of this status reads as a wrong password, a proxy's too".into(),
            advice: "give the wording that the API has for it, for instance \"json\": { \"code\": \"invalid_credentials\" }",
        });
    }
}

/// Nothing tells that a token has ended.
fn expired(outline: &Outline<'_>, warnings: &mut Vec<Warning>) {
    let told = |it: &Answer<'_>| it.means("token-expired") || it.means("token-expired-or-forbidden");
    if !outline.refusals.iter().any(told) {
        warnings.push(Warning {
            code: "no-token-expired",
            pointer: if outline.refusals.is_empty() { String::new() } else { "/refusals".into() },
            what: "no refusal means token-expired: any 401 to a call counts as that, and nothing else does".into(),
            advice: "say in `refusals` how the API answers a call whose token has ended",
        });
    }
}

fn refusal(outline: &Outline<'_>, refusal: &Answer<'_>, warnings: &mut Vec<Warning>) {
    if !refusal.is_status_alone() || !refusal.means("token-expired") {
        return;
    }
    if let Some(status) = refusal.statuses().into_iter().find(|it| !ENDED.contains(it)) {
        warnings.push(Warning {
            code: "broad-refusal",
            pointer: refusal.pointer.clone(),
            what: format!("every {status} to a call reads as an expired token, and makes a renewal"),
            advice: "give the wording that tells the expired token, or let it mean token-expired-or-forbidden",
        });
    }
    let Some(login) = outline.operation("login") else { return };
    let worded = |it: &&Answer<'_>| it.means("bad-credentials") && !it.is_status_alone();
    let shared = login.answers.iter().filter(worded).flat_map(Answer::statuses);
    let taken = |status: u64| login.answers.iter().any(|it| it.is_status_alone() && it.statuses().contains(&status));
    if let Some(status) = shared.into_iter().find(|it| refusal.statuses().contains(it) && !taken(*it)) {
        warnings.push(Warning {
            code: "refusal-takes-login",
            pointer: refusal.pointer.clone(),
            what: format!("a {status} to the login in a wording that `login` does not list reads as token-expired"),
            advice: "add { \"status\": …, \"means\": \"bad-credentials\" } as the last answer of the login, if that is what it says",
        });
    }
}

/// The statuses by which APIs say nothing but that a token has ended: 419 and 440 are those of Laravel and IIS, 498 of ArcGIS.
const ENDED: [u64; 4] = [401, 419, 440, 498];

/// A text that fits everything.
fn greedy(answer: &Answer<'_>, warnings: &mut Vec<Warning>) {
    let text = answer.json.get("text").and_then(Value::as_str);
    if text.is_some_and(|it| whole_hole(it).is_some()) && !answer.means("done") && answer.json.get("headers").is_none()
    {
        warnings.push(Warning {
            code: "greedy-text",
            pointer: format!("{}/text", answer.pointer),
            what: "this fits whatever text comes with that status".into(),
            advice: "put fixed text around the hole, or ask for a header such as \"Content-Type\": \"text/plain{_?}\"",
        });
    }
}
