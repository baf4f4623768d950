//! In what CalDAV and CardDAV servers differ.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::load::Traits;

/// Whether a server has something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Has {
    /// It has.
    Yes,
    /// It has not.
    No,
}

impl Has {
    /// True for [`Has::Yes`].
    pub(crate) fn it(self) -> bool {
        self == Self::Yes
    }
}

/// What a server makes of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Answers {
    /// It answers.
    Truly,
    /// It answers that there is nothing.
    Nothing,
    /// It refuses with `DAV:supported-report`.
    Never,
}

/// What an attendee may change in their copy of a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum AttendeeChanges {
    /// What is their own (RFC 6638 section 3.2.2.1).
    Own,
    /// Anything, as on servers that do not look.
    Any,
}

/// What a PROPFIND without a Depth header asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum WithoutDepth {
    /// The resource alone.
    #[serde(rename = "0")]
    Zero,
    /// The resource and its members.
    #[serde(rename = "1")]
    One,
    /// Everything below it (RFC 4918 section 9.1).
    Infinity,
}

/// What a server makes of a PROPFIND that asks for everything below a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Endless {
    /// It refuses with `DAV:propfind-finite-depth` (RFC 4918 section 9.1.1).
    Refused,
    /// It answers as if the members had been asked for.
    AsOne,
    /// It answers.
    Answered,
}

/// Whether a server leaves out what clients say that they need not be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Minimal {
    /// It does not.
    Never,
    /// For `Prefer: return=minimal` (RFC 8144).
    Preferred,
    /// For that, and for the older `Brief: t`.
    PreferredOrBrief,
}

/// What a query is that looks at nothing but a collection itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FlatQuery {
    /// One that finds nothing (RFC 4791 section 7.8, RFC 3253 section 3.6).
    Empty,
    /// A mistake.
    Refused,
}

/// What a server makes of a filter that can be true of no calendar, or has no meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SenselessFilters {
    /// It refuses with `CALDAV:valid-filter` (RFC 4791 section 7.8).
    Refused,
    /// It answers.
    Answered,
}

/// Traits in which DAV servers differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DavQuirks {
    /// Implicit scheduling with inbox and outbox (RFC 6638), `calendar-auto-schedule`.
    pub(crate) scheduling: Has,
    /// COPY.
    pub(crate) copy: Has,
    /// MOVE.
    pub(crate) moves: Has,
    /// LOCK and UNLOCK (RFC 4918 section 18.2).
    pub(crate) locks: Has,
    /// MKCALENDAR; extended MKCOL makes calendars everywhere.
    pub(crate) mkcalendar: Has,
    /// The reports that search for principals (RFC 3744 sections 9.3 to 9.5).
    pub(crate) principal_searches: Answers,
    /// The expand-property report (RFC 3253 section 3.8).
    pub(crate) expand_property: Answers,
    /// Two resources of one uid in a collection, which RFC 4791 section 5.3.2.1 forbids.
    pub(crate) duplicate_uids: Has,
    /// A 507 where a sync-collection answer is cut off; without it the token skips the rest.
    pub(crate) tells_of_truncation: Has,
    /// What an attendee may change.
    pub(crate) attendee_changes: AttendeeChanges,
    /// Whether it sees to it that nobody organizes the meetings of others (RFC 6638 section 11.2).
    pub(crate) checks_organizers: Has,
    /// Whether it takes answers back where times change (RFC 6638 section 3.2.8).
    pub(crate) resets_answers: Has,
    /// Whether alarms and the like stay in an attendee's copy when the organizer changes it.
    pub(crate) keeps_attendee_data: Has,
    /// PROPFIND without Depth.
    pub(crate) without_depth: WithoutDepth,
    /// PROPFIND of everything.
    pub(crate) endless: Endless,
    /// Whether it leaves out what is not needed.
    pub(crate) minimal: Minimal,
    /// A query with Depth: 0 or none.
    pub(crate) flat_query: FlatQuery,
    /// Whether it refuses data and reports that it does not know with 415 and not with 403.
    pub(crate) unsupported_is_415: Has,
    /// Whether it looks at the media type of what is put.
    pub(crate) media_types: Has,
    /// Whether it takes cards of old forms, and gives a UID to those that have none.
    pub(crate) repairs_cards: Has,
    /// What it makes of filters without a meaning.
    pub(crate) senseless_filters: SenselessFilters,
    /// Whether scheduling objects have a Schedule-Tag (RFC 6638 section 3.2.10).
    pub(crate) schedule_tags: Has,
    /// Whether a PUT with `If-Match: *` asks for any version, and not for one of that tag.
    pub(crate) any_match: Has,
    /// Whether it refuses values that contradict each other: an end before its start, a summary twice.
    pub(crate) checks_values: Has,
    /// Whether each error has a body in the form of sabre/dav.
    pub(crate) sabre_errors: Has,
    /// Whether a PROPFIND is answered with the compliance classes, and OPTIONS with the header by
    /// which clients of Microsoft know WebDAV.
    pub(crate) tells_classes: Has,
    /// Whether it looks at If-Modified-Since and If-Unmodified-Since, and at If-Match of a GET.
    pub(crate) date_conditions: Has,
    /// Whether a sync-collection is cut off at the client's limit (RFC 6578 section 3.7).
    pub(crate) sync_limit: Has,
    /// Octets of one resource, `max-resource-size`.
    pub(crate) resource_octets_max: usize,
}

impl DavQuirks {
    /// All that the specifications name.
    pub(crate) fn strict() -> Self {
        Self {
            scheduling: Has::Yes,
            copy: Has::Yes,
            moves: Has::Yes,
            locks: Has::Yes,
            mkcalendar: Has::Yes,
            principal_searches: Answers::Truly,
            expand_property: Answers::Truly,
            duplicate_uids: Has::No,
            tells_of_truncation: Has::Yes,
            attendee_changes: AttendeeChanges::Own,
            checks_organizers: Has::Yes,
            resets_answers: Has::Yes,
            keeps_attendee_data: Has::Yes,
            without_depth: WithoutDepth::Infinity,
            endless: Endless::Refused,
            minimal: Minimal::Preferred,
            flat_query: FlatQuery::Empty,
            unsupported_is_415: Has::No,
            media_types: Has::Yes,
            repairs_cards: Has::No,
            senseless_filters: SenselessFilters::Refused,
            schedule_tags: Has::Yes,
            any_match: Has::Yes,
            checks_values: Has::Yes,
            sabre_errors: Has::No,
            tells_classes: Has::No,
            date_conditions: Has::Yes,
            sync_limit: Has::Yes,
            resource_octets_max: 10_000_000,
        }
    }
}

impl Traits for DavQuirks {
    fn set(&mut self, name: &str, value: &Value) -> Option<()> {
        match name {
            "scheduling" => put(&mut self.scheduling, value),
            "copy" => put(&mut self.copy, value),
            "moves" => put(&mut self.moves, value),
            "locks" => put(&mut self.locks, value),
            "mkcalendar" => put(&mut self.mkcalendar, value),
            "principal_searches" => put(&mut self.principal_searches, value),
            "expand_property" => put(&mut self.expand_property, value),
            "duplicate_uids" => put(&mut self.duplicate_uids, value),
            "tells_of_truncation" => put(&mut self.tells_of_truncation, value),
            "attendee_changes" => put(&mut self.attendee_changes, value),
            "checks_organizers" => put(&mut self.checks_organizers, value),
            "resets_answers" => put(&mut self.resets_answers, value),
            "keeps_attendee_data" => put(&mut self.keeps_attendee_data, value),
            "without_depth" => put(&mut self.without_depth, value),
            "endless" => put(&mut self.endless, value),
            "minimal" => put(&mut self.minimal, value),
            "flat_query" => put(&mut self.flat_query, value),
            "unsupported_is_415" => put(&mut self.unsupported_is_415, value),
            "media_types" => put(&mut self.media_types, value),
            "repairs_cards" => put(&mut self.repairs_cards, value),
            "senseless_filters" => put(&mut self.senseless_filters, value),
            "schedule_tags" => put(&mut self.schedule_tags, value),
            "any_match" => put(&mut self.any_match, value),
            "checks_values" => put(&mut self.checks_values, value),
            "sabre_errors" => put(&mut self.sabre_errors, value),
            "tells_classes" => put(&mut self.tells_classes, value),
            "date_conditions" => put(&mut self.date_conditions, value),
            "sync_limit" => put(&mut self.sync_limit, value),
            "resource_octets_max" => put(&mut self.resource_octets_max, value),
            _ => None,
        }
    }
}

/// Puts a value in the place of another, if it is one of its kind.
fn put<T: DeserializeOwned>(place: &mut T, value: &Value) -> Option<()> {
    *place = T::deserialize(value).ok()?;
    Some(())
}
