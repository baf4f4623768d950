//! An object as it is looked at for each of its attendees in turn: what is the same for all of them
//! is worked out once, so that an object costs no more than the messages about it.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        object::CalendarObject,
        stamp::Stamp,
        times::stamp,
        tree::{Component, Property},
    },
    message::{Draft, sequence},
    page::{Piece, zones},
    people::{Agent, Force, Person, organizer},
    view::{Id, Line, id, left_out, shared},
};

/// One version of an object.
pub(super) struct Version<'o> {
    pub(super) object: &'o CalendarObject,
    /// Who sends the messages.
    pub(super) organizer: String,
    pub(super) parts: Vec<Part<'o>>,
    /// The parts by their instances.
    places: BTreeMap<Id, usize>,
    zones: OnceCell<Vec<(String, String)>>,
}

/// A component of it.
pub(super) struct Part<'o> {
    pub(super) id: Id,
    pub(super) component: &'o Component,
    /// Its `RECURRENCE-ID`.
    pub(super) at: Option<Stamp>,
    /// True where nobody is shown it: it is called off.
    pub(super) off: bool,
    /// Who is invited to it, in order.
    pub(super) people: Vec<(Person, &'o Property)>,
    named: BTreeMap<String, usize>,
    /// The instances that it leaves out.
    pub(super) out: BTreeMap<Id, Stamp>,
    shared: OnceCell<BTreeSet<Line>>,
    whole: OnceCell<Piece>,
    quoted: OnceCell<Quoted>,
    without: OnceCell<Piece>,
}

/// What a `CANCEL` quotes of a component.
pub(super) struct Quoted {
    pub(super) uid: Piece,
    pub(super) times: Piece,
    pub(super) subject: Piece,
    pub(super) organizer: Piece,
}

impl<'o> Version<'o> {
    pub(super) fn of(object: &'o CalendarObject) -> Version<'o> {
        let parts: Vec<Part<'o>> =
            object.components().map(|component| Part::of(object, component)).collect();
        let mut places = BTreeMap::new();
        for (place, part) in parts.iter().enumerate() {
            places.entry(part.id).or_insert(place);
        }
        let organizer = organizer(object).ok().flatten().map(|person| person.address);
        let organizer = organizer.unwrap_or_default();
        Version { object, organizer, parts, places, zones: OnceCell::new() }
    }

    /// The component for an instance.
    pub(super) fn part(&self, id: Id) -> Option<&Part<'o>> {
        self.parts.get(*self.places.get(&id)?)
    }

    /// Its time zones as text.
    pub(super) fn zones(&self) -> &[(String, String)] {
        self.zones.get_or_init(|| zones(self.object))
    }

    /// The highest `SEQUENCE` in it.
    pub(super) fn sequence(&self) -> u32 {
        self.parts.iter().map(|part| sequence(part.component)).max().unwrap_or(0)
    }

    /// Whether an instance, or the whole, takes place for nobody.
    pub(super) fn ends(&self, id: Id) -> bool {
        match (self.part(id), self.part(Id::Whole)) {
            (Some(part), _) => part.is_cancelled(),
            (None, Some(series)) => series.is_cancelled() || series.out.contains_key(&id),
            (None, None) => true,
        }
    }
}

impl<'o> Part<'o> {
    fn of(object: &'o CalendarObject, component: &'o Component) -> Part<'o> {
        let people: Vec<(Person, &Property)> =
            component.all("ATTENDEE").map(|property| (Person::read(property), property)).collect();
        let mut named = BTreeMap::new();
        for (place, (person, _)) in people.iter().enumerate() {
            named.entry(person.address.clone()).or_insert(place);
        }
        Part {
            id: id(object, component),
            component,
            at: stamp(component, "RECURRENCE-ID"),
            off: false,
            people,
            named,
            out: left_out(object, component).into_iter().collect(),
            shared: OnceCell::new(),
            whole: OnceCell::new(),
            quoted: OnceCell::new(),
            without: OnceCell::new(),
        }
    }

    /// Somebody who is invited to it.
    pub(super) fn person(&self, whom: &str) -> Option<&(Person, &'o Property)> {
        self.people.get(*self.named.get(whom)?)
    }

    /// Whether its `STATUS` is that it does not take place.
    pub(super) fn is_cancelled(&self) -> bool {
        self.component.is("STATUS", "CANCELLED")
    }

    /// What of it is told to others.
    pub(super) fn shared(&self) -> &BTreeSet<Line> {
        self.shared.get_or_init(|| shared(self.component))
    }

    /// All of it, as a `REQUEST` has it.
    pub(super) fn whole(&self, object: &CalendarObject, now: &str) -> &Piece {
        self.whole.get_or_init(|| Draft::whole(object, self.component, now).piece())
    }

    /// The line by which a series leaves its instance out.
    pub(super) fn without(&self) -> &Piece {
        let line = || self.at.as_ref().map(|at| at.line("EXDATE"));
        self.without.get_or_init(|| Draft { lines: line().into_iter().collect() }.piece())
    }

    /// What a `CANCEL` has of it.
    pub(super) fn quoted(&self, object: &CalendarObject) -> &Quoted {
        let of = |names: &[&str]| Draft::of(object, self.component, names).piece();
        self.quoted.get_or_init(|| Quoted {
            uid: of(&["UID"]),
            times: of(&["DTSTART", "DTEND", "DUE"]),
            subject: of(&["DURATION", "SUMMARY"]),
            organizer: of(&["ORGANIZER"]),
        })
    }
}

/// What one attendee sees of a version.
pub(super) struct Seen<'v, 'o> {
    pub(super) version: &'v Version<'o>,
    pub(super) parts: BTreeMap<Id, &'v Part<'o>>,
    /// Instances of the series with a component of their own that is not for them.
    pub(super) hidden: BTreeMap<Id, &'v Part<'o>>,
}

impl<'v, 'o> Seen<'v, 'o> {
    /// None where the server delivers nothing to them.
    pub(super) fn by(version: &'v Version<'o>, whom: &str) -> Option<Seen<'v, 'o>> {
        let mut seen = Seen { version, parts: BTreeMap::new(), hidden: BTreeMap::new() };
        for part in &version.parts {
            let person = part.person(whom).filter(|(person, _)| person.agent == Agent::Server);
            if person.is_some() && !part.off {
                seen.parts.insert(part.id, part);
            } else if part.at.is_some() {
                seen.hidden.insert(part.id, part);
            }
        }
        if seen.series().is_none() {
            seen.hidden.clear();
        }
        (!seen.parts.is_empty()).then_some(seen)
    }

    /// The series, or the only instance.
    pub(super) fn series(&self) -> Option<&'v Part<'o>> {
        self.parts.get(&Id::Whole).copied()
    }

    /// Whether they see an instance.
    pub(super) fn sees(&self, id: Id) -> bool {
        let in_series =
            |series: &Part<'_>| !series.out.contains_key(&id) && !self.hidden.contains_key(&id);
        self.parts.contains_key(&id) || self.series().is_some_and(in_series)
    }

    /// Whether the client wants them to be told in any case.
    pub(super) fn is_forced(&self, whom: &str) -> bool {
        let force = |part: &Part<'_>| part.person(whom).and_then(|(person, _)| person.force);
        self.parts.values().any(|part| force(part) == Some(Force::Request))
    }

    /// Their answer for an instance.
    pub(super) fn answer(&self, id: Id, whom: &str) -> Option<&'v str> {
        let part: &'v Part<'o> = self.parts.get(&id).copied()?;
        part.person(whom).map(|(person, _)| person.partstat.as_str())
    }
}
