//! The calendar-query report (RFC 4791 sections 7.8 and 9.5).

use super::error::RequestError;
use super::properties::Asked;
use super::{fields, filter, limit};
use crate::dav::calendar::filter::CompFilter;
use crate::dav::xml::names::caldav;
use crate::dav::xml::tree::Element;

/// The body of a calendar-query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CalendarQuery {
    /// What is wanted of each calendar object.
    pub asked: Asked,
    /// Which calendar objects. The reader has not called [`CompFilter::check`].
    pub filter: CompFilter,
    /// The zone of floating times: an iCalendar object as the client sent it, unread.
    pub timezone: Option<String>,
    /// How many results at most. No specification defines this for calendars.
    pub limit: Option<u32>,
}

impl CalendarQuery {
    /// Reads a `CALDAV:calendar-query`.
    ///
    /// # Errors
    ///
    /// 400, or 403 with `CALDAV:valid-filter`, `CALDAV:supported-collation` or, for a time zone
    /// without any text, `CALDAV:valid-calendar-data`. The caller reads the time zone and reports
    /// one that is none with [`RequestError::TimeZone`].
    pub(crate) fn read(root: &Element) -> Result<Self, RequestError> {
        fields::root(root, &caldav::CALENDAR_QUERY)?;
        let zone = fields::one(root, &[caldav::TIMEZONE])?;
        if let Some(zone) = zone.filter(|zone| zone.trimmed().is_empty()) {
            return Err(RequestError::TimeZone { element: zone.name.clone() });
        }
        Ok(Self {
            asked: Asked::read(root)?,
            filter: filter::inside(root)?,
            timezone: zone.map(Element::text),
            limit: limit::read(root)?,
        })
    }
}
