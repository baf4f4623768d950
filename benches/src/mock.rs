//! A mock server of one protocol on a loopback port, in a thread of its own.

use std::error::Error;
use std::path::Path;
use std::sync::mpsc;
use std::thread;

use bytes::Bytes;
use calamity_base::net::Addr;
use calamity_base::redact::Secret;
use calamity_base::{Entropy, Env};
use calamity_evidence::{Actor, Lineage, Side};
use calamity_mock_servers::world::{embedded_events, multiply};
use calamity_mock_servers::{Protocol, Server, ServerConfig, Snapshot};
use http::{Method, Request};

/// The user of every server.
pub const OWNER: &str = "owner@example.com";
/// Where the calendar is on a DAV server, by its name.
pub const DAV_WORK: &str = "/dav/calendars/owner@example.com";
const TOKEN: &str = "bench";

/// A server with one calendar.
#[derive(Debug)]
pub struct Mock {
    /// The server itself.
    pub server: Server,
    /// Its URL.
    pub base: String,
    full: Snapshot,
}

impl Mock {
    /// A server of the profile `strict` with a calendar of so many events.
    ///
    /// # Errors
    /// When no port is free.
    pub fn start(protocol: Protocol, events: usize) -> Result<Self, Box<dyn Error>> {
        let env = Env::production("bench", Path::new("."));
        let config = ServerConfig {
            side: Side::A,
            protocol,
            profile: "strict".to_owned(),
            owner: OWNER.to_owned(),
            credential: Secret::new(TOKEN),
            seed: 1,
            others: Vec::new(),
        };
        let server = Server::new(&env, config)?;
        server.create_calendar(Actor::Seed, "work");
        fill(&server, events);
        let served = server.clone();
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let Ok(runtime) = runtime else { return };
            runtime.block_on(async {
                if let Ok(running) = served.start(&env, Addr::loopback()).await {
                    let _ = tell.send(running.url());
                    std::future::pending::<()>().await;
                }
            });
        });
        let base = told.recv()?;
        let full = server.snapshot();
        Ok(Self { server, base, full })
    }

    /// A request with the credential.
    #[must_use]
    pub fn request(&self, method: &str, path: &str, body: Bytes) -> Request<Bytes> {
        let mut request = Request::new(body);
        *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap_or_default();
        if let Ok(uri) = format!("{}{path}", self.base).parse() {
            *request.uri_mut() = uri;
        }
        let bearer = format!("Bearer {TOKEN}");
        if let Ok(value) = bearer.parse() {
            request.headers_mut().insert(http::header::AUTHORIZATION, value);
        }
        request
    }

    /// Puts it back as it was at the start, so that its logs do not grow with the measurement.
    pub fn reset(&self) {
        self.server.restore(&self.full);
    }
}

/// Seeds events that are made of those that are shipped.
fn fill(server: &Server, events: usize) {
    let mut stream = Entropy::seeded(1).stream("bench", "events");
    let sources = embedded_events();
    // Twice as many, because a protocol cannot hold all of them.
    let all = multiply(&sources, events * 2, None, OWNER, &mut stream);
    let mut made = 0;
    for (event, number) in all.iter().zip(1_u64..) {
        if made == events {
            break;
        }
        let lineage = Lineage::from_number(number);
        made += usize::from(server.create(Actor::Seed, "work", event, &lineage).is_ok());
    }
}
