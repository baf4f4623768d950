//! REPORT: which report a body is (RFC 3253 section 3.6).

use super::{
    AclPrincipalPropSet, AddressbookMultiget, AddressbookQuery, CalendarMultiget, CalendarQuery,
    ExpandProperty, FreeBusyQuery, PrincipalMatch, PrincipalPropertySearch,
    PrincipalSearchPropertySet, RequestError, SyncCollection,
};
use crate::dav::xml::name::Name;
use crate::dav::xml::names::{caldav, carddav, dav};
use crate::dav::xml::tree::Element;

/// The body of a REPORT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Report {
    /// `CALDAV:calendar-query`.
    CalendarQuery(CalendarQuery),
    /// `CALDAV:calendar-multiget`.
    CalendarMultiget(CalendarMultiget),
    /// `CALDAV:free-busy-query`.
    FreeBusyQuery(FreeBusyQuery),
    /// `CARDDAV:addressbook-query`.
    AddressbookQuery(AddressbookQuery),
    /// `CARDDAV:addressbook-multiget`.
    AddressbookMultiget(AddressbookMultiget),
    /// `DAV:sync-collection`.
    SyncCollection(SyncCollection),
    /// `DAV:expand-property`.
    ExpandProperty(ExpandProperty),
    /// `DAV:principal-match`.
    PrincipalMatch(PrincipalMatch),
    /// `DAV:principal-property-search`.
    PrincipalPropertySearch(PrincipalPropertySearch),
    /// `DAV:principal-search-property-set`.
    PrincipalSearchPropertySet(PrincipalSearchPropertySet),
    /// `DAV:acl-principal-prop-set`.
    AclPrincipalPropSet(AclPrincipalPropSet),
}

type Reader = fn(&Element) -> Result<Report, RequestError>;

/// One line a report.
const READERS: [(Name, Reader); 11] = [
    (caldav::CALENDAR_QUERY, |root| CalendarQuery::read(root).map(Report::CalendarQuery)),
    (caldav::CALENDAR_MULTIGET, |root| CalendarMultiget::read(root).map(Report::CalendarMultiget)),
    (caldav::FREE_BUSY_QUERY, |root| FreeBusyQuery::read(root).map(Report::FreeBusyQuery)),
    (carddav::ADDRESSBOOK_QUERY, |root| AddressbookQuery::read(root).map(Report::AddressbookQuery)),
    (carddav::ADDRESSBOOK_MULTIGET, |root| {
        AddressbookMultiget::read(root).map(Report::AddressbookMultiget)
    }),
    (dav::SYNC_COLLECTION, |root| SyncCollection::read(root).map(Report::SyncCollection)),
    (dav::EXPAND_PROPERTY, |root| ExpandProperty::read(root).map(Report::ExpandProperty)),
    (dav::PRINCIPAL_MATCH, |root| PrincipalMatch::read(root).map(Report::PrincipalMatch)),
    (dav::PRINCIPAL_PROPERTY_SEARCH, |root| {
        PrincipalPropertySearch::read(root).map(Report::PrincipalPropertySearch)
    }),
    (dav::PRINCIPAL_SEARCH_PROPERTY_SET, |root| {
        PrincipalSearchPropertySet::read(root).map(Report::PrincipalSearchPropertySet)
    }),
    (dav::ACL_PRINCIPAL_PROP_SET, |root| {
        AclPrincipalPropSet::read(root).map(Report::AclPrincipalPropSet)
    }),
];

impl Report {
    /// Reads the body of a REPORT.
    ///
    /// # Errors
    ///
    /// 403 with `DAV:supported-report` for one that this server does not have; otherwise what the
    /// report's own reader says.
    pub(crate) fn read(root: &Element) -> Result<Self, RequestError> {
        let reader = READERS.into_iter().find(|(name, _)| *name == root.name);
        let (_, reader) =
            reader.ok_or_else(|| RequestError::UnknownReport { report: root.name.clone() })?;
        reader(root)
    }

    /// The roots of all reports, for `DAV:supported-report-set`.
    #[must_use]
    pub(crate) fn names() -> [Name; 11] {
        READERS.map(|(name, _)| name)
    }
}
