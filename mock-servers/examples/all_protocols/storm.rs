//! The world of a storm: four servers, a client for each, somebody who listens, and the digest.

use std::collections::BTreeSet;
use std::sync::Arc;

use calamity_base::Sim;
use calamity_base::http::{ServerLimits, serve};
use calamity_base::net::Addr;
use calamity_base::redact::Secret;
use calamity_evidence::{Actor, Side};
use calamity_mock_servers::{Server, ServerConfig};

use super::asks::{ALL, Speaker};
use super::client::{self, Player};
use super::hook::Hook;

/// Clients of each server, so that requests overlap.
const PLAYERS: usize = 2;

/// What came of a storm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// How many requests the servers saw.
    pub(super) requests: usize,
    /// How often faults fired.
    pub(super) hits: usize,
    /// The kinds of faults that did.
    pub(super) kinds: BTreeSet<String>,
    /// Journals, write logs, outboxes, hits and final states of all servers, what the clients saw,
    /// and what the simulation itself recorded.
    pub(super) digest: String,
}

/// Runs it.
pub(super) fn storm(seed: u64) -> Found {
    Sim::run(seed, async |sim| run(&sim).await)
}

async fn run(sim: &Sim) -> Found {
    let hook = Hook::default();
    let (ear, at) = (sim.process("hook.test"), Addr::new("hook.test", 80));
    let listening = serve(&ear, at, Arc::new(hook.clone()), ServerLimits::default()).await;
    let _listening = listening.expect("a port of its own");
    let mut servers = Vec::new();
    let mut clients = Vec::new();
    for speaker in ALL {
        let (server, base, serving) = start(sim, speaker).await;
        for number in 0..PLAYERS {
            let name = format!("{}-{number}", speaker.name());
            let env = sim.process(&format!("client-{name}"));
            let (base, server, hook) = (base.clone(), server.clone(), hook.clone());
            let player = Player { number, speaker, base, server, hook };
            let work = client::play(env.clone(), sim.entropy().stream("storm", &name), player);
            clients.push((env.clone(), env.process.spawn("client", work)));
        }
        // It serves as long as somebody holds on to it.
        servers.push((server, serving));
    }
    let mut hasher = blake3::Hasher::new();
    for (_, client) in clients {
        hasher.update(client.await.expect("a client does not panic").as_bytes());
    }
    let (mut requests, mut hits, mut kinds) = (0, 0, BTreeSet::new());
    for (server, _serving) in &servers {
        requests += server.requests(0).len();
        hits += server.fault_hits().len();
        let kind = |rule: &str| rule.rsplit_once('-').map_or("", |(kind, _)| kind).to_owned();
        kinds.extend(server.fault_hits().iter().map(|hit| kind(&hit.rule)));
        let logs = format!("{:?}{:?}{:?}", server.requests(0), server.writes(0), server.mails(0));
        hasher.update(logs.as_bytes());
        hasher.update(format!("{:?}{:?}", server.fault_hits(), server.snapshot()).as_bytes());
    }
    hasher.update(sim.digest().to_string().as_bytes());
    Found { requests, hits, kinds, digest: hasher.finalize().to_hex().to_string() }
}

async fn start(sim: &Sim, speaker: Speaker) -> (Server, String, calamity_base::http::Server) {
    let name = format!("{}.test", speaker.name());
    let env = sim.process(&name);
    let config = ServerConfig {
        side: Side::A,
        protocol: speaker.protocol(),
        profile: "strict".to_owned(),
        owner: "owner@example.com".to_owned(),
        credential: Secret::new("s3cret"),
        seed: sim.seed(),
        others: Vec::new(),
    };
    let server = Server::new(&env, config).expect("there is such a profile");
    if speaker == Speaker::Jmap {
        server.create_calendar(Actor::Seed, "storm");
    }
    let serving = server.start(&env, Addr::new(&name, 80)).await.expect("a port of its own");
    let base = serving.endpoint.http();
    (server, base, serving)
}
