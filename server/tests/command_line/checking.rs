//! `check-config`, and what every command says about a faulty configuration.

use crate::support::{Deployment, FIVE};

#[test]
fn a_configuration_without_faults_is_summed_up() {
    let here = Deployment::new(FIVE);
    let ended = here.run(&["check-config"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(lines[0], "the configuration is fine: 127.0.0.1:0 on relatch.db");
    assert_eq!(lines[1], "realm investgo at /investgo speaks investgo: HS512 with a key of its own making, 36000 s");
    assert_eq!(lines.len(), 6);
    assert!(!here.path("relatch.db").exists(), "checking makes nothing");
}

#[test]
fn every_fault_is_told_with_its_file_and_key() {
    let here = Deployment::new("listen = 3\n[[realm]]\ndialect = \"gatgo\"\n");
    for line in [&["check-config"][..], &["serve"], &["user", "list", "--realm", "gatego"]] {
        let ended = here.run(line);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""));
        let told: Vec<&str> = ended.err.lines().collect();
        assert_eq!(told[0], "relatch.toml: listen: expected a string, got an integer");
        assert!(
            told[1].starts_with("relatch.toml: realm[0].dialect: gatgo: is no dialect; expected one of investgo, ")
        );
    }
}

#[test]
fn the_file_may_be_named_by_option_or_environment() {
    let here = Deployment::new("");
    std::fs::write(here.path("other.toml"), FIVE).unwrap();
    assert_eq!(here.run(&["check-config"]).code, Some(2));
    assert_eq!(here.run(&["--config", "other.toml", "check-config"]).code, Some(0));
    assert_eq!(here.run(&["check-config", "-c", "other.toml"]).code, Some(0));
    assert_eq!(here.run_with(&["check-config"], "", &[("RELATCH_CONFIG", "other.toml")]).code, Some(0));
    let gone = here.run(&["--config", "gone.toml", "check-config"]);
    assert!(gone.err.starts_with("gone.toml: cannot be read: "), "{}", gone.err);
}

#[test]
fn a_command_line_that_makes_no_sense_exits_with_2() {
    let here = Deployment::new(FIVE);
    for line in
        [&[][..], &["frobnicate"], &["user", "add"], &["user", "import", "--realm", "x", "--format", "xml", "f"]]
    {
        assert_eq!(here.run(line).code, Some(2), "{line:?}");
    }
    assert_eq!(here.run(&["--version"]).out, format!("relatch-server {}\n", env!("CARGO_PKG_VERSION")));
}

/// StockAPI as a file of its own, after `edit` has changed it.
fn edited(here: &Deployment, edit: impl Fn(&mut serde_json::Value)) {
    let documents = relatch_dialects::DOCUMENTS;
    let text = documents.iter().find(|(name, _)| *name == "stockapi").map(|(_, text)| *text).unwrap_or_default();
    let mut document: serde_json::Value = serde_json::from_str(text).unwrap();
    edit(&mut document);
    std::fs::write(here.path("own.json"), document.to_string()).unwrap();
}

#[test]
fn what_of_a_dialect_is_not_played_is_told_by_its_place() {
    let here = Deployment::new("[[realm]]\ndialect = \"own.json\"\n");
    edited(&here, |it| it["observe"] = serde_json::json!([{ "headers": { "X-Token": "{access_token}" } }]));
    let ended = here.run(&["check-config"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    let told = "  not played: /observe: the server gives no tokens along with other answers";
    assert_eq!(ended.out.lines().last(), Some(told));
}

#[test]
fn a_dialect_whose_login_cannot_be_played_is_refused() {
    let here = Deployment::new("[[realm]]\ndialect = \"own.json\"\n");
    edited(&here, |it| it["login"]["request"]["json"]["password"] = serde_json::json!({ "$md5": "{password}" }));
    let ended = here.run(&["check-config"]);
    let told = "relatch.toml: realm[0].dialect: own.json: its login cannot be played: \
                /login/request/json/password: the server cannot turn that function round\n";
    assert_eq!((ended.code, ended.err.as_str()), (Some(2), told));
}
