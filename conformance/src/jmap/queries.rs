//! Checks of `/query` (RFC 8620, section 5.5), on events of a calendar of the run's own.

use serde_json::{Value, json};

use super::context::{Jmap, Place};
use super::guard::NOTHING;
use super::samples::{and, event, stored, texts};
use crate::check::{Check, Stop, Verdict, expect, fail, not_applicable, row, same};

const QUERY: &str = "CalendarEvent/query";

pub(super) fn checks() -> Vec<Check<Jmap>> {
    vec![
        row! { Must, "query.ids", "a query gives the ids of what matches", "RFC 8620 5.5", ids },
        row! { Must, "query.answer", "with a state, a position, and whether changes can be calculated", "RFC 8620 5.5", answer },
        row! { Must, "query.limit", "a limit is kept", "RFC 8620 5.5", limit },
        row! { Must, "query.position", "a position is where the ids begin", "RFC 8620 5.5", position },
        row! { Must, "query.position-negative", "a negative one counts from the end", "RFC 8620 5.5", position_negative },
        row! { Must, "query.anchor", "an anchor and its offset are where the ids begin", "RFC 8620 5.5", anchor },
        row! { Must, "query.anchor-not-found", "an anchor that is not there is anchorNotFound", "RFC 8620 5.5", anchor_not_found },
        row! { Must, "query.total", "the total is calculated where that is asked for", "RFC 8620 5.5", total },
        row! { Must, "query.sort", "ids are sorted as asked for", "RFC 8620 5.5", sort },
        row! { Must, "query.unsupported-sort", "an unknown property to sort by is unsupportedSort", "RFC 8620 5.5", unsupported_sort },
        row! { Must, "query.unsupported-filter", "an unknown condition is refused", "RFC 8620 5.5", unsupported_filter },
        row! { Must, "query.operators", "OR, AND and NOT join conditions", "RFC 8620 5.5", operators },
        row! { Must, "query.uid", "events are found by uid", "draft-ietf-jmap-calendars-27 5.11", uid },
        row! { Must, "query.range", "and by time", "draft-ietf-jmap-calendars-27 5.11", range },
        row! { Must, "query.reference", "a get of the ids of a query in the same request", "RFC 8620 3.7", reference },
        row! { Must, "query.changes", "queryChanges leads from the old results to the new ones", "RFC 8620 5.6", changes },
        row! { Must, "query.changes-state", "and from the old state to the new one", "RFC 8620 5.6", changes_state },
    ]
}

/// A calendar with three events, a day each, and their ids.
struct Three {
    place: Place,
    calendar: String,
    ids: Vec<String>,
}

async fn three(jmap: &Jmap) -> Result<Three, Stop> {
    let place = jmap.calendars()?;
    let calendar = jmap.container(&place).await?;
    let mut ids = Vec::new();
    for (title, day) in [("a", 4), ("b", 5), ("c", 6)] {
        ids.push(stored(jmap, &place, event(jmap, &calendar, title, day)).await?);
    }
    Ok(Three { place, calendar, ids })
}

impl Three {
    /// All of the calendar, by start, with more arguments.
    fn arguments(&self, more: Value) -> Value {
        let filter = json!({ "inCalendar": self.calendar });
        let sort = json!([{ "property": "start", "isAscending": true }]);
        and(json!({ "filter": filter, "sort": sort }), more)
    }

    async fn ask(&self, jmap: &Jmap, more: Value) -> Result<Value, Stop> {
        jmap.done(&self.place, QUERY, self.arguments(more)).await
    }

    /// Fails unless the ids of these are found, in this order.
    async fn finds(&self, jmap: &Jmap, more: Value, wanted: &[usize]) -> Verdict {
        let found = self.ask(jmap, more).await?;
        let wanted: Vec<&String> = wanted.iter().map(|nth| &self.ids[*nth]).collect();
        same("ids", &found["ids"], &json!(wanted))
    }
}

async fn ids(jmap: &Jmap) -> Verdict {
    let three = three(jmap).await?;
    let found = three.ask(jmap, json!({})).await?;
    let mut wanted = three.ids.clone();
    wanted.sort();
    same("ids", &texts(&found["ids"]), &wanted)
}

async fn answer(jmap: &Jmap) -> Verdict {
    let found = three(jmap).await?.ask(jmap, json!({})).await?;
    let holds = found["queryState"].is_string()
        && found["canCalculateChanges"].is_boolean()
        && found["position"] == 0;
    expect(holds, "queryState, canCalculateChanges, and position 0", found.to_string())
}

async fn limit(jmap: &Jmap) -> Verdict {
    three(jmap).await?.finds(jmap, json!({ "limit": 1 }), &[0]).await
}

async fn position(jmap: &Jmap) -> Verdict {
    three(jmap).await?.finds(jmap, json!({ "position": 1 }), &[1, 2]).await
}

async fn position_negative(jmap: &Jmap) -> Verdict {
    three(jmap).await?.finds(jmap, json!({ "position": -1 }), &[2]).await
}

async fn anchor(jmap: &Jmap) -> Verdict {
    let three = three(jmap).await?;
    let more = json!({ "anchor": three.ids[0], "anchorOffset": 1 });
    three.finds(jmap, more, &[1, 2]).await
}

async fn anchor_not_found(jmap: &Jmap) -> Verdict {
    let three = three(jmap).await?;
    let arguments = three.arguments(json!({ "anchor": NOTHING }));
    let (name, found) = jmap.invoke(&three.place, QUERY, arguments).await?;
    super::api::error(&name, &found, "anchorNotFound")
}

async fn total(jmap: &Jmap) -> Verdict {
    let more = json!({ "limit": 1, "calculateTotal": true });
    let found = three(jmap).await?.ask(jmap, more).await?;
    same("total", &found["total"], &json!(3))
}

async fn sort(jmap: &Jmap) -> Verdict {
    let three = three(jmap).await?;
    let down = json!({ "sort": [{ "property": "start", "isAscending": false }] });
    three.finds(jmap, down, &[2, 1, 0]).await
}

async fn unsupported_sort(jmap: &Jmap) -> Verdict {
    let three = three(jmap).await?;
    let arguments = three.arguments(json!({ "sort": [{ "property": "calamityUnheardOf" }] }));
    let (name, found) = jmap.invoke(&three.place, QUERY, arguments).await?;
    super::api::error(&name, &found, "unsupportedSort")
}

async fn unsupported_filter(jmap: &Jmap) -> Verdict {
    let three = three(jmap).await?;
    let arguments = json!({ "filter": { "calamityUnheardOf": 7 } });
    let (name, found) = jmap.invoke(&three.place, QUERY, arguments).await?;
    let kinds = ["unsupportedFilter", "invalidArguments"];
    let known = found["type"].as_str().is_some_and(|kind| kinds.contains(&kind));
    expect(name == "error" && known, format!("an error {kinds:?}"), format!("{name} {found}"))
}

async fn operators(jmap: &Jmap) -> Verdict {
    let three = three(jmap).await?;
    let of = |text: &str| json!({ "title": text });
    let own = json!({ "inCalendar": three.calendar });
    let or = json!({ "operator": "OR", "conditions": [of("a"), of("c")] });
    let both = json!({ "operator": "AND", "conditions": [own, or] });
    three.finds(jmap, json!({ "filter": both }), &[0, 2]).await?;
    let not = json!({ "operator": "NOT", "conditions": [of("a")] });
    let both = json!({ "operator": "AND", "conditions": [own, not] });
    three.finds(jmap, json!({ "filter": both }), &[1, 2]).await
}

async fn uid(jmap: &Jmap) -> Verdict {
    let three = three(jmap).await?;
    let event = super::samples::read(jmap, &three.place, "CalendarEvent", &three.ids[1]).await?;
    three.finds(jmap, json!({ "filter": { "uid": event["uid"] } }), &[1]).await
}

async fn range(jmap: &Jmap) -> Verdict {
    let three = three(jmap).await?;
    let span = json!({ "inCalendar": three.calendar, "after": "2026-05-05T00:00:00",
                       "before": "2026-05-06T00:00:00" });
    let more = json!({ "filter": span, "timeZone": "Europe/Berlin" });
    three.finds(jmap, more, &[1]).await
}

async fn reference(jmap: &Jmap) -> Verdict {
    let three = three(jmap).await?;
    let account = json!({ "accountId": three.place.account });
    let query = and(three.arguments(json!({})), account.clone());
    let ids = json!({ "resultOf": "c0", "name": QUERY, "path": "/ids" });
    let get = and(account, json!({ "#ids": ids, "properties": ["title"] }));
    let calls = json!([[QUERY, query, "c0"], ["CalendarEvent/get", get, "c1"]]);
    let answer = jmap.request(&three.place, calls).await?;
    let list = answer["methodResponses"][1][1]["list"].as_array().cloned().unwrap_or_default();
    let titles = texts(&list.iter().map(|one| one["title"].clone()).collect());
    same("titles", &titles.concat(), &"abc".to_owned())
}

/// What queryChanges says after one event came and one went, with the results before and after.
struct Changed {
    before: Value,
    after: Value,
    found: Value,
}

async fn changed(jmap: &Jmap) -> Result<Changed, Stop> {
    let three = three(jmap).await?;
    let before = three.ask(jmap, json!({})).await?;
    stored(jmap, &three.place, event(jmap, &three.calendar, "d", 7)).await?;
    let gone = json!({ "destroy": [three.ids[0]] });
    jmap.done(&three.place, "CalendarEvent/set", gone).await?;
    let after = three.ask(jmap, json!({})).await?;
    let arguments = three.arguments(json!({ "sinceQueryState": before["queryState"] }));
    let name = "CalendarEvent/queryChanges";
    let (answered, found) = jmap.invoke(&three.place, name, arguments).await?;
    if answered == "error" {
        // A server may always say so, whatever canCalculateChanges promised: that "does not
        // guarantee that it will be able to calculate" them (RFC 8620 5.5).
        super::api::error(&answered, &found, "cannotCalculateChanges")?;
        return not_applicable("cannotCalculateChanges, which a server may always say");
    }
    Ok(Changed { before, after, found })
}

/// Takes out what was removed, and puts what was added in at its index, the lowest first (RFC 8620
/// 5.6).
async fn changes(jmap: &Jmap) -> Verdict {
    let Changed { before, after, found } = changed(jmap).await?;
    let (Some(removed), Some(added)) = (found["removed"].as_array(), found["added"].as_array())
    else {
        return fail("lists removed and added", found.to_string());
    };
    let mut ids = before["ids"].as_array().cloned().unwrap_or_default();
    ids.retain(|id| !removed.contains(id));
    for one in added {
        let index = one["index"].as_u64().and_then(|index| usize::try_from(index).ok());
        match index.filter(|index| *index <= ids.len()) {
            Some(index) => ids.insert(index, one["id"].clone()),
            None => return fail("an index within the results", one.to_string()),
        }
    }
    same("ids after removing and adding", &json!(ids), &after["ids"])
}

async fn changes_state(jmap: &Jmap) -> Verdict {
    let Changed { before, after, found } = changed(jmap).await?;
    same("oldQueryState", &found["oldQueryState"], &before["queryState"])?;
    same("newQueryState", &found["newQueryState"], &after["queryState"])
}
