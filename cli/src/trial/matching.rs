//! Which template of a document an answer fits. The client need not know; whoever writes the document does.

use relatch_dialects::{Answer, Dialect, Meaning, Value};
use serde_json::{Value as Json, json};

/// Where the document has the answers to what was asked.
#[derive(Clone, Copy)]
pub(super) enum Asked<'a> {
    /// An operation, or the step of that number before it.
    Operation(&'a str, usize),
    /// A call: only refusals can fit.
    Call,
}

/// The JSON Pointer of the first answer template that fits; none if the status alone had to tell.
pub(super) fn pointer(document: &Json, asked: Asked<'_>, answer: &Answer) -> Option<String> {
    let mut places = vec!["/refusals".to_string()];
    if let Asked::Operation(name, step) = asked {
        places.insert(0, answers(document, name, step));
    }
    places.into_iter().find_map(|place| {
        let list = document.pointer(&place).and_then(Json::as_array)?;
        list.iter().position(|it| fits(it, answer)).map(|at| format!("{place}/{at}"))
    })
}

fn answers(document: &Json, operation: &str, step: usize) -> String {
    let escaped = |it: &str| it.replace('~', "~0").replace('/', "~1");
    let section = match operation.strip_prefix("challenge.") {
        Some(kind) => format!("/challenges/{}", escaped(kind)),
        None if matches!(operation, "login" | "renew") => format!("/{operation}"),
        None => format!("/operations/{}", escaped(operation)),
    };
    let before = format!("{section}/before/{step}");
    if document.pointer(&before).is_some() { before + "/answers" } else { section + "/answers" }
}

/// Whether one template fits, asked of a dialect that has this one alone, under a meaning that no status has by itself.
fn fits(template: &Json, answer: &Answer) -> bool {
    const TELLING: Meaning = Meaning::AccountLocked;
    let mut alone = template.clone();
    let Some(members) = alone.as_object_mut() else { return false };
    let means = members.get("means").and_then(Json::as_str).and_then(Meaning::parse);
    if !members.contains_key("status") && means.is_some_and(Meaning::is_success) && !(200..300).contains(&answer.status)
    {
        return false;
    }
    ["reason", "also", "challenge"].iter().for_each(|it| drop(members.remove(*it)));
    members.insert("means".into(), TELLING.name().into());
    let document = json!({
        "name": "one", "attach": [{ "cookies": true }],
        "login": { "request": { "method": "GET", "path": "/" }, "answers": [alone] },
    });
    let dialect = Dialect::unchecked(Value::from(&document));
    let read = dialect.and_then(|it| it.read_answer("login", 0, answer));
    read.is_some_and(|it| it.meaning == TELLING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_template_that_fits_is_named() {
        let document = json!({
            "login": { "answers": [
                { "status": 200, "json": { "token": "{access_token}" }, "means": "session" },
                { "json": { "ok": false }, "means": "bad-credentials" } ] },
            "refusals": [{ "status": 401, "means": "token-expired" }],
        });
        let answer = |status, json: Json| Answer::json(status, Some(Value::from(&json)));
        let of = |asked, answer| pointer(&document, asked, &answer);
        let login = Asked::Operation("login", 0);
        assert_eq!(of(login, answer(200, json!({ "token": "a" }))).as_deref(), Some("/login/answers/0"));
        assert_eq!(of(login, answer(400, json!({ "ok": false }))).as_deref(), Some("/login/answers/1"));
        assert_eq!(of(login, answer(401, json!({}))).as_deref(), Some("/refusals/0"));
        assert_eq!(of(Asked::Call, answer(200, json!({ "ok": false }))), None);
    }
}
