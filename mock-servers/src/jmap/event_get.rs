//! `CalendarEvent/get` (draft-ietf-jmap-calendars-27 section 5.7).

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::changes::Kind;
use super::dispatch::Run;
use super::errors::MethodError;
use super::{event, expansion, privacy, times};
use crate::operation::{Op, Target};
use crate::profiles::EventNames;
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
    let arguments = Arguments::new(arguments, &known)?;
    let view = View::new(&arguments, run.limits().names)?;
    let ids = ids(run, &arguments)?;
    let targets: Vec<Target> =
        ids.into_iter().map(|id| Target { id, ..Target::default() }).collect();
    if let Verdict::Error(error) = run.turn.fault_call(Op::EventGet, &targets) {
        return Err(MethodError::fault(&error));
    }
    let owner = run.turn.host().owner.clone();
    let asker = run.turn.directory().host(run.user).owner.clone();
    let foreign = privacy::is_foreign(run);
    let mut list = Vec::new();
    let mut not_found = Vec::new();
    for target in &targets {
        let account = run.turn.account();
        let found = match account.item(&target.id) {
            Some(item) => Some(event::full(item, &owner)),
            None => expansion::resolve(account, &target.id)
                .map(|(item, original)| expansion::full(&item, original, &owner)),
        };
        let found = found.filter(|event| !(foreign && privacy::is_secret(event)));
        let Some(mut found) = found else {
            not_found.push(json!(target.id));
            continue;
        };
        if foreign {
            privacy::reduce(&mut found, &asker);
        }
        let mut shown = view.show(found, &asker);
        match run.turn.fault_read(Op::EventGet, target) {
            Verdict::Omit => continue,
            Verdict::Patch(patch) => patch.apply_to(&mut shown),
            _ => {}
        }
        list.push(Value::Object(shown));
    }
    Ok(Map::from_iter([
        ("state".to_owned(), json!(Kind::Item.state(run.turn.account()))),
        ("list".to_owned(), Value::Array(list)),
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
    let arguments = Arguments::new(arguments, &["ids", "properties"])?;
    let properties = arguments.texts("properties")?;
    // RFC 8620 section 5.1.
    let unknown = properties.iter().flatten().find(|name| !known.contains(&name.as_str()));
    if let Some(unknown) = unknown {
        return Err(MethodError::invalid_arguments(format!("no property `{unknown}`")));
    }
    let ids = ids(run, &arguments)?;
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
pub(super) fn ids(run: &Run<'_, '_>, arguments: &Arguments) -> Result<Vec<String>, MethodError> {
    let most = run.limits().max_objects_in_get;
    let mut ids: Vec<String> = match arguments.texts("ids")? {
        Some(ids) => ids.iter().map(|id| run.real_id(id)).collect(),
        None => {
            let all = run.turn.account().items().map(|item| item.id.clone());
            // Stalwart returns as many as it may and says nothing of the rest.
            let take = if run.limits().get_all_is_cut { most } else { usize::MAX };
            all.take(take).collect()
        }
    };
    let mut seen = std::collections::BTreeSet::new();
    ids.retain(|id| seen.insert(id.clone()));
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
