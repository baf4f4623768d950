//! `ContactCard/copy` (RFC 9610 section 3.6).

use bytes::Bytes;
use serde_json::{Map, Value};

use super::card;
use super::set::Cards;
use crate::directory::UserId;
use crate::jmap::copy::{self, Source};
use crate::jmap::dispatch::Run;
use crate::jmap::errors::MethodError;

pub(in crate::jmap) fn run(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    let source = Source { name: "ContactCard", show: original, more: &[] };
    copy::run(run, arguments, &source, |_| Ok(Cards))
}

/// The card as it stands in the other account, its binary data brought along.
fn original(run: &mut Run<'_, '_>, from: UserId, id: &str) -> Option<Map<String, Value>> {
    let focus = crate::directory::Focus { user: from, realm: run.turn.focus().realm };
    let item = run.turn.account_of(focus).item(id)?.clone();
    let mut card = card::full(&item, run.turn.blobs_of(from));
    // What is inside the card is copied as it is.
    if let Some(media) = item.body.get("media") {
        card.insert("media".to_owned(), media.clone());
    }
    let ids: Vec<String> = card
        .get("media")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::values)
        .filter_map(|media| media.get("blobId")?.as_str().map(str::to_owned))
        .collect();
    let mut renamed: Vec<(String, String)> = Vec::new();
    for id in ids {
        let found = run.turn.blobs_of(from).find(&id);
        let found: Option<(Bytes, String)> =
            found.map(|blob| (blob.octets.clone(), blob.media_type.clone()));
        if let Some((octets, kind)) = found {
            renamed.push((id, run.turn.blobs_mut().add(octets, &kind)));
        }
    }
    if let Some(Value::Object(all)) = card.get_mut("media") {
        for media in all.values_mut() {
            let known = media.get("blobId").and_then(Value::as_str);
            let new = renamed.iter().find(|(old, _)| Some(old.as_str()) == known);
            if let (Some((_, new)), Value::Object(media)) = (new, media) {
                media.insert("blobId".to_owned(), Value::String(new.clone()));
            }
        }
    }
    Some(card)
}
