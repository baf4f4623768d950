//! Points in time, lengths, and arithmetic across changes of the clock.

use jiff::civil::datetime;

use super::*;

fn berlin(hour: i8, minute: i8, day: i8) -> When {
    let zone = Zone::iana("europe/berlin").expect("known");
    When::Zoned(datetime(2026, 3, day, hour, minute, 0, 0), zone)
}

#[test]
fn zones_are_known_by_any_spelling_and_utc_has_one_name() {
    assert_eq!(
        Zone::iana("EUROPE/berlin").map(|zone| zone.to_string()),
        Some("Europe/Berlin".to_owned())
    );
    for name in ["UTC", "Etc/UTC", "Etc/Zulu"] {
        assert_eq!(Zone::iana(name), Some(Zone::utc()), "{name}");
    }
    for name in ["", "Mars/Olympus", "/etc/passwd", "Local"] {
        assert_eq!(Zone::iana(name), None, "{name}");
    }
}

#[test]
fn days_are_nominal_and_seconds_exact() {
    // The clocks go forward on 29 March 2026.
    let eve = berlin(12, 0, 28);
    assert_eq!(eve.plus(Span { days: 1, seconds: 0 }), Some(berlin(12, 0, 29)));
    assert_eq!(eve.plus(Span { days: 0, seconds: DAY }), Some(berlin(13, 0, 29)));
    assert_eq!(eve.until(&berlin(12, 0, 29)), Some(Span { days: 0, seconds: DAY - 3_600 }));
    let day = When::Date(eve.local().date());
    assert_eq!(
        day.plus(Span { days: 0, seconds: 1 }),
        Some(When::Date(jiff::civil::date(2026, 3, 29)))
    );
    assert_eq!(day.plus(Span { days: i64::MAX / 4, seconds: 0 }), None);
    assert_eq!(day.until(&eve), None);
}

#[test]
fn a_point_is_stated_as_another_one_is() {
    let utc = When::Zoned(datetime(2026, 4, 3, 17, 0, 0, 0), Zone::utc());
    let like = berlin(19, 0, 9);
    assert_eq!(utc.stated_as(&like).local(), datetime(2026, 4, 3, 19, 0, 0, 0));
    let day = When::Date(jiff::civil::date(2026, 4, 3));
    assert_eq!(day.stated_as(&like).local(), datetime(2026, 4, 3, 19, 0, 0, 0));
    assert_eq!(like.stated_as(&day), When::Date(jiff::civil::date(2026, 3, 9)));
    assert_eq!(
        berlin(2, 30, 29).instant().map(|at| at.to_string()),
        Some("2026-03-29T01:30:00Z".to_owned())
    );
}

#[test]
fn lengths_are_written_as_jscalendar_has_them() {
    let shown = |days, seconds| Span { days, seconds }.to_string();
    assert_eq!(shown(0, 0), "PT0S");
    assert_eq!(shown(0, 5_400), "PT1H30M");
    assert_eq!(shown(0, 3_605), "PT1H0M5S");
    assert_eq!(shown(-1, -7_200), "-P1DT2H");
    assert_eq!(shown(7, 0), "P7D");
    assert_eq!(shown(0, -900), "-PT15M");
}
