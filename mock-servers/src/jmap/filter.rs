//! Filters of `CalendarEvent/query` (draft-ietf-jmap-calendars-27 section 5.11.1).

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::errors::MethodError;
use super::query::Tree;
use super::{event, expansion, rule, times};
use crate::account::Item;
use crate::world::{When, Zone};

/// Operators inside operators, at most.
pub(super) const DEPTH_MAX: usize = 8;

/// A filter.
pub(super) type Filter = Tree<Condition>;

/// One property of a FilterCondition.
#[derive(Debug)]
pub(super) enum Condition {
    InCalendar(String),
    After(Timestamp),
    Before(Timestamp),
    Uid(String),
    /// Words of a text in some fields.
    Words(Field, Vec<String>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Any,
    Title,
    Description,
    Location,
    Owner,
    Attendee,
}

/// What a filter is applied to: an event, or one occurrence of it.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    item: &'a Arc<Item>,
    event: &'a Map<String, Value>,
    /// When it takes place; computed when a condition asks.
    spans: Spans<'a>,
}

#[derive(Debug)]
enum Spans<'a> {
    Given(Vec<(Timestamp, Option<Timestamp>)>),
    Of(&'a Zone),
}

impl<'a> Subject<'a> {
    /// A stored event: it matches if any of its occurrences does.
    pub(super) fn whole(item: &'a Arc<Item>, zone: &'a Zone) -> Self {
        Self { item, event: &item.body, spans: Spans::Of(zone) }
    }

    /// One occurrence.
    pub(super) fn occurrence(
        item: &'a Arc<Item>,
        event: &'a Map<String, Value>,
        spans: Vec<(Timestamp, Option<Timestamp>)>,
    ) -> Self {
        Self { item, event, spans: Spans::Given(spans) }
    }

    /// Start and end of the first and the last occurrence; no end for a series without one.
    fn extent(&self) -> Option<(Timestamp, Option<Timestamp>)> {
        let zone = match &self.spans {
            Spans::Given(spans) => return spans.first().copied(),
            Spans::Of(zone) => *zone,
        };
        let endless =
            rule::of(self.event).is_some_and(|rule| rule.count.is_none() && rule.until.is_none());
        if !endless {
            let all = expansion::occurrences(self.event, Timestamp::MAX, zone);
            let start = all.iter().map(|occurrence| occurrence.start).min()?;
            return Some((start, all.iter().map(|occurrence| occurrence.end).max()));
        }
        let start = times::start(self.event)?;
        let read = When::Zoned(start.local(), zone.clone());
        Some((start.instant().or_else(|| read.instant())?, None))
    }
}

/// Reads a filter; times are local to the zone.
pub(super) fn parse(value: Option<&Value>, zone: &Zone) -> Result<Filter, MethodError> {
    Tree::parse(value, &|name, value| condition(name, value, zone))
}

impl Filter {
    /// Whether an event, or an occurrence, matches.
    pub(super) fn fits(&self, subject: &Subject<'_>) -> bool {
        self.matches(&|condition| condition.holds(subject))
    }

    /// `after` and `before`, of a filter that is one condition with both.
    pub(super) fn window(&self) -> Option<(Timestamp, Timestamp)> {
        let after = self.conditions().iter().find_map(|condition| match condition {
            Condition::After(after) => Some(*after),
            _ => None,
        })?;
        let before = self.conditions().iter().find_map(|condition| match condition {
            Condition::Before(before) => Some(*before),
            _ => None,
        })?;
        Some((after, before))
    }

    /// The calendar that everything must be in.
    pub(super) fn only_calendar(&self) -> Option<&str> {
        self.conditions().iter().find_map(|condition| match condition {
            Condition::InCalendar(id) => Some(id.as_str()),
            _ => None,
        })
    }

    /// The uid that everything must have.
    pub(super) fn only_uid(&self) -> Option<&str> {
        self.conditions().iter().find_map(|condition| match condition {
            Condition::Uid(uid) => Some(uid.as_str()),
            _ => None,
        })
    }
}

fn condition(name: &str, value: &Value, zone: &Zone) -> Result<Condition, MethodError> {
    let wrong = |what: &str| MethodError::invalid_arguments(format!("`{name}` is {what}"));
    let text = || value.as_str().ok_or_else(|| wrong("not a string"));
    let instant = || {
        let local = times::local(text()?).map(|local| When::Zoned(local, zone.clone()));
        local.and_then(|local| local.instant()).ok_or_else(|| wrong("no local date-time"))
    };
    Ok(match name {
        "inCalendar" => Condition::InCalendar(text()?.to_owned()),
        "after" => Condition::After(instant()?),
        "before" => Condition::Before(instant()?),
        "uid" => Condition::Uid(text()?.to_owned()),
        "text" => Condition::Words(Field::Any, words(text()?)),
        "title" => Condition::Words(Field::Title, words(text()?)),
        "description" => Condition::Words(Field::Description, words(text()?)),
        "location" => Condition::Words(Field::Location, words(text()?)),
        "owner" => Condition::Words(Field::Owner, words(text()?)),
        "attendee" => Condition::Words(Field::Attendee, words(text()?)),
        // A name that is none is no condition, of whatever type its value is.
        _ => {
            let text = format!("no condition `{name}`");
            return Err(MethodError::because("unsupportedFilter", text));
        }
    })
}

/// Words, and phrases in quotes, in lower case.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        match (sign, quote) {
            ('\\', Some(_)) => word.extend(signs.next()),
            (sign, Some(open)) if sign == open => {
                quote = None;
                found.push(std::mem::take(&mut word));
            }
            ('"' | '\'', None) if word.is_empty() => quote = Some(sign),
            (sign, None) if sign.is_whitespace() => found.push(std::mem::take(&mut word)),
            (sign, _) => word.push(sign),
        }
    }
    found.push(word);
    found.into_iter().map(|word| word.to_lowercase()).filter(|word| !word.is_empty()).collect()
}

impl Condition {
    fn holds(&self, subject: &Subject<'_>) -> bool {
        match self {
            Self::InCalendar(id) => subject.item.calendars.contains(id),
            Self::Uid(uid) => subject.item.uid == *uid,
            Self::After(after) => {
                subject.extent().is_some_and(|(_, end)| end.is_none_or(|end| end > *after))
            }
            Self::Before(before) => subject.extent().is_some_and(|(start, _)| start < *before),
            Self::Words(field, words) => {
                let texts = texts(subject.event, *field).to_lowercase();
                words.iter().all(|word| texts.contains(word.as_str()))
            }
        }
    }
}

/// All texts of some fields in one.
fn texts(event: &Map<String, Value>, field: Field) -> String {
    let mut texts: Vec<&str> = Vec::new();
    let wants = |one: Field| field == one || field == Field::Any;
    if wants(Field::Title) {
        texts.push(event::title(event));
    }
    if wants(Field::Description) {
        texts.extend(event.get("description").and_then(Value::as_str));
    }
    if wants(Field::Location) {
        let places = event.get("locations").and_then(Value::as_object);
        let places = places.into_iter().flat_map(Map::values);
        texts.extend(places.filter_map(|place| place.get("name")?.as_str()));
    }
    for (_, person) in event::participants(event) {
        let has = |role: &str| person.get("roles").is_some_and(|roles| roles.get(role).is_some());
        let owner = has("owner");
        let attends = has("attendee") || has("required") || has("optional");
        if field == Field::Any
            || (field == Field::Owner && owner)
            || (field == Field::Attendee && attends)
        {
            let members = ["name", "email", "calendarAddress"];
            texts.extend(members.iter().filter_map(|name| person.get(*name)?.as_str()));
        }
    }
    texts.join("\n")
}
