//! In what JMAP servers differ.

use serde_json::Value;

use super::load::Traits;

/// Which text of JSCalendar a JMAP server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventNames {
    /// jscalendarbis: `recurrenceRule`, `organizerCalendarAddress`, `calendarAddress`.
    Bis,
    /// RFC 8984: `recurrenceRules`, `replyTo`, `sendTo`.
    Rfc8984,
}

/// Traits in which JMAP servers differ. Every limit is advertised and enforced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JmapQuirks {
    /// `maxCallsInRequest`.
    pub(crate) max_calls_in_request: usize,
    /// `maxObjectsInGet`.
    pub(crate) max_objects_in_get: usize,
    /// `maxObjectsInSet`.
    pub(crate) max_objects_in_set: usize,
    /// `maxSizeRequest`, in octets.
    pub(crate) max_size_request: usize,
    /// `maxSizeUpload`, in octets.
    pub(crate) max_size_upload: usize,
    /// `maxConcurrentUpload`.
    pub(crate) max_concurrent_upload: usize,
    /// `maxConcurrentRequests`.
    pub(crate) max_concurrent_requests: usize,
    /// The most ids that a query returns.
    pub(crate) query_max_results: usize,
    /// The most ids that `/changes` returns.
    pub(crate) changes_max_results: usize,
    /// `maxCalendarsPerEvent`; none for no limit.
    pub(crate) max_calendars_per_event: Option<usize>,
    /// `maxAddressBooksPerCard`; none for no limit.
    pub(crate) max_address_books_per_card: Option<usize>,
    /// Every user may do everything in the accounts of the others.
    pub(crate) shares_accounts: bool,
    /// The names of the properties of events.
    pub(crate) names: EventNames,
    /// A `/get` without ids answers as many as it may instead of `requestTooLarge`.
    pub(crate) get_all_is_cut: bool,
    /// Alerts at the very start are dropped when an event is stored.
    pub(crate) drops_zero_alerts: bool,
}

impl JmapQuirks {
    /// Limits of the size that RFC 8620 section 2 suggests as a minimum.
    pub(super) fn strict() -> Self {
        Self {
            max_calls_in_request: 16,
            max_objects_in_get: 500,
            max_objects_in_set: 500,
            max_size_request: 10_000_000,
            max_size_upload: 50_000_000,
            max_concurrent_upload: 4,
            max_concurrent_requests: 4,
            query_max_results: 500,
            changes_max_results: 500,
            max_calendars_per_event: None,
            max_address_books_per_card: None,
            shares_accounts: false,
            names: EventNames::Bis,
            get_all_is_cut: false,
            drops_zero_alerts: false,
        }
    }
}

impl Traits for JmapQuirks {
    fn set(&mut self, name: &str, value: &Value) -> Option<()> {
        let number = || value.as_u64().and_then(|number| usize::try_from(number).ok());
        match name {
            "max_calls_in_request" => self.max_calls_in_request = number()?,
            "max_objects_in_get" => self.max_objects_in_get = number()?,
            "max_objects_in_set" => self.max_objects_in_set = number()?,
            "max_size_request" => self.max_size_request = number()?,
            "max_concurrent_requests" => self.max_concurrent_requests = number()?,
            "query_max_results" => self.query_max_results = number()?,
            "changes_max_results" => self.changes_max_results = number()?,
            "max_calendars_per_event" => self.max_calendars_per_event = Some(number()?),
            "get_all_is_cut" => self.get_all_is_cut = value.as_bool()?,
            "drops_zero_alerts" => self.drops_zero_alerts = value.as_bool()?,
            _ => return None,
        }
        Some(())
    }
}
