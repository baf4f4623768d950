//! One client in the storm: it asks, whatever comes back, and takes down what did.

use std::time::Duration;

use bytes::Bytes;
use calamity_base::Env;
use calamity_base::entropy::Stream;
use calamity_base::http::{Client, ClientLimits};
use calamity_mock_servers::Server;
use http::{Method, Request};
use serde_json::Value;

use super::asks::{Ask, Speaker};
use super::faults;
use super::hook::Hook;

/// How many requests a client makes.
const STEPS: u64 = 90;

/// Faults that are armed at a time, at most.
const ARMED_MAX: usize = 4;

/// What a client knows of the server.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Ids or paths of items that were made.
    pub(super) items: Vec<String>,
    /// The newest token of the feed.
    pub(super) token: String,
}

/// One client of a server.
#[derive(Clone, Debug)]
pub(super) struct Player {
    /// Which one of those of the server.
    pub(super) number: usize,
    /// What it speaks.
    pub(super) speaker: Speaker,
    /// The address of the server.
    pub(super) base: String,
    /// The server, to arm its faults.
    pub(super) server: Server,
    /// Whom it lets the server tell.
    pub(super) hook: Hook,
}

/// Plays one client to its end and returns what came back, line by line.
pub(super) async fn play(env: Env, mut stream: Stream, player: Player) -> String {
    let Player { number, speaker, base, server, hook } = player;
    let limits = ClientLimits { timeout: Duration::from_secs(20), max_body: 4 << 20 };
    let client = Client::with_limits(&env, limits);
    let names = speaker.names(&env, &client, &base, &server, &hook).await;
    let (mut seen, mut armed, mut lines) = (Seen::default(), Vec::<String>::new(), String::new());
    for step in 0..STEPS {
        if step > 0
            && stream.chance(0.2)
            && let Some(rule) = faults::draw(&mut stream, &format!("{number}x{step}"))
        {
            armed.push(rule.id.clone());
            server.arm(rule);
        }
        while armed.len() > ARMED_MAX || (!armed.is_empty() && stream.chance(0.03)) {
            server.clear(&armed.remove(0));
        }
        if stream.chance(0.1) {
            env.clock.sleep(Duration::from_millis(stream.range(1, 4_000))).await;
        }
        let mut ask = speaker.ask(&mut stream, step, &seen);
        for (name, stands_for) in &names {
            ask.body = ask.body.replace(name, stands_for);
        }
        let line = one(&client, speaker, &base, &ask, &mut seen).await;
        lines.push_str(&format!("{step} {} {} {line}\n", ask.method, ask.target));
    }
    lines
}

async fn one(client: &Client, speaker: Speaker, base: &str, ask: &Ask, seen: &mut Seen) -> String {
    let url = if ask.target.starts_with("http:") {
        ask.target.clone()
    } else {
        format!("{base}{}", ask.target)
    };
    let method = Method::from_bytes(ask.method.as_bytes()).unwrap_or_default();
    let mut request =
        Request::builder().method(method).uri(url).header("authorization", "Bearer s3cret");
    for (name, value) in &ask.headers {
        request = request.header(*name, value);
    }
    let Ok(request) = request.body(Bytes::from(ask.body.clone())) else {
        return "no request".to_owned();
    };
    match client.send(request).await {
        Err(_) => "broken off".to_owned(),
        Ok(answer) => {
            let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
            let text = String::from_utf8_lossy(answer.body()).into_owned();
            speaker.learn(ask, answer.status().as_u16(), &body, &text, seen);
            format!("{} {}", answer.status().as_u16(), blake3::hash(answer.body()).to_hex())
        }
    }
}
