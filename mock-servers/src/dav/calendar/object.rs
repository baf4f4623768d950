//! A body that may be stored in a calendar (RFC 4791 section 4.1), and the preconditions that
//! refuse all others (section 5.3.2.1).

use bytes::Bytes;
use thiserror::Error;

use super::{
    instances::Clock,
    tree::{self, Broken, Component},
    validate,
    zones::{Zone, Zones},
};

/// Octets of one body beyond which it is not read.
const OCTETS_MAX: usize = 64 << 20;

/// The kind of component that a body holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// `VEVENT`.
    Event,
    /// `VTODO`.
    Todo,
    /// `VJOURNAL`.
    Journal,
    /// `VFREEBUSY`.
    FreeBusy,
    /// Another one, by its name in upper case.
    Other(String),
}

impl Kind {
    /// The kind of a component's name (upper case).
    #[must_use]
    pub(crate) fn named(name: &str) -> Kind {
        match name {
            "VEVENT" => Kind::Event,
            "VTODO" => Kind::Todo,
            "VJOURNAL" => Kind::Journal,
            "VFREEBUSY" => Kind::FreeBusy,
            other => Kind::Other(other.to_owned()),
        }
    }

    /// The component's name.
    #[must_use]
    pub(crate) fn name(&self) -> &str {
        match self {
            Kind::Event => "VEVENT",
            Kind::Todo => "VTODO",
            Kind::Journal => "VJOURNAL",
            Kind::FreeBusy => "VFREEBUSY",
            Kind::Other(name) => name,
        }
    }
}

/// Why a body may not be stored.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum Invalid {
    /// It is no valid iCalendar: `CALDAV:valid-calendar-data`.
    #[error(transparent)]
    Data(#[from] Broken),
    /// It is iCalendar, but breaks a rule of RFC 4791 section 4.1:
    /// `CALDAV:valid-calendar-object-resource`.
    #[error("line {line}: {breach}")]
    Resource {
        /// The line of the component at fault, counted from 1.
        line: u64,
        /// The rule.
        breach: Breach,
    },
}

impl Invalid {
    /// The local name of the precondition's element in `urn:ietf:params:xml:ns:caldav`.
    #[must_use]
    pub(crate) fn precondition(&self) -> &'static str {
        match self {
            Invalid::Data(_) => "valid-calendar-data",
            Invalid::Resource { .. } => "valid-calendar-object-resource",
        }
    }
}

/// A rule about what one body may hold.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum Breach {
    /// Not exactly one `VCALENDAR`.
    #[error("{0} calendars in one resource")]
    Calendars(usize),
    /// A stored object is no message.
    #[error("METHOD in a stored calendar object")]
    Method,
    /// Nothing but time zones.
    #[error("no component beside time zones")]
    NoComponent,
    /// Components of several kinds.
    #[error("{first} and {second} in one resource")]
    Kinds {
        /// The first kind.
        first: String,
        /// Another one.
        second: String,
    },
    /// A component without a UID.
    #[error("{0} without UID")]
    NoUid(String),
    /// Components with several UIDs.
    #[error("the UIDs `{first}` and `{second}` in one resource")]
    Uids {
        /// The first UID.
        first: String,
        /// Another one.
        second: String,
    },
    /// An event without a start, or a series without one.
    #[error("{0} without DTSTART")]
    NoStart(String),
    /// Two components for the same instance, or two without a RECURRENCE-ID.
    #[error("two components of one UID for the same instance")]
    Twice,
    /// A time zone that is neither defined in the body nor known.
    #[error("no VTIMEZONE for TZID `{0}`")]
    NoZone(String),
}

/// A body that may be stored: one UID, one kind of component.
#[derive(Clone, Debug)]
pub(crate) struct CalendarObject {
    octets: Bytes,
    calendar: Component,
    kind: Kind,
    uid: String,
    zones: Zones,
}

impl CalendarObject {
    /// Reads a body.
    ///
    /// # Errors
    /// When it may not be stored; [`Invalid::precondition`] is what to answer.
    pub(crate) fn read(octets: impl Into<Bytes>) -> Result<CalendarObject, Invalid> {
        let octets = octets.into();
        if octets.len() > OCTETS_MAX {
            let what = "more octets than are read".to_owned();
            return Err(Invalid::Data(Broken { line: 1, column: 1, what }));
        }
        let mut roots = tree::raw(&octets)?;
        let calendars = roots.iter().filter(|root| root.name == "VCALENDAR").count();
        if let Some(other) = roots.iter().find(|root| root.name != "VCALENDAR") {
            let what = format!("{} outside of a VCALENDAR", other.name);
            let (line, column) = (other.place.line, other.place.column);
            return Err(Invalid::Data(Broken { line, column, what }));
        }
        let read = match roots.pop() {
            None => {
                let what = "no BEGIN:VCALENDAR".to_owned();
                return Err(Invalid::Data(Broken { line: 1, column: 1, what }));
            }
            Some(second) if calendars > 1 => {
                let breach = Breach::Calendars(calendars);
                return Err(Invalid::Resource { line: second.place.line, breach });
            }
            Some(calendar) => calendar,
        };
        let zones = Zones::read(&read);
        let calendar = Component::from(read);
        let (kind, uid) = validate::object(&calendar, &zones)?;
        Ok(CalendarObject { octets, calendar, kind, uid, zones })
    }

    /// The body as it was stored.
    #[must_use]
    pub(crate) fn octets(&self) -> &Bytes {
        &self.octets
    }

    /// Its text in some range of octets, such as that of a property.
    #[must_use]
    pub(crate) fn slice(&self, range: std::ops::Range<usize>) -> &[u8] {
        self.octets.get(range).unwrap_or_default()
    }

    /// Its `VCALENDAR`.
    #[must_use]
    pub(crate) fn calendar(&self) -> &Component {
        &self.calendar
    }

    /// The kind of its components.
    #[must_use]
    pub(crate) fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The UID of its components, escapes removed.
    #[must_use]
    pub(crate) fn uid(&self) -> &str {
        &self.uid
    }

    /// Its components beside time zones, in order.
    pub(crate) fn components(&self) -> impl Iterator<Item = &Component> {
        self.calendar.inner(self.kind.name())
    }

    /// The component that stands for the series, or for the only instance.
    #[must_use]
    pub(crate) fn master(&self) -> Option<&Component> {
        self.components().find(|component| !component.is_override())
    }

    /// The components that stand for single instances of a series.
    pub(crate) fn overrides(&self) -> impl Iterator<Item = &Component> {
        self.components().filter(|component| component.is_override())
    }

    /// Its time zones.
    pub(crate) fn timezones(&self) -> impl Iterator<Item = &Component> {
        self.calendar.inner("VTIMEZONE")
    }

    /// What turns its dates into moments, days and floating times in this zone.
    #[must_use]
    pub(crate) fn clock<'a>(&'a self, floating: &'a Zone) -> Clock<'a> {
        Clock { zones: &self.zones, floating }
    }
}
