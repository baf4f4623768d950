//! Patterns against the rules that they were made of: by an own reading of what Graph documents of
//! each pattern, day by day.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use proptest::prelude::*;
use serde_json::Value;

use super::{
    super::super::{occurrences::occurrences, read},
    *,
};

const DAYS: i64 = 2_500;

/// The days that a pattern gives from its start on, by Graph's documentation.
fn days(recurrence: &Value, start: Date) -> BTreeSet<Date> {
    let (pattern, range) = (&recurrence["pattern"], &recurrence["range"]);
    let count = range["numberOfOccurrences"].as_u64().unwrap_or(u64::MAX);
    let last: Option<Date> = range["endDate"].as_str().map(|end| end.parse().expect("a date"));
    let all = (0..DAYS).map(|nth| start.checked_add(jiff::Span::new().days(nth)).expect("a date"));
    all.take_while(|date| last.is_none_or(|last| *date <= last))
        .filter(|date| gives(pattern, start, *date))
        .take(usize::try_from(count).unwrap_or(usize::MAX))
        .collect()
}

fn gives(pattern: &Value, start: Date, date: Date) -> bool {
    let number = |name: &str| pattern[name].as_i64().unwrap_or(0);
    let interval = number("interval");
    let day_number =
        |date: Date| date.duration_since(jiff::civil::date(2000, 1, 2)).as_hours() / 24;
    let months =
        i64::from(date.year() - start.year()) * 12 + i64::from(date.month() - start.month());
    let in_year = (number("month") == i64::from(date.month())) && months % (12 * interval) == 0;
    let absolute =
        || i64::from(date.day()) == number("dayOfMonth").min(i64::from(date.days_in_month()));
    match pattern["type"].as_str().expect("a type") {
        "daily" => (day_number(date) - day_number(start)) % interval == 0,
        "weekly" => {
            // 2 January 2000 was a Sunday.
            let first = i64::from(weekday(&pattern["firstDayOfWeek"]).to_sunday_zero_offset());
            let week = |date: Date| (day_number(date) - first).div_euclid(7);
            (week(date) - week(start)) % interval == 0
                && weekdays(pattern).contains(&date.weekday())
        }
        "absoluteMonthly" => months % interval == 0 && absolute(),
        "relativeMonthly" => months % interval == 0 && relative(pattern, date),
        "absoluteYearly" => in_year && absolute(),
        "relativeYearly" => in_year && relative(pattern, date),
        other => panic!("{other}"),
    }
}

/// The n-th day of the month that is one of the weekdays.
fn relative(pattern: &Value, date: Date) -> bool {
    let wanted = weekdays(pattern);
    let of_month =
        (1..=date.days_in_month()).map(|day| date.with().day(day).build().expect("a day"));
    let matching: Vec<Date> = of_month.filter(|day| wanted.contains(&day.weekday())).collect();
    let found = match pattern["index"].as_str().expect("an index") {
        "first" => matching.first(),
        "second" => matching.get(1),
        "third" => matching.get(2),
        "fourth" => matching.get(3),
        _ => matching.last(),
    };
    found == Some(&date)
}

fn weekdays(pattern: &Value) -> Vec<Weekday> {
    pattern["daysOfWeek"].as_array().expect("weekdays").iter().map(weekday).collect()
}

fn weekday(name: &Value) -> Weekday {
    let names = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    let at = names.iter().position(|known| name == known).expect("a weekday");
    Weekday::from_sunday_zero_offset(i8::try_from(at).expect("small")).expect("a weekday")
}

fn rules() -> impl Strategy<Value = String> {
    let days = "(MO|TU|WE|TH|FR|SA|SU)(,(MO|TH|SU))?";
    let patterns = [
        "FREQ=DAILY;INTERVAL=[1-9]",
        "FREQ=DAILY;BYDAY=DAYS,MO,TU",
        "FREQ=WEEKLY;INTERVAL=[1-4];BYDAY=DAYS;WKST=(MO|SU|WE)",
        "FREQ=WEEKLY;INTERVAL=[1-4];WKST=(MO|SU)",
        "FREQ=MONTHLY;INTERVAL=[1-4]",
        "FREQ=MONTHLY;BYDAY=DAYS",
        "FREQ=MONTHLY;INTERVAL=[1-3];BYDAY=-?[1-4](MO|TU|WE|TH|FR|SA|SU)",
        "FREQ=MONTHLY;INTERVAL=[1-3];BYDAY=DAYS;BYSETPOS=(1|2|3|4|-1)",
        "FREQ=MONTHLY;BYMONTHDAY=(-1|[1-9]|1[0-9]|2[0-9]|3[01])",
        "FREQ=YEARLY;INTERVAL=[1-3]",
        "FREQ=YEARLY;BYMONTH=[1-9];BYDAY=-?[1-4](MO|TU|WE|TH|FR|SA|SU)",
        "FREQ=YEARLY;BYMONTH=[1-9];BYDAY=DAYS;BYSETPOS=(1|2|3|4|-1)",
        "FREQ=YEARLY;BYMONTH=[1-9];BYMONTHDAY=(-1|[1-9]|1[0-9]|2[0-9]|3[01])",
    ]
    .map(|pattern| pattern.replace("DAYS", days));
    prop::sample::select(patterns.to_vec())
        .prop_flat_map(|pattern| proptest::string::string_regex(&pattern).expect("a pattern"))
}

/// Moves a start to the first day that the rule gives, as writers of files do.
fn first_start(rule: &str, start: Date) -> Option<Date> {
    (0..800).find_map(|nth| {
        let date = start.checked_add(jiff::Span::new().days(nth)).ok()?;
        written(&vevent(&event(rule, date))).is_ok().then_some(date)
    })
}

fn event(rule: &str, start: Date) -> String {
    format!("DTSTART;VALUE=DATE:{}\nRRULE:{rule}", start.strftime("%Y%m%d"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_pattern_gives_the_days_of_its_rule(
        rule in rules(),
        end in "(;COUNT=[1-9][0-9]?|;UNTIL=203[0-2]0[1-9]1[0-9])?",
        day in 0_i64..1_500,
    ) {
        let start = jiff::civil::date(2025, 1, 1).checked_add(jiff::Span::new().days(day)).expect("a date");
        let rule = format!("{rule}{end}");
        let Some(start) = first_start(&rule, start) else { return Ok(()) };
        let text = format!("BEGIN:VCALENDAR\n{}\nEND:VCALENDAR\n", vevent(&event(&rule, start)));
        let source = &read(text.as_bytes()).expect("readable").events[0];
        let last = start.checked_add(jiff::Span::new().days(DAYS - 1)).expect("a date");
        let expect = occurrences(source, last.at(23, 59, 59, 0)).expect("a series");
        let expect: BTreeSet<Date> = expect.iter().map(|at| at.date()).collect();
        let recurrence = written(&vevent(&event(&rule, start))).expect("writable").body;
        prop_assert_eq!(days(&recurrence["recurrence"], start), expect, "{} from {}", rule, start);
    }
}
