//! What a configuration may say, and what is wrong with one that may not.

use serde_json::{Value, json};

use super::{Config, Range, Tls, schema};

fn valid() -> Value {
    json!({ "mock": 1, "servers": [{
        "name": "one", "protocol": "dav",
        "users": [{ "address": "a@example.com", "password": "a", "calendars": [{ "name": "Work" }] }],
    }]})
}

/// The mistakes of a configuration in which a value stands at a JSON pointer.
#[track_caller]
fn check(pointer: &str, value: Value, expect: &[&str]) {
    let mut config = valid();
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    match config.pointer_mut(parent).unwrap() {
        Value::Object(members) => drop(members.insert(last.to_owned(), value)),
        Value::Array(elements) => elements.push(value),
        _ => panic!("{pointer} leads nowhere"),
    }
    let config: Config = serde_json::from_value(config).unwrap();
    let found: Vec<String> = config
        .check()
        .iter()
        .map(|it| {
            let path: Vec<String> = it
                .path
                .iter()
                .map(|step| match step {
                    super::Step::Key(key) => (*key).to_owned(),
                    super::Step::At(at) => at.to_string(),
                })
                .collect();
            format!("{}: {}", path.join("."), it.message)
        })
        .collect();
    assert_eq!(found, expect);
}

#[test]
fn what_no_type_can_say_is_checked() {
    check("/seed", json!(3), &[]);
    check("/mock", json!(2), &["mock: version 2 of the configuration is not known here"]);
    check("/servers", json!([]), &["servers: there is no server"]);
    let name = |name: &str| json!({ "name": name, "protocol": "jmap", "users": [{ "address": "b@x", "password": "b" }] });
    check("/servers/1", name("two"), &[]);
    check("/servers/1", name("one"), &["servers.1.name: a second server is called `one`"]);
    check("/servers/1", name("A b"), &["servers.1.name: `A b` cannot be the name of a server"]);
    check(
        "/servers/0/profile",
        json!("stalwart"),
        &["servers.0.profile: unknown profile `stalwart`"],
    );
    check("/servers/0/users", json!([]), &["servers.0.users: the server has no user"]);
    let user = |address: &str, password: &str| json!({ "address": address, "password": password });
    check("/servers/0/users/1", user("b@example.com", "b"), &[]);
    check(
        "/servers/0/users/1",
        user("A@example.com", "a"),
        &[
            "servers.0.users.1.address: a second user is called `A@example.com`",
            "servers.0.users.1.password: A@example.com has the same password as a@example.com",
        ],
    );
    for wrong in ["alice", "@x", "a@", "a b@x", "a/b@x", "ä@x", "a@b@c"] {
        let expect = format!("servers.0.users.1.address: `{wrong}` cannot be a user");
        check("/servers/0/users/1", user(wrong, "b"), &[&expect]);
    }
    check(
        "/servers/0/users/1",
        user("b@x", ""),
        &["servers.0.users.1.password: this cannot be a password"],
    );
    let calendars = "/servers/0/users/0/calendars/1";
    check(
        calendars,
        json!({ "name": "Work" }),
        &["servers.0.users.0.calendars.1.name: a second one of the calendars is called `Work`"],
    );
    check(
        calendars,
        json!({ "name": " " }),
        &["servers.0.users.0.calendars.1.name: a name is missing"],
    );
    check(
        calendars,
        json!({ "name": "x", "attendees": 2 }),
        &["servers.0.users.0.calendars.1.attendees: there are no events that could have guests"],
    );
    let many = json!({ "name": "x", "events": 1_000_001 });
    check(
        calendars,
        many,
        &["servers.0.users: 1000001 events and contacts are too many for one server"],
    );
}

#[test]
fn a_port_that_others_reach_needs_a_token() {
    let check = |control: Value| {
        let mut config = valid();
        config["control"] = control;
        let config: Config = serde_json::from_value(config).unwrap();
        config.check().into_iter().map(|mistake| mistake.message).collect::<Vec<_>>()
    };
    for loopback in ["127.0.0.1:0", "127.9.9.9:1", "[::1]:0", "localhost:0"] {
        assert_eq!(check(json!({ "listen": loopback })), [""; 0], "{loopback}");
    }
    for open in ["0.0.0.0:0", "[::]:0", "192.168.1.5:1", "mock.example.org:1", "127.0.0.1.x:1"] {
        let host = open.rsplit_once(':').unwrap().0.trim_matches(['[', ']']);
        let expect = format!("others than this machine reach {host}");
        assert_eq!(check(json!({ "listen": open })), [expect]);
        assert_eq!(check(json!({ "listen": open, "token": "a-long-secret" })), [""; 0], "{open}");
    }
    for wrong in ["", "short", "with a space", "with\nline"] {
        assert_eq!(check(json!({ "token": wrong })), ["this cannot be a token"], "{wrong:?}");
    }
}

#[test]
fn a_port_belongs_to_one_server() {
    let mut config = valid();
    config["control"] = json!({ "listen": "127.0.0.1:8000" });
    config["servers"][0]["listen"] = json!("127.0.0.1:8000");
    let config: Config = serde_json::from_value(config).unwrap();
    let found = config.check();
    assert_eq!(found[0].message, "the control API listens on 127.0.0.1:8000 too");
    assert_eq!(found.len(), 1);
}

#[test]
fn small_values_have_forms_of_their_own() {
    let range = |value: Value| serde_json::from_value::<Range>(value).ok();
    assert_eq!(range(json!("1..6")), Some(Range { from: 1, to: 6 }));
    assert_eq!(range(json!(3)), Some(Range { from: 3, to: 3 }));
    for wrong in [json!("6..1"), json!("1.."), json!("x"), json!(1001), json!(-1), json!(null)] {
        assert_eq!(range(wrong.clone()), None, "{wrong}");
    }
    let tls = |value: Value| serde_json::from_value::<Tls>(value).ok();
    assert_eq!(
        (tls(json!("off")), tls(json!("generated"))),
        (Some(Tls::Off), Some(Tls::Generated))
    );
    assert!(matches!(tls(json!({ "cert": "c", "key": "k" })), Some(Tls::Files(_))));
    for wrong in [json!("on"), json!({ "cert": "c" }), json!({ "cert": "c", "key": "k", "x": 1 })] {
        assert_eq!(tls(wrong.clone()), None, "{wrong}");
    }
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/mock-1.json");
    let current = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(path, &current).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(published == current, "run the test with UPDATE_SCHEMA=1 and look at the difference");
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    assert!(validator.is_valid(&valid()));
    let mut wrong = valid();
    wrong["servers"][0]["tsl"] = json!("off");
    assert!(!validator.is_valid(&wrong));
}
