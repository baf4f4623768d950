//! `calamity conform` as its users meet it, on mock servers on loopback ports.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Sender, channel};

use calamity_base::Env;
use calamity_base::net::Addr;
use calamity_evidence::{Actor, Side};
use calamity_mock_servers::{Protocol, Server, ServerConfig};
use serde_json::Value;

const USER: &str = "alice@example.com";
const SECRET: &str = "sesame-of-alice";

/// A strict DAV server in a thread of its own, until it is dropped.
struct Mock {
    url: String,
    server: Server,
    _stop: Sender<()>,
}

#[expect(clippy::disallowed_methods, reason = "the program under test is another process")]
fn mock() -> Mock {
    let (stop, stopped) = channel::<()>();
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().expect("a runtime");
        let env = runtime.block_on(async { Env::production("mock", Path::new("/nowhere")) });
        let config = ServerConfig {
            side: Side::A,
            protocol: Protocol::Dav,
            profile: "strict".to_owned(),
            owner: USER.to_owned(),
            credential: SECRET.into(),
            seed: 3,
            others: Vec::new(),
        };
        let server = Server::new(&env, config).expect("a profile");
        server.create_calendar(Actor::Seed, "Work");
        let served = runtime.block_on(server.start(&env, Addr::loopback())).expect("a port");
        tell.send((served.endpoint.http(), server)).expect("the test waits for it");
        // Ends when the other half is dropped.
        let _ = stopped.recv();
    });
    let (url, server) = told.recv().expect("a server");
    Mock { url, server, _stop: stop }
}

fn conform(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_calamity"));
    command.arg("conform").args(arguments).env("SECRET", SECRET).env_remove("CLICOLOR_FORCE");
    command
}

fn output(arguments: &[&str]) -> Output {
    conform(arguments).output().expect("the program can be started")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program prints UTF-8")
}

#[track_caller]
fn refused(arguments: &[&str], said: &str) {
    let output = output(arguments);
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(output.stdout.is_empty(), "nothing was run: {}", text(&output.stdout));
    assert!(error.contains(said), "`{said}` is not in:\n{error}");
    assert!(!error.contains(SECRET), "{error}");
}

const LOGIN: [&str; 6] = ["--protocol", "caldav", "--user", USER, "--password-env", "SECRET"];

fn with<'a>(url: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[url], &LOGIN[..], more].concat()
}

#[test]
fn checks_that_hold_are_lines_and_exit_code_0() {
    let mock = mock();
    let output = output(&with(&mock.url, &["--filter", "put.*"]));
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{shown}{}", text(&output.stderr));
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], format!("caldav at {}/", mock.url.trim_end_matches('/')), "{shown}");
    assert!(lines[1].starts_with("pass  put.created"), "{shown}");
    assert!(lines[1].contains("MUST") && lines[1].contains("RFC"), "{shown}");
    assert!(lines.last().is_some_and(|line| line.ends_with("0 skipped")), "{shown}");
    assert!(output.stderr.is_empty(), "no progress where nobody looks");
    assert_eq!(mock.server.calendars().len(), 1, "what was made is removed");
}

#[test]
fn one_json_document_and_nothing_else() {
    let mock = mock();
    let output = output(&with(&mock.url, &["--filter", "get.etag", "--json"]));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["rows"][0]["id"], "get.etag");
    assert_eq!(report["rows"][0]["outcome"], "pass");
    assert_eq!((&report["version"], &report["interrupted"]), (&1.into(), &false.into()));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_check_that_does_not_hold_is_exit_code_1() {
    // The session of JMAP is no calendar server.
    let mock = mock();
    let arguments =
        [&mock.url, "--protocol", "jmap", "--token-env", "SECRET", "--filter", "session.found"];
    let output = output(&arguments);
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{shown}");
    assert!(shown.contains("FAIL  session.found") && shown.contains("      expected"), "{shown}");
}

#[test]
fn the_list_needs_no_server() {
    let output = output(&["--protocol", "graph", "--list", "--filter", "delta.*"]);
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0));
    assert!(shown.lines().count() > 5 && shown.lines().all(|line| line.starts_with("delta.")));
    let json = conform(&["--protocol", "jmap", "--list", "--json"]).output().expect("a run");
    let rows: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert!(rows.as_array().is_some_and(|rows| rows.len() > 80 && rows[0]["source"].is_string()));
}

#[test]
fn wrong_use_is_told_before_anything_is_asked() {
    let at = "http://127.0.0.1:9/";
    refused(&[at], "--protocol");
    refused(&["--protocol", "caldav"], "URL");
    refused(&[at, "--protocol", "imap"], "caldav");
    refused(&with(at, &["--filter", "nothing-like-it"]), "no check of caldav");
    refused(&[at, "--protocol", "caldav", "--user", USER], "--password-env");
    refused(&[at, "--protocol", "caldav", "--password-env", "SECRET"], "--user");
    refused(&[at, "--protocol", "jmap", "--token-env", "NO_SUCH_VARIABLE"], "NO_SUCH_VARIABLE");
    refused(&["http://alice:sesame@h/", "--protocol", "caldav"], "http://h/");
    refused(&["ftp://h/", "--protocol", "caldav"], "no URL of a server");
    refused(&with(at, &["--ca", "/nowhere.pem"]), "/nowhere.pem");
    refused(&with(at, &["--password-file", "x"]), "--password-file");
}

#[test]
fn what_cannot_be_reached_is_told_as_that() {
    refused(&with("http://127.0.0.1:1/", &[]), "cannot be reached");
    let mock = mock();
    refused(&[&mock.url, "--protocol", "caldav"], "asks for credentials");
    let wrong = ["--protocol", "caldav", "--user", "mallory", "--password-env", "SECRET"];
    refused(&[&[mock.url.as_str()], &wrong[..]].concat(), "does not accept the credentials");
    let secure = mock.url.replace("http:", "https:");
    refused(&with(&secure, &[]), "--ca");
    assert_eq!(mock.server.writes(0).len(), 1, "only the calendar of before");
}

/// Sends a signal by the process's id.
#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    let sent = Command::new("kill").args([name, &id]).status().expect("kill can be started");
    assert!(sent.success());
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_removes_what_it_made() {
    let mock = mock();
    let arguments = with(&mock.url, &[]);
    let mut command = conform(&arguments);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    // In the middle: checks that write have begun.
    let begun = lines.by_ref().map_while(Result::ok).any(|line| line.contains("put.created"));
    assert!(begun);
    signal(&child, "-INT");
    let rest: Vec<String> = lines.map_while(Result::ok).collect();
    let code = child.wait().expect("an end").code();
    let mut error = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut error).expect("text");
    assert_eq!(code, Some(130), "{error}");
    assert!(error.contains("what was made is being removed"), "{error}");
    assert!(rest.last().is_some_and(|line| line.contains("stopped before the end")), "{rest:?}");
    assert_eq!(mock.server.calendars().len(), 1, "what was made is removed");
}
