//! An account as it is written to a file and read back.
//!
//! Indexes are not written but made again, and so is nothing that follows from the server's seed.
//! A file may have been edited: what does not fit together is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;

use super::{Account, Calendar, Change, ChangeLog, Item, Kind, Rendered, Text};
use crate::log::{COUNT_MAX, count};

/// See the module.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoredAccount {
    #[serde(deserialize_with = "count")]
    modseq: u64,
    #[serde(deserialize_with = "count")]
    epoch: u64,
    collections: Vec<StoredCollection>,
    items: Vec<StoredItem>,
    /// Items that were lost and may come back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    hidden: Vec<StoredItem>,
    /// How many ids were made for each key of each kind.
    made: Vec<(String, String, u64)>,
    changes: Vec<StoredChange>,
    collection_changes: Vec<StoredChange>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredCollection {
    id: String,
    name: String,
    #[serde(default)]
    default: bool,
    #[serde(deserialize_with = "count")]
    created_modseq: u64,
    #[serde(deserialize_with = "count")]
    modseq: u64,
    body: Map<String, Value>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredItem {
    id: String,
    uid: String,
    collections: BTreeSet<String>,
    created: Timestamp,
    updated: Timestamp,
    #[serde(deserialize_with = "count")]
    created_modseq: u64,
    #[serde(deserialize_with = "count")]
    modseq: u64,
    #[serde(deserialize_with = "count")]
    sequence: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    transaction: Option<String>,
    body: Map<String, Value>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    exceptions: BTreeMap<String, Map<String, Value>>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    cancelled: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<StoredText>,
}

/// The octets of a resource: as text where they are one.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StoredText {
    Icalendar(String),
    IcalendarBase64(String),
    Vcard(String),
    VcardBase64(String),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredChange {
    #[serde(deserialize_with = "count")]
    modseq: u64,
    at: Timestamp,
    kind: StoredKind,
    id: String,
    collections: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StoredKind {
    Created,
    Updated,
    Destroyed,
}

/// What does not fit together in what was read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum Unsound {
    /// Two things have one id.
    #[error("two things have the id `{0}`")]
    Twice(String),
    /// An item is in no collection, or in one that is not there.
    #[error("the item `{0}` is in no collection that is there")]
    Homeless(String),
    /// Sequence numbers of a log do not rise, or one is beyond the account's.
    #[error("sequence numbers do not rise at {0}")]
    Order(u64),
    /// An item is stored in another form than its server's protocol stores.
    #[error("the item `{0}` is not of the server's protocol")]
    Form(String),
    /// Octets that are none.
    #[error("the octets of `{0}` are no base64")]
    Octets(String),
}

impl From<&Account> for StoredAccount {
    fn from(account: &Account) -> Self {
        let collection = |one: &Calendar| StoredCollection {
            id: one.id.clone(),
            name: one.name.clone(),
            default: one.is_default,
            created_modseq: one.created_modseq,
            modseq: one.modseq,
            body: one.body.clone(),
        };
        let items = |all: &BTreeMap<String, Arc<Item>>| {
            all.values().map(|item| StoredItem::from(&**item)).collect()
        };
        let made = account.made.iter();
        Self {
            modseq: account.modseq,
            epoch: account.epoch,
            collections: account.calendars.values().map(collection).collect(),
            items: items(&account.items),
            hidden: items(&account.hidden),
            made: made
                .map(|((kind, key), n)| (kind.clone().into_owned(), key.clone(), *n))
                .collect(),
            changes: stored_log(&account.changes),
            collection_changes: stored_log(&account.calendar_changes),
        }
    }
}

fn stored_log(log: &ChangeLog) -> Vec<StoredChange> {
    let stored = |(change, at): (&Change, Timestamp)| StoredChange {
        modseq: change.modseq,
        at,
        kind: match change.kind {
            Kind::Created => StoredKind::Created,
            Kind::Updated => StoredKind::Updated,
            Kind::Destroyed => StoredKind::Destroyed,
        },
        id: change.id.clone(),
        collections: change.calendars.clone(),
    };
    log.all().map(stored).collect()
}

impl From<&Item> for StoredItem {
    fn from(item: &Item) -> Self {
        Self {
            id: item.id.clone(),
            uid: item.uid.clone(),
            collections: item.calendars.clone(),
            created: item.created,
            updated: item.updated,
            created_modseq: item.created_modseq,
            modseq: item.modseq,
            sequence: item.sequence,
            transaction: item.transaction.clone(),
            body: item.body.clone(),
            exceptions: item.exceptions.clone(),
            cancelled: item.cancelled.clone(),
            text: item.text.as_ref().map(StoredText::from),
        }
    }
}

impl From<&Text> for StoredText {
    fn from(text: &Text) -> Self {
        let card = text.media_type == VCARD;
        match (std::str::from_utf8(&text.octets), card) {
            (Ok(text), false) => Self::Icalendar(text.to_owned()),
            (Ok(text), true) => Self::Vcard(text.to_owned()),
            (Err(_), false) => Self::IcalendarBase64(BASE64.encode(&text.octets)),
            (Err(_), true) => Self::VcardBase64(BASE64.encode(&text.octets)),
        }
    }
}

const ICALENDAR: &str = "text/calendar";
const VCARD: &str = "text/vcard";

impl StoredText {
    fn read(self, id: &str) -> Result<Text, Unsound> {
        let (octets, media_type) = match self {
            Self::Icalendar(text) => (Ok(text.into_bytes()), ICALENDAR),
            Self::Vcard(text) => (Ok(text.into_bytes()), VCARD),
            Self::IcalendarBase64(text) => (BASE64.decode(text), ICALENDAR),
            Self::VcardBase64(text) => (BASE64.decode(text), VCARD),
        };
        let octets = octets.map_err(|_| Unsound::Octets(id.to_owned()))?.into();
        Ok(Text { octets, media_type })
    }
}

impl StoredAccount {
    /// Whether a resource is kept of each item, as on DAV, or none.
    fn is_of(&self, texts: Texts) -> Result<(), Unsound> {
        let wrong = |item: &&StoredItem| match (&item.text, texts) {
            (Some(_), Texts::Kept) => {
                // Its path is its collection's and a segment.
                !item.collections.iter().any(|collection| {
                    let name = item.id.strip_prefix(collection.as_str());
                    name.and_then(|name| name.strip_prefix('/')).is_some_and(|it| !it.is_empty())
                })
            }
            (None, Texts::None) => false,
            _ => true,
        };
        let found = self.items.iter().chain(&self.hidden).find(wrong);
        found.map_or(Ok(()), |item| Err(Unsound::Form(item.id.clone())))
    }

    /// The account that it was, in the place of one of the same seed.
    /// `texts` says how items are stored that users keep; of others nothing is asked.
    pub(crate) fn read(self, of: &Account, texts: Option<Texts>) -> Result<Account, Unsound> {
        texts.map_or(Ok(()), |texts| self.is_of(texts))?;
        let mut account = Account::new(of.seed);
        account.modseq = self.modseq;
        account.epoch = self.epoch;
        account.made =
            self.made.into_iter().map(|(kind, key, n)| ((kind.into(), key), n)).collect();
        if account.made.values().any(|made| *made >= COUNT_MAX) {
            return Err(Unsound::Order(COUNT_MAX));
        }
        let beyond = |modseq: u64| modseq > self.modseq;
        let items = self.items.iter().chain(&self.hidden).map(|item| item.modseq);
        let newest =
            self.collections.iter().map(|one| one.modseq).chain(items).find(|it| beyond(*it));
        newest.map_or(Ok(()), |modseq| Err(Unsound::Order(modseq)))?;
        for one in self.collections {
            let id = one.id.clone();
            let known = account.calendars.insert(
                one.id.clone(),
                Calendar {
                    id: one.id,
                    name: one.name,
                    body: one.body,
                    is_default: one.default,
                    created_modseq: one.created_modseq,
                    modseq: one.modseq,
                },
            );
            known.map_or(Ok(()), |_| Err(Unsound::Twice(id)))?;
        }
        for item in self.items {
            let item = item.read()?;
            if account.items.contains_key(&item.id) {
                return Err(Unsound::Twice(item.id));
            }
            let housed = item.calendars.iter().all(|id| account.calendars.contains_key(id));
            if texts.is_some() && (!housed || item.calendars.is_empty()) {
                return Err(Unsound::Homeless(item.id));
            }
            account.index(&Arc::new(item));
        }
        for item in self.hidden {
            let item = Arc::new(item.read()?);
            let id = item.id.clone();
            let live = account.items.contains_key(&id);
            if live || account.hidden.insert(id.clone(), item).is_some() {
                return Err(Unsound::Twice(id));
            }
        }
        account.changes = read_log(self.changes, account.modseq)?;
        account.calendar_changes = read_log(self.collection_changes, account.modseq)?;
        Ok(account)
    }
}

/// Whether a protocol keeps the resource itself of each item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Texts {
    /// It does.
    Kept,
    /// It keeps its own JSON.
    None,
}

impl StoredItem {
    fn read(self) -> Result<Item, Unsound> {
        let text = self.text.map(|text| text.read(&self.id)).transpose()?;
        Ok(Item {
            id: self.id,
            uid: self.uid,
            calendars: self.collections,
            body: self.body,
            exceptions: self.exceptions,
            cancelled: self.cancelled,
            text,
            sequence: self.sequence,
            transaction: self.transaction,
            created: self.created,
            updated: self.updated,
            created_modseq: self.created_modseq,
            modseq: self.modseq,
            rendered: Rendered::default(),
        })
    }
}

fn read_log(stored: Vec<StoredChange>, most: u64) -> Result<ChangeLog, Unsound> {
    let mut log = ChangeLog::default();
    for change in stored {
        if change.modseq <= log.last() || change.modseq > most {
            return Err(Unsound::Order(change.modseq));
        }
        log.set_now(change.at);
        log.push(Change {
            modseq: change.modseq,
            id: change.id,
            calendars: change.collections,
            kind: match change.kind {
                StoredKind::Created => Kind::Created,
                StoredKind::Updated => Kind::Updated,
                StoredKind::Destroyed => Kind::Destroyed,
            },
        });
    }
    Ok(log)
}
