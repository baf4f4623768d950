//! What a StateChange says (RFC 8620 section 7.1): the states of the types in each account.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::directory::{Directory, Focus, Realm, UserId};
use crate::jmap::changes::Kind;
use crate::jmap::dispatch::{account_id, accounts};
use crate::state::State;

/// The types that have a state.
const TYPES: [(&str, Realm, Kind); 6] = [
    ("AddressBook", Realm::Contacts, Kind::Container),
    ("Calendar", Realm::Calendars, Kind::Container),
    ("CalendarEvent", Realm::Calendars, Kind::Item),
    ("CalendarEventNotification", Realm::Notifications, Kind::Item),
    ("ContactCard", Realm::Contacts, Kind::Item),
    ("ParticipantIdentity", Realm::Identities, Kind::Item),
];

/// States by account and type.
pub(in crate::jmap) type States = BTreeMap<String, BTreeMap<&'static str, String>>;

/// The types that somebody wants to be told of; none for all.
pub(super) type Types = Option<BTreeSet<String>>;

/// The states of everything that a user may look into, limited to some types.
pub(super) fn states(state: &State, directory: &Directory, user: UserId, types: &Types) -> States {
    let wanted =
        |name: &str| types.as_ref().is_none_or(|types| types.iter().any(|other| other == name));
    let of = |other: UserId| {
        let types = TYPES.iter().filter(|(name, ..)| wanted(name));
        let types = types.map(|(name, realm, kind)| {
            let account = state.account(Focus { user: other, realm: *realm });
            (*name, kind.state(account))
        });
        (account_id(directory.host(other)), types.collect())
    };
    accounts(directory, user).into_iter().map(of).collect()
}

/// The StateChange from one set of states to another; none when nothing changed.
pub(super) fn difference(before: &States, after: &States) -> Option<Value> {
    let mut changed = Map::new();
    for (account, states) in after {
        let old = before.get(account);
        let is_new =
            |(name, state): &(&&str, &String)| old.and_then(|old| old.get(*name)) != Some(*state);
        let types: Map<String, Value> = states
            .iter()
            .filter(is_new)
            .map(|(name, state)| ((*name).to_owned(), json!(state)))
            .collect();
        if !types.is_empty() {
            changed.insert(account.clone(), Value::Object(types));
        }
    }
    (!changed.is_empty()).then(|| json!({ "@type": "StateChange", "changed": changed }))
}

/// The id of an event that tells of these states.
pub(super) fn event_id(states: &States) -> String {
    let mut id = String::new();
    for (account, states) in states {
        for (name, state) in states {
            id.push_str(&format!("{account}/{name}={state};"));
        }
    }
    id
}

/// The states behind the id of an event; what cannot be read is unknown, and so told again.
pub(in crate::jmap) fn by_event_id(id: &str) -> States {
    let mut states = States::new();
    for part in id.split(';').take(TYPES.len() * 64) {
        let Some((place, state)) = part.split_once('=') else { continue };
        let Some((account, name)) = place.split_once('/') else { continue };
        let Some((name, ..)) = TYPES.iter().find(|(known, ..)| *known == name) else { continue };
        states.entry(account.to_owned()).or_default().insert(name, state.to_owned());
    }
    states
}
