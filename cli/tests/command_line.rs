//! The program as its users meet it: exit codes, what goes where, and that runs repeat from process
//! to process.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const SMALL: &str = "scenario: 1
name: A small world
world:
  seed: 11
  a: {graph: {calendars: [{name: Work, events: 6}]}}
  b: {jmap: {calendars: [{name: Work}]}}
story:
  - user: {on: a, create: 3}
  - sync: {expect: {exit: 0, created: 3}}
must: [converged]
";

fn calamity(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_calamity"))
        .args(arguments)
        .env_remove("CLICOLOR_FORCE")
        .output()
        .expect("the program can be started")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program prints UTF-8")
}

/// A file in a folder that goes when the first value is dropped.
fn file(name: &str, content: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join(name);
    fs::write(&path, content).expect("the file can be written");
    (folder, path)
}

#[track_caller]
fn refused(arguments: &[&str], said: &str) {
    let output = calamity(arguments);
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(output.stdout.is_empty(), "nothing was run");
    assert!(error.contains(said), "`{said}` is not in:\n{error}");
}

#[test]
fn an_unknown_drill_names_the_near_ones_and_runs_nothing() {
    refused(&["drill", "helthy", "control"], "near it are:\n  healthy");
    refused(&["drill", "./nowhere.yaml"], "cannot read ./nowhere.yaml");
}

#[test]
fn a_scenario_with_a_mistake_is_shown_with_its_place() {
    let (_folder, path) = file("wrong.yaml", &SMALL.replace("created: 3", "craeted: 3"));
    let path = path.display().to_string();
    refused(&["drill", &path], &format!("--> {path}:9:30"));
    refused(&["drill", &path], "did you mean `created`?");
}

#[test]
fn a_broken_calendar_is_shown_with_its_place() {
    let (_folder, path) = file("broken.ics", "this is no calendar\n");
    let path = path.display().to_string();
    refused(&["drill", "incident-2026-04-16", "--calendar", &path], &format!("{path}:1:"));
}

#[test]
fn wrong_overrides_reports_and_combinations_run_nothing() {
    refused(&["drill", "healthy", "--set", "wrold.seed=1"], "the nearest path is `world.seed`");
    refused(&["drill", "healthy", "--report", "pdf=x"], "unknown report format `pdf`");
    refused(&["drill", "control", "--expand"], "--expand takes one drill and one seed");
    refused(&["drill", "--list", "--expand"], "cannot be used with");
}

#[test]
fn the_list_is_plain_when_piped_and_json_when_asked() {
    let plain = calamity(&["drill", "--list", "incidents"]);
    let lines = text(&plain.stdout);
    assert_eq!((plain.status.code(), lines.lines().count()), (Some(0), 7));
    assert!(!lines.contains('\u{1b}'), "no colours in a pipe");
    let json = calamity(&["drill", "--list", "--json", "healthy"]);
    let rows: Value = serde_json::from_slice(&json.stdout).expect("the list is JSON");
    assert_eq!(rows[0]["name"], "healthy");
}

#[test]
fn a_drill_that_passes_exits_with_0_and_one_that_fails_with_1() {
    let (_folder, path) = file("small.yaml", SMALL);
    let passed = calamity(&["drill", &path.display().to_string()]);
    assert_eq!(passed.status.code(), Some(0), "{}", text(&passed.stdout));
    let (_folder, path) = file("fails.yaml", &SMALL.replace("created: 3", "created: 4"));
    let failed = calamity(&["drill", &path.display().to_string()]);
    let said = text(&failed.stdout);
    assert_eq!(failed.status.code(), Some(1), "{said}");
    assert!(said.contains("created 4"), "{said}");
    assert!(said.contains("--seed 11"), "it says how to run it again:\n{said}");
}

#[test]
fn a_replay_in_another_process_has_the_same_digest() {
    let (folder, path) = file("small.yaml", SMALL);
    let path = path.display().to_string();
    let digest = |arguments: &[&str]| {
        let output = calamity(arguments);
        let report: Value = serde_json::from_slice(&output.stdout).expect("the outcome is JSON");
        report["outcomes"][0]["digest"].as_str().map(str::to_owned).expect("it has a digest")
    };
    let first = digest(&["drill", &path, "--json"]);
    assert_eq!(digest(&["drill", &path, "--json"]), first);
    assert_ne!(digest(&["drill", &path, "--json", "--seed", "12"]), first);
    let script = folder.path().join("small.json");
    fs::write(&script, calamity(&["drill", &path, "--expand"]).stdout).expect("it can be written");
    assert_eq!(digest(&["replay", &script.display().to_string(), "--json"]), first);
}

#[test]
fn reports_are_written_where_they_were_asked_for() {
    let (folder, path) = file("small.yaml", SMALL);
    let (json, junit) = (folder.path().join("o.json"), folder.path().join("o.xml"));
    let spec = format!("json={},junit={}", json.display(), junit.display());
    let output = calamity(&["drill", &path.display().to_string(), "--report", &spec]);
    assert_eq!(output.status.code(), Some(0));
    let report = fs::read_to_string(json).expect("the JSON report was written");
    let report: Value = serde_json::from_str(&report).expect("it is JSON");
    assert_eq!(report["outcomes"][0]["drill"], "small");
    let junit = fs::read_to_string(junit).expect("the JUnit report was written");
    assert!(junit.starts_with("<?xml"), "{junit}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_calamity"))
        .args(["drill", "--list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
}

#[test]
fn a_script_that_is_none_is_shown_with_its_place() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_calamity"))
        .args(["replay", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let mut stdin = child.stdin.take().expect("its input is ours");
    stdin.write_all(b"{\n \"script\": 1\n").expect("it reads its input");
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("error: -:"), "{}", text(&output.stderr));
}
