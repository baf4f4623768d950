//! Repository chores: `cargo xtask test` and `cargo xtask imports`.
//!
//! This file reads the arguments and turns results into exit codes: 0 when all is well, 1 when the
//! chore found something, 2 when it was called wrongly or could not do its work. It holds no rule
//! of the house; those are data in `imports/rules.rs`.

#![forbid(unsafe_code)]

mod imports;
mod suite;

use std::{
    env,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;

const USAGE: &str = "\
usage: cargo xtask <chore>

  test [ARGS]...   run every test; ARGS go to nextest, or to `cargo test` where nextest is missing
  imports          check the import rules and the house rules that no lint can check
";

fn main() -> ExitCode {
    let mut args = env::args().skip(1);
    let chore = args.next();
    let rest: Vec<String> = args.collect();
    let done = match (chore.as_deref(), rest.as_slice()) {
        (Some("test"), rest) => root().and_then(|root| suite::run(&root, rest)),
        (Some("imports"), []) => root().and_then(|root| check_imports(&root)),
        (Some("help" | "--help" | "-h"), []) => {
            say(&mut io::stdout(), USAGE).map(|()| ExitCode::SUCCESS)
        }
        _ => say(&mut io::stderr(), USAGE).map(|()| ExitCode::from(2)),
    };
    done.unwrap_or_else(|error| {
        // A closed stderr leaves the exit code to tell it.
        let _closed = writeln!(io::stderr(), "xtask: {error:#}");
        ExitCode::from(2)
    })
}

/// The workspace's folder. Cargo names the package's own one at run time, so that a moved checkout
/// is found again.
fn root() -> anyhow::Result<PathBuf> {
    let package = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package
        .parent()
        .map(Path::to_path_buf)
        .with_context(|| format!("{} has no folder above it", package.display()))
}

fn check_imports(root: &Path) -> anyhow::Result<ExitCode> {
    let found = imports::check(root)?;
    let mut out = io::stdout().lock();
    for violation in &found {
        writeln!(out, "{violation}")?;
    }
    if found.is_empty() {
        writeln!(out, "imports: every rule holds")?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(out, "imports: {} found", found.len())?;
    Ok(ExitCode::FAILURE)
}

fn say(to: &mut impl io::Write, text: &str) -> anyhow::Result<()> {
    to.write_all(text.as_bytes()).context("cannot print")
}
