//! How one kind of real server differs from the specification, as data.
//!
//! A profile's name may carry a variant that says what the server makes of a request not to notify
//! anybody: `stalwart+ignores-marker`.

mod dav;
mod m365;
mod stalwart;
mod strict;

use thiserror::Error;

use crate::scheduling::MarkerPolicy;
use crate::server::Protocol;

pub(crate) use dav::{Answers, DavQuirks};
pub(crate) use m365::{GraphQuirks, Quota};
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
        let profile = match (protocol, base) {
            (Protocol::Jmap, "strict") => Some(strict::jmap()),
            (Protocol::Jmap, "stalwart") => Some(stalwart::profile()),
            (Protocol::Graph, "strict") => Some(strict::graph()),
            (Protocol::Graph, "m365") => Some(m365::profile()),
            (Protocol::Dav, name) => dav::profile(name),
            _ => None,
        };
        let policy = variant.map(|wanted| VARIANTS.iter().find(|(name, _)| *name == wanted));
        match (profile, policy) {
            (Some(profile), None) => Ok(profile),
            (Some(profile), Some(Some((_, marker)))) => Ok(Self { marker: *marker, ..profile }),
            _ => Err(UnknownProfile { name: name.to_owned(), protocol, known: known(protocol) }),
        }
    }
}

fn known(protocol: Protocol) -> String {
    let bases = match protocol {
        Protocol::Jmap => "strict, stalwart",
        Protocol::Graph => "strict, m365",
        Protocol::Dav => "strict, radicale, xandikos, nextcloud",
    };
    let variants = VARIANTS.map(|(name, _)| format!("+{name}")).join(", ");
    format!("{bases}, each also with {variants}")
}
