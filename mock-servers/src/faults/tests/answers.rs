//! Answers that are slow, or not what the protocol made of them.

use serde_json::{Value, json};

use super::rig::{ALL, World, on_live_loopback, on_loopback, with, with_each};
use crate::Protocol;

fn at(world: &World, site: &str, op: &str, what: Value) {
    world.arm(json!({ "id": "f", "site": site, "op": op, "origin": "hostile", "what": what }));
}

#[test]
fn a_body_comes_at_a_rate() {
    with_each(async |world| {
        world.fill(&["a"]).await;
        let whole = world.read("a").await;
        let length = whole.response.body().len() as u64;
        at(&world, "response", "event.get", json!({ "throttle": { "bytes_per_second": 100 } }));
        let (slow, same) = world.timed(world.read("a")).await;
        assert_eq!(same.response.body(), whole.response.body());
        let wanted = length * 10;
        assert!((wanted..wanted + 200).contains(&slow), "{length} bytes in {slow} ms");
        at(&world, "response", "event.get", json!({ "dribble": { "bytes": 50, "every_ms": 40 } }));
        let (slow, same) = world.timed(world.read("a")).await;
        assert_eq!(same.response.body(), whole.response.body());
        let wanted = length.div_ceil(50) * 40;
        assert!((wanted..wanted + 90).contains(&slow), "{length} bytes in {slow} ms");
    });
}

#[test]
fn a_body_comes_in_pieces_on_a_socket() {
    for protocol in ALL {
        on_live_loopback(protocol, async |world| {
            world.fill(&["a"]).await;
            let whole = world.read("a").await;
            at(
                &world,
                "response",
                "event.get",
                json!({ "dribble": { "bytes": 60, "every_ms": 1 } }),
            );
            assert_eq!(world.read("a").await.response.body(), whole.response.body());
        });
    }
}

#[test]
fn delays_are_drawn_and_the_same_ones_each_time() {
    let uniform = json!({ "delay-uniform": { "from_ms": 1_000, "upto_ms": 3_000 } });
    let lognormal =
        json!({ "delay-lognormal": { "median_ms": 2_000, "sigma": 0.5, "most_ms": 9_000 } });
    for (what, low, high) in [(uniform, 1_000, 3_100), (lognormal, 400, 9_100)] {
        for site in ["request", "response"] {
            let draws = || {
                with(Protocol::Graph, "strict", async |world| {
                    at(&world, site, "event.create", what.clone());
                    let mut all = Vec::new();
                    for name in ["a", "b", "c", "d", "e"] {
                        all.push(world.timed(world.create(name)).await.0);
                    }
                    all
                })
            };
            let drawn = draws();
            assert!(drawn.iter().all(|ms| (low..=high).contains(ms)), "{drawn:?}");
            assert!(drawn.iter().any(|ms| ms.abs_diff(drawn[0]) > 50), "{drawn:?}");
            assert_eq!(draws(), drawn);
        }
    }
}

#[test]
fn errors_carry_headers_at_every_site() {
    for site in ["request", "item", "response", "feed"] {
        with_each(async |world| {
            world.fill(&["a"]).await;
            let token = world.token().await;
            let op = if site == "feed" { "feed.*" } else { "event.create" };
            let code = match (world.protocol, site) {
                (Protocol::Jmap, "item") => "rateLimit",
                (Protocol::Jmap, _) => "serverUnavailable",
                (Protocol::Graph, _) => "ApplicationThrottled",
                (Protocol::Dav, _) => "503",
            };
            at(
                &world,
                site,
                op,
                json!({ "error": {
                "code": code, "retry_after_s": 7, "headers": { "X-Why": "too much" },
            } }),
            );
            let answer = match site {
                "feed" => world.ask_changes(&token).await,
                _ => world.create("b").await,
            };
            assert!(answer.is_refused(), "{site} {}", answer.text());
            let found = (answer.header("retry-after"), answer.header("x-why"));
            assert_eq!(found, ("7", "too much"), "{site} {}", world.protocol);
            world.server.clear("f");
            assert_eq!(world.create("c").await.header("x-why"), "");
        });
    }
}

#[test]
fn status_headers_and_texts_of_an_answer_change() {
    with_each(async |world| {
        at(
            &world,
            "response",
            "event.create",
            json!({ "patch": {
            "status": 202,
            "headers": { "x-new": "1", "content-type": "text/plain" },
            "drop_headers": ["etag", "request-id"],
            "replace": [{ "find": "methodResponses", "with": "answers" },
                        { "find": "\"subject\":\"", "upto": "\"", "with": "\"subject\":\"?\"" }],
        } }),
        );
        let answer = world.create("a").await;
        assert_eq!((answer.status, answer.header("x-new")), (202, "1"));
        assert_eq!(answer.header("content-type"), "text/plain");
        assert_eq!((answer.header("etag"), answer.header("request-id")), ("", ""));
        match world.protocol {
            Protocol::Jmap => assert!(answer.json()["answers"].is_array()),
            Protocol::Graph => assert_eq!(answer.json()["subject"], "?"),
            Protocol::Dav => assert_eq!(answer.text(), ""),
        }
        assert_eq!(world.server.items().len(), 1, "it landed");
        assert_eq!(world.server.requests(0).last().unwrap().status, Some(202));
    });
}

async fn etags(world: World) {
    world.fill(&["a"]).await;
    let tag = world.tag("a").await;
    let bare = tag.trim_start_matches("W/").trim_matches('"').to_owned();
    let cases = [
        ("weak", format!("W/\"{bare}\"")),
        ("unquoted", bare.clone()),
        ("percent-encoded", format!("%22{bare}%22")),
    ];
    for (form, expected) in cases {
        at(&world, "response", "event.get", json!({ "patch": { "etag": form } }));
        assert_eq!(world.tag("a").await, expected);
    }
    at(&world, "response", "event.get", json!({ "patch": { "etag": "missing" } }));
    let read = world.read("a").await;
    assert_eq!((read.header("etag"), read.json().get("@odata.etag")), ("", None));
}

#[test]
fn entity_tags_change_their_form() {
    for protocol in [Protocol::Graph, Protocol::Dav] {
        with(protocol, "strict", etags);
        on_loopback(protocol, etags);
    }
    with(Protocol::Dav, "strict", async |world| {
        at(&world, "response", "event.create", json!({ "patch": { "etag": "weak" } }));
        let put = world.create("a").await;
        assert_eq!(put.header("etag"), format!("W/{}", world.tag("a").await), "weak and strong");
        at(&world, "response", "feed.*", json!({ "patch": { "etag": "unquoted" } }));
        let sync = world.ask_changes("").await.text();
        assert!(!sync.contains('"') || !sync.contains("<D:getetag>\""), "{sync}");
    });
}

#[test]
fn a_server_can_read_past_headers() {
    with(Protocol::Dav, "strict", async |world| {
        world.fill(&["a"]).await;
        let guarded = [("if-none-match", "*")];
        assert_eq!(world.try_create("a", &guarded).await.unwrap().status, 412);
        at(&world, "request", "event.*", json!({ "patch": { "drop_headers": ["if-none-match"] } }));
        assert_eq!(world.try_create("a", &guarded).await.unwrap().status, 204, "overwritten");
        // If-Match: * refused where there is something, and taken where there is not.
        world.server.clear("f");
        world.arm(json!({
            "id": "g", "site": "request", "op": "event.*", "origin": "hostile",
            "select": { "header": { "name": "if-match" } },
            "what": { "patch": { "drop_headers": ["if-match"], "headers": { "if-none-match": "*" } } },
        }));
        assert_eq!(world.try_create("a", &[("if-match", "*")]).await.unwrap().status, 412);
        assert_eq!(world.try_create("b", &[("if-match", "*")]).await.unwrap().status, 201);
    });
    with(Protocol::Jmap, "strict", async |world| {
        at(
            &world,
            "request",
            "event.create",
            json!({ "patch": {
            "replace": [{ "find": "Event a", "with": "Event b" }],
        } }),
        );
        world.fill(&["a"]).await;
        assert_eq!(world.server.items()[0].facts.title, "Event b");
    });
}

#[test]
fn a_stored_item_is_rewritten_and_its_answer_says_so() {
    with_each(async |world| {
        let drop = match world.protocol {
            Protocol::Dav => "DESCRIPTION",
            Protocol::Jmap => "description",
            Protocol::Graph => "body",
        };
        at(
            &world,
            "item",
            "event.create",
            json!({ "patch": {
            "drop": [drop], "headers": { "x-rewritten": "yes" },
        } }),
        );
        let made = world.create("a").await;
        assert_eq!((made.is_refused(), made.header("x-rewritten")), (false, "yes"));
    });
}
