//! `Blob/copy` (RFC 8620 section 6.3).

use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::copy::from_account;
use super::dispatch::Run;
use super::errors::{MethodError, SetError};
use super::{blob, copy};

pub(super) fn run(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    let arguments = Arguments::new(arguments, &["fromAccountId", "blobIds"])?;
    let (from, _) = from_account(run, &arguments)?;
    let ids = arguments.texts("blobIds")?;
    let ids = ids.ok_or_else(|| MethodError::invalid_arguments("`blobIds` is missing"))?;
    if ids.len() > run.limits().max_objects_in_set {
        return Err(MethodError::new("requestTooLarge"));
    }
    let (mut copied, mut not_copied) = (Map::new(), Map::new());
    for id in ids {
        let found = blob::uploaded(run.turn, from, &id);
        match found.or_else(|| run.pictures.find(run.turn, from, &id)) {
            Some((kind, octets)) => {
                let new = run.turn.blobs_mut().add(octets, &kind);
                copied.insert(id, json!(new));
            }
            None => {
                not_copied.insert(id, SetError::not_found().value());
            }
        }
    }
    let map = |map: Map<String, Value>| if map.is_empty() { Value::Null } else { json!(map) };
    Ok(Map::from_iter([
        ("fromAccountId".to_owned(), json!(copy::id_of(run, from))),
        ("copied".to_owned(), map(copied)),
        ("notCopied".to_owned(), map(not_copied)),
    ]))
}
