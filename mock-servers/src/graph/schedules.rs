//! `POST .../calendar/getSchedule`: when people are free ("calendar: getSchedule").
//!
//! Of a mailbox that is not the caller's, only times and states are told, as the sharing that a
//! mailbox has from the beginning allows. What is in the default calendar counts.

use http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::call::{Call, Caller};
use super::events::readings;
use super::failure::Failure;
use super::mailbox::working_hours;
use super::moment::{Moment, Wanted};
use super::stored::Reading;
use super::users;
use crate::account::Item;
use crate::directory::{Focus, UserId};
use crate::native::Reply;
use crate::turn::Turn;

/// How many schedules one request is about at most, and the longest time: those of
/// `GetUserAvailability` of EWS, on which it rests.
const SCHEDULES_MAX: usize = 100;
const DAYS_MAX: i64 = 62;
/// How many events of one schedule are told; beyond that the schedule is an error (5006).
const ITEMS_MAX: usize = 1_000;
/// The length of a slot in minutes: "The default is 30 minutes, minimum is 5, maximum is 1440". Older pages
/// say 6; EWS, on which it rests, has 5 too (`MergedFreeBusyIntervalInMinutes`).
const SLOT: i64 = 30;
const SLOTS: std::ops::RangeInclusive<i64> = 5..=1_440;

/// What is asked for.
struct Question {
    schedules: Vec<String>,
    from: Timestamp,
    upto: Timestamp,
    slot: SignedDuration,
}

/// Answers for every schedule.
pub(super) fn schedules(call: &Call, turn: &Turn<'_>) -> Result<Reply, Failure> {
    if call.method() != Method::POST {
        return Err(call.no_method());
    }
    let question = Question::read(call.members()?)?;
    let zone = call.prefer.zone()?;
    let own = turn.focus().user;
    let rows = question.schedules.iter().map(|name| {
        let Some(user) = users::find(turn.directory(), name) else {
            return failed(name, "ErrorMailRecipientNotFound", "Unable to resolve the address.");
        };
        let detailed = user == own || matches!(call.caller(), Caller::App { .. });
        question.answer(turn, name, user, &zone, detailed)
    });
    Ok(call.collection("Collection(microsoft.graph.scheduleInformation)", rows.collect(), None))
}

impl Question {
    fn read(body: &Map<String, Value>) -> Result<Self, Failure> {
        // Names of parameters are compared without regard to case, as with every action.
        let get = |name: &str| {
            body.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        };
        let missing = |name: &str| {
            Failure::of("ErrorInvalidParameter")
                .saying(format!("The parameter '{name}' is missing or is not valid."))
        };
        let given = get("Schedules").and_then(Value::as_array);
        let given = given.ok_or_else(|| missing("Schedules"))?;
        if given.is_empty() || given.len() > SCHEDULES_MAX {
            return Err(missing("Schedules"));
        }
        let names: Option<Vec<String>> =
            given.iter().map(|name| name.as_str().map(str::to_owned)).collect();
        let time = |name: &str| {
            let value = get(name).filter(|value| value.is_object()).ok_or_else(|| missing(name))?;
            Moment::parse(value, name).map(|moment| moment.instant())
        };
        let (from, upto) = (time("StartTime")?, time("EndTime")?);
        let longest = SignedDuration::from_hours(24 * DAYS_MAX);
        if upto <= from || upto.duration_since(from) > longest {
            return Err(Failure::of("ErrorInvalidParameter").saying(format!(
                "The requested time ends before it starts, or is longer than {DAYS_MAX} days."
            )));
        }
        let minutes = get("AvailabilityViewInterval").filter(|value| !value.is_null());
        let minutes = match minutes {
            None => SLOT,
            // Microsoft's own examples write it as a text too.
            Some(value) => value
                .as_i64()
                .or_else(|| value.as_str()?.parse().ok())
                .filter(|minutes| SLOTS.contains(minutes))
                .ok_or_else(|| missing("AvailabilityViewInterval"))?,
        };
        Ok(Self {
            schedules: names.ok_or_else(|| missing("Schedules"))?,
            from,
            upto,
            slot: SignedDuration::from_mins(minutes),
        })
    }

    fn answer(
        &self,
        turn: &Turn<'_>,
        name: &str,
        user: UserId,
        zone: &Wanted,
        detailed: bool,
    ) -> Value {
        let account = turn.account_of(Focus::calendars(user));
        let default = account.default_calendar();
        let items: Vec<&Item> = default
            .into_iter()
            .flat_map(|calendar| account.items_in(&calendar.id))
            .map(|item| &**item)
            .collect();
        let mut found: Vec<Reading<'_>> =
            items.iter().flat_map(|item| readings(item, self.from, self.upto)).collect();
        found.sort_by_key(|reading| (reading.start(), reading.id()));
        if found.len() > ITEMS_MAX {
            let text = "The result set contains too many calendar entries. Narrow the time period.";
            return failed(name, "5006", text);
        }
        let rows: Vec<Value> = found.iter().map(|one| item(one, zone, detailed)).collect();
        json!({
            "scheduleId": name,
            "availabilityView": self.view(&found),
            "scheduleItems": rows,
            "workingHours": working_hours(),
        })
    }

    /// A digit for each slot: the busiest state of what overlaps it.
    fn view(&self, found: &[Reading<'_>]) -> String {
        let slot = self.slot.as_secs();
        let length = self.upto.duration_since(self.from).as_secs();
        let slots = usize::try_from((length + slot - 1) / slot).unwrap_or(0);
        let mut view = vec![0_u8; slots];
        let place = |instant: Timestamp, up: i64| {
            let seconds = instant.duration_since(self.from).as_secs() + up;
            usize::try_from(seconds.max(0) / slot).unwrap_or(0).min(slots)
        };
        for one in found {
            let (Some(start), Some(end)) = (one.start(), one.end()) else { continue };
            let (first, last) = (place(start, 0), place(end, slot - 1));
            for state in view.iter_mut().take(last).skip(first) {
                *state = (*state).max(digit(one.text("showAs")));
            }
        }
        view.into_iter().map(|state| char::from(b'0' + state)).collect()
    }
}

/// "0 = free or working elsewhere, 1 = tentative, 2 = busy, 3 = out of office".
fn digit(state: Option<&str>) -> u8 {
    match state {
        Some("tentative") => 1,
        Some("busy") => 2,
        Some("oof") => 3,
        _ => 0,
    }
}

fn item(reading: &Reading<'_>, zone: &Wanted, detailed: bool) -> Value {
    let at = |instant: Option<Timestamp>| instant.map(|instant| zone.state(instant));
    let mut item = json!({
        "status": reading.text("showAs").unwrap_or("busy"),
        "start": at(reading.start()),
        "end": at(reading.end()),
    });
    if detailed {
        let private = reading.text("sensitivity").is_some_and(|it| it == "private");
        let place = reading.get("location").and_then(|it| it["displayName"].as_str());
        item["isPrivate"] = json!(private);
        item["subject"] = json!(reading.text("subject").unwrap_or_default());
        item["location"] = json!(place.unwrap_or_default());
    }
    item
}

fn failed(name: &str, code: &str, message: &str) -> Value {
    json!({
        "scheduleId": name, "availabilityView": "", "scheduleItems": [],
        "error": { "message": message, "responseCode": code },
    })
}
