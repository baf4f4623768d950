//! Nobody organizes the meetings of others (RFC 6638 section 11.2), and nobody has one twice (section
//! 3.2.4.1).

use std::sync::Arc;

use super::bodies;
use super::resource::SCHEDULE_TAG;
use crate::account::Item;
use crate::dav::calendar::CalendarObject;
use crate::dav::calendar::schedule::organizer;
use crate::directory::Focus;
use crate::scheduling::address;
use crate::turn::Turn;

/// Whether an object names an organizer who is not its owner.
pub(super) fn is_handed_on(object: &CalendarObject, owner: &str) -> bool {
    let mut named = object.components().filter_map(|it| it.property("ORGANIZER"));
    named.any(|property| address(&property.value) != owner)
}

/// Whether some user has a scheduling object of this uid that has another organizer (section 11.2).
pub(super) fn is_somebody_elses(turn: &Turn<'_>, object: &CalendarObject) -> bool {
    turn.directory().users().any(|(user, _)| {
        let account = turn.account_of(Focus::calendars(user));
        let mut same = account.items_with_uid(object.uid());
        same.any(|item| {
            let other = bodies::object(item).filter(|_| item.body.contains_key(SCHEDULE_TAG));
            other.is_some_and(|other| !same_organizer(&other, object))
        })
    })
}

/// Whether two objects have the same organizer.
pub(super) fn same_organizer(one: &CalendarObject, other: &CalendarObject) -> bool {
    let of = |object| organizer(object).ok().flatten().map(|organizer| organizer.address);
    of(one) == of(other)
}

/// Another scheduling object of the uid, which there may not be (section 3.2.4.1).
pub(super) fn elsewhere<'t>(
    turn: &'t Turn<'_>,
    stored: Option<&Item>,
    uid: &str,
) -> Option<&'t Item> {
    let id = stored.map(|item| item.id.as_str());
    let mut mine = turn.account().items_with_uid(uid);
    let other =
        |item: &&Arc<Item>| Some(item.id.as_str()) != id && item.body.contains_key(SCHEDULE_TAG);
    mine.find(other).map(|item| &**item)
}
