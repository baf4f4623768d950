//! What an attendee's change tells the organizer (RFC 6638 sections 3.2.2.3 and 3.2.2.4): an answer
//! that has changed, an instance or the whole object thrown away, or a reply that the client asks
//! for.

use std::collections::BTreeSet;

use super::{
    super::{object::CalendarObject, stamp::Stamp, times::stamp, tree::Component},
    message::{Draft, Message, Method, Sender, named, recurrence_id, sequence},
    organizer::TooMuch,
    page::Page,
    people::{Agent, Force, Person, is_one_of, organizer},
    version::Version,
    view::{Id, by_id, id, left_out},
};

/// The reply of a change by an attendee with these addresses; no new version for a deleted object,
/// which declines unless that was said before. A server that gets `Schedule-Reply: F` (section 8.1)
/// does not ask.
///
/// # Errors
/// When its components would have more than `most` octets.
pub(crate) fn reply(
    old: Option<&CalendarObject>,
    new: Option<&CalendarObject>,
    owner: &[&str],
    sender: Sender<'_>,
    most: usize,
) -> Result<Option<Message>, TooMuch> {
    let Some(object) = new.or(old) else { return Ok(None) };
    let Some(to) = organizer(object).ok().flatten() else { return Ok(None) };
    if to.agent != Agent::Server || is_one_of(&to.address, owner) {
        return Ok(None);
    }
    let Some(from) = own(object, owner) else { return Ok(None) };
    let mut drafts = Drafts { all: Vec::new(), left: most };
    match new {
        Some(new) => {
            let forced = to.force == Some(Force::Reply);
            answers(old, new, &from, forced, sender.now, &mut drafts)?;
            thrown_away(old, new, &from, sender.now, &mut drafts)?;
        }
        None => {
            let answered = |component: &&Component| {
                answer(component, &from).is_some_and(|answer| answer != "DECLINED")
            };
            for component in object.components().filter(answered) {
                let at = stamp(component, "RECURRENCE-ID");
                drafts.push(draft(
                    object,
                    component,
                    at.as_ref(),
                    &from,
                    "DECLINED",
                    sender.now,
                ))?;
            }
        }
    }
    if drafts.all.is_empty() {
        return Ok(None);
    }
    let highest = object.components().map(sequence).max().unwrap_or(0);
    let version = Version::of(object);
    let mut page = Page::new(&version, sender);
    for draft in &drafts.all {
        page.begin();
        page.put(&draft.piece());
        page.end();
    }
    let text = page.finish(Method::Reply);
    Ok(Some(Message { method: Method::Reply, to: to.address, from, sequence: highest, text }))
}

/// Components of a reply, and how many octets more they may have.
struct Drafts {
    all: Vec<Draft>,
    left: usize,
}

impl Drafts {
    fn push(&mut self, draft: Option<Draft>) -> Result<(), TooMuch> {
        let Some(draft) = draft else { return Ok(()) };
        let octets = draft.lines.iter().map(String::len).sum();
        self.left = self.left.checked_sub(octets).ok_or(TooMuch)?;
        self.all.push(draft);
        Ok(())
    }
}

/// The address by which somebody is invited.
fn own(object: &CalendarObject, owner: &[&str]) -> Option<String> {
    let mut invited = object.components().flat_map(super::people::attendees);
    invited.find(|person| is_one_of(&person.address, owner)).map(|person| person.address)
}

fn answer(component: &Component, whom: &str) -> Option<String> {
    named(component, "ATTENDEE", whom).map(|property| Person::read(property).partstat)
}

/// Answers that are others than before; an override that is new answered as the series did. With a
/// new answer for the series go those for instances that are others: whoever reads it may take it
/// for all of them.
fn answers(
    old: Option<&CalendarObject>,
    new: &CalendarObject,
    from: &str,
    forced: bool,
    now: &str,
    drafts: &mut Drafts,
) -> Result<(), TooMuch> {
    let known = old.map(by_id).unwrap_or_default();
    let mut of_series = None;
    for component in new.master().into_iter().chain(new.overrides()) {
        let Some(given) = answer(component, from) else { continue };
        let before = known.get(&id(new, component)).or_else(|| known.get(&Id::Whole));
        let before = before.and_then(|known| answer(known, from));
        let before = before.unwrap_or_else(|| "NEEDS-ACTION".to_owned());
        let whole = id(new, component) == Id::Whole;
        if whole && given != before {
            of_series = Some(given.clone());
        }
        let differs = of_series.as_ref().is_some_and(|series| *series != given);
        if forced || given != before || differs {
            let at = stamp(component, "RECURRENCE-ID");
            drafts.push(draft(new, component, at.as_ref(), from, &given, now))?;
        }
    }
    Ok(())
}

/// Instances that the attendee now leaves out, which declines them.
fn thrown_away(
    old: Option<&CalendarObject>,
    new: &CalendarObject,
    from: &str,
    now: &str,
    drafts: &mut Drafts,
) -> Result<(), TooMuch> {
    let Some(old) = old else { return Ok(()) };
    let Some(master) = new.master() else {
        // Single instances go with their components.
        let (before, after) = (by_id(old), by_id(new));
        for (_, component) in before.iter().filter(|(id, _)| !after.contains_key(id)) {
            if answer(component, from).is_some_and(|answer| answer != "DECLINED") {
                let at = stamp(component, "RECURRENCE-ID");
                drafts.push(draft(old, component, at.as_ref(), from, "DECLINED", now))?;
            }
        }
        return Ok(());
    };
    let known: BTreeSet<Id> = old
        .master()
        .map(|before| left_out(old, before).into_iter().map(|(id, _)| id).collect())
        .unwrap_or_default();
    for (at, stamp) in left_out(new, master) {
        if !known.contains(&at) {
            drafts.push(draft(new, master, Some(&stamp), from, "DECLINED", now))?;
        }
    }
    Ok(())
}

/// The component of a `REPLY` (RFC 5546 section 3.2.3), with the one attendee that replies.
fn draft(
    object: &CalendarObject,
    component: &Component,
    at: Option<&Stamp>,
    from: &str,
    partstat: &str,
    now: &str,
) -> Option<Draft> {
    let property = named(component, "ATTENDEE", from)?;
    let mut draft = Draft::of(object, component, &["UID"]);
    draft.lines.extend(at.map(recurrence_id));
    draft.lines.push(format!("DTSTAMP:{now}"));
    match at {
        Some(at) if stamp(component, "RECURRENCE-ID").is_none() => {
            draft.lines.push(at.line("DTSTART"));
        }
        _ => draft.lines.extend(Draft::of(object, component, &["DTSTART", "DTEND", "DUE"]).lines),
    }
    let rest = ["DURATION", "SUMMARY", "SEQUENCE", "PERCENT-COMPLETE", "COMPLETED", "ORGANIZER"];
    draft.lines.extend(Draft::of(object, component, &rest).lines);
    if component.name == "VTODO" {
        // How far a task is (RFC 5546 section 3.4.3).
        draft.lines.extend(Draft::of(object, component, &["STATUS"]).lines);
    }
    draft.push_answer(object, property, partstat);
    draft.lines.push("REQUEST-STATUS:2.0;Success".to_owned());
    Some(draft)
}
