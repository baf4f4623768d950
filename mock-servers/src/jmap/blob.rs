//! Binary data over HTTP: uploads and downloads (RFC 8620 sections 6.1 and 6.2), and where data is
//! found.

use bytes::Bytes;
use calamity_base::http::Incoming;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use super::contacts;
use super::dispatch::{account_id, accounts};
use super::errors::{self, RequestError};
use crate::directory::{Focus, Realm, UserId};
use crate::native::Reply;
use crate::turn::Turn;
use crate::wire;

/// The longest name of a file that is said back.
const NAME_OCTETS_MAX: usize = 1024;

/// An upload.
#[derive(Debug)]
pub(super) struct Upload {
    account: String,
    media_type: String,
    octets: Bytes,
}

/// A download.
#[derive(Debug)]
pub(super) struct Download {
    account: String,
    blob: String,
    name: String,
    media_type: Option<String>,
}

/// The media type and the octets of a user's data under an id: uploaded, or inside a card.
pub(super) fn find(turn: &Turn<'_>, user: UserId, id: &str) -> Option<(String, Bytes)> {
    let inside = || {
        let cards = turn.account_of(Focus { user, realm: Realm::Contacts });
        contacts::octets_in(cards, turn.blobs_of(user), id)
    };
    uploaded(turn, user, id).or_else(inside)
}

/// The same of what was uploaded alone.
pub(super) fn uploaded(turn: &Turn<'_>, user: UserId, id: &str) -> Option<(String, Bytes)> {
    let blob = turn.blobs_of(user).find(id)?;
    Some((blob.media_type.clone(), blob.octets.clone()))
}

impl Upload {
    /// The upload to an account, by what follows [`super::session::UPLOAD`] in the path.
    pub(super) fn new(incoming: &Incoming, rest: &str) -> Option<Self> {
        let account = decoded(rest.strip_suffix('/').unwrap_or(rest))?;
        if account.is_empty() || account.contains('/') {
            return None;
        }
        let media_type = incoming.headers.get(header::CONTENT_TYPE);
        let media_type = media_type.and_then(|value| value.to_str().ok());
        Some(Self {
            account,
            media_type: media_type.unwrap_or("application/octet-stream").to_owned(),
            octets: incoming.body.clone(),
        })
    }

    /// Stores the data.
    pub(super) fn serve(&self, turn: &mut Turn<'_>) -> Reply {
        let Some(user) = user_of(turn, &self.account) else { return nothing() };
        if self.octets.len() > turn.host().profile.jmap.max_size_upload {
            return RequestError::too_large_upload().reply();
        }
        turn.turn_to(Focus { user, realm: Realm::Calendars });
        let id = turn.blobs_mut().add(self.octets.clone(), &self.media_type);
        let answer = json!({
            "accountId": self.account,
            "blobId": id,
            "type": self.media_type,
            "size": self.octets.len(),
        });
        wire::json(StatusCode::CREATED, "application/json", &answer)
    }
}

impl Download {
    /// The download of what follows [`super::session::DOWNLOAD`] in the path.
    pub(super) fn new(incoming: &Incoming, rest: &str) -> Option<Self> {
        let mut parts = rest.splitn(3, '/');
        let (account, blob, name) =
            (decoded(parts.next()?)?, decoded(parts.next()?)?, decoded(parts.next()?)?);
        let query = incoming.uri.query().unwrap_or_default();
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let asked = pairs.find(|(name, _)| ["accept", "type"].contains(name));
        let media_type =
            asked.and_then(|(_, value)| decoded(value)).filter(|kind| !kind.is_empty());
        Some(Self { account, blob, name, media_type })
    }

    /// Finds the data.
    pub(super) fn serve(&self, turn: &mut Turn<'_>) -> Reply {
        let found = user_of(turn, &self.account).and_then(|user| find(turn, user, &self.blob));
        let Some((_, octets)) = found else { return nothing() };
        let mut reply = Reply::new(octets);
        let headers = reply.headers_mut();
        let kind = self.media_type.as_deref().and_then(|kind| HeaderValue::from_str(kind).ok());
        let kind = kind.unwrap_or(HeaderValue::from_static("application/octet-stream"));
        headers.insert(header::CONTENT_TYPE, kind);
        let lasting = HeaderValue::from_static("private, immutable, max-age=31536000");
        headers.insert(header::CACHE_CONTROL, lasting);
        let disposition = disposition(&self.name);
        wire::with_header(reply, header::CONTENT_DISPOSITION, &disposition)
    }
}

fn user_of(turn: &Turn<'_>, account: &str) -> Option<UserId> {
    let directory = turn.directory();
    let mut users = accounts(directory, turn.home()).into_iter();
    users.find(|user| account_id(directory.host(*user)) == account)
}

/// Whether it is not there or somebody else's is not said.
fn nothing() -> Reply {
    errors::plain(404, "there is nothing here")
}

/// The name of a file as RFC 6266 has it: what is not plain, by RFC 8187.
fn disposition(name: &str) -> String {
    let name: String = name.chars().take(NAME_OCTETS_MAX).collect();
    let plain = |byte: u8| (byte.is_ascii_graphic() || byte == b' ') && !b"\"\\%".contains(&byte);
    if name.bytes().all(plain) {
        return format!("attachment; filename=\"{name}\"");
    }
    let mut encoded = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename*=UTF-8''{encoded}")
}

/// A part of a URI without its escapes; none where it is no text.
pub(super) fn decoded(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            octets.push(byte);
            continue;
        }
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        let (high, low) = (digit()?, digit()?);
        octets.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(octets).ok()
}
