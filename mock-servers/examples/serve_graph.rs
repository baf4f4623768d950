//! A Microsoft Graph server on a loopback port, to try real clients on:
//! `cargo run -p calamity-mock-servers --example serve_graph [PROFILE [CERTIFICATE]]`
//!
//! Prints its address and how to sign in; the users are `owner@example.com` and `guest@example.com`,
//! the passwords `secret` and `guest`. With the name of a file it serves https and puts the
//! certificate to trust there. It keeps nothing else and ends with the process.

#![expect(clippy::print_stdout, reason = "an example prints where it is")]

use std::path::Path;
use std::sync::Arc;
use std::{env, fs};

use calamity_base::Env;
use calamity_base::http::{Server as Running, ServerLimits, serve_tls};
use calamity_base::net::Addr;
use calamity_base::redact::Secret;
use calamity_base::tls::{Acceptor, Identity};
use calamity_evidence::{Actor, Side};
use calamity_mock_servers::{Protocol, Server, ServerConfig, UserConfig};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let profile = env::args().nth(1).unwrap_or_else(|| "strict".to_owned());
    let certificate = env::args().nth(2);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let env = Env::production("graph", Path::new("/nowhere"));
        let guest = UserConfig {
            address: "guest@example.com".to_owned(),
            credential: Secret::new("guest"),
        };
        let config = ServerConfig {
            side: Side::A,
            protocol: Protocol::Graph,
            profile,
            owner: "owner@example.com".to_owned(),
            credential: Secret::new("secret"),
            seed: 1,
            others: vec![guest],
        };
        let server = Server::new(&env, config)?;
        server.create_calendar(Actor::Seed, "Calendar");
        let running = match certificate {
            Some(file) => over_tls(&env, &server, &file).await?,
            None => server.start(&env, Addr::loopback()).await?,
        };
        println!("{}/v1.0", running.url());
        if let Some(sign_in) = server.sign_in() {
            println!("authority {}/{}", running.url(), sign_in.tenant);
            println!("client {}, its secret is the owner's password", sign_in.client);
        }
        std::future::pending::<()>().await;
        Ok(())
    })
}

async fn over_tls(
    env: &Env,
    server: &Server,
    file: &str,
) -> Result<Running, Box<dyn std::error::Error>> {
    let names = ["127.0.0.1".to_owned(), "localhost".to_owned()];
    let identity = Identity::generate(&names, &env.clock, &env.entropy)?;
    fs::write(file, identity.trust_pem())?;
    let acceptor = Acceptor::new(&identity, &env.clock)?;
    let handler = Arc::new(server.clone());
    Ok(serve_tls(env, Addr::loopback(), handler, ServerLimits::default(), acceptor).await?)
}
