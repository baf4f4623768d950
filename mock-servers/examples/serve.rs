//! One mock server on a loopback port, for scripts that try real clients on it:
//! `cargo run -p calamity-mock-servers --example serve jmap|graph|dav [PROFILE]`
//!
//! The first line that it prints is a JSON object: its address, the users and their secrets. Besides
//! what it speaks it has `/_control/`: POST `faults` arms a rule, DELETE `faults` clears all, GET
//! `writes` and `requests` give the journal. It keeps nothing and ends with the process.

#![expect(clippy::print_stdout, reason = "an example prints where it is")]

use std::env;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use calamity_base::http::{Answer, Handler, Incoming, ServerLimits, serve};
use calamity_base::net::Addr;
use calamity_base::redact::Secret;
use calamity_base::{BoxFuture, Env};
use calamity_evidence::{Actor, Side};
use calamity_mock_servers::{Protocol, Server, ServerConfig, UserConfig, faults::Rule};
use http::{Method, Response};
use serde_json::{Value, json};

const OWNER: (&str, &str) = ("owner@example.com", "secret");
const GUEST: (&str, &str) = ("guest@example.com", "guest");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = env::args().skip(1);
    let protocol = match arguments.next().as_deref() {
        Some("jmap") => Protocol::Jmap,
        Some("graph") => Protocol::Graph,
        Some("dav") => Protocol::Dav,
        _ => return Err("say jmap, graph or dav, and perhaps a profile".into()),
    };
    let profile = arguments.next().unwrap_or_else(|| "strict".to_owned());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let env = Env::production("mock", Path::new("/nowhere"));
        let config = ServerConfig {
            side: Side::A,
            protocol,
            profile,
            owner: OWNER.0.to_owned(),
            credential: Secret::new(OWNER.1),
            seed: 1,
            others: vec![UserConfig {
                address: GUEST.0.to_owned(),
                credential: Secret::new(GUEST.1),
            }],
        };
        let server = Server::new(&env, config)?;
        server.create_calendar(Actor::Seed, "Work");
        if protocol == Protocol::Dav {
            server.create_address_book(Actor::Seed, "People");
        }
        let handler = Arc::new(Controlled(server));
        let running = serve(&env, Addr::loopback(), handler, ServerLimits::default()).await?;
        let users = [OWNER, GUEST].map(|(user, secret)| json!({ "user": user, "secret": secret }));
        println!("{}", json!({ "url": running.endpoint.http(), "users": users }));
        std::future::pending::<()>().await;
        Ok(())
    })
}

/// The mock, with a control of its own beside it.
struct Controlled(Server);

impl Controlled {
    fn control(&self, request: &Incoming, what: &str) -> Response<Bytes> {
        match (&request.method, what) {
            (&Method::POST, "faults") => match serde_json::from_slice::<Rule>(&request.body) {
                Ok(rule) => {
                    self.0.arm(rule);
                    answer(200, &Value::Null)
                }
                Err(error) => answer(400, &json!(error.to_string())),
            },
            (&Method::DELETE, "faults") => {
                for (id, _) in self.0.armed() {
                    self.0.clear(&id);
                }
                answer(200, &Value::Null)
            }
            (&Method::GET, "writes") => answer(200, &json!(self.0.writes(0))),
            (&Method::GET, "requests") => answer(200, &json!(self.0.requests(0))),
            _ => answer(404, &Value::Null),
        }
    }
}

impl Handler for Controlled {
    fn handle(&self, request: Incoming) -> BoxFuture<'_, Answer> {
        match request.uri.path().strip_prefix("/_control/") {
            Some(what) => {
                let answered = self.control(&request, what);
                Box::pin(async move { Answer::Full(answered) })
            }
            None => self.0.handle(request),
        }
    }
}

fn answer(status: u16, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    response
}
