//! What holds for every command.

use crate::support::{directory, file, fixture, relatch, shop};
use std::process::{Command, Stdio};

#[test]
fn the_version_is_told() {
    let ran = relatch(&["--version"]);
    assert_eq!((ran.code, ran.out), (0, format!("relatch {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn every_command_explains_itself_with_examples() {
    for name in ["check", "try", "from-openapi", "from-har", "mock"] {
        let ran = relatch(&["dialect", name, "--help"]);
        assert_eq!(ran.code, 0, "{name}");
        assert!(ran.out.contains("Examples:") && ran.out.contains(&format!("relatch dialect {name} ")), "{}", ran.out);
    }
}

#[test]
fn a_command_line_at_fault_is_told_from_a_failure() {
    for arguments in [
        &["dialect"][..],
        &["dialect", "check"],
        &["dialect", "chekc", "x"],
        &["dialect", "mock", "x", "--lifetime", "soon"],
    ] {
        assert_eq!(relatch(arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let directory = directory();
    let folder = directory.path().to_str().expect("a path");
    let binary = directory.path().join("binary");
    std::fs::write(&binary, b"\xff\xfe").expect("a file");
    for file in ["/no/such/file.json", folder, binary.to_str().expect("a path")] {
        for name in ["check", "from-openapi", "from-har", "mock"] {
            let ran = relatch(&["dialect", name, file]);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{name} {file}");
            assert!(ran.err.contains(file) && !ran.err.contains("panicked"), "{}", ran.err);
        }
    }
}

#[test]
fn a_reader_that_has_gone_is_no_failure() {
    let directory = directory();
    let good = file(&directory, "shop.json", &shop().to_string());
    let spec = fixture("openapi/nestjs.yaml");
    for arguments in [["dialect", "check", &good], ["dialect", "from-openapi", &spec]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_relatch"));
        let mut child = child.args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a start");
        drop(child.stdout.take());
        assert_eq!(child.wait().expect("an end").code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn a_password_is_no_argument() {
    let ran = relatch(&["dialect", "try", "gatego", "--base-url", "http://127.0.0.1:1", "--password", "secret"]);
    assert_eq!(ran.code, 2);
    assert!(
        relatch(&["dialect", "try", "gatego", "--base-url", "http://127.0.0.1:1"]).err.contains("--password-stdin")
    );
}
