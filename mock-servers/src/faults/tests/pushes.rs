//! Messages to subscribers that go wrong on their way out, on both protocols that send any.

use serde_json::{Value, json};

use super::rig::{World, rule, with};
use crate::Protocol;
use crate::faults::Forbidden;

const BOTH: [Protocol; 2] = [Protocol::Jmap, Protocol::Graph];

fn arm(world: &World, op: &str, what: Value) {
    arm_when(world, op, json!({}), what);
}

fn arm_when(world: &World, op: &str, when: Value, what: Value) {
    world.arm(json!({ "id": "f", "site": "push", "op": op, "when": when, "what": what }));
}

/// When messages about changes came, in seconds after the first of two events, 30 apart.
async fn heard(world: World, when: Value, what: Value) -> (Vec<String>, u64) {
    let listener = world.listened().await;
    let before = listener.bodies().len();
    arm_when(&world, "push.change", when, what);
    let text = world.told_of_two(&listener).await;
    let line = text.lines().find(|line| line.starts_with("at:")).unwrap();
    let at =
        line.split(' ').skip(1 + before).filter(|at| !at.is_empty()).map(str::to_owned).collect();
    (at, world.server.armed()[0].1)
}

#[test]
fn messages_are_late_lost_doubled_and_made_up() {
    let cases = [
        (json!({ "delay": { "ms": 45_000 } }), vec!["45", "75"]),
        (json!("omit"), vec![]),
        (json!({ "sequence": { "drop": [0] } }), vec![]),
        (json!({ "sequence": { "drop": [1] } }), vec!["0", "30"]),
        (json!({ "sequence": { "duplicate": [0, 0] } }), vec!["0", "0", "0", "30", "30", "30"]),
        (json!({ "sequence": { "inject": [{ "@type": "x" }] } }), vec!["0", "0", "30", "30"]),
        (json!({ "sequence": { "reorder": "reverse" } }), vec!["30", "30"]),
        (json!({ "patch": { "set": { "@type": "y" } } }), vec!["0", "30"]),
    ];
    for protocol in BOTH {
        for (what, expected) in &cases {
            let (at, hits) =
                with(protocol, "strict", async |world| heard(world, json!({}), what.clone()).await);
            assert_eq!(
                (&at, hits),
                (&expected.iter().map(|at| (*at).to_owned()).collect(), 2),
                "{protocol} {what}"
            );
        }
    }
}

#[test]
fn what_waits_to_be_overtaken_goes_right_behind_the_next_message() {
    for protocol in BOTH {
        let (at, hits) = with(protocol, "strict", async |world| {
            let what = json!({ "sequence": { "reorder": "reverse" } });
            heard(world, json!({ "times": 1 }), what).await
        });
        assert_eq!((at.join(" ").as_str(), hits), ("30 30", 1), "{protocol}");
    }
}

#[test]
fn an_attempt_that_breaks_is_made_again() {
    let [jmap, graph] = BOTH.map(|protocol| {
        with(protocol, "strict", async |world| {
            let listener = world.listened().await;
            let before = listener.bodies().len();
            world.arm(json!({
                "id": "f", "site": "push", "op": "push.*", "when": { "times": 2 },
                "what": { "abort": "reset" },
            }));
            let begin = world.env.clock.now();
            world.fill(&["1"]).await;
            world.rest(600).await;
            assert_eq!(listener.bodies().len(), before + 1);
            let text = listener.dump(&world, begin);
            text.lines().find(|line| line.starts_with("at:")).unwrap().to_owned()
        })
    });
    assert_eq!((jmap.rsplit(' ').next(), graph.rsplit(' ').next()), (Some("6"), Some("40")));
}

#[test]
fn a_message_is_forged_in_members_headers_and_texts() {
    with(Protocol::Graph, "strict", async |world| {
        let listener = world.listened().await;
        let select = json!({ "target": "*/changes", "account": super::rig::OWNER,
            "json": { "path": "/value/0/changeType", "value": "created" } });
        let patch = json!({ "set": { "clientState": "forged" }, "drop": ["tenantId"],
            "replace": [{ "find": "created", "with": "invented" }] });
        world.arm(json!({ "id": "f", "site": "push", "op": "push.change", "select": select,
            "what": { "patch": patch } }));
        let text = world.told_of_two(&listener).await;
        let [one, two] = &listener.bodies()[..] else { panic!("{text}") };
        for told in [one, two] {
            let told = &told["value"][0];
            assert_eq!(told["clientState"], "forged");
            assert_eq!(
                (&told["changeType"], &told["tenantId"]),
                (&json!("invented"), &Value::Null)
            );
        }
        assert_eq!(world.server.armed(), [("f".to_owned(), 2)]);
    });
}

#[test]
fn the_handshake_is_withheld_late_or_forged() {
    let handshake = |what: Value| {
        with(Protocol::Graph, "strict", async |world| {
            let _listener = super::listener::Listener::start(&world).await;
            arm(&world, "push.verify", what);
            let (ms, answer) = world.timed(world.subscribe()).await;
            (answer.status, ms / 1_000)
        })
    };
    assert_eq!(handshake(json!("omit")), (400, 0));
    assert_eq!(handshake(json!({ "delay": { "ms": 3_000 } })), (201, 6), "two URLs are asked");
    let forged = json!({ "replace": [{ "find": "Validation", "with": "X" }] });
    assert_eq!(handshake(json!({ "patch": forged })), (400, 0));
}

#[test]
fn events_of_a_stream_are_lost_doubled_late_and_overtaken() {
    let streamed = |what: Value| {
        with(Protocol::Jmap, "strict", async |world| {
            arm(&world, "push.event", what);
            let path = "/jmap/eventsource?types=*&closeafter=no&ping=60";
            let acting = async {
                world.rest(1).await;
                for name in ["1", "2"] {
                    world.fill(&[name]).await;
                    world.rest(5).await;
                }
                world.server.clear("f");
                world.arm(json!({ "id": "end", "site": "push", "op": "push.event",
                    "what": { "abort": "close" } }));
                world.fill(&["3"]).await;
            };
            let (answer, ()) = tokio::join!(world.send("GET", path, &[], ""), acting);
            let text = answer.text();
            let states = text.lines().filter_map(|line| line.strip_prefix("data: "));
            let states: Vec<Value> =
                states.map(|data| serde_json::from_str(data).unwrap()).collect();
            let of = |change: &Value| {
                let state = &change["changed"][world.account.as_str()]["CalendarEvent"];
                state.as_str().unwrap_or("-").to_owned()
            };
            states.iter().map(of).collect::<Vec<_>>()
        })
    };
    let plain = streamed(json!({ "delay": { "ms": 100 } }));
    let [one, two] = &plain[..] else { panic!("{plain:?}") };
    let pick = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let cases = [
        (json!("omit"), pick(&[])),
        (json!({ "sequence": { "duplicate": [0] } }), pick(&[one, one, two, two])),
        (json!({ "sequence": { "reorder": "reverse" } }), pick(&[two, one])),
        (json!({ "sequence": { "inject": [{}] } }), pick(&["-", one, "-", two])),
        (json!({ "patch": { "set": { "changed": {} } } }), pick(&["-", "-"])),
    ];
    for (what, expected) in cases {
        assert_eq!(streamed(what.clone()), expected, "{what}");
    }
}

#[test]
fn the_parts_of_an_envelope_come_in_another_order() {
    with(Protocol::Jmap, "strict", async |world| {
        world.arm(json!({ "id": "f", "site": "response", "op": "*",
            "what": { "sequence": { "reorder": "reverse" } } }));
        let calls = json!([["Core/echo", { "a": 1 }, "0"], ["Core/echo", { "b": 1 }, "1"]]);
        let body = json!({ "using": ["urn:ietf:params:jmap:core"], "methodCalls": calls });
        let answer = world.send("POST", "/jmap/api", &[], &body.to_string()).await.json();
        assert_eq!(answer["methodResponses"][0][2], "1", "{answer}");
    });
}

#[test]
fn what_nobody_waits_for_is_not_held() {
    let refused = |when: Value, what: Value, op: &str| {
        let rule = json!({ "id": "f", "site": "push", "op": op, "when": when, "what": what });
        serde_json::from_value::<crate::faults::Rule>(rule).unwrap().check().unwrap_err()
    };
    let omit = || json!("omit");
    assert!(matches!(refused(json!({ "hold": 1 }), omit(), "*"), Forbidden::OutOfRange { .. }));
    assert!(matches!(refused(json!({}), json!({ "error": {} }), "*"), Forbidden::NotThere { .. }));
    let nothing = refused(json!({}), omit(), "event.*");
    assert!(matches!(nothing, Forbidden::NoSuchOperation { .. }));
    let status = json!({ "patch": { "status": 500 } });
    assert!(matches!(refused(json!({}), status, "*"), Forbidden::OutOfRange { .. }));
    rule(json!({ "id": "f", "site": "push", "op": "push.*", "what": { "abort": "hang" } }));
}
