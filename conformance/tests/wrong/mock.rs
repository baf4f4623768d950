//! The other direction: a server that is right passes.

use calamity_base::Sim;
use calamity_base::net::Addr;
use calamity_conformance::{Credentials, Options, Protocol, Target, run, table};
use calamity_evidence::Side;
use calamity_mock_servers as mock;

#[test]
fn the_strict_jmap_mock_passes() {
    let report = Sim::run(7, async |sim| {
        let env = sim.process("server");
        let config = mock::ServerConfig {
            side: Side::B,
            protocol: mock::Protocol::Jmap,
            profile: "strict".to_owned(),
            owner: "alice@b.test".to_owned(),
            credential: "token-of-alice".into(),
            seed: 11,
            others: Vec::new(),
        };
        let server = mock::Server::new(&env, config).expect("a profile");
        let served = server.start(&env, Addr::new("jmap.test", 80)).await.expect("an address");
        let url = format!("{}/jmap/session", served.endpoint.http());
        let credentials = Credentials::Bearer("token-of-alice".into());
        let target = Target::new(&url, Protocol::Jmap, credentials).expect("a URL");
        run(&sim.process("client"), &target, &Options::default(), |_| {}).await
    });
    let skipped = report.totals().skipped;
    assert!(report.failed().count() == 0 && skipped == 0, "{}", table(&report));
}
