//! Fleets are served: each server on a port, plain and over TLS, in both versions of HTTP.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use calamity_base::http::Client;
use calamity_base::tls::Trust;
use calamity_base::{Env, Sim};
use http::{Request, StatusCode, Version};
use serde_json::{Value, json};

use super::rig::{ALICE, BOB, Served, config, no_files, small};
use crate::control::config::{Config, DEFAULT, EXAMPLE};
use crate::control::{Error, Given, run};

/// A JMAP, a Graph and a DAV server over TLS.
fn secure(host: &str) -> Config {
    let server = |protocol: &str| {
        json!({ "name": protocol, "protocol": protocol, "tls": "generated", "listen": format!("{host}:0"),
            "users": [{ "address": ALICE, "password": "a-secret", "calendars": [{ "name": "Work" }] },
                { "address": BOB, "password": "b-secret" }] })
    };
    let servers: Vec<Value> = ["jmap", "graph", "dav"].map(server).into();
    config(json!({ "servers": servers, "control": { "listen": format!("{host}:0") } }))
}

#[test]
fn a_real_client_over_tls_and_http_2_is_given_urls_that_it_can_use() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let env = Env::production("mock", Path::new("/nowhere"));
        let config = secure("127.0.0.1");
        let running = run(&env, &config, &Given::files(&no_files)).await.unwrap();
        let authority = running.announcement.authority.clone().unwrap();
        assert_eq!(authority.sha256.len(), 64);
        let trust = Trust::pem(&authority.pem).unwrap();
        let client = Client::new(&env).trusting(trust);
        let ask = async |method: &str, url: &str, body: &str| {
            let request = Request::builder()
                .method(method)
                .uri(url)
                .header("authorization", "Bearer a-secret")
                .header("content-type", "application/json")
                .header("depth", "0");
            client.send(request.body(Bytes::from(body.to_owned())).unwrap()).await.unwrap()
        };
        let endpoint = |server: usize, name: &str| {
            let server = &running.announcement.servers[server];
            server.endpoints.iter().find(|it| it.name == name).unwrap().url.clone()
        };
        let session = ask("GET", &endpoint(0, "session"), "").await;
        assert_eq!((session.status(), session.version()), (StatusCode::OK, Version::HTTP_2));
        let session: Value = serde_json::from_slice(session.body()).unwrap();
        let api = session["apiUrl"].as_str().unwrap();
        assert!(api.starts_with(&running.announcement.servers[0].url), "{api}");
        let echo =
            r#"{"using":["urn:ietf:params:jmap:core"],"methodCalls":[["Core/echo",{},"0"]]}"#;
        assert_eq!(ask("POST", api, echo).await.status(), StatusCode::OK);
        let me = ask("GET", &format!("{}/me/calendars", endpoint(1, "base")), "").await;
        let me = String::from_utf8(me.body().to_vec()).unwrap();
        assert!(me.contains("https://127.0.0.1:") && !me.contains("http://127"), "{me}");
        let principal = running.announcement.servers[2].users[0].url.clone().unwrap();
        let found = ask("PROPFIND", &principal, "").await;
        assert_eq!(found.status(), StatusCode::MULTI_STATUS);
        // Every server has a port of its own, and nobody trusts the authority who was not told to.
        let mut urls: Vec<&str> =
            running.announcement.servers.iter().map(|server| server.url.as_str()).collect();
        urls.push(&running.announcement.control);
        urls.sort_unstable();
        urls.dedup();
        assert_eq!(urls.len(), 4);
        let stranger = Request::get(urls[1]).body(Bytes::new()).unwrap();
        Client::new(&env).send(stranger).await.unwrap_err();
        assert_eq!(running.stop(Duration::from_secs(10)).await.cut, 0);
    });
}

#[test]
fn what_is_announced_is_what_clients_need() {
    Sim::run(1, async |sim| {
        let served = Served::new(&sim.process("mock"), &sim.process("client"), &small()).await;
        for server in &served.running.announcement.servers {
            for user in &server.users {
                for endpoint in &server.endpoints {
                    let request = Request::get(&endpoint.url)
                        .header("authorization", format!("Bearer {}", user.password))
                        .body(Bytes::new())
                        .unwrap();
                    let status = served.client.send(request).await.unwrap().status();
                    // A collection of DAV is not for reading with GET.
                    let there = status.as_u16() < 400 || status == 405;
                    assert!(there, "{} {}: {status}", server.name, endpoint.url);
                }
            }
        }
        let said = served.running.announcement.plain();
        for line in [
            "jmap         jmap (strict)  http://mock.test:",
            "             session http://mock.test:",
            "             user alice@example.com  password a-secret  0 events in Work",
            "control      http://127.0.0.1:",
        ] {
            assert!(said.lines().any(|it| it.starts_with(line)), "{line:?} is not in:\n{said}");
        }
        let json: Value = serde_json::from_str(&served.running.announcement.json()).unwrap();
        assert_eq!(served.rig.get("/servers").await, json);
        assert_eq!(json["servers"][1]["users"][1]["address"], BOB);
    });
}

#[test]
fn a_port_in_use_is_named_with_the_way_out_and_nothing_stays() {
    Sim::run(1, async |sim| {
        let env = sim.process("mock");
        let mut first = small();
        first.servers[1].listen.0.port = 8443;
        let running = run(&env, &first, &Given::files(&no_files)).await.unwrap();
        let mut second = small();
        second.servers[0].listen.0.port = 8080;
        second.servers[1].listen.0.port = 8443;
        let failed = run(&env, &second, &Given::files(&no_files)).await.unwrap_err();
        let said = failed.to_string();
        assert!(said.starts_with("server `dav` cannot listen on mock.test:8443: "), "{said}");
        assert!(said.contains("port 0"), "{said}");
        assert!(matches!(failed, Error::Listen { .. }));
        // What had been started is not served on.
        second.servers[1].listen.0.port = 0;
        let again = run(&env, &second, &Given::files(&no_files)).await.unwrap();
        again.stop(Duration::from_secs(1)).await;
        running.stop(Duration::from_secs(1)).await;
    });
}

#[test]
fn a_stop_waits_for_requests_in_hand_and_no_longer_than_it_may() {
    for (delay_ms, cut) in [(2_000, 0), (60_000, 1)] {
        Sim::run(1, async |sim| {
            let client = sim.process("client");
            let served = Served::new(&sim.process("mock"), &client, &small()).await;
            let rule =
                json!({ "id": "slow", "site": "request", "what": { "delay": { "ms": delay_ms } } });
            served.rig.expect("POST", "/faults?server=dav", rule, 201).await;
            let url = format!("{}/dav/", served.url("dav"));
            let http = served.client.clone();
            let asking = client.process.spawn("asking", async move {
                let request = Request::get(url).header("authorization", "Bearer a-secret");
                http.send(request.body(Bytes::new()).unwrap()).await.is_ok()
            });
            sim.advance(Duration::from_secs(1)).await;
            let begun = sim.clock().now();
            let stopped = served.running.stop(Duration::from_secs(5)).await;
            assert_eq!((stopped.cut, asking.await.unwrap()), (cut, cut == 0));
            let took = begun.duration_until(sim.clock().now()).as_secs();
            assert!(took <= 5, "{took}");
        });
    }
}

#[test]
fn the_shipped_configurations_are_sound() {
    // As text they are tried where YAML is read; here only that they are there.
    assert!(DEFAULT.starts_with("mock: 1\n"));
    assert!(EXAMPLE.contains("mock: 1\n"));
}
