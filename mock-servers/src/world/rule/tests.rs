//! Rules that are valid, in their normal form, and rules that are not, with the reason.

use super::*;

/// Parsed, and shown again.
#[track_caller]
fn check(raw: &str, shown: &str) {
    let rule = parse(raw).expect("a rule");
    assert_eq!(rule.to_string(), shown);
    let again = parse(shown).expect("a rule");
    assert_eq!(Rule { raw: raw.to_owned(), ..again }, rule, "the normal form is the same rule");
}

#[track_caller]
fn refused(raw: &str, reason: &str) {
    assert_eq!(parse(raw).expect_err("refused"), reason);
}

#[test]
fn valid_rules_keep_their_parts() {
    check("freq=weekly;byday=mo,WE;", "FREQ=WEEKLY;BYDAY=MO,WE");
    check("FREQ=DAILY;INTERVAL=1;COUNT=3", "FREQ=DAILY;COUNT=3");
    check(
        "FREQ=MONTHLY;WKST=SU;BYDAY=+2TU,-1FR;INTERVAL=2",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU,-1FR;WKST=SU",
    );
    check(
        "FREQ=YEARLY;BYMONTH=11;BYDAY=TH;BYSETPOS=4;WKST=MO",
        "FREQ=YEARLY;BYMONTH=11;BYDAY=TH;BYSETPOS=4",
    );
    check(
        "FREQ=HOURLY;BYHOUR=0,8;BYMINUTE=15;BYSECOND=60",
        "FREQ=HOURLY;BYHOUR=0,8;BYMINUTE=15;BYSECOND=60",
    );
    check(
        "FREQ=YEARLY;BYWEEKNO=-1,20;BYYEARDAY=1,-366",
        "FREQ=YEARLY;BYWEEKNO=-1,20;BYYEARDAY=1,-366",
    );
    check("FREQ=DAILY;UNTIL=20260624", "FREQ=DAILY;UNTIL=20260624");
    check("FREQ=DAILY;UNTIL=20260624T170000Z", "FREQ=DAILY;UNTIL=20260624T170000Z");
    check("FREQ=DAILY;UNTIL=20260624T170000", "FREQ=DAILY;UNTIL=20260624T170000");
    check(
        "RSCALE=chinese;FREQ=YEARLY;BYMONTH=5L;SKIP=FORWARD",
        "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=5L;SKIP=FORWARD",
    );
    check(
        "RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=-1;SKIP=OMIT",
        "RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=-1;SKIP=OMIT",
    );
    check("FREQ=DAILY;X-PRIVATE=1", "FREQ=DAILY");
}

#[test]
fn what_is_no_rule_is_refused_with_its_reason() {
    refused("", "FREQ is missing");
    refused("BYDAY=MO", "FREQ is missing");
    refused("FREQ", "`FREQ` is not NAME=VALUE");
    refused("FREQ=FORTNIGHTLY", "FREQ=FORTNIGHTLY is no frequency");
    refused("FREQ=DAILY;FREQ=DAILY", "FREQ is given twice");
    refused("FREQ=DAILY;BYEASTER=0", "BYEASTER is no part of a rule");
    refused("FREQ=DAILY;INTERVAL=0", "INTERVAL=0 is no number from 1 on");
    refused("FREQ=DAILY;COUNT=x", "COUNT=x is no number from 1 on");
    refused("FREQ=DAILY;UNTIL=2026", "UNTIL=2026 is neither a date nor a date with a time");
    refused("FREQ=WEEKLY;BYDAY=XX", "BYDAY holds `XX`");
    refused("FREQ=WEEKLY;BYDAY=ä", "BYDAY holds `ä`");
    refused("FREQ=MONTHLY;BYDAY=0MO", "BYDAY holds `0MO`");
    refused("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY holds `0`");
    refused("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY holds `32`");
    refused("FREQ=MONTHLY;BYMONTHDAY=", "BYMONTHDAY holds 0 values");
    refused("FREQ=DAILY;WKST=1", "WKST=1 is no weekday");
    refused("FREQ=DAILY;SKIP=LEFT", "SKIP=LEFT is not defined");
}

#[test]
fn forbidden_combinations_are_refused() {
    refused("FREQ=DAILY;COUNT=1;UNTIL=20260101", "COUNT together with UNTIL");
    refused(
        "FREQ=WEEKLY;BYDAY=1MO",
        "BYDAY with a number in a rule that is neither monthly nor yearly",
    );
    refused("FREQ=YEARLY;BYDAY=1MO;BYWEEKNO=2", "BYDAY with a number together with BYWEEKNO");
    refused("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY in a weekly rule");
    refused("FREQ=MONTHLY;BYYEARDAY=1", "BYYEARDAY in a daily, weekly or monthly rule");
    refused("FREQ=MONTHLY;BYWEEKNO=1", "BYWEEKNO in a rule that is not yearly");
    refused("FREQ=DAILY;BYSETPOS=1", "BYSETPOS without another BY part");
    refused("FREQ=YEARLY;BYMONTH=13", "a BYMONTH that the Gregorian calendar does not have");
}
