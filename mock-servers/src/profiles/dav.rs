//! In what CalDAV and CardDAV servers differ.

use serde_json::Value;

use super::load::Traits;

/// Whether a server has something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answers {
    /// It answers.
    Truly,
    /// It answers that there is nothing.
    Nothing,
    /// It refuses with `DAV:supported-report`.
    Never,
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
            resource_octets_max: 10_000_000,
        }
    }
}

impl Traits for DavQuirks {
    fn set(&mut self, name: &str, value: &Value) -> Option<()> {
        let has = || match value.as_str() {
            Some("yes") => Some(Has::Yes),
            Some("no") => Some(Has::No),
            _ => None,
        };
        let answers = || match value.as_str() {
            Some("truly") => Some(Answers::Truly),
            Some("nothing") => Some(Answers::Nothing),
            Some("never") => Some(Answers::Never),
            _ => None,
        };
        match name {
            "scheduling" => self.scheduling = has()?,
            "copy" => self.copy = has()?,
            "moves" => self.moves = has()?,
            "locks" => self.locks = has()?,
            "mkcalendar" => self.mkcalendar = has()?,
            "duplicate_uids" => self.duplicate_uids = has()?,
            "tells_of_truncation" => self.tells_of_truncation = has()?,
            "principal_searches" => self.principal_searches = answers()?,
            "expand_property" => self.expand_property = answers()?,
            "resource_octets_max" => {
                self.resource_octets_max = usize::try_from(value.as_u64()?).ok()?;
            }
            _ => return None,
        }
        Some(())
    }
}
