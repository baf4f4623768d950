//! The same code on a socket as in the simulation, and the same bytes from the same seed.

use bytes::Bytes;
use calamity_base::Env;
use calamity_base::http::Client;
use calamity_base::net::Addr;
use serde_json::{Value, json};

use super::rig::{config, run, timed};
use crate::Server;

#[test]
fn it_serves_on_a_loopback_socket() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let env = Env::production("test", &std::env::temp_dir());
        let server = Server::new(&env, config("m365")).expect("a profile");
        let served = server.start(&env, Addr::loopback()).await.expect("a port");
        let client = Client::new(&env);
        let base = format!("{}/v1.0", served.endpoint.http());
        let send = async |method: &str, path: &str, body: Value| {
            let request = http::Request::builder()
                .method(method)
                .uri(format!("{base}{path}"))
                .header("authorization", "Bearer token")
                .body(Bytes::from(body.to_string()))
                .expect("a request");
            let response = client.send(request).await.expect("an answer");
            let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
            (response.status().as_u16(), body)
        };
        let (status, calendar) = send("POST", "/me/calendars", json!({ "name": "Calendar" })).await;
        assert_eq!((status, &calendar["name"]), (201, &json!("Calendar")));
        let (status, event) = send("POST", "/me/events", timed("x", 4, 9)).await;
        assert_eq!((status, &event["subject"]), (201, &json!("x")));
        let (_, page) = send("GET", "/me/events?$top=1", json!({})).await;
        assert_eq!(page["value"][0]["id"], event["id"]);
        assert!(page["@odata.context"].as_str().is_some_and(|context| context.starts_with(&base)));
        served.stop();
    });
}

#[test]
fn the_same_requests_give_the_same_bytes() {
    let once = || {
        run(async |rig| {
            let calendar = rig.calendar("Calendar").await;
            for day in 1..=3 {
                rig.event(&calendar, &timed("x", day, 9)).await;
            }
            rig.get("/me/events").await.body.to_string()
        })
    };
    assert_eq!(once(), once());
}
