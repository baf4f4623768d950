//! Profiles from their files: traits that are set, rules that are always armed, each with its public
//! source.

use serde::Deserialize;
use serde_json::Value;

use super::{DavQuirks, GraphQuirks, JmapQuirks, Profile};
use crate::faults::{Origin, Rule};
use crate::scheduling::MarkerPolicy;
use crate::server::Protocol;

/// The files, by the names of their profiles.
pub(super) const FILES: [(&str, &str); 7] = [
    ("strict", include_str!("data/strict.json")),
    ("stalwart", include_str!("data/stalwart.json")),
    ("m365", include_str!("data/m365.json")),
    ("radicale", include_str!("data/radicale.json")),
    ("xandikos", include_str!("data/xandikos.json")),
    ("nextcloud", include_str!("data/nextcloud.json")),
    ("hostile", include_str!("data/hostile.json")),
];

/// A profile as it stands in its file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// What it is like.
    pub(super) about: String,
    /// What servers of that kind speak.
    pub(super) protocols: Vec<Protocol>,
    /// In what they differ from the specification, or what they hold to.
    pub(super) entries: Vec<Entry>,
}

/// One trait or one rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// Only where this is spoken.
    #[serde(default)]
    pub(super) protocol: Option<Protocol>,
    /// A trait.
    #[serde(default, rename = "trait")]
    pub(super) name: Option<String>,
    /// What the trait is.
    #[serde(default)]
    pub(super) is: Option<Value>,
    /// A rule.
    #[serde(default)]
    pub(super) rule: Option<Rule>,
    /// Where it can be read or was seen.
    pub(super) source: String,
}

/// Traits that a file can set.
pub(super) trait Traits {
    /// Sets one; none when there is none of that name or it cannot be that.
    fn set(&mut self, name: &str, value: &Value) -> Option<()>;
}

/// The profile of a name for a protocol; none when there is none.
pub(super) fn load(protocol: Protocol, name: &str) -> Option<Profile> {
    let (_, text) = FILES.iter().find(|(known, _)| *known == name)?;
    // That every file can be read is tested.
    let file: File = serde_json::from_str(text).ok()?;
    file.protocols.contains(&protocol).then(|| file.profile(protocol))
}

/// The profiles of a protocol, each with what it is like.
pub(super) fn list(protocol: Protocol) -> Vec<(&'static str, String)> {
    let read = |(name, text): &(&'static str, &str)| {
        let file: File = serde_json::from_str(text).ok()?;
        file.protocols.contains(&protocol).then_some((*name, file.about))
    };
    FILES.iter().filter_map(read).collect()
}

impl File {
    /// The profile of a server that speaks this.
    pub(super) fn profile(&self, protocol: Protocol) -> Profile {
        let mut profile = Profile {
            marker: MarkerPolicy::Honours,
            jmap: JmapQuirks::strict(),
            graph: GraphQuirks::default(),
            dav: DavQuirks::strict(),
            rules: Vec::new(),
        };
        let own = |entry: &&Entry| entry.protocol.is_none_or(|wanted| wanted == protocol);
        for entry in self.entries.iter().filter(own) {
            entry.apply(&mut profile, protocol);
        }
        profile
    }
}

impl Entry {
    /// Does what it says; none when it says nothing that there is.
    pub(super) fn apply(&self, profile: &mut Profile, protocol: Protocol) -> Option<()> {
        if let Some(rule) = &self.rule {
            let source = rule.source.clone().or_else(|| Some(self.source.clone()));
            let hostile = rule.id.starts_with("hostile/");
            let origin = if hostile { Origin::Hostile } else { rule.origin.max(Origin::Observed) };
            profile.rules.push(Rule { source, origin, ..rule.clone() });
            return Some(());
        }
        let (name, value) = (self.name.as_deref()?, self.is.as_ref()?);
        if name == "marker" {
            profile.marker = MarkerPolicy::of(value.as_str()?)?;
            return Some(());
        }
        let traits: &mut dyn Traits = match protocol {
            Protocol::Jmap => &mut profile.jmap,
            Protocol::Graph => &mut profile.graph,
            Protocol::Dav => &mut profile.dav,
        };
        traits.set(name, value)
    }
}
