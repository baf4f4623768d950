//! `ParticipantIdentity/get`: the one address that stands for the user in this account
//! (draft-ietf-jmap-calendars-27 section 3).

use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::dispatch::Run;
use super::errors::MethodError;
use crate::account::derive;

pub(super) fn run(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    let arguments = Arguments::new(arguments, &["ids", "properties"])?;
    let host = run.turn.host();
    let own = derive(host.seed, "identity", &host.owner, 0);
    let asked = arguments.texts("ids")?.unwrap_or_else(|| vec![own.clone()]);
    let (found, missing): (Vec<String>, Vec<String>) = asked.into_iter().partition(|id| *id == own);
    let properties = arguments.texts("properties")?;
    let show = |id: String| {
        let mut shown = Map::from_iter([
            ("name".to_owned(), json!("")),
            ("calendarAddress".to_owned(), json!(format!("mailto:{}", host.owner))),
            ("isDefault".to_owned(), json!(true)),
        ]);
        shown.retain(|name, _| properties.as_ref().is_none_or(|wanted| wanted.contains(name)));
        shown.insert("id".to_owned(), json!(id));
        Value::Object(shown)
    };
    Ok(Map::from_iter([
        // It never changes.
        ("state".to_owned(), json!(own)),
        ("list".to_owned(), found.into_iter().map(show).collect()),
        ("notFound".to_owned(), json!(missing)),
    ]))
}
