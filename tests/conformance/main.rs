//! The conformance scenarios, run by the native host against the real server in this process. The same files are run
//! by the browser host in Node and in browsers; `conformance/README.md` says what they mean.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a scenario that cannot go on fails; clippy.toml's exemption covers test functions only"
)]

mod outcome;
mod run;
mod stage;

use libtest_mimic::{Arguments, Trial};
use serde_json::Value;
use std::path::{Path, PathBuf};

const REALMS: [&str; 5] = ["investgo", "apitickets", "stockapi", "gatego", "integra"];

fn main() {
    let trials = scenarios().into_iter().flat_map(|(name, scenario)| trials(&name, &scenario)).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn scenarios() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance");
    let files = std::fs::read_dir(folder).expect("the folder of scenarios").map(|it| it.expect("an entry").path());
    let mut files: Vec<PathBuf> = files.filter(|it| it.extension().is_some_and(|it| it == "json")).collect();
    files.sort();
    files.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> (String, Value) {
    let text = std::fs::read_to_string(path).expect("a scenario");
    let scenario = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    (path.file_stem().expect("a name").to_string_lossy().into_owned(), scenario)
}

/// One for each realm that the scenario is for.
fn trials(name: &str, scenario: &Value) -> Vec<Trial> {
    let named = scenario.get("realms").and_then(Value::as_array);
    let concerned = |realm: &&&str| named.is_none_or(|named| named.iter().any(|it| it == **realm));
    let trial = |realm: &str| {
        let (scenario, realm) = (scenario.clone(), realm.to_string());
        Trial::test(format!("{name}::{realm}"), move || {
            run::run(&scenario, &realm);
            Ok(())
        })
    };
    REALMS.iter().filter(concerned).map(|realm| trial(realm)).collect()
}
