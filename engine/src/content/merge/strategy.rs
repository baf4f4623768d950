//! How each member is merged. This table is the only place that says so.
//!
//! What servers count or stamp by themselves never gets into the canonical form, so there is no
//! strategy for it but [`Strategy::Ignore`], for guests that are not copied.

use crate::content::event::names_guests;
use crate::model::Attendees;

/// How a member is merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strategy {
    /// One value: the side that changed it has its way; of two changes the later one.
    Scalar,
    /// A collection: every element for itself.
    Set,
    /// The first side's value, the second's where the first has none.
    Immutable,
    /// Each side keeps its own.
    Ignore,
    /// Every occurrence for itself, and in it every member.
    Overrides,
}

/// Members that mean something only together: one that changed takes the others with it.
const TOGETHER: [&[&str]; 3] = [
    &["start", "timeZone", "showWithoutTime"],
    &["description", "descriptionContentType"],
    &["locations", "mainLocationId"],
];

/// The strategy of a member.
pub(super) fn of(name: &str, attendees: Attendees) -> Strategy {
    match name {
        _ if names_guests(name) && attendees == Attendees::Strip => Strategy::Ignore,
        "alerts" | "categories" | "keywords" | "links" | "participants" | "relatedTo" => {
            Strategy::Set
        }
        "recurrenceId" | "recurrenceIdTimeZone" => Strategy::Immutable,
        "recurrenceOverrides" => Strategy::Overrides,
        _ => Strategy::Scalar,
    }
}

/// The members that are decided together with this one, itself included.
pub(super) fn group(name: &str) -> Option<&'static [&'static str]> {
    TOGETHER.into_iter().find(|group| group.contains(&name))
}
