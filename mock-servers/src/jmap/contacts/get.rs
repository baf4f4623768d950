//! `ContactCard/get` (RFC 9610 section 3.1).

use serde_json::{Map, Value, json};

use super::card;
use crate::jmap::arguments::Arguments;
use crate::jmap::changes::Kind;
use crate::jmap::dispatch::Run;
use crate::jmap::errors::MethodError;
use crate::jmap::event_get;
use crate::operation::{Op, Target};
use crate::turn::Verdict;

pub(in crate::jmap) fn run(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    let arguments = Arguments::new(arguments, &["ids", "properties"])?;
    let properties = arguments.texts("properties")?;
    let ids = event_get::ids(run, &arguments)?;
    let target = |id| Target { id, ..Target::default() };
    let targets: Vec<Target> = ids.into_iter().map(target).collect();
    if let Verdict::Error(error) = run.turn.fault_call(Op::ContactGet, &targets) {
        return Err(MethodError::fault(&error));
    }
    let mut list = Vec::new();
    let mut not_found = Vec::new();
    for target in &targets {
        let Some(item) = run.turn.account().item(&target.id) else {
            not_found.push(json!(target.id));
            continue;
        };
        let mut shown = card::full(item, run.turn.blobs());
        match run.turn.fault_read(Op::ContactGet, target) {
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
        ("state".to_owned(), json!(Kind::Item.state(run.turn.account()))),
        ("list".to_owned(), Value::Array(list)),
        ("notFound".to_owned(), Value::Array(not_found)),
    ]))
}
