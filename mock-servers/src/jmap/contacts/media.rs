//! Pictures and sounds of a card: inside it as `data:` URIs, or as binary data by id (RFC 9610
//! section 3).
//!
//! A `data:` URI is stored as it came and shown as a `blobId`; data that is uploaded is stored by id.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::account::Account;
use crate::blobs::{Blob, Blobs};
use crate::directory::{Focus, Realm, UserId};
use crate::jmap::check::below;
use crate::jmap::dispatch::Run;
use crate::jmap::errors::SetError;
use crate::turn::Turn;

/// Shows `data:` URIs as ids of binary data.
pub(super) fn show(card: &mut Map<String, Value>, blobs: &Blobs) {
    let Some(Value::Object(all)) = card.get_mut("media") else { return };
    for media in all.values_mut().filter_map(Value::as_object_mut) {
        let Some((media_type, octets)) = inside(media) else { continue };
        media.remove("uri");
        media.insert("blobId".to_owned(), json!(blobs.id_of(&octets)));
        media.entry("mediaType").or_insert_with(|| json!(media_type));
    }
}

fn inside(media: &Map<String, Value>) -> Option<(String, Bytes)> {
    data(media.get("uri")?.as_str()?)
}

/// Media type and octets of a `data:` URI (RFC 2397).
fn data(uri: &str) -> Option<(String, Bytes)> {
    let scheme = uri.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("data:"))?;
    let (head, data) = uri[scheme.len()..].split_once(',')?;
    let (kind, octets) = match head.strip_suffix(";base64") {
        Some(kind) => (kind, BASE64.decode(percent_decoded(data)).ok()?),
        None => (head, percent_decoded(data)),
    };
    let kind = kind.split(';').next().filter(|kind| !kind.is_empty()).unwrap_or("text/plain");
    Some((kind.to_ascii_lowercase(), Bytes::from(octets)))
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = |at: usize| tail.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (*first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                octets.push((high * 16 + low) as u8);
                rest = &tail[2..];
            }
            _ => {
                octets.push(*first);
                rest = tail;
            }
        }
    }
    octets
}

/// The binary data inside the cards of an account, by the id under which it is shown.
pub(in crate::jmap) fn octets_in(
    account: &Account,
    blobs: &Blobs,
    id: &str,
) -> Option<(String, Bytes)> {
    account.items().find_map(|item| of_card(&item.body, blobs, id))
}

/// What [`octets_in`] finds, for many ids: it is read once for one state of the account.
#[derive(Debug, Default)]
pub(in crate::jmap) struct Pictures {
    of: Option<(Focus, u64)>,
    all: BTreeMap<String, (String, Bytes)>,
}

impl Pictures {
    /// The data under an id inside the cards of a user.
    pub(in crate::jmap) fn find(
        &mut self,
        turn: &Turn<'_>,
        user: UserId,
        id: &str,
    ) -> Option<(String, Bytes)> {
        let focus = Focus { user, realm: Realm::Contacts };
        let (account, blobs) = (turn.account_of(focus), turn.blobs_of(user));
        let of = Some((focus, account.modseq()));
        if self.of != of {
            let cards = account.items().filter_map(|item| item.body.get("media")?.as_object());
            let media = cards.flat_map(Map::values).filter_map(Value::as_object);
            let found = media.filter_map(inside).map(|found| (blobs.id_of(&found.1), found));
            *self = Self { of, all: found.collect() };
        }
        self.all.get(id).cloned()
    }
}

fn of_card(card: &Map<String, Value>, blobs: &Blobs, id: &str) -> Option<(String, Bytes)> {
    let all = card.get("media")?.as_object()?;
    let found = all.values().filter_map(Value::as_object).filter_map(inside);
    found.into_iter().find(|(_, octets)| blobs.id_of(octets) == id)
}

/// Makes the media of a new or changed card what is stored: each has a URI or data that is there,
/// and a photo is a picture. `before` is the card as it is stored now.
pub(super) fn settle(
    run: &mut Run<'_, '_>,
    card: &mut Map<String, Value>,
    before: &Map<String, Value>,
) -> Result<(), SetError> {
    let Some(Value::Object(all)) = card.get_mut("media") else { return Ok(()) };
    let mut wrong = Vec::new();
    for (name, media) in all.iter_mut() {
        let Value::Object(media) = media else { continue };
        let path = below("media", name);
        if let Some(part) = one(run, media, before)? {
            wrong.push(below(&path, part));
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(SetError::invalid_properties(wrong, "it is no picture, or nothing that is there"))
}

/// The member that is to blame.
fn one(
    run: &mut Run<'_, '_>,
    media: &mut Map<String, Value>,
    before: &Map<String, Value>,
) -> Result<Option<&'static str>, SetError> {
    let is_photo = media.get("kind").and_then(Value::as_str) == Some("photo");
    let Some(id) = media.get("blobId").and_then(Value::as_str).map(str::to_owned) else {
        let Some(uri) = media.get("uri") else { return Ok(Some("uri")) };
        let picture = data(uri.as_str().unwrap_or_default());
        let wrong = picture.is_some_and(|(kind, _)| is_photo && !kind.starts_with("image/"));
        return Ok(wrong.then_some("uri"));
    };
    if media.contains_key("uri") {
        return Ok(Some("blobId"));
    }
    let blobs = run.turn.blobs();
    let found = match blobs.find(&id) {
        Some(blob) => Some((media_type(blob), blob.octets.clone(), false)),
        None => of_card(before, blobs, &id)
            .or_else(|| run.pictures.find(run.turn, run.turn.focus().user, &id))
            .map(|(kind, octets)| (kind, octets, true)),
    };
    let Some((kind, octets, from_card)) = found else { return Ok(Some("blobId")) };
    if is_photo && picture(&octets).is_none() && !from_card {
        return Ok(Some("blobId"));
    }
    media.entry("mediaType").or_insert_with(|| json!(kind));
    if from_card {
        run.turn.blobs_mut().add(octets, &kind);
    }
    match run.turn.blobs_mut().keep(&id) {
        Ok(_) => Ok(None),
        Err(full) => Err(SetError::new("overQuota", full.to_string())),
    }
}

fn media_type(blob: &Blob) -> String {
    picture(&blob.octets).map_or_else(|| blob.media_type.clone(), str::to_owned)
}

/// The media type of octets that are a picture, by how they begin.
fn picture(octets: &[u8]) -> Option<&'static str> {
    let begins: [(&[u8], &'static str); 8] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"BM", "image/bmp"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"\0\0\x01\0", "image/vnd.microsoft.icon"),
    ];
    if let Some((_, kind)) = begins.iter().find(|(begin, _)| octets.starts_with(begin)) {
        return Some(kind);
    }
    match (octets.get(..4), octets.get(4..12)) {
        (Some(b"RIFF"), Some(rest)) if rest.ends_with(b"WEBP") => return Some("image/webp"),
        (_, Some(b"ftypavif")) => return Some("image/avif"),
        (_, Some(b"ftypheic" | b"ftypmif1")) => return Some("image/heic"),
        _ => {}
    }
    let head = octets.get(..octets.len().min(256)).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    (head.trim_start().starts_with('<') && head.contains("<svg")).then_some("image/svg+xml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_uris_are_read() {
        let read = |uri: &str| data(uri).map(|(kind, octets)| (kind, octets.to_vec()));
        assert_eq!(
            read("data:image/PNG;base64,AAEC"),
            Some(("image/png".to_owned(), vec![0, 1, 2]))
        );
        assert_eq!(read("DATA:,a%20b%"), Some(("text/plain".to_owned(), b"a b%".to_vec())));
        assert_eq!(
            read("data:text/plain;charset=utf-8,x"),
            Some(("text/plain".to_owned(), vec![b'x']))
        );
        for wrong in ["", "data:", "data", "http://x/", "data:image/png;base64,!", "dätä:,x"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn pictures_are_known_by_their_beginning() {
        assert_eq!(picture(b"\x89PNG\r\n\x1a\nrest"), Some("image/png"));
        assert_eq!(picture(b"RIFF\x01\x02\x03\x04WEBP"), Some("image/webp"));
        assert_eq!(picture(b" <svg xmlns='x'/>"), Some("image/svg+xml"));
        assert_eq!(picture(b"<html>"), None);
        assert_eq!(picture(b""), None);
    }
}
