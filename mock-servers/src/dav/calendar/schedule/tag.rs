//! When the Schedule-Tag changes (RFC 6638 section 3.2.10): with everything but the answers of
//! people.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{object::CalendarObject, tree::Property},
    view::{Id, Line, id, line},
};

/// Who changes a stored object, but its owner, whose requests always change the tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Author {
    /// An attendee, whose reply the server works into the organizer's copy.
    Attendee,
    /// The organizer, whose message the server works into an attendee's copy.
    Organizer,
}

/// Whether the Schedule-Tag of an object must change from one version to the next; it must not
/// where this is false.
#[must_use]
pub(crate) fn tag_changes(author: Author, old: &CalendarObject, new: &CalendarObject) -> bool {
    match author {
        Author::Attendee => false,
        Author::Organizer => told(old) != told(new),
    }
}

/// All that an organizer tells, but answers and the time of the message.
fn told(object: &CalendarObject) -> BTreeMap<Id, BTreeSet<Line>> {
    let stays = |property: &&Property| {
        !matches!(property.name.as_str(), "DTSTAMP" | "LAST-MODIFIED" | "REQUEST-STATUS")
    };
    let components = object.components().map(|component| {
        let lines = component.properties.iter().filter(stays).map(line);
        (id(object, component), lines.collect())
    });
    components.collect()
}
