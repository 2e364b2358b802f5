//! `docs/dialects/gallery.md` is made from the gallery, and compared with it.

use crate::api::{Api, all, elements};
use crate::features::COLUMNS;
use serde_json::Value as Json;
use std::fmt::Write as _;

const INTRODUCTION: &str = "# The gallery

Dialects of APIs that are not ours, as documents in [`dialects/gallery/`](../../dialects/gallery), each beside the
exchanges that its public documentation shows. Use one as it is (`relatch/gallery/strapi` of the npm package, or the file itself),
or as the start of your own: [the guide](guide.md) says how.

This page is made from the documents: `RELATCH_WRITE=1 cargo test -p relatch-dialects --test gallery` writes it, and without
the variable the same test compares it. Every document is loaded, held against the JSON Schema, and replays its exchanges: the requests that come
out, what each answer means and carries, what goes along with calls.

**Guesses** are what the documentation did not show, so that the document has the usual form of it; they stand, each in words, in
`dialects/gallery/exchanges/<name>.json`. Where a path or a name is guessed, look at your API before you use the document.
**Tried with** names the running software with which `relatch dialect try` found every answer to fit: login, a wrong password, a broken token, a call, a renewal and a log-out
where there are such; with [some servers](servers.md) the package is tested as well. The others are as good as what is publicly known of their APIs, which change: try yours before you rely on it.
";

#[test]
fn the_page_about_the_gallery_says_what_the_documents_say() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/dialects/gallery.md");
    let made = page(&all());
    if std::env::var_os("RELATCH_WRITE").is_some() {
        std::fs::write(path, &made).expect("docs/dialects/gallery.md");
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == made, "docs/dialects/gallery.md is out of date; RELATCH_WRITE=1 writes it");
}

fn page(apis: &[Api]) -> String {
    let (drawn, known): (Vec<&Api>, Vec<_>) = apis.iter().partition(|it| it.known["drawn"] == true);
    let mut page = String::from(INTRODUCTION);
    section(&mut page, "Backends that people know", &known);
    section(&mut page, "Documented APIs, drawn at random", &drawn);
    uses(&mut page, apis);
    undescribed(&mut page, apis);
    page
}

fn section(page: &mut String, title: &str, apis: &[&Api]) {
    let heads: Vec<_> = COLUMNS.iter().map(|(name, _)| *name).collect();
    let rule = "|---".repeat(heads.len() + 3);
    let _ = write!(
        page,
        "\n## {title}: {}\n\n| API | {} | guesses | tried with |\n{rule}|\n",
        apis.len(),
        heads.join(" | ")
    );
    for api in apis {
        let cells: Vec<_> = COLUMNS.iter().map(|(_, of)| cell(&of(&api.document))).collect();
        let guesses = elements(&api.known["guessed"]).count();
        let guesses = if guesses > 0 { guesses.to_string() } else { "–".into() };
        let tried = api.known["tried"].as_str().unwrap_or("–");
        let title = api.document["title"].as_str().unwrap_or(&api.name);
        let link = format!("[{title}](../../dialects/gallery/{}.json)", api.name);
        let _ = writeln!(page, "| {link} | {} | {guesses} | {tried} |", cells.join(" | "));
    }
}

fn cell(words: &[String]) -> String {
    if words.is_empty() { "–".into() } else { words.join(", ").replace('|', "\\|") }
}

/// How often each word of a column stands in it.
fn uses(page: &mut String, apis: &[Api]) {
    page.push_str("\n## What they use\n\n| column | how many |\n|---|---|\n");
    for (column, of) in COLUMNS.iter().filter(|(column, _)| !matches!(*column, "token")) {
        let mut counts: Vec<(String, usize)> = Vec::new();
        for word in apis.iter().flat_map(|api| kinds(of(&api.document))) {
            match counts.iter_mut().find(|(it, _)| *it == word) {
                Some((_, count)) => *count += 1,
                None => counts.push((word, 1)),
            }
        }
        counts.sort_by(|(a, n), (b, m)| m.cmp(n).then(a.cmp(b)));
        let told: Vec<_> = counts.into_iter().map(|(word, count)| format!("{word} {count}")).collect();
        let _ = writeln!(page, "| {column} | {} |", told.join(" · "));
    }
}

/// The words of one API without what is its own: names of headers, of challenges, numbers of seconds.
fn kinds(words: Vec<String>) -> Vec<String> {
    let mut kinds: Vec<String> = words
        .into_iter()
        .map(|word| match word.as_str() {
            it if it.starts_with("challenge ") => "challenge".into(),
            it if it.starts_with("header ") => "header of its own".into(),
            it if it.starts_with("query ") => "query".into(),
            it if it.starts_with("body ") => "body".into(),
            it if it.ends_with(" before") => "steps before".into(),
            it if it.ends_with(" s idle") => "sliding".into(),
            it if it.ends_with(" s") => "fixed".into(),
            _ => word,
        })
        .collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

fn undescribed(page: &mut String, apis: &[Api]) {
    page.push_str(
        "\n## What cannot be described, and why\n\n| API | what | why, and what is done about it |\n|---|---|---|\n",
    );
    for api in apis {
        for it in elements(&api.known["undescribed"]) {
            let text = |member: &str| it[member].as_str().unwrap_or_default().replace('|', "\\|").replace('<', "&lt;");
            let _ = writeln!(page, "| {} | {} | {} |", api.name, text("what"), text("why"));
        }
    }
    let without = apis.iter().filter(|it| elements(&it.known["undescribed"]).next().is_none()).count();
    let _ = writeln!(page, "\nOf the other {without} nothing is known to be left out.");
}

/// Each tells where it is from, and what of it is guessed.
#[test]
fn every_api_names_its_source() {
    for api in all() {
        assert!(elements(&api.known["source"]).all(Json::is_string), "{}", api.name);
        assert!(elements(&api.known["source"]).next().is_some(), "{}", api.name);
        assert!(api.known["guessed"].is_array(), "{}", api.name);
    }
}
