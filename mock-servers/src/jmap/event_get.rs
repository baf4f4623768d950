//! `CalendarEvent/get` (draft-ietf-jmap-calendars-27 section 5.7).

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::changes::Kind;
use super::dispatch::Run;
use super::errors::MethodError;
use super::{event, expansion, privacy, times};
use crate::account::{Form, Item};
use crate::faults::Site;
use crate::operation::{Op, Target};
use crate::profiles::EventNames;
use crate::spliced::{self, List};
use crate::turn::Verdict;
use crate::world::Zone;

/// Shown only when they are asked for.
const ON_REQUEST: [&str; 3] = ["utcStart", "utcEnd", "iCalendar"];

/// How events are to be shown.
#[derive(Debug)]
struct View {
    properties: Option<Vec<String>>,
    overrides_before: Option<Timestamp>,
    overrides_after: Option<Timestamp>,
    reduce_participants: bool,
    zone: Zone,
    names: EventNames,
}

pub(super) fn run(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    let known = [
        "ids",
        "properties",
        "recurrenceOverridesBefore",
        "recurrenceOverridesAfter",
        "reduceParticipants",
        "timeZone",
    ];
    let mut arguments = Arguments::new(arguments, &known)?;
    let view = View::new(&arguments, run.limits().names)?;
    let ids = ids(run, &mut arguments)?;
    let asked = run.turn.is_asked(Site::Item);
    let target = |id: &String| Target { id: id.clone(), ..Target::default() };
    if asked {
        let targets: Vec<Target> = ids.iter().map(target).collect();
        if let Verdict::Error(error) = run.turn.fault_call(Op::EventGet, &targets) {
            return Err(MethodError::fault(&error));
        }
    }
    let owner = run.turn.host().owner.clone();
    let asker = run.turn.directory().host(run.user).owner.clone();
    let foreign = privacy::is_foreign(run);
    let form = Form::of("event", &(&view, &owner, &asker));
    let mut list = List::default();
    let mut not_found = Vec::new();
    for (nth, id) in ids.iter().enumerate() {
        let more = ids.len() - nth;
        let account = run.turn.account();
        let found = match account.item(id) {
            // Nothing stands between most events and their texts.
            Some(item) if !asked && !foreign => {
                let text = || spliced::object(view.show(event::full(item, &owner), &asker));
                list.push(&item.rendered.text(form, text), more);
                continue;
            }
            Some(item) => Some((Arc::clone(item), None)),
            None => expansion::resolve(account, id).map(|(item, original)| (item, Some(original))),
        };
        let whole = |item: &Item, original: Option<DateTime>| match original {
            None => event::full(item, &owner),
            Some(original) => expansion::full(item, original, &owner),
        };
        let found = found
            .filter(|(item, original)| !(foreign && privacy::is_secret(&whole(item, *original))));
        let Some((item, original)) = found else {
            not_found.push(json!(id));
            continue;
        };
        let mut event = whole(&item, original);
        if foreign {
            privacy::reduce(&mut event, &asker);
        }
        let mut shown = view.show(event, &asker);
        match run.turn.fault_read(Op::EventGet, &target(id)) {
            Verdict::Omit => continue,
            Verdict::Patch(patch) => patch.apply_to(&mut shown),
            _ => {}
        }
        list.push(&spliced::object(shown), 0);
    }
    run.list = Some(list);
    Ok(Map::from_iter([
        ("state".to_owned(), json!(Kind::Item.state(run.turn.account()))),
        ("notFound".to_owned(), Value::Array(not_found)),
    ]))
}

/// Answers the `/get` of a type whose objects have these properties and are shown as they are
/// stored.
pub(super) fn plain(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
    known: &[&str],
) -> Result<Map<String, Value>, MethodError> {
    let mut arguments = Arguments::new(arguments, &["ids", "properties"])?;
    let properties = arguments.texts("properties")?;
    // RFC 8620 section 5.1.
    let unknown = properties.iter().flatten().find(|name| !known.contains(&name.as_str()));
    if let Some(unknown) = unknown {
        return Err(MethodError::invalid_arguments(format!("no property `{unknown}`")));
    }
    let ids = ids(run, &mut arguments)?;
    if let Verdict::Error(error) = run.turn.fault_call(Op::Other, &[]) {
        return Err(MethodError::fault(&error));
    }
    let mut list = Vec::new();
    let mut not_found = Vec::new();
    for id in ids {
        let Some(item) = run.turn.account().item(&id) else {
            not_found.push(json!(id));
            continue;
        };
        let mut shown = item.body.clone();
        shown.retain(|name, _| properties.as_ref().is_none_or(|wanted| wanted.contains(name)));
        shown.insert("id".to_owned(), json!(id));
        list.push(Value::Object(shown));
    }
    Ok(Map::from_iter([
        ("state".to_owned(), json!(Kind::Item.state(run.turn.account()))),
        ("list".to_owned(), Value::Array(list)),
        ("notFound".to_owned(), Value::Array(not_found)),
    ]))
}

/// The ids that a `/get` asks for, creation ids resolved.
pub(super) fn ids(
    run: &Run<'_, '_>,
    arguments: &mut Arguments,
) -> Result<Vec<String>, MethodError> {
    let most = run.limits().max_objects_in_get;
    let mut ids: Vec<String> = match arguments.take_texts("ids")? {
        Some(ids) if run.created.is_empty() => ids,
        Some(ids) => ids.iter().map(|id| run.real_id(id)).collect(),
        None => {
            let all = run.turn.account().items().map(|item| item.id.clone());
            // Stalwart returns as many as it may and says nothing of the rest.
            let take = if run.limits().get_all_is_cut { most } else { usize::MAX };
            all.take(take).collect()
        }
    };
    if !run.created.is_empty() {
        // A thing may be named by its id and by its creation id.
        let mut seen = std::collections::BTreeSet::new();
        ids.retain(|id| seen.insert(id.clone()));
    }
    if ids.len() > most {
        return Err(MethodError::new("requestTooLarge"));
    }
    Ok(ids)
}

impl View {
    fn new(arguments: &Arguments, names: EventNames) -> Result<Self, MethodError> {
        let properties = arguments.texts("properties")?;
        let asked = |name: &str| properties.iter().flatten().any(|asked| asked == name);
        if (asked("utcStart") || asked("utcEnd")) && asked("recurrenceOverrides") {
            let text = "`recurrenceOverrides` cannot be had beside `utcStart` and `utcEnd`";
            return Err(MethodError::invalid_arguments(text));
        }
        let instant = |name: &str| match arguments.optional_text(name)? {
            None => Ok(None),
            Some(text) => times::utc(text).map(Some).ok_or_else(|| {
                MethodError::invalid_arguments(format!("`{name}` is no UTC date-time"))
            }),
        };
        let zone = arguments.optional_text("timeZone")?.unwrap_or("Etc/UTC");
        Ok(Self {
            overrides_before: instant("recurrenceOverridesBefore")?,
            overrides_after: instant("recurrenceOverridesAfter")?,
            reduce_participants: arguments.flag("reduceParticipants")?,
            zone: Zone::iana(zone)
                .ok_or_else(|| MethodError::invalid_arguments("`timeZone` is no time zone"))?,
            properties,
            names,
        })
    }

    fn show(&self, mut event: Map<String, Value>, asker: &str) -> Map<String, Value> {
        self.limit_overrides(&mut event);
        if self.reduce_participants {
            privacy::keep_people(&mut event, asker);
        }
        let Some(properties) = &self.properties else {
            event.retain(|name, _| !ON_REQUEST.contains(&name.as_str()));
            self.names.show(&mut event);
            return event;
        };
        if properties.iter().any(|name| name == "utcStart" || name == "utcEnd")
            && let Some((start, end)) = event::utc_span(&event, &self.zone)
        {
            event.insert("utcStart".to_owned(), json!(start));
            event.insert("utcEnd".to_owned(), json!(end));
        }
        if event.contains_key("baseEventId") {
            // An occurrence says so when it is asked for what only a series has.
            event.insert("recurrenceRule".to_owned(), Value::Null);
            event.insert("recurrenceOverrides".to_owned(), Value::Null);
        }
        self.names.show(&mut event);
        event.retain(|name, _| name == "id" || properties.contains(name));
        event
    }

    fn limit_overrides(&self, event: &mut Map<String, Value>) {
        if self.overrides_before.is_none() && self.overrides_after.is_none() {
            return;
        }
        let frame = event.clone();
        let Some(Value::Object(overrides)) = event.get_mut("recurrenceOverrides") else { return };
        overrides.retain(|key, _| {
            let placed = times::local(key).map(|local| times::placed(&frame, local));
            let zoned = |when: &crate::world::When| {
                let read = crate::world::When::Zoned(when.local(), self.zone.clone());
                when.instant().or_else(|| read.instant())
            };
            let Some(instant) = placed.as_ref().and_then(zoned) else { return true };
            self.overrides_before.is_none_or(|before| instant < before)
                && self.overrides_after.is_none_or(|after| instant >= after)
        });
    }
}
