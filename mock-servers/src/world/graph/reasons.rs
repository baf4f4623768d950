//! What Microsoft Graph cannot express at all, as stable texts.
//!
//! The limits are those of the `event`, `recurrencePattern` and `recurrenceRange` resources of
//! Graph v1.0, and, where these are silent, of Exchange Web Services underneath.

use super::super::Unwritable;

pub(super) const FLOATING: &str = "a time without a zone: Graph keeps every time in one";
pub(super) const SKIPPED: &str = "a series whose first start is skipped by the clocks of its zone";
pub(super) const RDATE: &str = "added dates: a Graph series has a pattern and nothing else";
pub(super) const NO_OCCURRENCE: &str = "a changed occurrence that the rule does not give";
pub(super) const NOT_GREGORIAN: &str = "a rule in a calendar that is not Gregorian";
pub(super) const SUB_DAILY: &str = "several occurrences a day";
pub(super) const SKIP: &str = "SKIP=FORWARD: Graph moves days that do not exist backward only";
pub(super) const ENDS_BEFORE_START: &str = "a rule that ends before the first start";
pub(super) const NOT_IN_PATTERN: &str = "a first start that the rule itself does not give";
pub(super) const TOO_MANY: &str = "a count or interval above 999";
pub(super) const DAILY_PARTS: &str =
    "a daily rule with more than weekdays, or weekdays of every n-th day";
pub(super) const WEEKLY_PARTS: &str = "a weekly rule with more than weekdays";
pub(super) const SEVERAL_MONTH_DAYS: &str = "several days of the month";
pub(super) const FROM_END: &str = "a day counted from the end of the month other than the last";
pub(super) const SHORT_MONTHS: &str =
    "a day that some months lack: Graph moves it to their last day where the rule leaves it out";
pub(super) const DAY_AND_WEEKDAY: &str = "days of the month together with weekdays";
pub(super) const SEVERAL_ORDINALS: &str = "several weekdays of which each has its own number";
pub(super) const ORDINAL: &str = "a weekday other than the first to fourth or the last";
pub(super) const EVERY_WEEKDAY: &str =
    "each of a weekday in every n-th month or in some months only";
pub(super) const SET_POSITION: &str = "BYSETPOS other than one of 1 to 4 and -1 over weekdays";
pub(super) const SEVERAL_MONTHS: &str = "several months, or months of a rule that is not yearly";
pub(super) const YEAR_DAY: &str = "days of the year";
pub(super) const WEEK_NUMBER: &str = "weeks of the year";
pub(super) const WEEKDAY_OF_YEAR: &str = "weekdays of the year instead of a month";
pub(super) const DAY_WITHOUT_MONTH: &str = "a day of the month in a yearly rule without a month";
pub(super) const NO_MAIL: &str = "an attendee or organizer without a mail address";
pub(super) const TOO_MANY_ATTENDEES: &str = "more than 500 attendees";

/// The refusal of an event for what is wrong with one of its properties.
pub(super) fn refused(property: &str, reason: &str) -> Unwritable {
    Unwritable { property: property.to_owned(), reason: reason.to_owned() }
}
