//! Checks of `/changes` after writes (RFC 8620, section 5.2), on events.

use serde_json::{Value, json};

use super::context::{Jmap, Place};
use super::samples::{event, state, stored, texts};
use crate::check::{Check, Stop, Verdict, expect, fail, row, same};

const KIND: &str = "CalendarEvent";

pub(super) fn checks() -> Vec<Check<Jmap>> {
    vec![
        row! { Must, "changes.created", "what was created is told", "RFC 8620 5.2", created },
        row! { Must, "changes.updated", "what was updated is told", "RFC 8620 5.2", updated },
        row! { Must, "changes.destroyed", "what was destroyed is told", "RFC 8620 5.2", destroyed },
        row! { Must, "changes.created-updated", "what was created and then updated is only created", "RFC 8620 5.2", created_updated },
        row! { Should, "changes.created-destroyed", "what came and went is not told", "RFC 8620 5.2", created_destroyed },
        row! { Must, "changes.pages", "pages of maxChanges lead to the present state", "RFC 8620 5.2", pages },
        row! { Must, "changes.again", "the same state gives the same changes again", "RFC 8620 5.2", again },
    ]
}

/// A calendar with an event, its id, and the state after it.
async fn seen(jmap: &Jmap) -> Result<(Place, String, String, Value), Stop> {
    let place = jmap.calendars()?;
    let calendar = jmap.container(&place).await?;
    let id = stored(jmap, &place, event(jmap, &calendar, "Seen", 4)).await?;
    let state = state(jmap, &place, KIND).await?;
    Ok((place, calendar, id, state))
}

async fn changes(jmap: &Jmap, place: &Place, since: &Value) -> Result<Value, Stop> {
    jmap.done(place, "CalendarEvent/changes", json!({ "sinceState": since })).await
}

/// Fails unless these are the changes.
fn are(found: &Value, wanted: [&[&String]; 3]) -> Verdict {
    for (name, wanted) in ["created", "updated", "destroyed"].into_iter().zip(wanted) {
        let mut wanted: Vec<String> = wanted.iter().map(|id| (*id).clone()).collect();
        wanted.sort();
        same(name, &texts(&found[name]), &wanted)?;
    }
    Ok(())
}

async fn set(jmap: &Jmap, place: &Place, arguments: Value) -> Verdict {
    jmap.done(place, "CalendarEvent/set", arguments).await.map(drop)
}

async fn created(jmap: &Jmap) -> Verdict {
    let (place, calendar, _, since) = seen(jmap).await?;
    let new = stored(jmap, &place, event(jmap, &calendar, "New", 5)).await?;
    are(&changes(jmap, &place, &since).await?, [&[&new], &[], &[]])
}

async fn updated(jmap: &Jmap) -> Verdict {
    let (place, _, id, since) = seen(jmap).await?;
    set(jmap, &place, json!({ "update": { &id: { "title": "Changed" } } })).await?;
    are(&changes(jmap, &place, &since).await?, [&[], &[&id], &[]])
}

async fn destroyed(jmap: &Jmap) -> Verdict {
    let (place, _, id, since) = seen(jmap).await?;
    set(jmap, &place, json!({ "destroy": [id] })).await?;
    are(&changes(jmap, &place, &since).await?, [&[], &[], &[&id]])
}

async fn created_updated(jmap: &Jmap) -> Verdict {
    let (place, calendar, _, since) = seen(jmap).await?;
    let new = stored(jmap, &place, event(jmap, &calendar, "New", 5)).await?;
    set(jmap, &place, json!({ "update": { &new: { "title": "Changed" } } })).await?;
    are(&changes(jmap, &place, &since).await?, [&[&new], &[], &[]])
}

async fn created_destroyed(jmap: &Jmap) -> Verdict {
    let (place, calendar, _, since) = seen(jmap).await?;
    let new = stored(jmap, &place, event(jmap, &calendar, "New", 5)).await?;
    set(jmap, &place, json!({ "destroy": [new] })).await?;
    are(&changes(jmap, &place, &since).await?, [&[], &[], &[]])
}

/// How many pages are read.
const PAGES_MAX: usize = 12;

async fn pages(jmap: &Jmap) -> Verdict {
    let (place, calendar, _, mut since) = seen(jmap).await?;
    let mut wanted = Vec::new();
    for day in 5..8 {
        wanted.push(stored(jmap, &place, event(jmap, &calendar, "New", day)).await?);
    }
    let (mut told, now) = (Vec::new(), state(jmap, &place, KIND).await?);
    for _ in 0..PAGES_MAX {
        let arguments = json!({ "sinceState": since, "maxChanges": 1 });
        let page = jmap.done(&place, "CalendarEvent/changes", arguments).await?;
        let ids = texts(&page["created"]);
        expect(ids.len() <= 1, "one change at most", format!("{ids:?}"))?;
        told.extend(ids);
        since = page["newState"].clone();
        if page["hasMoreChanges"] != true {
            told.sort();
            wanted.sort();
            same("what all pages tell", &told, &wanted)?;
            return same("newState of the last page", &since, &now);
        }
    }
    fail(format!("an end within {PAGES_MAX} pages"), "more changes")
}

async fn again(jmap: &Jmap) -> Verdict {
    let (place, calendar, id, since) = seen(jmap).await?;
    let new = stored(jmap, &place, event(jmap, &calendar, "New", 5)).await?;
    set(jmap, &place, json!({ "destroy": [id] })).await?;
    for _ in 0..2 {
        are(&changes(jmap, &place, &since).await?, [&[&new], &[], &[&id]])?;
    }
    Ok(())
}
