//! `calamity mock` as a process: what it prints, who can talk to it, and how it ends.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use bytes::Bytes;
use calamity_base::Env;
use calamity_base::http::Client;
use calamity_base::process::Task;
use calamity_base::tls::Trust;
use http::{Request, Version};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A running program, killed when the test is over.
struct Mock {
    child: Child,
    out: BufReader<ChildStdout>,
    said: Value,
}

impl Drop for Mock {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_calamity"));
    command.arg("mock").args(arguments).current_dir(folder);
    command.env_remove("CLICOLOR_FORCE");
    command
}

fn output(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("the program can be started")
}

impl Mock {
    /// Starts it and reads its first line.
    fn start(folder: &Path, arguments: &[&str]) -> Mock {
        let mut command = command(folder, arguments);
        command.arg("--json").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program can be started");
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut line = String::new();
        out.read_line(&mut line).expect("it prints a line");
        let said = serde_json::from_str(&line).unwrap_or_else(|error| {
            let mut told = String::new();
            drop(child.stderr.take().map(|mut stderr| stderr.read_to_string(&mut told)));
            panic!("{error}: {line:?}, and on standard error: {told}")
        });
        Mock { child, out, said }
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([name, &pid]).status().expect("there is a kill");
        assert!(sent.success());
    }

    /// How it ended and what it said at last, on standard output and standard error.
    fn end(&mut self) -> (Option<i32>, String, String) {
        let status = self.child.wait().expect("it ends");
        let (mut out, mut error) = (String::new(), String::new());
        self.out.read_to_string(&mut out).expect("it prints UTF-8");
        let mut stderr = self.child.stderr.take().expect("it is piped");
        stderr.read_to_string(&mut error).expect("it prints UTF-8");
        (status.code(), out, error)
    }

    fn control(&self, path: &str) -> String {
        format!("{}{path}", self.said["control"].as_str().expect("it tells where"))
    }
}

fn client() -> Client {
    Client::new(&Env::production("test", Path::new("/nowhere")))
}

async fn ask(client: &Client, method: &str, url: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let request = Request::builder()
        .method(method)
        .uri(url)
        .header("authorization", "Bearer alice-secret")
        .body(Bytes::from(body))
        .expect("it is a request");
    let response = client.send(request).await.expect("it answers");
    let body = serde_json::from_slice(response.body()).unwrap_or_default();
    (response.status().as_u16(), body)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("there is a runtime")
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for (name, content) in files {
        fs::write(folder.path().join(name), content).expect("the file can be written");
    }
    folder
}

const SECURE: &str = "mock: 1
servers:
  - name: cal
    protocol: dav
    tls: generated
    users:
      - {address: alice@example.com, password: alice-secret, calendars: [{name: Work, import: [work.ics]}]}
  - name: mail
    protocol: jmap
    tls: generated
    users: [{address: alice@example.com, password: alice-secret}]
";

const WORK: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n\
    BEGIN:VTODO\r\nUID:t\r\nEND:VTODO\r\nBEGIN:VEVENT\r\nUID:e\r\nDTSTAMP:20260101T000000Z\r\n\
    DTSTART:20260504T090000Z\r\nSUMMARY:Tea\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

#[test]
fn without_a_configuration_there_is_a_server_of_each_protocol() {
    let folder = folder(&[]);
    let mut mock = Mock::start(folder.path(), &[]);
    let servers = mock.said["servers"].as_array().expect("it tells the servers").clone();
    let protocols: Vec<_> = servers.iter().map(|server| &server["protocol"]).collect();
    assert_eq!(protocols, ["jmap", "graph", "dav"]);
    runtime().block_on(async {
        let client = client();
        for server in &servers {
            assert_eq!(server["users"].as_array().map(Vec::len), Some(2), "{server}");
            assert_eq!(server["users"][0]["events"], 25, "{server}");
            assert_eq!(server["users"][0]["contacts"], 20, "{server}");
            let endpoint = server["endpoints"][0]["url"].as_str().expect("it tells URLs");
            let (status, _) = ask(&client, "GET", endpoint, &Value::Null).await;
            assert!(status < 400 || status == 404, "{endpoint}: {status}");
        }
        let (status, openapi) =
            ask(&client, "GET", &mock.control("/openapi.json"), &Value::Null).await;
        assert_eq!((status, &openapi["openapi"]), (200, &json!("3.1.0")));
    });
    mock.signal("-TERM");
    assert_eq!(mock.end(), (Some(0), String::new(), String::new()));
}

#[test]
fn a_client_over_tls_trusts_the_certificate_that_is_written() {
    let folder = folder(&[("mock.yaml", SECURE), ("work.ics", WORK)]);
    let mut mock = Mock::start(folder.path(), &["--config", "mock.yaml", "--ca-out", "ca.pem"]);
    let import = &mock.said["imports"][0];
    assert_eq!((&import["items"], &import["skipped"][0]["line"]), (&json!(1), &json!(4)));
    let pem = fs::read_to_string(folder.path().join("ca.pem")).expect("it was written");
    runtime().block_on(async {
        let secure = client().trusting(Trust::pem(&pem).expect("it is a certificate"));
        let url = mock.said["servers"][1]["endpoints"][1]["url"].as_str().expect("a session");
        let request = Request::get(url).header("authorization", "Bearer alice-secret");
        let request = request.body(Bytes::new()).expect("it is a request");
        let session = secure.send(request).await.expect("it is trusted");
        assert_eq!((session.status().as_u16(), session.version()), (200, Version::HTTP_2));
        let items = mock.control("/actors/alice@example.com/items?server=cal");
        let (_, items) = ask(&client(), "GET", &items, &Value::Null).await;
        assert_eq!(items["items"][0]["title"], "Tea");
    });
    mock.signal("-INT");
    assert_eq!(mock.end().0, Some(0));
}

#[test]
fn over_tls_without_a_word_of_it_the_certificate_is_in_a_file_until_the_end() {
    let folder = folder(&[]);
    let mut mock = Mock::start(folder.path(), &["--tls"]);
    let file = mock.said["authority"]["file"].as_str().expect("it tells the file").to_owned();
    let pem = fs::read_to_string(&file).expect("it was written");
    runtime().block_on(async {
        let secure = client().trusting(Trust::pem(&pem).expect("it is a certificate"));
        for server in mock.said["servers"].as_array().expect("it tells the servers") {
            let url = server["endpoints"][0]["url"].as_str().expect("it tells URLs");
            assert!(url.starts_with("https://"), "{url}");
            let request = Request::get(url).header("authorization", "Bearer alice-secret");
            let request = request.body(Bytes::new()).expect("it is a request");
            secure.send(request).await.expect("it is trusted");
        }
    });
    mock.signal("-TERM");
    assert_eq!(mock.end().0, Some(0));
    assert!(!Path::new(&file).exists(), "it is of no use any more");
}

#[test]
fn what_is_stored_is_saved_at_the_end_and_there_again_the_next_time() {
    let folder = folder(&[("mock.yaml", &SECURE.replace("[work.ics]", "[]"))]);
    let arguments = ["--config", "mock.yaml", "--save", "state.json"];
    let mut mock = Mock::start(folder.path(), &arguments);
    let items = "/actors/alice@example.com/items?server=cal";
    let event = json!({ "event": { "title": "Tea", "start": "2026-05-04" } });
    let made = runtime().block_on(ask(&client(), "POST", &mock.control(items), &event));
    assert_eq!(made.0, 201, "{}", made.1);
    mock.signal("-INT");
    assert_eq!(mock.end(), (Some(0), String::new(), String::new()));
    let mut again = Mock::start(
        folder.path(),
        &["--config", "mock.yaml", "--snapshot", "state.json", "--save", "no/such/folder.json"],
    );
    assert_eq!(again.said["servers"][0]["users"][0]["events"], 1, "it is told at the start");
    let found = runtime().block_on(ask(&client(), "GET", &again.control(items), &Value::Null));
    assert_eq!(found.1["items"], made.1["items"]);
    again.signal("-INT");
    let (code, _, error) = again.end();
    assert_eq!(code, Some(1));
    assert!(error.starts_with("cannot save what is stored to no/such/folder.json: "), "{error}");
    let refused = output(folder.path(), &["--snapshot", "state.json"]);
    let error = String::from_utf8(refused.stderr).expect("it prints UTF-8");
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0), "{error}");
    let said = "error: cannot begin with the snapshot: it is of the servers `cal` (dav, strict, ";
    assert!(error.starts_with(said), "{error}");
}

/// A request that the server has in hand and answers late, or never where the clock stands still;
/// whether it was answered.
async fn in_hand(mock: &Mock, delay_ms: u64) -> Task<bool> {
    let client = client();
    let what = json!({ "delay": { "ms": delay_ms } });
    let rule = json!({ "id": "slow", "site": "request", "what": what });
    let armed = ask(&client, "POST", &mock.control("/faults?server=dav"), &rule).await;
    assert_eq!(armed.0, 201, "{}", armed.1);
    let url = mock.said["servers"][2]["url"].as_str().expect("it has a URL").to_owned() + "/dav/";
    let request = Request::get(url).header("authorization", "Bearer alice-secret");
    let request = request.body(Bytes::new()).expect("it is a request");
    let asking = client.clone();
    let process = Env::production("asking", Path::new("/nowhere")).process;
    let task = process.spawn("asking", async move { asking.send(request).await.is_ok() });
    let count = mock.control("/journal/count?server=dav");
    while ask(&client, "GET", &count, &Value::Null).await.1["requests"] != 1 {}
    task
}

#[test]
fn who_stops_it_lets_requests_in_hand_be_answered() {
    let folder = folder(&[]);
    let mut mock = Mock::start(folder.path(), &["--drain", "60"]);
    runtime().block_on(async {
        let asking = in_hand(&mock, 500).await;
        mock.signal("-INT");
        assert!(asking.await.expect("it was not killed"), "it was answered");
    });
    assert_eq!(mock.end(), (Some(0), String::new(), String::new()));
}

#[test]
fn what_is_not_answered_at_the_deadline_is_cut() {
    let folder = folder(&[]);
    let mut mock = Mock::start(folder.path(), &["--drain", "0"]);
    runtime().block_on(async {
        ask(&client(), "POST", &mock.control("/clock/freeze"), &Value::Null).await;
        let asking = in_hand(&mock, 500).await;
        mock.signal("-TERM");
        assert!(!asking.await.expect("it was not killed"), "it was cut");
    });
    let (code, _, error) = mock.end();
    assert_eq!((code, error.as_str()), (Some(1), "1 connection was cut after 0 seconds\n"));
}

#[test]
fn who_asks_twice_means_now() {
    let folder = folder(&[]);
    let mut mock = Mock::start(folder.path(), &["--drain", "3600"]);
    runtime().block_on(async {
        ask(&client(), "POST", &mock.control("/clock/freeze"), &Value::Null).await;
        let asking = in_hand(&mock, 500).await;
        mock.signal("-INT");
        // It listens no more: the first one has arrived.
        let gone =
            Request::get(mock.control("/clock")).body(Bytes::new()).expect("it is a request");
        while client().send(gone.clone()).await.is_ok() {}
        mock.signal("-INT");
        assert!(!asking.await.expect("it was not killed"), "it was cut");
    });
    let (code, _, error) = mock.end();
    assert_eq!((code, error.as_str()), (Some(1), "stopped at once, as asked twice\n"));
}

#[test]
fn who_stops_it_while_it_is_being_filled_need_not_wait() {
    let folder = folder(&[("mock.yaml", SECURE)]);
    let pipe = folder.path().join("work.ics");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("there is a mkfifo");
    assert!(made.success());
    let mut command = command(folder.path(), &["--config", "mock.yaml"]);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let out = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut mock = Mock { child, out, said: Value::Null };
    // Opened when the other end is: it waits for the file, which never comes.
    let held = fs::OpenOptions::new().write(true).open(&pipe).expect("it is read");
    mock.signal("-INT");
    let said = "stopped before anything was served\n".to_owned();
    assert_eq!(mock.end(), (Some(0), String::new(), said));
    drop(held);
}

#[test]
fn a_port_in_use_is_told_and_nothing_is_served() {
    let folder = folder(&[]);
    let mock = Mock::start(folder.path(), &[]);
    let url = mock.said["servers"][0]["url"].as_str().expect("it has a URL");
    let taken = url.strip_prefix("http://").expect("it is plain");
    let config = format!(
        "mock: 1\nservers:\n  - name: two\n    protocol: dav\n    listen: {taken}\n    users: \
         [{{address: a@example.com, password: a}}]\n"
    );
    fs::write(folder.path().join("mock.yaml"), config).expect("it can be written");
    let refused = output(folder.path(), &["--config", "mock.yaml"]);
    let error = String::from_utf8(refused.stderr).expect("it prints UTF-8");
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0), "{error}");
    let said = format!("error: server `two` cannot listen on {taken}: the port is taken; ");
    assert!(error.starts_with(&said), "{error}");
}

#[test]
fn what_is_printed_for_people_is_plain_when_piped() {
    let folder = folder(&[("mock.yaml", SECURE), ("work.ics", WORK)]);
    let mut command = command(folder.path(), &["--config", "mock.yaml"]);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut said = String::new();
    while !said.contains("ready; Ctrl-C stops") {
        assert!(out.read_line(&mut said).expect("it prints") > 0, "{said}");
    }
    let mut mock = Mock { child, out, said: Value::Null };
    mock.signal("-INT");
    assert_eq!(mock.end().0, Some(0));
    let said = hide(&said);
    insta::assert_snapshot!("first_lines", said);
}

/// The same without what differs from run to run: ports and fingerprints.
fn hide(text: &str) -> String {
    let mut hidden = String::new();
    for word in text.split_inclusive([' ', '\n']) {
        let (bare, space) = word.split_at(word.trim_end().len());
        let fingerprint = bare.len() == 64 && bare.bytes().all(|it| it.is_ascii_hexdigit());
        match bare.split_once("127.0.0.1:") {
            Some((before, after)) => {
                let port = after.bytes().take_while(u8::is_ascii_digit).count();
                hidden.push_str(&format!("{before}127.0.0.1:PORT{}", &after[port..]));
            }
            None if fingerprint => hidden.push_str("FINGERPRINT"),
            None if bare.ends_with(".pem") => hidden.push_str("CERTIFICATE"),
            None => hidden.push_str(bare),
        }
        hidden.push_str(space);
    }
    hidden
}

#[test]
fn the_example_and_the_schema_can_be_used() {
    let folder = folder(&[]);
    let example = output(folder.path(), &["--example"]);
    assert_eq!(example.status.code(), Some(0));
    fs::write(folder.path().join("mock.yaml"), &example.stdout).expect("it can be written");
    let mut mock = Mock::start(folder.path(), &["--config", "mock.yaml"]);
    let names: Vec<_> = mock.said["servers"]
        .as_array()
        .expect("it tells the servers")
        .iter()
        .map(|server| server["name"].clone())
        .collect();
    assert_eq!(names, ["mail", "office", "cloud"]);
    mock.signal("-INT");
    assert_eq!(mock.end().0, Some(0));
    for what in ["--schema", "--openapi"] {
        let printed = output(folder.path(), &[what]);
        let printed: Value = serde_json::from_slice(&printed.stdout).expect("it is JSON");
        assert!(printed.is_object());
    }
}

/// A configuration with a mistake, and what is said about it.
#[track_caller]
fn check(name: &str, text: &str) {
    let folder = folder(&[("mock.yaml", text)]);
    let refused = output(folder.path(), &["--config", "mock.yaml"]);
    let error = String::from_utf8(refused.stderr).expect("it prints UTF-8");
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0), "{error}");
    insta::assert_snapshot!(name, error);
}

#[test]
fn mistakes_in_a_configuration_are_shown_at_their_place() {
    let with = |line: &str| {
        format!(
            "mock: 1\nservers:\n  - name: one\n    protocol: dav\n    {line}\n    users:\n      \
                 - {{address: a@example.com, password: a}}\n"
        )
    };
    check("unknown_key", &with("listne: 127.0.0.1:0"));
    check("unknown_protocol", &with("tls: off").replace("dav", "caldav"));
    check("unknown_profile", &with("profile: radical"));
    check("no_address", &with("listen: 8080"));
    check("no_address_text", &with("listen: localhost"));
    check("no_way_of_tls", &with("tls: on"));
    check("half_a_certificate", &with("tls: {cert: a.pem}"));
    check("missing_key", "mock: 1\n");
    check("another_version", &with("tls: off").replace("mock: 1", "mock: 2"));
    check(
        "several_mistakes",
        &with("tls: off").replace("password: a", "password: ''").replace("name: one", "name: One"),
    );
    check("open_control", &format!("control: {{listen: 0.0.0.0:0}}\n{}", with("tls: off")));
    check("no_moment", &format!("clock: {{frozen: tomorrow}}\n{}", with("tls: off")));
    check(
        "no_count",
        &with("tls: off").replace(
            "password: a",
            "password: a, calendars: [{name: W, events: 3, attendees: 6..1}]",
        ),
    );
    check("broken_yaml", "mock: 1\nservers: [\n");
    check(
        "missing_file",
        &with("tls: off")
            .replace("password: a", "password: a, calendars: [{name: W, import: [none.ics]}]"),
    );
}

#[test]
fn a_configuration_that_cannot_be_read_is_named() {
    let folder = folder(&[]);
    let refused = output(folder.path(), &["--config", "none.yaml"]);
    let error = String::from_utf8(refused.stderr).expect("it prints UTF-8");
    assert_eq!(refused.status.code(), Some(2));
    let said =
        "error: cannot read the configuration none.yaml; `calamity mock --example` prints one: ";
    assert!(error.starts_with(said), "{error}");
}
