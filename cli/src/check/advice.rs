//! What to do about a fault, where more can be said than what was expected.

/// What a document can be made of, for who mistyped it.
const MEMBERS: &str = "\
    $schema relatch name title attach always expires login renew operations refusals errors issue challenges \
    observe request alternatives answers before method path query headers json form multipart text xml status \
    means reason also challenge header body value cookies jwt after_secs idle_secs unit alg lifetime_secs \
    refresh_lifetime_secs identifiers password_hash limits validation roles organizations account claims user \
    min max number permissions";

/// Advice by a part of the reason.
const ADVICE: [(&str, &str); 13] = [
    (
        "bad-credentials",
        "add an answer to a wrong password, for instance { \"status\": 401, \"means\": \"bad-credentials\" }",
    ),
    (
        "no refusal means",
        "add { \"status\": 401, \"means\": \"token-expired\" }, or leave `refusals` out: then every 401 means that",
    ),
    ("(token-expired)", "add a refusal, for instance { \"status\": 401, \"means\": \"token-expired\" }"),
    (
        "earlier answer takes",
        "put the answer that asks for more before the one that asks for less, or take one of them out",
    ),
    ("everything this refusal says", "let the operation's answer name something in the body that the refusal has not"),
    ("two holes touch", "for instance \"{first}:{second}\""),
    ("a brace has no partner", "write {{ for a brace that stands for itself"),
    ("carries {access_token}", "for instance { \"header\": \"Authorization\", \"value\": \"Bearer {access_token}\" }"),
    (
        "capture {access_token}",
        "write \"{access_token}\" where the answer has the token, for instance { \"token\": \"{access_token}\" }",
    ),
    ("relatch is missing", "write \"relatch\": 1"),
    ("the version of the format", "write \"relatch\": 1"),
    (
        "is not a name that can stand here",
        "docs/dialects/format.md has the names of holes; whatever else the app gives is field.<name> or context.<name>",
    ),
    ("expected a path", "only the part after the base URL; a query goes into `query`"),
];

/// What to do about a fault of a dialect.
pub(super) fn for_fault(pointer: &str, reason: &str) -> Option<String> {
    if reason == "unknown member" {
        let name = pointer.rsplit('/').next().unwrap_or_default();
        return nearest(name).map(|it| format!("did you mean \"{it}\"?"));
    }
    ADVICE.iter().find(|(part, _)| reason.contains(part)).map(|(_, advice)| (*advice).into())
}

/// What to do about a fault of syntax.
pub(super) fn for_syntax(reason: &str) -> Option<&'static str> {
    [
        ("trailing comma", "take the comma away: JSON has none before a closing bracket"),
        ("key must be a string", "names stand in double quotes; JSON has no comments"),
        ("EOF", "the text ends before it is complete: a bracket or a quote is missing"),
        ("stands twice", "take one of the two away"),
        ("expected value", "texts stand in double quotes; JSON has no comments"),
        ("recursion limit", "a dialect nests no deeper than 24 levels"),
    ]
    .iter()
    .find(|(part, _)| reason.contains(part))
    .map(|(_, advice)| *advice)
}

/// The member that somebody may have meant.
fn nearest(name: &str) -> Option<&'static str> {
    let allowed = if name.len() > 5 { 2 } else { 1 };
    let near = MEMBERS.split(' ').map(|it| (distance(it, &name.to_lowercase()), it)).min()?;
    (near.0 <= allowed).then_some(near.1)
}

/// How many letters have to be changed, added or taken away (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut next = vec![index + 1];
        for (at, it) in other.iter().enumerate() {
            let change = row.get(at).copied().unwrap_or_default() + usize::from(*it != letter);
            let add = row.get(at + 1).copied().unwrap_or_default() + 1;
            let drop = next.get(at).copied().unwrap_or_default() + 1;
            next.push(change.min(add).min(drop));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_member_is_told_from_a_strange_one() {
        assert_eq!(nearest("anwsers"), Some("answers"));
        assert_eq!(nearest("Login"), Some("login"));
        assert_eq!(nearest("colour"), None);
    }
}
