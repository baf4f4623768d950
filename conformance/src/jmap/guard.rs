//! The rule of JMAP runs: a `set` creates calendars and address books under names of the run's own,
//! puts items into those and nowhere else, and touches what it was told the ids of when it made it.

use std::collections::BTreeSet;
use std::sync::Mutex;

use serde_json::{Map, Value};

use crate::PREFIX;
use crate::client::{Ask, Guard, Outside, Reply, lock};

/// What ids begin with that no server has given to anybody.
pub(crate) const NOTHING: &str = "calamity-nothing";

/// What of a `set` is looked at; another argument refuses the call.
const ARGUMENTS: [&str; 8] = [
    "accountId",
    "ifInState",
    "create",
    "update",
    "destroy",
    "onDestroyRemoveEvents",
    "onDestroyRemoveContents",
    "sendSchedulingMessages",
];

/// Types that hold items, with the type of the items and their property that says where they are.
const CONTAINERS: [(&str, &str, &str); 2] = [
    ("Calendar", "CalendarEvent", "calendarIds"),
    ("AddressBook", "ContactCard", "addressBookIds"),
];

/// The ids of what a run has made, each with its type.
#[derive(Debug, Default)]
pub(crate) struct Inside(Mutex<BTreeSet<(String, String)>>);

/// Permits a copy that can have no effect: of what no server has, and with nothing to follow it.
fn copy(arguments: &Value) -> Result<(), &'static str> {
    let known = ["accountId", "fromAccountId", "create"];
    let harmless = arguments.as_object().is_some_and(|given| {
        given.keys().all(|name| known.contains(&name.as_str()))
            && given.get("create").and_then(Value::as_object).is_some_and(|objects| {
                let nothing = |id: &Value| id.as_str().is_some_and(|id| id.starts_with(NOTHING));
                objects.values().all(|object| nothing(&object["id"]))
            })
    });
    if harmless { Ok(()) } else { Err("it might copy something") }
}

impl Inside {
    /// The containers that were made since the last time.
    pub(crate) fn take_containers(&self) -> Vec<(String, String)> {
        let mut made = lock(&self.0);
        let container = |kind: &str| CONTAINERS.iter().any(|(name, ..)| *name == kind);
        let all = std::mem::take(&mut *made).into_iter();
        let (containers, items): (Vec<_>, Vec<_>) = all.partition(|(kind, _)| container(kind));
        made.extend(items);
        containers
    }

    /// Permits a type's id from now on.
    pub(crate) fn claim(&self, kind: &str, id: &str) {
        lock(&self.0).insert((kind.to_owned(), id.to_owned()));
    }

    fn request(&self, body: &Value) -> Result<(), &'static str> {
        let Some(calls) = body.get("methodCalls").and_then(Value::as_array) else { return Ok(()) };
        if body["createdIds"].as_object().is_some_and(|ids| !ids.is_empty()) {
            return Err("it names things by createdIds");
        }
        let mut made = BTreeSet::new();
        for call in calls {
            let name = call[0].as_str().unwrap_or_default();
            let (kind, verb) = name.split_once('/').unwrap_or((name, ""));
            match verb {
                "get" | "changes" | "query" | "queryChanges" | "echo" | "unheardOf" => {}
                "set" => self.set(kind, &call[1], &mut made)?,
                "copy" => copy(&call[1])?,
                _ => return Err("it might change something"),
            }
        }
        Ok(())
    }

    fn set(
        &self,
        kind: &str,
        arguments: &Value,
        made: &mut BTreeSet<(String, String)>,
    ) -> Result<(), &'static str> {
        let none = Map::new();
        let arguments = arguments.as_object().unwrap_or(&none);
        if arguments.keys().any(|key| !ARGUMENTS.contains(&key.as_str())) {
            return Err("an argument that is not known to be harmless");
        }
        let map = |name: &str| arguments.get(name).and_then(Value::as_object).unwrap_or(&none);
        for (creation, object) in map("create") {
            self.create(kind, object, made)?;
            made.insert((kind.to_owned(), format!("#{creation}")));
        }
        let destroyed = arguments.get("destroy").and_then(Value::as_array).into_iter().flatten();
        let named = map("update").keys().map(String::as_str);
        for id in named.chain(destroyed.map(|id| id.as_str().unwrap_or_default())) {
            if !self.owns(kind, id, made) {
                return Err("it is nothing that this run made");
            }
        }
        map("update").values().try_for_each(|patch| self.moves(kind, patch, made))
    }

    fn create(
        &self,
        kind: &str,
        object: &Value,
        made: &BTreeSet<(String, String)>,
    ) -> Result<(), &'static str> {
        if CONTAINERS.iter().any(|(name, ..)| *name == kind) {
            let own = object["name"].as_str().is_some_and(|name| name.starts_with(PREFIX));
            return if own { Ok(()) } else { Err("it has no name of the run's own") };
        }
        let of = CONTAINERS.iter().find(|(_, item, _)| *item == kind);
        let (container, _, property) = of.ok_or("it is of a type that no check makes")?;
        let places = object[*property].as_object();
        let own = places.is_some_and(|places| {
            !places.is_empty() && places.keys().all(|id| self.owns(container, id, made))
        });
        if own { Ok(()) } else { Err("it is not in a collection that this run made") }
    }

    /// Refuses a patch that puts an item somewhere else.
    fn moves(
        &self,
        kind: &str,
        patch: &Value,
        made: &BTreeSet<(String, String)>,
    ) -> Result<(), &'static str> {
        let Some((container, _, property)) = CONTAINERS.iter().find(|(_, item, _)| *item == kind)
        else {
            return Ok(());
        };
        for (pointer, value) in patch.as_object().into_iter().flatten() {
            let to: Vec<&str> = if pointer == property {
                value.as_object().into_iter().flatten().map(|(id, _)| id.as_str()).collect()
            } else {
                let inner = pointer.strip_prefix(*property).and_then(|rest| rest.strip_prefix('/'));
                inner.into_iter().collect()
            };
            if to.iter().any(|id| !self.owns(container, id, made)) {
                return Err("it goes to a collection that this run did not make");
            }
        }
        Ok(())
    }

    fn owns(&self, kind: &str, id: &str, made: &BTreeSet<(String, String)>) -> bool {
        let key = (kind.to_owned(), id.to_owned());
        id.starts_with(NOTHING) || made.contains(&key) || lock(&self.0).contains(&key)
    }
}

impl Guard for Inside {
    fn permit(&self, ask: &Ask) -> Result<(), Outside> {
        match ask.method.as_str() {
            "GET" => Ok(()),
            "POST" => {
                // What is no JSON asks for nothing.
                let body = serde_json::from_slice(&ask.body).unwrap_or(Value::Null);
                self.request(&body).map_err(|reason| ask.outside(reason))
            }
            _ => Err(ask.outside("it might change something")),
        }
    }

    fn learn(&self, ask: &Ask, reply: &Reply) {
        let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap_or(Value::Null);
        let (asked, answer) = (read(&ask.body), read(&reply.body));
        for response in answer["methodResponses"].as_array().into_iter().flatten() {
            let name = response[0].as_str().unwrap_or_default();
            let Some(kind) = name.strip_suffix("/set") else { continue };
            let created = response[1]["created"].as_object();
            for (creation, object) in created.into_iter().flatten() {
                let calls = asked["methodCalls"].as_array();
                let asked_for = calls.into_iter().flatten().any(|call| {
                    call[0] == response[0] && call[1]["create"].get(creation.as_str()).is_some()
                });
                if let (true, Some(id)) = (asked_for, object["id"].as_str()) {
                    self.claim(kind, id);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::HeaderMap;

    fn permits(inside: &Inside, calls: &str) -> bool {
        let body = format!("{{\"methodCalls\": {calls}}}");
        inside.permit(&Ask::new("POST", "/api").body("application/json", body)).is_ok()
    }

    #[test]
    fn only_what_the_run_made_is_written_to() {
        let inside = Inside::default();
        inside.claim("Calendar", "c");
        inside.claim("CalendarEvent", "e");
        for (calls, holds) in [
            (r#"[["Calendar/get", {}, "0"]]"#, true),
            (r#"[["Calendar/set", {"accountId": "a", "ifInState": "x"}, "0"]]"#, true),
            (r#"[["Calendar/get", {}, "0"], ["Calendar/set", {"destroy": ["a"]}, "1"]]"#, false),
            (r#"[["Calendar/set", {"destroy": ["c"]}, "1"]]"#, true),
            (r#"[["CalendarEvent/set", {"destroy": ["c"]}, "1"]]"#, false),
            (r##"[["Calendar/set", {"#destroy": {}}, "1"]]"##, false),
            (r#"[["Calendar/set", {"onSuccessSetIsDefault": "c"}, "1"]]"#, false),
            (r#"[["Calendar/set", {"create": {"n": {"name": "Work"}}}, "1"]]"#, false),
            (r#"[["Calendar/set", {"create": {"n": {"name": "calamity-conform-1"}}}, "1"]]"#, true),
            (
                r#"[["CalendarEvent/set", {"create": {"n": {"calendarIds": {"c": true}}}}, "1"]]"#,
                true,
            ),
            (
                r#"[["CalendarEvent/set", {"create": {"n": {"calendarIds": {"d": true}}}}, "1"]]"#,
                false,
            ),
            (r#"[["CalendarEvent/set", {"create": {"n": {}}}, "1"]]"#, false),
            (
                r##"[["CalendarEvent/set", {"create": {"n": {"calendarIds": {"#n": true}}}}, "1"]]"##,
                false,
            ),
            (r#"[["CalendarEvent/set", {"update": {"e": {"title": "x"}}}, "1"]]"#, true),
            (r#"[["CalendarEvent/set", {"update": {"e": {"calendarIds/d": true}}}, "1"]]"#, false),
            (
                r#"[["CalendarEvent/set", {"update": {"e": {"calendarIds": {"d": true}}}}, "1"]]"#,
                false,
            ),
            (r#"[["CalendarEvent/set", {"update": {"f": {"title": "x"}}}, "1"]]"#, false),
            (r#"[["Mailbox/set", {"create": {"n": {"name": "calamity-conform-1"}}}, "1"]]"#, false),
            (r#"[["Email/import", {}, "0"]]"#, false),
        ] {
            assert_eq!(permits(&inside, calls), holds, "{calls}");
        }
        assert!(inside.permit(&Ask::new("POST", "/api").body("x", "{")).is_ok());
        assert!(inside.permit(&Ask::new("PUT", "/api")).is_err());
    }

    #[test]
    fn ids_are_learned_from_what_was_asked_for() {
        let inside = Inside::default();
        let asked = r#"{"methodCalls": [["Calendar/set", {"create": {"n": {}}}, "0"]]}"#;
        let answer = r#"{"methodResponses": [["Calendar/set",
            {"created": {"n": {"id": "c1"}, "m": {"id": "c2"}}}, "0"]]}"#;
        let reply = Reply { status: 200, headers: HeaderMap::new(), body: Bytes::from(answer) };
        inside.learn(&Ask::new("POST", "/api").body("application/json", asked), &reply);
        assert_eq!(inside.take_containers(), [("Calendar".to_owned(), "c1".to_owned())]);
        assert_eq!(inside.take_containers(), []);
    }
}
