//! The program `relatch`.

use std::process::ExitCode;

fn main() -> ExitCode {
    relatch_cli::main()
}
