//! Names that Graph gives: instances of a series, `iCalUId`, `changeKey`, `occurrenceId`.
//!
//! All are functions of what they name and of the seed.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::account::{Item, derive, short_hash};
use crate::graph::moment;

/// What joins a master's id and the original start of an instance.
const JOINT: char = '-';

/// How long the id of an item is, in hexadecimal digits: [`derive`] makes them.
const ITEM_LEN: usize = 24;

/// The first 16 bytes of every global object id ([MS-OXOCAL] 2.2.1.27).
const GLOBAL: &str = "040000008200E00074C5B7101A82E008";

/// What an id names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// A single instance or a master.
    Item(String),
    /// An instance of a series.
    Instance {
        /// The master's id.
        master: String,
        /// The start that the pattern gives the instance.
        original: Timestamp,
    },
}

impl Named {
    /// Reads an id; none if no server of ours could have given it.
    pub(crate) fn parse(id: &str) -> Option<Self> {
        let well_formed = |text: &str| {
            text.len() == ITEM_LEN && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        match id.split_once(JOINT) {
            None => well_formed(id).then(|| Self::Item(id.to_owned())),
            Some((master, seconds)) => {
                let seconds = u64::from_str_radix(seconds, 16).ok()?.cast_signed();
                let original = Timestamp::from_second(seconds).ok()?;
                let master = well_formed(master).then(|| master.to_owned())?;
                Some(Self::Instance { master, original })
            }
        }
    }

    /// The id of what is stored under it: the item's, or its master's.
    pub(crate) fn item(&self) -> &str {
        match self {
            Self::Item(id) => id,
            Self::Instance { master, .. } => master,
        }
    }
}

/// The id of an instance. It stays the same when the instance becomes an exception.
pub(crate) fn instance(master: &str, original: Timestamp) -> String {
    format!("{master}{JOINT}{:x}", original.as_second().cast_unsigned())
}

/// The `occurrenceId` of an instance: the day is that of its original start in the series' zone.
pub(crate) fn occurrence(master: &str, day: Date) -> String {
    format!("OID.{master}.{day}")
}

/// The `iCalUId` of a new item: a global object id with a creation time and a number of its own,
/// both made from the key, so that a retry is found by it.
pub(crate) fn ical_uid(seed: u64, key: &str) -> String {
    let number = derive(seed, "ical-1", key, 0) + &derive(seed, "ical-2", key, 0);
    let number = number.to_uppercase();
    format!("{GLOBAL}00000000{}DA01000000000000000010000000{}", &number[..12], &number[12..44])
}

/// The `iCalUId` of an instance: that of its master with the day in it.
pub(crate) fn instance_ical_uid(master: &str, day: Date) -> String {
    let at = GLOBAL.len();
    match (master.get(..at), master.get(at + 8..)) {
        (Some(head), Some(tail)) if head == GLOBAL => {
            let year = u16::try_from(day.year()).unwrap_or(0);
            format!("{head}{year:04X}{:02X}{:02X}{tail}", day.month(), day.day())
        }
        _ => format!("{master}.{day}"),
    }
}

/// The version of an item, its exceptions and cancellations included.
pub(crate) fn change_key(item: &Item) -> String {
    short_hash(format!("{} {}", item.id, item.modseq).as_bytes())
}

/// The version of an exception.
pub(crate) fn exception_change_key(
    item: &Item,
    original: Timestamp,
    own: &Map<String, Value>,
) -> String {
    let own = Value::Object(own.clone());
    let master = change_key(item);
    short_hash(format!("{master} {} {own}", moment::key(original)).as_bytes())
}
