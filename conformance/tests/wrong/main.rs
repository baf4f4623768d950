//! Every check is seen to fail: each against a server that is wrong in the way which it looks for.

mod answers;
mod damage;
mod guard;
mod mock;
mod red;
mod server;

use std::collections::BTreeMap;

use calamity_conformance::{
    Credentials, Options, Outcome, Protocol, Report, Target, TargetError, Unreachable, catalogue,
    reach, run, run_until, selected,
};

use server::Wrong;

/// Looks at a wrong server on a simulated network.
fn look(wrong: Wrong, protocol: Protocol, only: Option<&str>) -> Report {
    let credentials =
        Credentials::Basic { user: "alice".to_owned(), password: "sesame-of-alice".into() };
    calamity_base::Sim::run(1, async |sim| {
        let url = server::start(&sim.process("server"), wrong).await;
        let target = Target::new(&url, protocol, credentials).expect("a URL");
        let options = Options { only: only.map(str::to_owned) };
        run(&sim.process("client"), &target, &options, |_| {}).await
    })
}

fn every_check_can_fail(protocol: Protocol) {
    let mut outcomes: BTreeMap<&str, Vec<String>> =
        catalogue(protocol).iter().map(|check| (check.id, Vec::new())).collect();
    assert_eq!(outcomes.len(), catalogue(protocol).len(), "an id is used twice");
    for wrong in Wrong::ALL {
        for row in look(wrong, protocol, None).rows {
            let ways = outcomes.get_mut(row.id.as_str()).expect("a row of the catalogue");
            ways.push(match row.outcome {
                Outcome::Pass => "passes".to_owned(),
                Outcome::Fail(_) => String::new(),
                Outcome::NotApplicable { reason } | Outcome::Skipped { reason } => reason,
            });
        }
    }
    let cannot: Vec<_> =
        outcomes.into_iter().filter(|(_, ways)| ways.iter().all(|way| !way.is_empty())).collect();
    assert!(cannot.is_empty(), "no wrong server is found by {cannot:#?}");
}

#[test]
fn every_check_of_caldav_can_fail() {
    every_check_can_fail(Protocol::Caldav);
}

#[test]
fn every_check_of_carddav_can_fail() {
    every_check_can_fail(Protocol::Carddav);
}

#[test]
fn every_check_of_jmap_can_fail() {
    every_check_can_fail(Protocol::Jmap);
}

#[test]
fn every_check_of_graph_can_fail() {
    every_check_can_fail(Protocol::Graph);
}

#[test]
fn the_catalogues_are_as_large_as_promised() {
    assert!(catalogue(Protocol::Caldav).len() >= 60);
    assert!(catalogue(Protocol::Carddav).len() >= 30);
    assert!(catalogue(Protocol::Jmap).len() >= 90);
    assert!(catalogue(Protocol::Graph).len() >= 90);
}

#[test]
fn warnings_do_no_harm_but_nothing_looked_at_does() {
    let mut report = mock::look(Protocol::Caldav, Some("sync.depth"), None);
    assert_eq!((report.rows.len(), report.totals().warned), (1, 1));
    assert!(report.has_looked() && report.is_conformant());
    report.rows[0].outcome = Outcome::NotApplicable { reason: "x".to_owned() };
    assert!(!report.has_looked() && !report.is_conformant());
}

#[test]
fn evidence_has_no_secrets_and_survives_serde() {
    let report = look(Wrong::Forgetful, Protocol::Caldav, Some("get.*"));
    let json = serde_json::to_string(&report).expect("a report");
    assert!(report.failed().count() > 0 && json.contains("response_headers"));
    for secret in ["sesame-of-alice", "YWxpY2U6c2VzYW1lLW9mLWFsaWNl"] {
        assert!(!json.contains(secret), "{secret} is in the report");
    }
    assert_eq!(serde_json::from_str::<Report>(&json).expect("a report"), report);
}

#[test]
fn the_table_has_a_line_for_each_check_and_what_was_found() {
    let report = look(Wrong::Agreeable, Protocol::Carddav, Some("report.*"));
    let table = calamity_conformance::table(&report);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[0], "carddav at http://wrong.test:80/");
    assert!(
        lines[1].starts_with("FAIL  report.unknown    MUST    RFC 3253 3.6  a report"),
        "{table}"
    );
    assert_eq!(lines[2..4], ["      expected a refusal", "      found    status 207"]);
    assert_eq!(lines[10], "0 passed, 3 failed, 0 warned, 0 not applicable, 0 skipped", "{table}");
}

#[test]
fn only_what_is_asked_for_is_run() {
    let report = look(Wrong::Forgetful, Protocol::Caldav, Some("copy.*"));
    assert!(report.rows.len() > 3 && report.rows.iter().all(|row| row.id.starts_with("copy.")));
}

#[test]
fn what_cannot_be_removed_is_told() {
    let report = look(Wrong::Sticky, Protocol::Caldav, Some("get.missing"));
    assert_eq!(report.left_behind.len(), 1, "{:?}", report.left_behind);
    assert!(report.left_behind[0].contains("calamity-conform-") && !report.is_conformant());
}

#[test]
fn a_run_that_is_stopped_ends_with_the_check_at_hand_and_cleans_up() {
    let report = calamity_base::Sim::run(1, async |sim| {
        let url = server::start(&sim.process("server"), Wrong::Forgetful).await;
        let target = Target::new(&url, Protocol::Caldav, Credentials::None).expect("a URL");
        let env = sim.process("client");
        let clock = sim.clock();
        let stop = clock.sleep(std::time::Duration::from_millis(60));
        let options = Options { only: Some("put.".to_owned()) };
        run_until(&env, &target, &options, stop, |_| {}).await
    });
    let all = selected(Protocol::Caldav, &Options { only: Some("put.".to_owned()) }).len();
    assert!(report.interrupted && !report.is_conformant());
    assert!(report.rows.len() < all, "{} of {all}", report.rows.len());
    assert_eq!(report.left_behind, Vec::<String>::new());
}

#[test]
fn urls_are_of_http_and_name_no_user() {
    let why = |url: &str| Target::new(url, Protocol::Jmap, Credentials::None).err();
    assert_eq!(why("https://host.example/x"), None);
    assert_eq!(why("http://[::1]:80"), None);
    assert!(matches!(why("ftp://host.example/"), Some(TargetError::Url { .. })));
    assert!(matches!(why("host.example"), Some(TargetError::Url { .. })));
    let secret = why("https://alice:sesame@host.example/").expect("a refusal");
    assert!(matches!(secret, TargetError::Secret { .. }) && !secret.to_string().contains("sesame"));
}

#[test]
fn a_server_that_is_not_there_is_no_conformant_one() {
    let (report, reached) = calamity_base::Sim::run(1, async |sim| {
        let target = Target::new("http://nobody.test/", Protocol::Caldav, Credentials::None);
        let (env, target) = (sim.process("client"), target.expect("a URL"));
        let report = run(&env, &target, &Options::default(), |_| {}).await;
        (report, reach(&env, &target).await)
    });
    assert!(matches!(reached, Err(Unreachable::Silent { .. })), "{reached:?}");
    assert!(!report.is_conformant());
    assert_eq!(report.totals().passed, 0, "{}", calamity_conformance::table(&report));
}
