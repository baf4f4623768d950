//! How one kind of real server differs from the specification, as data: one file each below
//! `data/`, each entry with its public source.
//!
//! A profile's name may carry variants. One says what the server makes of a request not to notify
//! anybody: `stalwart+ignores-marker`. Others of JMAP: `rfc8984-names` for the names that events had
//! before jscalendarbis, `shared-accounts` for users who see each other's accounts.

mod dav;
mod load;
mod m365;
mod stalwart;
#[cfg(test)]
mod tests;

use thiserror::Error;

use crate::faults::Rule;
use crate::scheduling::MarkerPolicy;
use crate::server::Protocol;

#[cfg(test)]
pub(crate) use dav::Has;
pub(crate) use dav::{
    Answers, AttendeeChanges, DavQuirks, Endless, FlatQuery, Minimal, SenselessFilters,
    WithoutDepth,
};
pub(crate) use m365::{GraphQuirks, Quota};
pub(crate) use stalwart::{EventNames, JmapQuirks};

/// A set of permanent traits.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Profile {
    /// What it makes of a request's wish about notifications.
    pub(crate) marker: MarkerPolicy,
    /// Traits of a JMAP server.
    pub(crate) jmap: JmapQuirks,
    /// Traits of a Graph server.
    pub(crate) graph: GraphQuirks,
    /// Traits of a DAV server.
    pub(crate) dav: DavQuirks,
    /// Faults that are always armed.
    pub(crate) rules: Vec<Rule>,
}

/// A profile that does not exist for that protocol.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no profile `{name}` for {protocol}; there are {known}")]
pub struct UnknownProfile {
    /// What was asked for.
    pub name: String,
    /// The protocol.
    pub protocol: Protocol,
    /// The names that exist.
    pub known: String,
}

const VARIANTS: [(&str, MarkerPolicy); 4] = [
    ("honours-marker", MarkerPolicy::Honours),
    ("ignores-marker", MarkerPolicy::Ignores),
    ("rejects-marker", MarkerPolicy::Rejects),
    ("notifies-by-default", MarkerPolicy::NotifiesByDefault),
];

impl Profile {
    /// The profile of that name for that protocol.
    pub(crate) fn find(protocol: Protocol, name: &str) -> Result<Self, UnknownProfile> {
        let mut parts = name.split('+');
        let base = parts.next().unwrap_or_default();
        let profile = load::load(protocol, base);
        let unknown = || UnknownProfile { name: name.to_owned(), protocol, known: known(protocol) };
        let profile = profile.ok_or_else(unknown)?;
        parts.try_fold(profile, |profile, part| profile.varied(protocol, part).ok_or_else(unknown))
    }

    fn varied(mut self, protocol: Protocol, variant: &str) -> Option<Self> {
        match (variant, VARIANTS.iter().find(|(name, _)| *name == variant)) {
            (_, Some((_, marker))) => self.marker = *marker,
            ("rfc8984-names", _) if protocol == Protocol::Jmap => {
                self.jmap.names = EventNames::Rfc8984;
            }
            ("shared-accounts", _) if protocol == Protocol::Jmap => {
                self.jmap.shares_accounts = true;
            }
            _ => return None,
        }
        Some(self)
    }
}

/// The names of the profiles of a protocol, without their variants, each with what it is like.
#[must_use]
pub fn profiles(protocol: Protocol) -> Vec<(&'static str, String)> {
    load::list(protocol)
}

fn known(protocol: Protocol) -> String {
    let bases: Vec<&str> = profiles(protocol).into_iter().map(|(name, _)| name).collect();
    let bases = bases.join(", ");
    let mut variants = VARIANTS.map(|(name, _)| format!("+{name}")).join(", ");
    if protocol == Protocol::Jmap {
        variants.push_str(", +rfc8984-names, +shared-accounts");
    }
    format!("{bases}, each also with {variants}")
}
