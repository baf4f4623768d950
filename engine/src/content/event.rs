//! The canonical event.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;

use crate::model::Hash;

use super::{canonical, time};

/// The members that name guests.
const GUESTS: [&str; 2] = ["participants", "organizerCalendarAddress"];

/// An event in canonical form: a JSCalendar object with the names of draft-ietf-calext-jscalendarbis,
/// without what a server sets by itself and without defaults, so that two events that mean the same
/// are equal.
///
/// The UID is not a member; it stands beside the event as [`crate::model::Uid`].
///
/// ```
/// # use calamity_engine::content::Event;
/// let raw = serde_json::json!({
///     "@type": "Event", "id": "e1", "title": "Standup", "start": "2026-04-16T09:00:00",
///     "timeZone": "Europe/Berlin", "duration": "PT60M", "status": "confirmed",
/// });
/// let event = Event::canonical(raw.as_object().cloned().unwrap_or_default())?;
/// assert_eq!(event.members()["duration"], "PT1H");
/// assert!(!event.members().contains_key("status"));
/// # Ok::<(), calamity_engine::content::Malformed>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Event(Map<String, Value>);

/// A body that is no JSCalendar event.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{property} {problem}")]
pub struct Malformed {
    /// The member that is wrong.
    pub property: String,
    /// What is wrong with it, without the value: bodies hold what people wrote.
    pub problem: &'static str,
}

impl Event {
    /// The canonical form of a JSCalendar object.
    ///
    /// # Errors
    /// [`Malformed`] when a member on which the meaning of others rests cannot be read: `start`,
    /// `timeZone`, `duration`, `recurrenceRule`, `recurrenceOverrides`.
    pub fn canonical(raw: Map<String, Value>) -> Result<Self, Malformed> {
        canonical::event(raw).map(Self)
    }

    /// A hash of the content: equal for equal events, whatever the order of their members.
    #[must_use]
    pub fn hash(&self) -> Hash {
        let bytes = serde_jcs::to_vec(&self.0).expect("a JSON object has a canonical text");
        Hash::of(&bytes)
    }

    /// The title, empty where there is none.
    #[must_use]
    pub fn title(&self) -> &str {
        self.text("title").unwrap_or_default()
    }

    /// The start as an instant in UTC, `2026-04-16T07:00:00Z`. An all-day event has only its date,
    /// an event without a zone only its local time: both mean another instant in every zone.
    #[must_use]
    pub fn start_utc(&self) -> Option<String> {
        let start = self.start()?;
        if self.all_day() {
            return Some(start.date().to_string());
        }
        let Some(zone) = self.text("timeZone").and_then(time::zone) else {
            return Some(time::local_text(start));
        };
        let instant = start.to_zoned(zone).ok()?.timestamp();
        Some(instant.to_string())
    }

    /// Whether anybody but the organizer is named, in the event or in one of its occurrences.
    #[must_use]
    pub fn has_attendees(&self) -> bool {
        self.attendees() > 0
    }

    /// How many people but the organizer are named, occurrences included.
    #[must_use]
    pub fn attendees(&self) -> usize {
        let organizer = self.text("organizerCalendarAddress");
        let overrides = self.overrides().into_iter().flatten();
        let lists = overrides
            .filter_map(|(_, patch)| patch.get("participants"))
            .chain(self.0.get("participants"))
            .filter_map(Value::as_object);
        let guests = lists.flatten().filter(|(_, guest)| !is_organizer(guest, organizer));
        guests.map(|(key, _)| key).collect::<std::collections::BTreeSet<_>>().len()
    }

    /// The event without guests and organizer, in its occurrences too.
    #[must_use]
    pub fn without_attendees(&self) -> Self {
        let mut members = self.0.clone();
        members.retain(|name, _| !names_guests(name));
        if let Some(Value::Object(overrides)) = members.get_mut("recurrenceOverrides") {
            // An override that said nothing but who comes says nothing now; one that adds an
            // occurrence was empty before and stays.
            overrides.retain(|_, patch| {
                let Some(patch) = patch.as_object_mut() else { return true };
                let was_empty = patch.is_empty();
                patch.retain(|name, _| !names_guests(name));
                was_empty || !patch.is_empty()
            });
            if overrides.is_empty() {
                members.remove("recurrenceOverrides");
            }
        }
        Self(members)
    }

    /// The members, in canonical form.
    #[must_use]
    pub fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Members that are known to be canonical already.
    pub(crate) fn from_canonical(members: Map<String, Value>) -> Self {
        Self(members)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    pub(crate) fn start(&self) -> Option<DateTime> {
        self.text("start").and_then(time::local)
    }

    pub(crate) fn all_day(&self) -> bool {
        self.0.get("showWithoutTime") == Some(&Value::Bool(true))
    }

    pub(crate) fn overrides(&self) -> Option<&Map<String, Value>> {
        self.0.get("recurrenceOverrides").and_then(Value::as_object)
    }
}

/// Whether a member, or what a path inside it points to, names guests.
pub(crate) fn names_guests(name: &str) -> bool {
    GUESTS.contains(&name)
}

fn is_organizer(guest: &Value, organizer: Option<&str>) -> bool {
    let owner = guest.pointer("/roles/owner") == Some(&Value::Bool(true));
    let address = guest.get("calendarAddress").and_then(Value::as_str);
    owner || (address.is_some() && address == organizer)
}
