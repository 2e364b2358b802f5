//! What a page loads of the npm package, against its budget.

use crate::commands::{keep, program};
use crate::project::Project;
use crate::say;
use anyhow::bail;

/// What wasm, glue and facade may weigh together, in bytes after brotli.
const BUDGET: u64 = 28_000;
/// Node compresses: it is there anyway, and its brotli is the one that servers use.
const SCRIPT: &str = include_str!("size.mjs");

/// Prints the table.
///
/// # Errors
/// The package is not built, or weighs more than it may.
pub(crate) fn report(project: &Project) -> anyhow::Result<()> {
    let (table, total) = measure(project)?;
    say::result(&table);
    if total > BUDGET {
        bail!("a page loads {total} bytes after brotli, which is more than the {BUDGET} that it may");
    }
    say::result(&format!("{total} bytes after brotli; the budget is {BUDGET}"));
    Ok(())
}

/// The table as text, and the total in bytes after brotli.
fn measure(project: &Project) -> anyhow::Result<(String, u64)> {
    let mut command = program(project, "node");
    command.args(["--input-type=module", "--eval", SCRIPT]).arg(project.path("npm"));
    let kept = keep(command)?;
    let total = total(&kept.output).filter(|_| kept.succeeded);
    match total {
        Some(total) => Ok((kept.output.trim_end().to_owned(), total)),
        None => bail!("the package cannot be measured: {}", kept.output.trim()),
    }
}

/// The last number of the line that says `total`.
fn total(table: &str) -> Option<u64> {
    let line = table.lines().find(|line| line.starts_with("total"))?;
    line.split_whitespace().last()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::total;

    #[test]
    fn the_total_is_the_compressed_one() {
        assert_eq!(total("index.js  10  5\ntotal     10  5\n"), Some(5));
        assert_eq!(total("Error: no such file"), None);
    }
}
