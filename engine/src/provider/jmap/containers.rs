//! `Calendar/get` and `Calendar/set`.

use serde_json::{Value, json};

use crate::model::{Container, ContainerId};
use crate::provider::Error;

use super::Jmap;
use super::answers::SetError;

impl Jmap {
    pub(super) async fn list_containers(&self) -> Result<Vec<Container>, Error> {
        const WHAT: &str = "calendar.list";
        let session = self.session().await?;
        let arguments = json!({"ids": null, "properties": ["id", "name"]});
        let answer = self.read(&session, WHAT, "Calendar/get", arguments).await?;
        let list = answer.get("list").and_then(Value::as_array);
        let list =
            list.ok_or_else(|| self.http.malformed(WHAT, "the answer has no list".to_owned()))?;
        let container = |calendar: &Value| {
            let text = |member: &str| calendar.get(member)?.as_str().map(str::to_owned);
            Some(Container { id: ContainerId(text("id")?), name: text("name")? })
        };
        let containers: Option<Vec<Container>> = list.iter().map(container).collect();
        containers
            .ok_or_else(|| self.http.malformed(WHAT, "a calendar has no id or name".to_owned()))
    }

    pub(super) async fn make_container(&self, name: &str) -> Result<Container, Error> {
        const WHAT: &str = "calendar.create";
        let session = self.session().await?;
        let arguments = json!({"create": {"new1": {"name": name}}});
        let response = self.call(&session, WHAT, "Calendar/set", arguments, false).await?;
        let answer = match response {
            super::call::Response::Method(answer) => answer,
            super::call::Response::Error { kind, description } => {
                return Err(self.method(WHAT, kind, description));
            }
        };
        if let Some(error) = answer.get("notCreated").and_then(|all| all.get("new1")) {
            let SetError { kind, description, .. } = SetError::read(error);
            return Err(self.method(WHAT, kind, description));
        }
        let id = answer.get("created").and_then(|all| all.get("new1")?.get("id")?.as_str());
        match id {
            Some(id) => Ok(Container { id: id.into(), name: name.to_owned() }),
            None => Err(self.http.malformed(WHAT, "the answer does not mention it".to_owned())),
        }
    }
}
