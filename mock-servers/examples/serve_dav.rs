//! A CalDAV and CardDAV server on a loopback port, to try real clients on:
//! `cargo run -p calamity-mock-servers --example serve_dav [PROFILE]`
//!
//! Prints its address; the users are `owner@example.com` and `guest@example.com`, the passwords
//! `secret` and `guest`. It keeps nothing and ends with the process.

#![expect(clippy::print_stdout, reason = "an example prints where it is")]

use std::env;
use std::path::Path;

use calamity_base::Env;
use calamity_base::net::Addr;
use calamity_base::redact::Secret;
use calamity_evidence::{Actor, Side};
use calamity_mock_servers::{Protocol, Server, ServerConfig, UserConfig};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let profile = env::args().nth(1).unwrap_or_else(|| "strict".to_owned());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let env = Env::production("dav", Path::new("/nowhere"));
        let guest = UserConfig {
            address: "guest@example.com".to_owned(),
            credential: Secret::new("guest"),
        };
        let config = ServerConfig {
            side: Side::A,
            protocol: Protocol::Dav,
            profile,
            owner: "owner@example.com".to_owned(),
            credential: Secret::new("secret"),
            seed: 1,
            others: vec![guest],
        };
        let server = Server::new(&env, config)?;
        server.create_calendar(Actor::Seed, "Work");
        server.create_address_book(Actor::Seed, "People");
        let running = server.start(&env, Addr::loopback()).await?;
        println!("{}/dav/", running.endpoint.http());
        std::future::pending::<()>().await;
        Ok(())
    })
}
