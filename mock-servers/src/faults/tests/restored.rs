//! What waits on a server when it is put back into an earlier state.

use serde_json::json;

use super::listener::Manner;
use super::rig::{World, with, with_each};
use crate::Protocol;

async fn let_go(world: World) {
    let before = world.server.snapshot();
    world.arm(json!({
        "id": "gate", "site": "request", "op": "event.create",
        "when": { "hold": 1 }, "what": { "delay": { "ms": 0 } },
    }));
    let restore = async {
        world.server.until_held("gate").await;
        world.server.restore(&before);
        assert_eq!((world.server.armed(), world.server.held()), (vec![], vec![]));
    };
    let (held, ()) = tokio::join!(world.create("a"), restore);
    assert!(!held.is_refused(), "{}", held.text());
}

#[test]
fn a_request_that_was_held_back_goes_on() {
    with_each(let_go);
}

#[test]
fn a_message_that_waited_then_is_sent_again() {
    with(Protocol::Graph, "strict", async |world| {
        let listener = world.listened().await;
        let known = listener.bodies().len();
        listener.takes(&[Manner::Badly, Manner::Well]);
        world.fill(&["a"]).await;
        world.rest(2).await;
        assert_eq!(listener.bodies().len(), known, "it is tried again later");
        let waiting = world.server.snapshot();
        world.rest(120).await;
        assert_eq!(listener.bodies().len(), known + 1);
        world.server.restore(&waiting);
        world.rest(120).await;
        assert_eq!(listener.bodies().len(), known + 2, "nobody asked the server for anything");
        // Nor is anybody left who delivers, once nobody is to be told of anything.
        let all = world.send("GET", "/v1.0/subscriptions", &[], "").await.json();
        let id = all["value"][0]["id"].as_str().unwrap().to_owned();
        let gone = world.send("DELETE", &format!("/v1.0/subscriptions/{id}"), &[], "").await;
        assert_eq!(gone.status, 204);
        world.rest(60).await;
        world.server.restore(&waiting);
        world.rest(120).await;
        assert_eq!(listener.bodies().len(), known + 3);
    });
}
