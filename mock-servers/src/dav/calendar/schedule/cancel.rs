//! What a `CANCEL` says (RFC 5546 sections 2.1.4 and 3.2.5): the end of all that somebody saw, or
//! of single instances.

use std::collections::BTreeMap;

use super::{
    super::stamp::Stamp,
    message::{Draft, Message, Method, Sender, recurrence_id, sequence},
    organizer::message,
    page::Page,
    version::{Part, Seen, Version},
    view::Id,
};

/// The end of all that somebody saw. `new` is the object as it goes on.
pub(super) fn cancel_all(
    before: &Seen<'_, '_>,
    new: Option<&Version<'_>>,
    whom: &str,
    sender: Sender<'_>,
) -> Message {
    let parts: Vec<&Part<'_>> = match before.series() {
        Some(series) => vec![series],
        None => before.parts.values().copied().collect(),
    };
    let next = next_sequence(&parts, new);
    let mut page = Page::new(before.version, sender);
    for part in parts {
        cancelled(&mut page, before, part, part.at.as_ref(), (next, ends(new, part.id)), whom);
    }
    message(before.version, page, Method::Cancel, whom, next)
}

/// The end of single instances; as much of it as fits in `most` octets and a bit more, since a
/// longer one is sent to nobody.
pub(super) fn cancel_instances(
    before: &Seen<'_, '_>,
    new: Option<&Version<'_>>,
    lost: &BTreeMap<Id, Stamp>,
    (whom, most): (&str, usize),
    sender: Sender<'_>,
) -> Message {
    let parts: Vec<&Part<'_>> = before.parts.values().copied().collect();
    let next = next_sequence(&parts, new);
    let mut page = Page::new(before.version, sender);
    for (id, at) in lost {
        let own = before.parts.get(id).copied();
        let Some(part) = own.or_else(|| before.series()) else { continue };
        if page.len() > most {
            break;
        }
        cancelled(&mut page, before, part, Some(at), (next, ends(new, *id)), whom);
    }
    message(before.version, page, Method::Cancel, whom, next)
}

/// Whether something ends for all: an instance that goes on without somebody is not cancelled as
/// such.
fn ends(new: Option<&Version<'_>>, id: Id) -> bool {
    new.is_none_or(|new| new.ends(id))
}

/// The component of a `CANCEL`: `STATUS:CANCELLED` only where it ends for all.
fn cancelled(
    page: &mut Page<'_>,
    before: &Seen<'_, '_>,
    part: &Part<'_>,
    at: Option<&Stamp>,
    (next, for_all): (u32, bool),
    whom: &str,
) {
    let object = before.version.object;
    let quoted = part.quoted(object);
    page.begin();
    page.put(&quoted.uid);
    if let Some(at) = at {
        page.line(&recurrence_id(at));
    }
    page.stamp();
    match at {
        Some(at) if part.at.is_none() => page.line(&at.line("DTSTART")),
        _ => page.put(&quoted.times),
    }
    page.put(&quoted.subject);
    page.line(&format!("SEQUENCE:{next}"));
    if for_all {
        page.line("STATUS:CANCELLED");
    }
    page.put(&quoted.organizer);
    if let Some((_, property)) = part.person(whom) {
        let mut own = Draft::default();
        own.push(object, property);
        page.put(&own.piece());
    }
    page.end();
}

/// A `CANCEL` counts one on (RFC 5546 section 2.1.4), unless the organizer's client has done so.
fn next_sequence(before: &[&Part<'_>], new: Option<&Version<'_>>) -> u32 {
    let known = before.iter().map(|part| sequence(part.component)).max().unwrap_or(0);
    let stated = new.map_or(0, Version::sequence);
    if stated > known { stated } else { known.saturating_add(1) }
}
