//! `ContactCard/get` (RFC 9610 section 3.1).

use serde_json::{Map, Value, json};

use super::card;
use crate::account::Form;
use crate::faults::PatchEffect;
use crate::jmap::arguments::Arguments;
use crate::jmap::changes::Kind;
use crate::jmap::dispatch::Run;
use crate::jmap::errors::MethodError;
use crate::jmap::event_get;
use crate::operation::{Op, Target};
use crate::spliced::{self, List};
use crate::turn::Verdict;

pub(in crate::jmap) fn run(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    let mut arguments = Arguments::new(arguments, &["ids", "properties"])?;
    let properties = arguments.texts("properties")?;
    let ids = event_get::ids(run, &mut arguments)?;
    let target = |id| Target { id, ..Target::default() };
    let targets: Vec<Target> = ids.into_iter().map(target).collect();
    if let Verdict::Error(error) = run.turn.fault_call(Op::ContactGet, &targets) {
        return Err(MethodError::fault(&error));
    }
    let mut list = List::default();
    let form = Form::of("card", &properties);
    let mut not_found = Vec::new();
    for target in &targets {
        let Some(item) = run.turn.account().item(&target.id).cloned() else {
            not_found.push(json!(target.id));
            continue;
        };
        let verdict = run.turn.fault_read(Op::ContactGet, target);
        // A blob's id is a function of its data, so that a card shows what the card itself says.
        let blobs = run.turn.blobs();
        let show = |patch: Option<&PatchEffect>| {
            let mut shown = card::full(&item, blobs);
            if let Some(patch) = patch {
                patch.apply_to(&mut shown);
            }
            if let Some(properties) = &properties {
                shown.retain(|name, _| name == "id" || properties.contains(name));
            }
            spliced::object(shown)
        };
        let text = match verdict {
            Verdict::Omit => continue,
            Verdict::Patch(patch) => show(Some(&patch)).into(),
            _ => item.rendered.text(form, || show(None)),
        };
        list.push(&text, 0);
    }
    run.list = Some(list);
    Ok(Map::from_iter([
        ("state".to_owned(), json!(Kind::Item.state(run.turn.account()))),
        ("notFound".to_owned(), Value::Array(not_found)),
    ]))
}
