//! `Calendar/get` (draft-ietf-jmap-calendars-27 section 4.1) and `AddressBook/get` (RFC 9610 section
//! 2.1).

use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::changes::Kind;
use super::container::Container;
use super::dispatch::Run;
use super::errors::MethodError;
use crate::operation::Target;
use crate::turn::Verdict;

pub(super) fn run(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
    of: &Container,
) -> Result<Map<String, Value>, MethodError> {
    let arguments = Arguments::new(arguments, &["ids", "properties"])?;
    let properties = arguments.texts("properties")?;
    let unknown = properties.iter().flatten().find(|name| !of.properties.contains(&name.as_str()));
    if let Some(unknown) = unknown {
        return Err(MethodError::invalid_arguments(format!("no property `{unknown}`")));
    }
    let ids: Vec<String> = match arguments.texts("ids")? {
        Some(ids) => ids.iter().map(|id| run.real_id(id)).collect(),
        None => run.turn.account().calendars().map(|calendar| calendar.id.clone()).collect(),
    };
    if ids.len() > run.limits().max_objects_in_get {
        return Err(MethodError::new("requestTooLarge"));
    }
    let targets: Vec<Target> = ids.iter().map(|id| target(run, id)).collect();
    if let Verdict::Error(error) = run.turn.fault_call(of.list, &targets) {
        return Err(MethodError::fault(&error));
    }
    let mut list = Vec::new();
    let mut not_found = Vec::new();
    for target in &targets {
        let Some(calendar) = run.turn.account().calendar(&target.id) else {
            not_found.push(json!(target.id));
            continue;
        };
        let mut shown = (of.full)(calendar);
        match run.turn.fault_read(of.list, target) {
            Verdict::Omit => continue,
            Verdict::Patch(patch) => patch.apply_to(&mut shown),
            _ => {}
        }
        if let Some(properties) = &properties {
            shown.retain(|name, _| name == "id" || properties.contains(name));
        }
        list.push(Value::Object(shown));
    }
    Ok(Map::from_iter([
        ("state".to_owned(), json!(Kind::Container.state(run.turn.account()))),
        ("list".to_owned(), Value::Array(list)),
        ("notFound".to_owned(), Value::Array(not_found)),
    ]))
}

fn target(run: &Run<'_, '_>, id: &str) -> Target {
    let name = run.turn.account().calendar(id).map(|calendar| calendar.name.clone());
    Target {
        id: id.to_owned(),
        title: name.unwrap_or_default(),
        calendars: std::iter::once(id.to_owned()).collect(),
        ..Target::default()
    }
}
