//! The strict mock servers: right in every point, unless one request or answer is damaged.

use std::sync::Arc;

use calamity_base::http::{Handler, ServerLimits, serve};
use calamity_base::net::Addr;
use calamity_base::{Env, Sim};
use calamity_conformance::{Credentials, Options, Outcome, Protocol, Report, Target, run};
use calamity_evidence::{Actor, Side};
use calamity_mock_servers as mock;

use crate::damage::{Damage, Damaging};

const USER: &str = "alice@example.com";

/// Where the strict mock is lenient on purpose: it warns.
pub(crate) fn lenient(protocol: Protocol) -> &'static [&'static str] {
    match protocol {
        Protocol::Caldav | Protocol::Carddav => &["sync.depth"],
        Protocol::Jmap | Protocol::Graph => &[],
    }
}

/// What the strict mock does not claim, in the order of the catalogue.
pub(crate) fn not_applicable(protocol: Protocol) -> &'static [&'static str] {
    match protocol {
        Protocol::Caldav => &[],
        Protocol::Carddav => &[],
        Protocol::Jmap => &[],
        Protocol::Graph => &[],
    }
}

/// A strict mock with two users and a calendar.
fn strict(env: &Env, protocol: Protocol) -> mock::Server {
    let speaks = match protocol {
        Protocol::Caldav | Protocol::Carddav => mock::Protocol::Dav,
        Protocol::Jmap => mock::Protocol::Jmap,
        Protocol::Graph => mock::Protocol::Graph,
    };
    let guest = mock::UserConfig {
        address: "guest@example.com".to_owned(),
        credential: "secret-of-guest".into(),
    };
    let config = mock::ServerConfig {
        side: Side::B,
        protocol: speaks,
        profile: "strict".to_owned(),
        owner: USER.to_owned(),
        credential: "secret-of-alice".into(),
        seed: 11,
        others: vec![guest],
    };
    let server = mock::Server::new(env, config).expect("a profile");
    server.create_calendar(Actor::Seed, "Work");
    if speaks == mock::Protocol::Dav {
        server.create_address_book(Actor::Seed, "People");
    }
    server
}

fn target(protocol: Protocol, base: &str) -> Target {
    let (path, credentials) = match protocol {
        Protocol::Caldav | Protocol::Carddav => {
            let (user, password) = (USER.to_owned(), "secret-of-alice".into());
            ("/", Credentials::Basic { user, password })
        }
        Protocol::Jmap => ("/jmap/session", Credentials::Bearer("secret-of-alice".into())),
        Protocol::Graph => ("/v1.0", Credentials::Bearer("secret-of-alice".into())),
    };
    Target::new(&format!("{base}{path}"), protocol, credentials).expect("a URL")
}

/// Runs checks against a strict mock, with or without damage, on a simulated network.
pub(crate) fn look(protocol: Protocol, only: Option<&str>, damage: Option<&Damage>) -> Report {
    Sim::run(7, async |sim| {
        // Most checks are a few requests: nothing is learned from waiting for them.
        sim.net().set_latency(0..=0, 0);
        let env = sim.process("server");
        let server = strict(&env, protocol);
        let handler: Arc<dyn Handler> = match damage {
            Some(damage) => Arc::new(Damaging::new(server, damage.clone())),
            None => Arc::new(server),
        };
        let at = Addr::new("mock.test", 80);
        let served = serve(&env, at, handler, ServerLimits::default()).await.expect("an address");
        let target = target(protocol, &served.endpoint.http());
        let options = Options { only: only.map(str::to_owned) };
        run(&sim.process("client"), &target, &options, |_| {}).await
    })
}

/// Runs every check against a strict mock on a loopback port.
fn on_loopback(protocol: Protocol) -> Report {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let env = Env::production("conformance", std::path::Path::new("/nowhere"));
        let served = strict(&env, protocol).start(&env, Addr::loopback()).await.expect("a port");
        let target = target(protocol, &served.endpoint.http());
        let report = run(&env, &target, &Options::default(), |_| {}).await;
        served.stop();
        report
    })
}

#[track_caller]
fn all_hold(protocol: Protocol) {
    let report = on_loopback(protocol);
    let skipped = report.totals().skipped;
    let table = calamity_conformance::table(&report);
    assert!(skipped == 0 && report.is_conformant(), "{table}");
    let warned: Vec<&str> = report.failed().map(|row| row.id.as_str()).collect();
    assert_eq!(warned, lenient(protocol), "{table}");
    let rows = report.rows.iter();
    let not_claimed: Vec<&str> = rows
        .filter(|row| matches!(row.outcome, Outcome::NotApplicable { .. }))
        .map(|row| row.id.as_str())
        .collect();
    assert_eq!(not_claimed, not_applicable(protocol), "{table}");
}

#[test]
fn the_strict_caldav_mock_passes() {
    all_hold(Protocol::Caldav);
}

#[test]
fn the_strict_carddav_mock_passes() {
    all_hold(Protocol::Carddav);
}

#[test]
fn the_strict_jmap_mock_passes() {
    all_hold(Protocol::Jmap);
}

#[test]
fn the_strict_graph_mock_passes() {
    all_hold(Protocol::Graph);
}
