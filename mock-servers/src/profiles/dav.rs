//! CalDAV and CardDAV servers.

use super::{GraphQuirks, JmapQuirks, Profile};
use crate::scheduling::MarkerPolicy;

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
            resource_octets_max: 10_000_000,
        }
    }
}

/// The profile of a name.
pub(super) fn profile(name: &str) -> Option<Profile> {
    let strict = DavQuirks::strict();
    let dav = match name {
        "strict" => strict,
        // Kozea/Radicale: `radicale/httputils.py` names no scheduling among its DAV classes,
        // `radicale/app/` has a file for each method and none for COPY, `radicale/app/report.py`
        // answers these reports with an empty multistatus because clients stop at an error.
        "radicale" => DavQuirks {
            scheduling: Has::No,
            locks: Has::No,
            copy: Has::No,
            principal_searches: Answers::Nothing,
            expand_property: Answers::Nothing,
            ..strict
        },
        // jelmer/xandikos, `notes/dav-compliance.rst`: COPY, MOVE, MKCALENDAR and the searches are
        // not supported, expand-property is; it has the properties of scheduling but delivers
        // nothing.
        "xandikos" => DavQuirks {
            scheduling: Has::No,
            locks: Has::No,
            copy: Has::No,
            moves: Has::No,
            mkcalendar: Has::No,
            principal_searches: Answers::Never,
            ..strict
        },
        // nextcloud/server, `apps/dav/lib/Server.php`: sabre/dav with its plugins for
        // synchronisation, access control, scheduling and mails to people elsewhere; a locker that only
        // pretends, and only to clients that mount files (`FakeLockerPlugin`).
        "nextcloud" => DavQuirks { locks: Has::No, ..strict },
        _ => return None,
    };
    Some(Profile {
        marker: MarkerPolicy::Honours,
        jmap: JmapQuirks::strict(),
        graph: GraphQuirks::default(),
        dav,
    })
}
