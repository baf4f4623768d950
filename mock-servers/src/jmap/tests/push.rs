//! Push: event sources and subscriptions (RFC 8620 section 7).

use std::sync::{Arc, Mutex};
use std::time::Duration;

use calamity_base::http::{Answer, Incoming, ServerLimits, serve};
use calamity_base::net::Addr;
use calamity_evidence::Actor;
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};

use super::harness::{World, json_of, on_loopback, simulated, simulated_with_guest};

async fn rest(world: &World, seconds: u64) {
    world.env.clock.sleep(Duration::from_secs(seconds)).await;
}

/// The events of a stream: name, id, data.
fn events(body: &[u8]) -> Vec<(String, String, Value)> {
    let text = std::str::from_utf8(body).unwrap();
    let event = |block: &str| {
        let field = |name: &str| {
            let lines = block.lines();
            let found = lines.filter_map(|line| line.strip_prefix(name)).next();
            found.unwrap_or_default().to_owned()
        };
        (field("event: "), field("id: "), serde_json::from_str(&field("data: ")).unwrap())
    };
    text.split_terminator("\n\n").map(event).collect()
}

async fn a_change_is_streamed(world: World) {
    let path = "/jmap/eventsource?types=*&closeafter=state&ping=0";
    // The stream tells of what changes after the request came.
    let came = Arc::new(tokio::sync::Notify::new());
    let heard = Arc::clone(&came);
    world.server.on_answer(Some(Arc::new(move |_| heard.notify_one())));
    let watching = world.get(path);
    let acting = async {
        came.notified().await;
        world.server.create_address_book(Actor::Seed, "People");
    };
    let (answer, ()) = tokio::join!(watching, acting);
    world.server.on_answer(None);
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let [(name, id, change)] = &events(answer.body())[..] else { panic!("{answer:?}") };
    assert_eq!(name, "state");
    let state = world.ok("AddressBook/get", json!({})).await["state"].clone();
    let account = world.account.as_str();
    let expected =
        json!({ "@type": "StateChange", "changed": { account: { "AddressBook": state } } });
    assert_eq!(*change, expected);

    // Whoever comes back with the id of what they know is told of the rest at once.
    world.seed(1);
    let mut request = world.request(Method::GET, path).body(bytes::Bytes::new()).unwrap();
    request.headers_mut().insert("last-event-id", id.parse().unwrap());
    let answer = world.client.send(request).await.unwrap();
    let (_, _, change) = events(answer.body()).remove(0);
    assert_eq!(change["changed"][account], json!({ "CalendarEvent": world.state().await }));
}

#[test]
fn a_change_is_streamed_in_simulation() {
    simulated(a_change_is_streamed);
}

#[test]
fn a_change_is_streamed_on_loopback() {
    on_loopback(a_change_is_streamed);
}

#[test]
fn only_the_types_asked_for_are_streamed_and_pings_between() {
    simulated(async |world| {
        let path = "/jmap/eventsource?types=ContactCard%2CCalendar&closeafter=state&ping=2";
        let acting = async {
            rest(&world, 3).await;
            world.seed(1);
            rest(&world, 3).await;
            world.server.create_calendar(Actor::Seed, "New");
        };
        let (answer, ()) = tokio::join!(world.get(path), acting);
        let all = events(answer.body());
        let names: Vec<&str> = all.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(
            names,
            ["ping", "ping", "state"],
            "what is not asked for does not put a ping off"
        );
        assert_eq!((all[0].1.as_str(), &all[0].2), ("", &json!({ "interval": 2 })));
        let changed = all[2].2["changed"][&world.account].as_object().unwrap();
        assert_eq!(changed.keys().collect::<Vec<_>>(), ["Calendar"]);
    });
}

#[test]
fn sources_are_asked_for_properly() {
    simulated(async |world| {
        for query in
            ["types=&closeafter=no&ping=0", "closeafter=x", "ping=-1", "ping=x", "types=%FF"]
        {
            let answer = world.get(&format!("/jmap/eventsource?{query}")).await;
            assert_eq!(answer.status(), 400, "{query}");
            assert_eq!(answer.headers()["content-type"], "application/problem+json");
        }
        let request = world.request(Method::POST, "/jmap/eventsource").body(bytes::Bytes::new());
        assert_eq!(world.client.send(request.unwrap()).await.unwrap().status(), 405);
        let session = json_of(&world.get("/jmap/session").await);
        let template = session["eventSourceUrl"].as_str().unwrap();
        for variable in ["{types}", "{closeafter}", "{ping}"] {
            assert!(template.contains(variable), "{template}");
        }
    });
}

/// A push service that answers in turn with these statuses, and then 200.
#[derive(Clone)]
struct Service {
    came: Arc<Mutex<Vec<Incoming>>>,
}

impl Service {
    async fn start(world: &World, statuses: Vec<u16>) -> Self {
        let came: Arc<Mutex<Vec<Incoming>>> = Arc::default();
        let list = Arc::clone(&came);
        let handler = move |request: Incoming| {
            let mut list = list.lock().unwrap();
            let status = statuses.get(list.len()).copied().unwrap_or(200);
            list.push(request);
            let mut answer = Response::new(bytes::Bytes::new());
            *answer.status_mut() = StatusCode::from_u16(status).unwrap();
            std::future::ready(Answer::Full(answer))
        };
        let at = Addr::new("push.test", 80);
        serve(&world.env, at, Arc::new(handler), ServerLimits::default()).await.unwrap();
        Self { came }
    }

    fn bodies(&self) -> Vec<Value> {
        let came = self.came.lock().unwrap();
        came.iter().map(|request| serde_json::from_slice(&request.body).unwrap()).collect()
    }
}

async fn set(world: &World, arguments: Value) -> Value {
    let responses = world.calls(json!([["PushSubscription/set", arguments, "0"]])).await;
    assert_eq!(responses[0][0], "PushSubscription/set", "{responses:?}");
    responses[0][1].clone()
}

async fn get(world: &World, arguments: Value) -> Value {
    world.calls(json!([["PushSubscription/get", arguments, "0"]])).await[0].clone()
}

async fn subscribed(world: &World, service: &Service, types: Value) -> String {
    let create = json!({ "create": { "p": {
        "deviceClientId": "d1", "url": "http://push.test/x?y=1", "types": types,
    } } });
    let answer = set(world, create).await;
    let id = answer["created"]["p"]["id"].as_str().unwrap().to_owned();
    rest(world, 1).await;
    let code = service.bodies().pop().unwrap()["verificationCode"].clone();
    let verify = json!({ "update": { id.as_str(): { "verificationCode": code } } });
    assert_eq!(set(world, verify).await["updated"], json!({ id.as_str(): null }));
    id
}

#[test]
fn a_subscription_is_verified_and_then_told() {
    simulated(async |world| {
        let service = Service::start(&world, Vec::new()).await;
        let create = json!({ "create": { "p": {
            "deviceClientId": "d1", "url": "http://push.test/x?y=1", "types": null,
        } } });
        let answer = set(&world, create).await;
        assert_eq!(answer.get("newState"), None);
        let made = answer["created"]["p"].as_object().unwrap();
        assert_eq!(made.keys().collect::<Vec<_>>(), ["expires", "id", "keys", "verificationCode"]);
        let id = made["id"].as_str().unwrap().to_owned();
        rest(&world, 1).await;
        world.seed(1);
        rest(&world, 60).await;
        let bodies = service.bodies();
        let [asked] = &bodies[..] else {
            panic!("nothing more before the code is said: {bodies:?}")
        };
        assert_eq!(
            (&asked["@type"], &asked["pushSubscriptionId"]),
            (&json!("PushVerification"), &json!(id))
        );
        {
            let came = service.came.lock().unwrap();
            assert_eq!(
                (came[0].method.as_str(), came[0].uri.to_string().as_str()),
                ("POST", "/x?y=1")
            );
            assert_eq!(came[0].headers["content-type"], "application/json");
            assert!(came[0].headers.contains_key("ttl"));
        }
        let wrong = json!({ "update": { id.as_str(): { "verificationCode": "x" } } });
        let error = set(&world, wrong).await["notUpdated"][&id].clone();
        assert_eq!(
            (&error["type"], &error["properties"]),
            (&json!("invalidProperties"), &json!(["verificationCode"]))
        );
        let right =
            json!({ "update": { id.as_str(): { "verificationCode": asked["verificationCode"] } } });
        assert_eq!(set(&world, right).await["updated"], json!({ id.as_str(): null }));
        rest(&world, 1).await;
        assert_eq!(service.bodies().len(), 1, "what was before is not told");

        world.made(world.event("u", "x")).await;
        rest(&world, 1).await;
        let bodies = service.bodies();
        let account = world.account.as_str();
        let state = world.state().await;
        let expected =
            json!({ "@type": "StateChange", "changed": { account: { "CalendarEvent": state } } });
        assert_eq!(bodies[1..], [expected]);
        set(&world, json!({ "destroy": [id] })).await;
        world.made(world.event("u2", "x")).await;
        rest(&world, 60).await;
        assert_eq!(service.bodies().len(), 2);
    });
}

#[test]
fn subscriptions_are_shown_without_their_secrets() {
    simulated_with_guest("strict", async |owner, guest| {
        let service = Service::start(&owner, Vec::new()).await;
        let id = subscribed(&owner, &service, json!(["Calendar"])).await;
        let answer = get(&owner, json!({})).await;
        let shown = answer[1]["list"][0].as_object().unwrap();
        assert_eq!(answer[1].get("state"), None);
        assert_eq!(answer[1].get("accountId"), None);
        let names = ["deviceClientId", "expires", "id", "types", "verificationCode"];
        assert_eq!(shown.keys().collect::<Vec<_>>(), names);
        assert_eq!(shown["types"], json!(["Calendar"]));
        assert_eq!(get(&owner, json!({ "properties": ["url"] })).await[1]["type"], "forbidden");
        assert_eq!(get(&owner, json!({ "properties": ["keys"] })).await[1]["type"], "forbidden");
        assert_eq!(
            get(&owner, json!({ "properties": ["x"] })).await[1]["type"],
            "invalidArguments"
        );
        let some = get(&owner, json!({ "ids": [id, "x"], "properties": ["types"] })).await;
        assert_eq!(some[1]["list"], json!([{ "id": id, "types": ["Calendar"] }]));
        assert_eq!(some[1]["notFound"], json!(["x"]));
        assert_eq!(get(&guest, json!({})).await[1]["list"], json!([]));
        let destroy = set(&guest, json!({ "destroy": [id] })).await;
        assert_eq!(destroy["notDestroyed"][&id]["type"], "notFound");

        owner.seed(1);
        rest(&owner, 1).await;
        assert_eq!(service.bodies().len(), 1, "events are not among the types");
        owner.server.create_calendar(Actor::Seed, "New");
        rest(&owner, 1).await;
        assert_eq!(service.bodies().len(), 2);
    });
}

#[test]
fn what_is_no_subscription_is_refused() {
    simulated(async |world| {
        let good = json!({ "deviceClientId": "d", "url": "https://a.b/" });
        let cases = [
            (json!({ "url": "http://a.b/" }), json!(["url"])),
            (json!({ "url": "x" }), json!(["url"])),
            (json!({ "url": null }), json!(["url"])),
            (json!({ "deviceClientId": "" }), json!(["deviceClientId"])),
            (json!({ "keys": { "p256dh": "x", "auth": "y" } }), json!(["keys"])),
            (json!({ "verificationCode": "x" }), json!(["verificationCode"])),
            (json!({ "expires": "tomorrow" }), json!(["expires"])),
            (json!({ "types": [1] }), json!(["types"])),
            (json!({ "id": "x" }), json!(["id"])),
        ];
        for (change, properties) in cases {
            let mut one = good.clone();
            one.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let answer = set(&world, json!({ "create": { "p": one } })).await;
            assert_eq!(answer["notCreated"]["p"]["properties"], properties, "{change}");
        }
        let unknown = json!([["PushSubscription/set", { "ifInState": "x" }, "0"]]);
        assert_eq!(world.calls(unknown).await[0][1]["type"], "invalidArguments");
        let create: Value = (0..33)
            .map(|n| (format!("p{n}"), good.clone()))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let answer = set(&world, json!({ "create": create })).await;
        let refused = answer["notCreated"].as_object().unwrap();
        assert_eq!(refused.len(), 1);
        assert_eq!(refused.values().next().unwrap()["type"], "overQuota");
    });
}

#[test]
fn a_subscription_expires() {
    simulated(async |world| {
        let service = Service::start(&world, Vec::new()).await;
        let id = subscribed(&world, &service, Value::Null).await;
        let far = json!({ "update": { id.as_str(): { "expires": "2099-01-01T00:00:00Z" } } });
        let updated = set(&world, far).await["updated"][&id].clone();
        assert!(updated["expires"].as_str().unwrap() < "2099", "limited, and said so: {updated}");
        let soon = world.env.clock.now() + Duration::from_secs(5);
        let soon = soon.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let near = json!({ "update": { id.as_str(): { "expires": soon } } });
        assert_eq!(set(&world, near).await["updated"], json!({ id.as_str(): null }));
        rest(&world, 6).await;
        world.seed(1);
        rest(&world, 60).await;
        assert_eq!(service.bodies().len(), 1);
        assert_eq!(get(&world, json!({})).await[1]["list"], json!([]));
    });
}

#[test]
fn a_push_is_repeated_a_few_times_and_put_together() {
    simulated(async |world| {
        let service = Service::start(&world, vec![200, 500, 429, 503]).await;
        subscribed(&world, &service, Value::Null).await;
        world.seed(1);
        rest(&world, 1).await;
        assert_eq!(service.bodies().len(), 2);
        rest(&world, 2).await;
        assert_eq!(service.bodies().len(), 3, "again after two seconds");
        world.server.create_calendar(Actor::Seed, "New");
        rest(&world, 50).await;
        assert_eq!(service.bodies().len(), 3, "too many requests: a minute of rest");
        rest(&world, 20).await;
        assert_eq!(service.bodies().len(), 5, "a 503, and once more");
        let last = service.bodies().pop().unwrap();
        assert_eq!(last["changed"][&world.account].as_object().unwrap().len(), 2);
    });
    simulated(async |world| {
        let service = Service::start(&world, vec![200, 500, 500, 500, 500, 500, 500]).await;
        subscribed(&world, &service, Value::Null).await;
        world.seed(1);
        rest(&world, 3600).await;
        assert_eq!(service.bodies().len(), 6, "five attempts, and no more");
    });
    simulated(async |world| {
        let service = Service::start(&world, vec![200, 410]).await;
        subscribed(&world, &service, Value::Null).await;
        world.seed(1);
        rest(&world, 1).await;
        assert_eq!(get(&world, json!({})).await[1]["list"], json!([]), "gone");
    });
}
