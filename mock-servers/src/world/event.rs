//! An event as the reader hands it out: every recurrence resolved into one value a series, every
//! time with a zone that the bundled database knows.
//!
//! Values are unescaped text. What has no field of its own stands in `extra`.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Rule, Span, When};

/// An event, or a whole series with its exceptions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceEvent {
    /// UID.
    pub uid: String,
    /// Where the component begins in its file; 0 for an event that was made.
    pub line: u64,
    /// SUMMARY; empty where there is none.
    pub title: String,
    /// DESCRIPTION as plain text; empty where there is none.
    pub description: String,
    /// The description as HTML: STYLED-DESCRIPTION (RFC 9073) or X-ALT-DESC.
    pub html: Option<String>,
    /// LOCATION; empty where there is none.
    pub location: String,
    /// GEO.
    pub geo: Option<Geo>,
    /// DTSTART.
    pub start: When,
    /// The exclusive end; always given, and never before the start. A date if the start is one.
    pub end: When,
    /// The length: as DURATION stated it, nominal days included; else exact seconds up to DTEND,
    /// and days between dates.
    pub duration: Span,
    /// True if the start is a date.
    pub all_day: bool,
    /// RRULE.
    pub rule: Option<Rule>,
    /// RDATE, sorted, without the start itself.
    pub rdates: Vec<RecurrenceDate>,
    /// EXDATE, sorted.
    pub exdates: Vec<When>,
    /// Changed occurrences, sorted by their original start.
    pub exceptions: Vec<Exception>,
    /// ATTENDEE.
    pub attendees: Vec<Attendee>,
    /// ORGANIZER.
    pub organizer: Option<Organizer>,
    /// VALARM.
    pub alarms: Vec<Alarm>,
    /// CATEGORIES.
    pub categories: BTreeSet<String>,
    /// CONCEPT (RFC 9253), URIs.
    pub concepts: BTreeSet<String>,
    /// CLASS.
    pub class: Class,
    /// TRANSP:TRANSPARENT.
    pub transparent: bool,
    /// STATUS.
    pub status: Option<Status>,
    /// PRIORITY, 0 to 9; 0 is undefined.
    pub priority: u8,
    /// URL.
    pub url: Option<String>,
    /// CONFERENCE (RFC 7986), and the vendors' properties for the same.
    pub conferences: Vec<Conference>,
    /// ATTACH and IMAGE by URI; inline data is left out.
    pub attachments: Vec<Attachment>,
    /// RELATED-TO.
    pub relations: Vec<Relation>,
    /// COLOR (RFC 7986).
    pub color: Option<String>,
    /// LANGUAGE of SUMMARY, else of DESCRIPTION.
    pub language: Option<String>,
    /// SEQUENCE.
    pub sequence: u64,
    /// CREATED.
    pub created: Option<Timestamp>,
    /// LAST-MODIFIED, else DTSTAMP.
    pub modified: Option<Timestamp>,
    /// Every other property.
    pub extra: Vec<Extra>,
}

impl SourceEvent {
    /// An event with a title and times and nothing else; its end is its start where the length is
    /// negative or leads out of the range of dates.
    #[must_use]
    pub fn plain(uid: &str, title: &str, start: When, duration: Span) -> SourceEvent {
        let end = start.plus(duration).filter(|_| !duration.is_negative());
        let duration = if end.is_some() { duration } else { Span::default() };
        SourceEvent {
            uid: uid.to_owned(),
            line: 0,
            title: title.to_owned(),
            description: String::new(),
            html: None,
            location: String::new(),
            geo: None,
            end: end.unwrap_or_else(|| start.clone()),
            duration,
            all_day: start.is_date(),
            start,
            rule: None,
            rdates: Vec::new(),
            exdates: Vec::new(),
            exceptions: Vec::new(),
            attendees: Vec::new(),
            organizer: None,
            alarms: Vec::new(),
            categories: BTreeSet::new(),
            concepts: BTreeSet::new(),
            class: Class::Public,
            transparent: false,
            status: None,
            priority: 0,
            url: None,
            conferences: Vec::new(),
            attachments: Vec::new(),
            relations: Vec::new(),
            color: None,
            language: None,
            sequence: 0,
            created: None,
            modified: None,
            extra: Vec::new(),
        }
    }

    /// True if it has a rule or added dates.
    #[must_use]
    pub fn recurs(&self) -> bool {
        self.rule.is_some() || !self.rdates.is_empty()
    }

    /// The value of a property without a field of its own, by its name in upper case.
    #[must_use]
    pub fn extra(&self, name: &str) -> Option<&str> {
        self.extra.iter().find(|extra| extra.name == name).map(|extra| extra.value.as_str())
    }
}

/// An occurrence of a series that differs from what its rule says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exception {
    /// The start that the occurrence would have had (RECURRENCE-ID).
    pub original: When,
    /// The occurrence, stated in full: an event without a rule, dates or exceptions of its own.
    pub event: SourceEvent,
}

/// A date that RDATE adds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecurrenceDate {
    /// Its start.
    pub start: When,
    /// Its length, of a period; none for that of the event.
    pub duration: Option<Span>,
}

/// A place on the globe.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Geo {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
}

/// An attendee.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendee {
    /// The calendar address, a URI.
    pub address: String,
    /// CN.
    pub name: Option<String>,
    /// EMAIL, without a scheme.
    pub email: Option<String>,
    /// CUTYPE in upper case; `INDIVIDUAL` where there is none.
    pub kind: String,
    /// ROLE in upper case; `REQ-PARTICIPANT` where there is none.
    pub role: String,
    /// PARTSTAT.
    pub status: AttendeeStatus,
    /// RSVP=TRUE.
    pub rsvp: bool,
    /// DELEGATED-FROM, URIs.
    pub delegated_from: Vec<String>,
    /// DELEGATED-TO, URIs.
    pub delegated_to: Vec<String>,
    /// MEMBER, URIs.
    pub member_of: Vec<String>,
    /// SENT-BY, a URI.
    pub sent_by: Option<String>,
}

/// PARTSTAT of an attendee.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AttendeeStatus {
    /// No answer yet.
    #[default]
    NeedsAction,
    /// Will come.
    Accepted,
    /// Will not come.
    Declined,
    /// May come.
    Tentative,
    /// Sends somebody else.
    Delegated,
}

/// The organizer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organizer {
    /// The calendar address, a URI.
    pub address: String,
    /// CN.
    pub name: Option<String>,
    /// EMAIL, without a scheme.
    pub email: Option<String>,
    /// SENT-BY, a URI.
    pub sent_by: Option<String>,
}

/// A reminder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// UID of the alarm (RFC 9074).
    pub uid: Option<String>,
    /// ACTION.
    pub action: AlarmAction,
    /// TRIGGER.
    pub trigger: Trigger,
    /// ACKNOWLEDGED (RFC 9074).
    pub acknowledged: Option<Timestamp>,
    /// DESCRIPTION.
    pub description: Option<String>,
    /// UID of the alarm that this one snoozes (RELATED-TO;RELTYPE=SNOOZE, RFC 9074).
    pub snoozes: Option<String>,
}

/// ACTION of an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AlarmAction {
    /// Shown on a screen, with or without a sound.
    Display,
    /// Sent by mail.
    Email,
}

/// When an alarm goes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trigger {
    /// This long after the start; before it where negative.
    Start(Span),
    /// This long after the end; before it where negative.
    End(Span),
    /// At an instant.
    At(Timestamp),
}

impl Attendee {
    /// The mail address, of EMAIL or of a `mailto:` address.
    #[must_use]
    pub fn mail(&self) -> Option<&str> {
        self.email.as_deref().or_else(|| mail(&self.address))
    }
}

impl Organizer {
    /// The mail address, of EMAIL or of a `mailto:` address.
    #[must_use]
    pub fn mail(&self) -> Option<&str> {
        self.email.as_deref().or_else(|| mail(&self.address))
    }
}

/// The mail address in a `mailto:` URI.
fn mail(address: &str) -> Option<&str> {
    address.strip_prefix("mailto:").filter(|mail| mail.contains('@'))
}

/// CLASS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Class {
    /// Anybody who sees the calendar may read it.
    #[default]
    Public,
    /// Others see the time only.
    Private,
    /// Others see nothing.
    Confidential,
}

/// STATUS of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// May take place.
    Tentative,
    /// Takes place.
    Confirmed,
    /// Does not take place.
    Cancelled,
}

/// A way to join from afar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conference {
    /// Where to connect.
    pub uri: String,
    /// LABEL.
    pub label: Option<String>,
    /// FEATURE, in lower case: `audio`, `chat`, `feed`, `moderator`, `phone`, `screen`, `video`.
    pub features: BTreeSet<String>,
}

/// A file or image behind a URI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Where it is.
    pub uri: String,
    /// FMTTYPE.
    pub content_type: Option<String>,
    /// SIZE in octets.
    pub size: Option<u64>,
    /// FILENAME, X-FILENAME or LABEL.
    pub title: Option<String>,
    /// DISPLAY in lower case, for an image; none for a file.
    pub display: Option<String>,
}

/// RELATED-TO.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// The other event's UID.
    pub uid: String,
    /// RELTYPE in lower case; `parent` where there is none.
    pub kind: String,
}

/// A property that has no field of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extra {
    /// Its name in upper case.
    pub name: String,
    /// Its parameters, names in upper case.
    pub params: Vec<(String, Vec<String>)>,
    /// Its value as it stood in the file, unfolded but not unescaped.
    pub value: String,
}
