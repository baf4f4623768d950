//! How far somebody has read the journals: a text that an answer gives and the next request gives
//! back. It is nobody's business to look into it.
//!
//! It says for each server how far its logs were read, and how often anything had been put back by
//! then: what was put back since has another past, and is read from the start.

use std::collections::BTreeMap;
use std::fmt;

use calamity_base::http::Problem;

use super::call::Call;
use super::fail;
use crate::control::Fleet;

/// How far the logs of one server were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    /// The place of the first request that was not.
    pub(super) requests: u64,
    /// The place of the first write that was not.
    pub(super) writes: u64,
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cursor {
    restored: u64,
    servers: BTreeMap<String, Places>,
}

impl Cursor {
    /// That of a request, which is at the start where it has none.
    pub(super) fn of(fleet: &Fleet, call: &Call) -> Result<Self, Problem> {
        let restored = *fleet.shared().restored.borrow();
        let given = call.text("since").map(|text| {
            let unknown = || fail::bad(format!("`since` is what `next` said, not `{text}`"));
            Self::read(text).ok_or_else(unknown)
        });
        let start = Self { restored, servers: BTreeMap::new() };
        Ok(given.transpose()?.filter(|given| given.restored == restored).unwrap_or(start))
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let mut cursor = Self { restored: parts.next()?.parse().ok()?, servers: BTreeMap::new() };
        while let Some(server) = parts.next() {
            let requests = parts.next()?.parse().ok()?;
            let writes = parts.next()?.parse().ok()?;
            cursor.set(server, Places { requests, writes });
        }
        Some(cursor)
    }

    /// How far a server was read.
    pub(super) fn places(&self, server: &str) -> Places {
        self.servers.get(server).copied().unwrap_or_default()
    }

    /// Notes how far a server was read.
    pub(super) fn set(&mut self, server: &str, places: Places) {
        self.servers.insert(server.to_owned(), places);
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.restored)?;
        self.servers
            .iter()
            .try_for_each(|(name, at)| write!(f, ".{name}.{}.{}", at.requests, at.writes))
    }
}
