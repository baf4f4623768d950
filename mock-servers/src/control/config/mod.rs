//! The configuration of stand-alone mock servers, as it stands in a YAML file. Strict: an unknown
//! key is an error. What no type can say is checked in [`Config::check`].

mod check;
mod listen;
mod range;
mod schema;
#[cfg(test)]
mod tests;
mod tls;

use calamity_base::redact::Secret;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

pub use check::{Mistake, Step};
pub use listen::Listen;
pub use range::Range;
pub use schema::schema;
pub use tls::{CertificateFiles, Tls};

use crate::server::Protocol;

/// The version of the form that is read here.
pub const VERSION: u32 = 1;

/// An example with a comment on every key. It is what runs without a configuration, and more.
pub const EXAMPLE: &str = include_str!("example.yaml");

/// What runs without a configuration: a server of each protocol, two users, a small world.
pub const DEFAULT: &str = include_str!("default.yaml");

/// A whole configuration file.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// The version of this file's form: 1.
    pub mock: u32,
    /// All ids, worlds and draws follow from it: equal seeds give equal servers.
    #[serde(default = "one")]
    pub seed: u64,
    /// The servers' own clock.
    #[serde(default)]
    pub clock: Clock,
    /// The servers, at least one.
    pub servers: Vec<Server>,
    /// How many entries each log of a server keeps, the newest ones: requests, writes, messages, hits
    /// of faults.
    #[serde(default = "log_entries")]
    #[schemars(range(min = 1))]
    pub log_entries: u32,
    /// The control API.
    #[serde(default)]
    pub control: Control,
}

/// The servers' own clock, for tokens, throttles and schedules. Sockets keep their own time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// The machine's time.
    #[default]
    System,
    /// It stands still at this moment until the control API moves it.
    Frozen(
        #[serde(deserialize_with = "moment")]
        #[schemars(with = "String", extend("format" = "date-time"))]
        Timestamp,
    ),
}

/// One server.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Server {
    /// Its name in the control API: lower-case letters, digits and `-`.
    pub name: String,
    /// What it speaks; `dav` is CalDAV and CardDAV.
    pub protocol: Protocol,
    /// Which real server it behaves like.
    #[serde(default = "strict")]
    pub profile: String,
    /// Where it listens, as host:port; port 0 is any free one.
    #[serde(default)]
    pub listen: Listen,
    /// Whether it is reached over TLS.
    #[serde(default)]
    pub tls: Tls,
    /// Its users, at least one; the first is the one that Graph's `/me` and sync drills are about.
    pub users: Vec<User>,
}

/// One user of a server, with what the user has.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct User {
    /// The address, which is also the name to log in with.
    pub address: String,
    /// The password, which is also the bearer token; no two users of a server have the same.
    #[schemars(with = "String")]
    pub password: Secret,
    /// The user's calendars.
    #[serde(default)]
    pub calendars: Vec<Calendar>,
    /// The user's address books.
    #[serde(default)]
    pub address_books: Vec<AddressBook>,
}

/// One calendar.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Calendar {
    /// What the user calls it.
    pub name: String,
    /// How many events are made up for it.
    #[serde(default)]
    pub events: u32,
    /// How many guests each of those has, as `2` or `1..6`; nobody when it is left out.
    #[serde(default)]
    pub attendees: Option<Range>,
    /// iCalendar files whose events it holds, and folders of files that end in `.ics`, relative to this
    /// file.
    #[serde(default)]
    pub import: Vec<String>,
}

/// One address book.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AddressBook {
    /// What the user calls it.
    pub name: String,
    /// How many contacts are made up for it.
    #[serde(default)]
    pub contacts: u32,
    /// vCard files whose contacts it holds, and folders of files that end in `.vcf`, relative to this
    /// file.
    #[serde(default)]
    pub import: Vec<String>,
}

/// The control API.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Control {
    /// Where it listens, as host:port; port 0 is any free one. Whoever reaches it may do anything to
    /// the servers.
    #[serde(default)]
    pub listen: Listen,
    /// What requests must send as `Authorization: Bearer`. It must be there where others than this
    /// machine reach the port.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub token: Option<Secret>,
    /// Names beside `localhost` and addresses under which it may be asked.
    #[serde(default)]
    pub hosts: Vec<String>,
}

fn log_entries() -> u32 {
    100_000
}

fn one() -> u64 {
    1
}

fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        D::Error::custom(format!("`{text}` is no moment: write one like 2026-04-16T08:00:00Z"))
    })
}

fn strict() -> String {
    "strict".to_owned()
}
