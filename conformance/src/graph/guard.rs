//! The rule of Graph runs: a request that may write makes a calendar or a folder under a name of the
//! run's own, or names something by an id that such a making, or one inside of it, was answered with.

use std::collections::BTreeSet;
use std::sync::Mutex;

use http::Method;
use serde_json::Value;

use crate::PREFIX;
use crate::client::{Ask, Guard, Outside, Reply, lock};

/// The ids of what a run has made.
#[derive(Debug)]
pub(crate) struct Inside {
    base: String,
    ids: Mutex<BTreeSet<String>>,
}

/// What a write is about.
enum Place {
    /// A new calendar or folder; the member that holds its name.
    Container(&'static str),
    /// Something with this id, or below it.
    Of(String),
    /// Many requests in one.
    Batch,
}

impl Inside {
    pub(crate) fn new(base: &str) -> Inside {
        Inside { base: base.to_owned(), ids: Mutex::default() }
    }

    /// The segments of a target below the base, decoded; none for what may not be what it seems.
    fn segments(&self, target: &str) -> Option<Vec<String>> {
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let path = path.strip_prefix(self.base.as_str())?.strip_prefix('/')?;
        let segments: Vec<String> = path.split('/').map(str::to_owned).collect();
        let odd = |segment: &String| {
            segment.is_empty() || segment == "." || segment == ".." || segment.contains(['%', '\\'])
        };
        (!segments.iter().any(odd)).then_some(segments)
    }

    fn place(&self, method: &str, target: &str) -> Option<Place> {
        let segments = self.segments(target)?;
        let names: Vec<&str> = segments.iter().map(String::as_str).collect();
        match (method, names.as_slice()) {
            ("POST", ["$batch"]) => Some(Place::Batch),
            ("POST", ["me", "calendars"]) => Some(Place::Container("name")),
            ("POST", ["me", "contactFolders"]) => Some(Place::Container("displayName")),
            (_, ["me", "calendars" | "events" | "contactFolders" | "contacts", id, ..]) => {
                Some(Place::Of((*id).to_owned()))
            }
            _ => None,
        }
    }

    fn may(&self, method: &str, target: &str, body: &Value) -> Result<(), &'static str> {
        if method.eq_ignore_ascii_case("GET") {
            return Ok(());
        }
        let place = self.place(&method.to_ascii_uppercase(), target);
        match place.ok_or("it is no place in which a run writes")? {
            Place::Container(name) => {
                let own = body[name].as_str().is_some_and(|name| name.starts_with(PREFIX));
                own.then_some(()).ok_or("it has no name of the run's own")
            }
            Place::Of(id) => {
                let own = lock(&self.ids).contains(&id);
                own.then_some(()).ok_or("it is not of a collection that this run made")
            }
            Place::Batch => {
                let none = Vec::new();
                let requests = body["requests"].as_array().unwrap_or(&none);
                requests.iter().try_for_each(|request| {
                    let (method, url) = (text(&request["method"]), text(&request["url"]));
                    if url == "/$batch" {
                        return Err("a batch in a batch");
                    }
                    self.may(method, &format!("{}{url}", self.base), &request["body"])
                })
            }
        }
    }

    /// Remembers the id of what was made.
    fn made(&self, method: &str, target: &str, status: u16, answer: &Value) {
        let Some(segments) = self.segments(target) else { return };
        let names: Vec<&str> = segments.iter().map(String::as_str).collect();
        let own = |id: &str| lock(&self.ids).contains(id);
        let inside = match (method, names.as_slice()) {
            ("POST", ["me", "calendars" | "contactFolders"]) => true,
            ("POST", ["me", "calendars", id, "events"]) => own(id),
            ("POST", ["me", "contactFolders", id, "contacts" | "childFolders"]) => own(id),
            ("GET", ["me", "events", id, "instances"]) => {
                if own(id) {
                    self.instances(answer);
                }
                false
            }
            _ => false,
        };
        if inside && matches!(status, 200 | 201) {
            lock(&self.ids).extend(answer["id"].as_str().map(str::to_owned));
        }
    }

    /// Instances of a series of the run's own have ids of their own.
    fn instances(&self, answer: &Value) {
        let rows = answer["value"].as_array().into_iter().flatten();
        let ids = rows.filter_map(|row| row["id"].as_str().map(str::to_owned));
        lock(&self.ids).extend(ids);
    }
}

impl Guard for Inside {
    fn permit(&self, ask: &Ask) -> Result<(), Outside> {
        if ask.method == Method::GET {
            return Ok(());
        }
        let body = serde_json::from_slice(&ask.body).unwrap_or(Value::Null);
        self.may(ask.method.as_str(), &ask.target, &body).map_err(|reason| ask.outside(reason))
    }

    fn learn(&self, ask: &Ask, reply: &Reply) {
        if !reply.is_success() {
            return;
        }
        let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap_or(Value::Null);
        let answer = read(&reply.body);
        if !ask.target.ends_with("/$batch") {
            self.made(ask.method.as_str(), &ask.target, reply.status, &answer);
            return;
        }
        let asked = read(&ask.body);
        for response in answer["responses"].as_array().into_iter().flatten() {
            let requests = asked["requests"].as_array().into_iter().flatten();
            let same = requests.filter(|request| request["id"] == response["id"]);
            for request in same {
                let status = response["status"].as_u64().and_then(|status| status.try_into().ok());
                let target = format!("{}{}", self.base, text(&request["url"]));
                let method = text(&request["method"]).to_ascii_uppercase();
                self.made(&method, &target, status.unwrap_or(0), &response["body"]);
            }
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::HeaderMap;
    use serde_json::json;

    fn permits(inside: &Inside, method: &str, target: &str, body: &Value) -> bool {
        let ask = Ask::new(method, target).body("application/json", body.to_string());
        inside.permit(&ask).is_ok()
    }

    #[test]
    fn only_what_the_run_made_is_written_to() {
        let inside = Inside::new("/v1.0");
        let named = |name: &str| json!({ "name": name });
        assert!(permits(&inside, "POST", "/v1.0/me/calendars", &named("calamity-conform-1")));
        assert!(!permits(&inside, "POST", "/v1.0/me/calendars", &named("Work")));
        let made = "/v1.0/me/calendars/a1/events";
        assert!(!permits(&inside, "POST", made, &json!({})));
        let ask = Ask::new("POST", "/v1.0/me/calendars").body("application/json", "{}");
        let reply = Reply {
            status: 201,
            headers: HeaderMap::new(),
            body: Bytes::from_static(b"{\"id\": \"a1\"}"),
        };
        inside.learn(&ask, &reply);
        assert!(permits(&inside, "POST", made, &json!({})));
        assert!(permits(&inside, "DELETE", "/v1.0/me/calendars/a1", &Value::Null));
        for outside in [
            "/v1.0/me/calendars/a2",
            "/v1.0/me/calendars/a2/a1",
            "/v1.0/me/calendars/a1/../a2",
            "/v1.0/me/calendars/%61%31",
            "/v1.0/me/events/e1",
            "/v1.0/me/calendar",
            "/v1.0/users/a1",
            "/beta/me/calendars/a1",
        ] {
            assert!(!permits(&inside, "DELETE", outside, &Value::Null), "{outside}");
        }
    }

    #[test]
    fn a_batch_may_do_what_its_requests_may() {
        let inside = Inside::new("/v1.0");
        let batch = |method: &str, url: &str| {
            json!({"requests": [{"id": "1", "method": "GET", "url": "/me"},
                                {"id": "2", "method": method, "url": url}]})
        };
        assert!(permits(&inside, "POST", "/v1.0/$batch", &batch("GET", "/me/events/e")));
        assert!(!permits(&inside, "POST", "/v1.0/$batch", &batch("DELETE", "/me/events/e")));
        assert!(!permits(&inside, "POST", "/v1.0/$batch", &batch("POST", "/$batch")));
    }
}
