//! How one kind of real server differs from the specification, as data: one file each below
//! `data/`, each entry with its public source.
//!
//! A profile's name may carry a variant that says what the server makes of a request not to notify
//! anybody: `stalwart+ignores-marker`.

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
pub(crate) use dav::{Answers, DavQuirks};
pub(crate) use m365::GraphQuirks;
pub(crate) use stalwart::JmapQuirks;

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
        let (base, variant) = match name.split_once('+') {
            Some((base, variant)) => (base, Some(variant)),
            None => (name, None),
        };
        let profile = load::load(protocol, base);
        let policy = variant.map(|wanted| VARIANTS.iter().find(|(name, _)| *name == wanted));
        match (profile, policy) {
            (Some(profile), None) => Ok(profile),
            (Some(profile), Some(Some((_, marker)))) => Ok(Self { marker: *marker, ..profile }),
            _ => Err(UnknownProfile { name: name.to_owned(), protocol, known: known(protocol) }),
        }
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
    let variants = VARIANTS.map(|(name, _)| format!("+{name}")).join(", ");
    format!("{bases}, each also with {variants}")
}
