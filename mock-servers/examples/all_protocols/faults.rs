//! The faults of a storm: what can be armed, and drawing one.

use calamity_base::entropy::Stream;
use calamity_mock_servers::faults::Rule;
use serde_json::{Value, json};

/// Each kind of fault, with what it takes beside its name.
fn all() -> Vec<(&'static str, Value)> {
    let at = |site: &str, op: &str, when: Value, what: Value| json!({ "site": site, "op": op, "when": when, "what": what, "origin": "hostile" });
    let busy = json!({ "error": { "code": "429", "status": 429 } });
    let sometimes = || json!({ "probability": 0.5 });
    let quota = json!({ "quota": { "key": ["account", "operation"], "limit": 2,
        "window_ms": 4_000, "says_when": true } });
    let crowd = json!({ "quota": { "concurrency": 1 } });
    vec![
        ("quota", at("request", "*", quota, busy.clone())),
        ("concurrency", at("request", "*", crowd, busy.clone())),
        ("stale", at("request", "*", sometimes(), json!({ "stale": { "lag_ms": 3_000 } }))),
        (
            "race-edit",
            at(
                "request",
                "event.*",
                json!({}),
                json!({ "race": { "edit": { "description": "another's" } } }),
            ),
        ),
        (
            "race-delete",
            at("request", "event.update", json!({ "times": 1 }), json!({ "race": "delete" })),
        ),
        ("drop", at("feed", "feed.*", json!({}), json!({ "sequence": { "drop": [0] } }))),
        (
            "shuffle",
            at("feed", "feed.*", json!({}), json!({ "sequence": { "reorder": "shuffle" } })),
        ),
        ("loop", at("feed", "feed.*", json!({ "times": 2 }), json!({ "token": "loop" }))),
        ("skip", at("feed", "feed.*", sometimes(), json!({ "token": "skip" }))),
        ("truncate", at("feed", "feed.*", sometimes(), json!({ "token": "truncate" }))),
        ("expire", at("feed", "feed.*", json!({ "times": 1 }), json!({ "token": "expire" }))),
        ("cut", at("feed", "feed.*", json!({}), json!({ "cut": { "keep": 0.5 } }))),
        (
            "throttle",
            at("response", "*", sometimes(), json!({ "throttle": { "bytes_per_second": 4_000 } })),
        ),
        (
            "dribble",
            at(
                "response",
                "*",
                json!({ "times": 2 }),
                json!({ "dribble": { "bytes": 90, "every_ms": 50 } }),
            ),
        ),
        (
            "lognormal",
            at(
                "request",
                "*",
                json!({}),
                json!({ "delay-lognormal": { "median_ms": 300, "sigma": 1.0, "most_ms": 5_000 } }),
            ),
        ),
        (
            "uniform",
            at(
                "request",
                "*",
                json!({}),
                json!({ "delay-uniform": { "from_ms": 10, "upto_ms": 900 } }),
            ),
        ),
        ("reset", at("response", "*", sometimes(), json!({ "abort": "reset" }))),
        ("garbage", at("request", "*", sometimes(), json!({ "abort": "garbage" }))),
        ("refuse", at("link", "*", sometimes(), json!({ "abort": "refuse" }))),
        (
            "refused",
            at(
                "item",
                "*",
                sometimes(),
                json!({ "error": { "code": "forbidden", "status": 403 } }),
            ),
        ),
        ("etag", at("response", "*", sometimes(), json!({ "patch": { "etag": "weak" } }))),
        ("push-late", at("push", "push.*", json!({}), json!({ "delay": { "ms": 2_500 } }))),
        (
            "push-twice",
            at("push", "push.*", sometimes(), json!({ "sequence": { "duplicate": [0] } })),
        ),
        (
            "push-overtaken",
            at("push", "push.*", sometimes(), json!({ "sequence": { "reorder": "reverse" } })),
        ),
    ]
}

/// Their names.
#[cfg(test)]
pub(super) fn kinds() -> Vec<&'static str> {
    all().into_iter().map(|(kind, _)| kind).collect()
}

/// Draws one. Its id is its kind and a number.
pub(super) fn draw(stream: &mut Stream, number: &str) -> Option<Rule> {
    let all = all();
    let nth = usize::try_from(stream.below(all.len() as u64)).ok()?;
    let (kind, mut rule) = all.into_iter().nth(nth)?;
    rule["id"] = json!(format!("{kind}-{number}"));
    let rule: Rule = serde_json::from_value(rule).ok()?;
    rule.check().ok().map(|()| rule)
}
