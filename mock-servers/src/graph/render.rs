//! Events and calendars as they are answered.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::moment::{Wanted, stamp};
use super::odata::{Expand, Prefer, Select, encode};
use super::recurrence::Series;
use super::stored::{Kind, Reading, expanded};
use super::{html, ids, transaction};
use crate::account::{Account, Calendar, Form, Item, short_hash};
use crate::native::Host;

/// Stored properties that are answered as they are.
const PLAIN: [&str; 21] = [
    "allowNewTimeProposals",
    "attendees",
    "categories",
    "hideAttendees",
    "importance",
    "isAllDay",
    "isCancelled",
    "isDraft",
    "isOnlineMeeting",
    "isOrganizer",
    "isReminderOn",
    "location",
    "locations",
    "onlineMeetingProvider",
    "organizer",
    "reminderMinutesBeforeStart",
    "responseRequested",
    "responseStatus",
    "sensitivity",
    "showAs",
    "subject",
];

/// How a client wants events answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    zone: Wanted,
    text: bool,
    select: Select,
    expand: Expand,
    /// The calendars by their ids, where they are answered beside events.
    calendars: BTreeMap<String, Map<String, Value>>,
}

impl View {
    /// The view of a request.
    pub(crate) fn new(prefer: &Prefer, select: Select, expand: Expand) -> Result<Self, Failure> {
        let (zone, text) = (prefer.zone()?, prefer.wants_text());
        Ok(Self { zone, text, select, expand, calendars: BTreeMap::new() })
    }

    /// The same, with the calendar of each event beside it.
    pub(crate) fn beside(self, account: &Account, host: &Host) -> Self {
        let (all, none) = (Select::default(), Expand::default());
        let shown = |one: &Calendar| (one.id.clone(), calendar(one, host, &all, &none));
        Self { calendars: account.calendars().map(shown).collect(), ..self }
    }

    /// The form of the text of [`Self::event`], or of [`Self::named`], of an item.
    pub(crate) fn form(&self, named: bool) -> Form {
        let told = ["cancelledOccurrences", "exceptionOccurrences"];
        // Most clients do not ask for these, and get the same event either way.
        let more = named && told.iter().any(|name| self.select.names(name));
        Form::of(if more { "named event" } else { "event" }, self)
    }

    /// An event of a collection, or one that was written.
    pub(crate) fn event(&self, reading: &Reading<'_>) -> Map<String, Value> {
        let mut event = self.properties(reading);
        event.extend(expanded(own(reading), &self.expand));
        if let Some(found) = self.expand.extensions_of(reading.extensions()) {
            event.insert("extensions".to_owned(), Value::Array(found));
        }
        let calendar = reading.item.calendars.first().and_then(|id| self.calendars.get(id));
        if let Some(calendar) = calendar {
            event.insert("calendar".to_owned(), json!(calendar));
        }
        if self.expand.attachments {
            event.insert("attachments".to_owned(), json!([]));
        }
        event
    }

    /// The event that was made, with the extensions that were made with it.
    pub(crate) fn made(&self, reading: &Reading<'_>) -> Map<String, Value> {
        let expand = Expand { extensions: Some(Vec::new()), ..self.expand.clone() };
        Self { expand, ..self.clone() }.event(reading)
    }

    /// The event that a GET names: a master also tells, if asked by name, what became of its
    /// occurrences.
    pub(crate) fn named(&self, reading: &Reading<'_>) -> Map<String, Value> {
        let mut event = self.event(reading);
        let series = Series::of(reading.item).filter(|_| reading.kind == Kind::Master);
        if self.select.names("cancelledOccurrences") {
            let cancelled = series.as_ref().map(cancelled_occurrences).unwrap_or_default();
            event.insert("cancelledOccurrences".to_owned(), json!(cancelled));
        }
        if self.select.names("exceptionOccurrences") && self.expand.exceptions {
            let exceptions = series.iter().flat_map(Series::exceptions);
            let exceptions: Vec<Value> = exceptions
                .map(|instance| Reading::instance(reading.item, instance))
                .map(|exception| Value::Object(self.properties(&exception)))
                .collect();
            event.insert("exceptionOccurrences".to_owned(), Value::Array(exceptions));
        }
        event
    }

    /// The few properties by which a delta feed tells of an occurrence, and `events/delta` of
    /// everything.
    pub(crate) fn stub(&self, reading: &Reading<'_>) -> Map<String, Value> {
        let mut stub = Map::new();
        let mut put = |name: &str, value: Value| stub.insert(name.to_owned(), value);
        put("@odata.etag", json!(etag(reading)));
        put("id", json!(reading.id()));
        put("type", json!(reading.kind.name()));
        put("start", self.time(reading, reading.start()));
        put("end", self.time(reading, reading.end()));
        if reading.instance.is_some() {
            put("seriesMasterId", json!(reading.item.id));
        }
        stub
    }

    fn properties(&self, reading: &Reading<'_>) -> Map<String, Value> {
        let mut event = Map::new();
        event.insert("@odata.etag".to_owned(), json!(etag(reading)));
        event.insert("id".to_owned(), json!(reading.id()));
        let mut put = |name: &str, value: &dyn Fn() -> Value| {
            if self.select.takes(name) {
                event.insert(name.to_owned(), value());
            }
        };
        for name in PLAIN {
            put(name, &|| reading.get(name).cloned().unwrap_or_default());
        }
        put("changeKey", &|| json!(reading.change_key()));
        put("createdDateTime", &|| json!(stamp(reading.item.created)));
        put("lastModifiedDateTime", &|| json!(stamp(reading.item.updated)));
        put("iCalUId", &|| json!(reading.ical_uid()));
        put("hasAttachments", &|| json!(false));
        put("onlineMeeting", &|| Value::Null);
        put("onlineMeetingUrl", &|| Value::Null);
        put("webLink", &|| json!(web_link(&reading.id())));
        put("transactionId", &|| json!(transaction::id_of(reading)));
        put("type", &|| json!(reading.kind.name()));
        put("seriesMasterId", &|| match reading.instance {
            Some(_) => json!(reading.item.id),
            None => Value::Null,
        });
        put("recurrence", &|| reading.get("recurrence").cloned().unwrap_or_default());
        put("start", &|| self.time(reading, reading.start()));
        put("end", &|| self.time(reading, reading.end()));
        put("originalStartTimeZone", &|| zone_name(reading, "start"));
        put("originalEndTimeZone", &|| zone_name(reading, "end"));
        put("body", &|| self.body(reading));
        put("bodyPreview", &|| json!(html::preview(&body_text(reading))));
        if let Some(instance) = &reading.instance {
            put("originalStart", &|| json!(stamp(instance.original)));
        }
        event
    }

    fn time(&self, reading: &Reading<'_>, instant: Option<Timestamp>) -> Value {
        let Some(instant) = instant else { return Value::Null };
        if reading.flag("isAllDay") {
            self.zone.state_day(instant.to_zoned(TimeZone::UTC).date())
        } else {
            self.zone.state(instant)
        }
    }

    fn body(&self, reading: &Reading<'_>) -> Value {
        if self.text {
            return json!({ "contentType": "text", "content": body_text(reading) });
        }
        let (content, is_html) = content(reading);
        let content = if is_html { html::document(content) } else { html::from_text(content) };
        json!({ "contentType": "html", "content": content })
    }
}

/// A calendar.
pub(crate) fn calendar(
    calendar: &Calendar,
    host: &Host,
    select: &Select,
    expand: &Expand,
) -> Map<String, Value> {
    let change_key = short_hash(format!("{} {}", calendar.id, calendar.modseq).as_bytes());
    let stored = |name: &str, default: Value| calendar.body.get(name).cloned().unwrap_or(default);
    let properties = [
        ("name", json!(calendar.name)),
        ("color", stored("color", json!("auto"))),
        ("hexColor", json!("")),
        ("isDefaultCalendar", json!(calendar.is_default)),
        ("changeKey", json!(change_key)),
        ("canShare", json!(true)),
        ("canViewPrivateItems", json!(true)),
        ("canEdit", json!(true)),
        ("allowedOnlineMeetingProviders", json!([])),
        ("defaultOnlineMeetingProvider", stored("defaultOnlineMeetingProvider", json!("unknown"))),
        ("isTallyingResponses", json!(calendar.is_default)),
        ("isRemovable", json!(!calendar.is_default)),
        ("owner", json!({ "name": host.owner, "address": host.owner })),
    ];
    let mut answered = Map::new();
    answered.insert("id".to_owned(), json!(calendar.id));
    let taken = properties.into_iter().filter(|(name, _)| select.takes(name));
    answered.extend(taken.map(|(name, value)| (name.to_owned(), value)));
    answered.extend(expanded(Some(&calendar.body), expand));
    answered
}

/// The entity tag of an event: its change key, as a weak one.
pub(crate) fn etag(reading: &Reading<'_>) -> String {
    format!("W/\"{}\"", reading.change_key())
}

/// The OIDs of the cancelled occurrences of a series.
fn cancelled_occurrences(series: &Series<'_>) -> Vec<String> {
    let item: &Item = series.item();
    let originals = item.cancelled.iter().filter_map(|key| super::moment::of_key(key));
    originals.map(|original| ids::occurrence(&item.id, series.day(original))).collect()
}

/// Where the extended properties are; an instance has its own only.
fn own<'a>(reading: &Reading<'a>) -> Option<&'a Map<String, Value>> {
    match &reading.instance {
        Some(instance) => instance.own,
        None => Some(&reading.item.body),
    }
}

fn content<'a>(reading: &Reading<'a>) -> (&'a str, bool) {
    let body = reading.get("body");
    let content = body.and_then(|body| body["content"].as_str()).unwrap_or_default();
    let is_text = body.is_some_and(|body| body["contentType"].as_str() == Some("text"));
    (content, !is_text)
}

fn body_text(reading: &Reading<'_>) -> String {
    let (content, is_html) = content(reading);
    if is_html { html::to_text(content) } else { content.trim().to_owned() }
}

fn zone_name(reading: &Reading<'_>, name: &str) -> Value {
    reading.moment(name).map_or(Value::Null, |moment| json!(moment.zone))
}

fn web_link(id: &str) -> String {
    let id = encode(id);
    format!("https://outlook.office365.com/owa/?itemid={id}&exvsurl=1&path=/calendar/item")
}
