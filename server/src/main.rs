//! The program `relatch-server`.

use std::process::ExitCode;

fn main() -> ExitCode {
    relatch_server::cli::main()
}
