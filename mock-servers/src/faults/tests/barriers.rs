//! Requests that wait for the scenario, and rules for one state of it.

use serde_json::json;

use super::rig::{World, on_loopback, with_each};

async fn the_second_waits(world: World) {
    world.arm(json!({
        "id": "gate", "site": "request", "op": "event.create",
        "when": { "hold": 2 }, "what": { "delay": { "ms": 0 } },
    }));
    world.fill(&["a"]).await;
    let release = async {
        world.server.until_held("gate").await;
        let held = world.server.held();
        assert_eq!((held.len(), held[0].rule.as_str()), (1, "gate"));
        assert_eq!(held[0].operations, ["event.create"]);
        let request = &world.server.requests(held[0].request.0 as usize)[0];
        assert_eq!(request.status, None);
        assert_eq!(world.server.items().len(), 1, "nothing of it is done");
        world.fill(&["c"]).await;
        assert_eq!(world.server.release("nobody"), 0);
        assert_eq!(world.server.held().len(), 1);
        assert_eq!(world.server.release("gate"), 1);
    };
    let (second, ()) = tokio::join!(world.create("b"), release);
    assert!(!second.is_refused());
    assert_eq!(world.server.held(), []);
    assert_eq!(world.server.items().len(), 3);
    let hits = world.server.fault_hits();
    assert_eq!((hits.len(), hits[0].address().as_str()), (1, "gate@request#1"));
}

#[test]
fn one_request_waits_until_it_is_released() {
    with_each(the_second_waits);
    for protocol in super::rig::ALL {
        on_loopback(protocol, the_second_waits);
    }
}

#[test]
fn the_effect_follows_the_wait_and_clearing_lets_go() {
    with_each(async |world| {
        world.arm(json!({
            "id": "late", "site": "response", "op": "event.create", "origin": "hostile",
            "when": { "hold": 1 }, "what": { "error": { "code": "serverFail", "status": 503 } },
        }));
        let clear = async {
            world.server.until_held("late").await;
            assert_eq!(world.server.items().len(), 1, "all of it is done");
            world.server.clear("late");
        };
        let (answer, ()) = tokio::join!(world.create("a"), clear);
        assert_eq!(answer.status, 503);
        assert_eq!(world.server.held(), []);
    });
}

#[test]
fn a_rule_can_wait_for_a_state_of_the_scenario() {
    with_each(async |world| {
        let mut rule = json!({ "id": "f", "site": "request", "op": "event.create" });
        rule["when"] = json!({ "state": "outage", "times": 1 });
        rule["what"] = world.busy();
        world.arm(rule);
        world.fill(&["a"]).await;
        world.server.set_state("outage");
        assert_eq!(world.create("b").await.status, 503);
        world.fill(&["b"]).await;
        world.server.set_state("");
        world.fill(&["c"]).await;
    });
}
