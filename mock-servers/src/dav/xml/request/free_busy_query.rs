//! The free-busy-query report (RFC 4791 sections 7.10 and 9.11).

use super::error::RequestError;
use super::{fields, time_range};
use crate::dav::calendar::filter::TimeRange;
use crate::dav::xml::names::caldav;
use crate::dav::xml::tree::Element;

/// The body of a free-busy-query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FreeBusyQuery {
    /// When.
    pub time_range: TimeRange,
}

impl FreeBusyQuery {
    /// Reads a `CALDAV:free-busy-query`.
    ///
    /// # Errors
    ///
    /// 400 when it has not exactly one time range, or a wrong one.
    pub(crate) fn read(root: &Element) -> Result<Self, RequestError> {
        fields::root(root, &caldav::FREE_BUSY_QUERY)?;
        let range = fields::needed(root, &caldav::TIME_RANGE)?;
        Ok(Self { time_range: time_range::read(range)? })
    }
}
