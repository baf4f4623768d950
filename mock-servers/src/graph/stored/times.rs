//! The times of an event: put into the stored form, and checked against each other.

use jiff::civil::Time;
use serde_json::{Map, Value};

use crate::graph::failure::Failure;
use crate::graph::moment::Moment;
use crate::graph::recurrence::Recurrence;

/// Start and end of properties, which must both be there.
pub(super) fn both(body: &Map<String, Value>) -> Result<(Moment, Moment), Failure> {
    let one = |name: &str| match body.get(name) {
        Some(value) if !value.is_null() => Moment::parse(value, name),
        _ => Err(Failure::of("ErrorPropertyValidationFailure")),
    };
    Ok((one("start")?, one("end")?))
}

/// Checks start and end and stores them in one form.
pub(super) fn settle(body: &mut Map<String, Value>) -> Result<(Moment, Moment), Failure> {
    let (start, end) = both(body)?;
    let all_day = body.get("isAllDay").and_then(Value::as_bool).unwrap_or(false);
    if all_day {
        whole_days(&start, &end)?;
    } else if end.instant() < start.instant() {
        return Err(Failure::of("ErrorPropertyValidationFailure"));
    }
    body.insert("start".to_owned(), start.to_value());
    body.insert("end".to_owned(), end.to_value());
    Ok((start, end))
}

fn whole_days(start: &Moment, end: &Moment) -> Result<(), Failure> {
    for (name, moment) in [("Start", start), ("End", end)] {
        if moment.local.time() != Time::midnight() {
            return Err(Failure::invalid(format!(
                "The Event.{name} property for an all-day event needs to be set to midnight."
            )));
        }
    }
    if start.rules() != end.rules() {
        return Err(Failure::invalid(
            "The Event.Start and Event.End properties for an all-day event need to be in the same \
             time zone.",
        ));
    }
    if end.local <= start.local {
        return Err(Failure::invalid(
            "The duration of an event marked as All day must be at least 24 hours.",
        ));
    }
    Ok(())
}

/// Checks the recurrence and stores it in the form in which it is answered.
pub(super) fn settle_recurrence(
    body: &mut Map<String, Value>,
    start: &Moment,
    lenient: bool,
) -> Result<Option<Recurrence>, Failure> {
    let Some(given) = body.get("recurrence").filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let recurrence = Recurrence::parse(given, start, lenient)?;
    body.insert("recurrence".to_owned(), recurrence.to_value());
    Ok(Some(recurrence))
}
