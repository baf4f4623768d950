//! `cargo xtask test`: the one command that runs every test of the workspace.
//!
//! It prefers nextest, which gives each test a process and a time limit, and does without where
//! nextest is not installed. It installs nothing.

use std::{
    env,
    ffi::OsString,
    path::Path,
    process::{Command, ExitCode, Stdio},
};

use anyhow::Context as _;

/// Runs the tests; `args` go to the runner as they are. The exit code is the runner's verdict.
///
/// # Errors
/// When Cargo cannot be started.
pub(crate) fn run(root: &Path, args: &[String]) -> anyhow::Result<ExitCode> {
    let runner = if has_nextest(root)? { Runner::Nextest } else { Runner::Cargo };
    let place = if env::var_os("CI").is_some_and(|value| value == "true") {
        Place::Ci
    } else {
        Place::Desk
    };
    for line in commands(runner, place, args) {
        let status = cargo(root).args(&line).status().context("cannot start cargo")?;
        if !status.success() {
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Runner {
    Nextest,
    Cargo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Desk,
    Ci,
}

/// The Cargo command lines to run, in order, until one fails.
fn commands(runner: Runner, place: Place, args: &[String]) -> Vec<Vec<String>> {
    let mut first = match runner {
        Runner::Nextest => vec!["nextest", "run"],
        Runner::Cargo => vec!["test"],
    };
    if !names_package(args) {
        first.push("--workspace");
    }
    match (runner, place) {
        (Runner::Nextest, Place::Ci) => first.extend(["--profile", "ci"]),
        (Runner::Cargo, Place::Ci) => first.push("--no-fail-fast"),
        (_, Place::Desk) => {}
    }
    first.extend(args.iter().map(String::as_str));
    let mut lines = vec![first];
    // Nextest leaves the examples in documentation out. Arguments choose among tests, and mean
    // nothing to them.
    if runner == Runner::Nextest && args.is_empty() {
        lines.push(vec!["test", "--workspace", "--doc"]);
    }
    lines.into_iter().map(|line| line.into_iter().map(str::to_owned).collect()).collect()
}

/// Whether the arguments choose packages. Beside `--workspace`, Cargo would not listen to them.
fn names_package(args: &[String]) -> bool {
    args.iter()
        .take_while(|arg| *arg != "--")
        .any(|arg| arg.starts_with("-p") || arg == "--package" || arg.starts_with("--package="))
}

fn has_nextest(root: &Path) -> anyhow::Result<bool> {
    let status = cargo(root)
        .args(["nextest", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .context("cannot start cargo")?;
    Ok(status.success())
}

fn cargo(root: &Path) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(root);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(runner: Runner, place: Place, args: &[&str], expect: &[&str]) {
        let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
        let lines: Vec<String> =
            commands(runner, place, &args).iter().map(|line| line.join(" ")).collect();
        assert_eq!(lines, expect);
    }

    #[test]
    fn nextest_is_followed_by_the_examples_in_documentation() {
        check(
            Runner::Nextest,
            Place::Desk,
            &[],
            &["nextest run --workspace", "test --workspace --doc"],
        );
    }

    #[test]
    fn arguments_go_to_the_runner_alone() {
        check(Runner::Nextest, Place::Desk, &["guard"], &["nextest run --workspace guard"]);
        let after = ["guard", "--", "-p"];
        check(Runner::Nextest, Place::Desk, &after, &["nextest run --workspace guard -- -p"]);
    }

    #[test]
    fn a_package_is_tested_without_the_others() {
        for choice in [&["-p", "xtask"][..], &["-pxtask"], &["--package=xtask"]] {
            let expect = format!("nextest run {}", choice.join(" "));
            check(Runner::Nextest, Place::Desk, choice, &[&expect]);
        }
    }

    #[test]
    fn ci_has_its_own_profile() {
        check(Runner::Nextest, Place::Ci, &["-p", "xtask"], &["nextest run --profile ci -p xtask"]);
    }

    #[test]
    fn without_nextest_cargo_runs_everything_itself() {
        check(Runner::Cargo, Place::Desk, &["guard"], &["test --workspace guard"]);
        check(Runner::Cargo, Place::Ci, &[], &["test --workspace --no-fail-fast"]);
    }
}
