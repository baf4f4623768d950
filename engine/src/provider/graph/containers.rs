//! Calendars.

use http::Method;
use serde_json::{Map, Value, json};

use crate::model::{Container, ContainerId};
use crate::provider::Error;

use super::Graph;

impl Graph {
    pub(super) async fn list_containers(&self) -> Result<Vec<Container>, Error> {
        const WHAT: &str = "calendar.list";
        let query = [("$top", "100"), ("$select", "id,name")];
        let first = self.address(&["me", "calendars"], &query)?;
        let mut containers = Some(Vec::new());
        let take = |calendar: Map<String, Value>| {
            let text = |name: &str| calendar.get(name).and_then(Value::as_str);
            match (text("id"), text("name"), &mut containers) {
                (Some(id), Some(name), Some(all)) => {
                    all.push(Container { id: ContainerId(id.to_owned()), name: name.to_owned() });
                }
                _ => containers = None,
            }
        };
        self.pages(WHAT, first, &[], take).await?;
        containers
            .ok_or_else(|| self.http.malformed(WHAT, "a calendar has no id or name".to_owned()))
    }

    pub(super) async fn make_container(&self, name: &str) -> Result<Container, Error> {
        const WHAT: &str = "calendar.create";
        let uri = self.address(&["me", "calendars"], &[])?;
        let body = Map::from_iter([("name".to_owned(), json!(name))]);
        let reply = self.write(WHAT, Method::POST, uri, Some(&body), None).await?;
        if !(200..300).contains(&reply.status) {
            return Err(self.refused(&reply));
        }
        let calendar = self.object(&reply)?;
        let id = calendar.get("id").and_then(Value::as_str);
        match id {
            Some(id) => Ok(Container { id: id.into(), name: name.to_owned() }),
            None => Err(self.http.malformed(WHAT, "the answer has no id".to_owned())),
        }
    }
}
