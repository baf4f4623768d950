//! Changes of single instances of a series: any number of them in one edit, because a body is read
//! and written as a whole.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{
    acts::{SERIES, moved},
    edit::Edit,
    object::CalendarObject,
    stamp::Stamp,
    times::stamp,
    tree::Component,
    zones::Zone,
};

/// How many octets of overrides are made at the most: each is a copy of the series' component.
const MADE_OCTETS_MAX: usize = 1 << 24;

/// See the module.
#[derive(Debug)]
pub(crate) struct Overrides<'o> {
    object: &'o CalendarObject,
    edit: Edit<'o>,
    known: Known<'o>,
    /// The instances that have a new override.
    made: BTreeSet<String>,
    octets: usize,
}

impl<'o> Overrides<'o> {
    /// An object without changes.
    #[must_use]
    pub(crate) fn of(object: &'o CalendarObject) -> Self {
        Self {
            object,
            edit: Edit::new(object.octets()),
            known: Known::of(object),
            made: BTreeSet::new(),
            octets: 0,
        }
    }

    /// Puts a component in the place of the override of an instance, or beside the others.
    pub(crate) fn replace(&mut self, id: Option<&Stamp>, text: &str) {
        if let Some(old) = id.and_then(|id| self.known.find(self.object, id)) {
            self.edit.remove_component(old);
        }
        self.edit.add_component(self.object.calendar(), text);
    }

    /// What changes the object beside its instances.
    pub(crate) fn edit(&mut self) -> &mut Edit<'o> {
        &mut self.edit
    }

    /// Changes the override of an instance; where there is none, one is made of the series' component
    /// as it was before all changes. False where there is no series, where the instance has got an
    /// override already, and where too much was made.
    pub(crate) fn change(
        &mut self,
        id: &Stamp,
        change: impl FnOnce(&mut Edit<'o>, &Component),
    ) -> bool {
        if let Some(changed) = self.known.find(self.object, id) {
            change(&mut self.edit, changed);
            return true;
        }
        let made = self.copy(id, change);
        let Some((line, copied)) = made else { return false };
        self.octets = self.octets.saturating_add(copied.len());
        if self.octets > MADE_OCTETS_MAX || !self.made.insert(line) {
            return false;
        }
        self.edit.add_component(self.object.calendar(), &copied);
        true
    }

    /// An override like the series' component, changed, with the line that says which it is.
    fn copy(
        &self,
        id: &Stamp,
        change: impl FnOnce(&mut Edit<'o>, &Component),
    ) -> Option<(String, String)> {
        let master = self.object.master()?;
        let start = stamp(master, "DTSTART")?;
        let id = stated_as(self.object, id, &start);
        let by = id.local().duration_since(start.local()).as_secs();
        let mut copy = Edit::new(self.object.octets());
        SERIES.iter().for_each(|name| copy.remove_all(master, name));
        let line = id.line("RECURRENCE-ID");
        copy.add(master, &line);
        for property in ["DTSTART", "DTEND", "DUE"].iter().filter_map(|name| master.property(name))
        {
            let stated = Stamp::read(property).ok()?;
            copy.set_value(property, &moved(&stated, by)?.value());
        }
        change(&mut copy, master);
        let copied = String::from_utf8(copy.finish_within(master.range.clone())).ok()?;
        Some((line, copied))
    }

    /// Leaves an instance out of the series: an `EXDATE` stated as the series' start is, and the
    /// override of the instance goes. False where there is no series.
    pub(crate) fn exclude(&mut self, id: &Stamp) -> bool {
        let Some(master) = self.object.master() else { return false };
        let Some(like) = stamp(master, "DTSTART") else { return false };
        self.edit.add(master, &stated_as(self.object, id, &like).line("EXDATE"));
        if let Some(changed) = self.known.find(self.object, id) {
            self.edit.remove_component(changed);
        }
        true
    }

    /// The body with its changes made.
    #[must_use]
    pub(crate) fn finish(&self) -> Vec<u8> {
        self.edit.finish()
    }
}

/// The overrides of an object, to be found by their instance. Days and times are the same instance
/// where they are on the same day.
#[derive(Debug)]
struct Known<'o> {
    at: BTreeMap<i64, &'o Component>,
    on_days: BTreeMap<Date, &'o Component>,
    by_day: BTreeMap<Date, &'o Component>,
}

impl<'o> Known<'o> {
    fn of(object: &'o CalendarObject) -> Self {
        let utc = Zone::utc();
        let clock = object.clock(&utc);
        let mut known =
            Self { at: BTreeMap::new(), on_days: BTreeMap::new(), by_day: BTreeMap::new() };
        for component in object.overrides() {
            let Some(id) = stamp(component, "RECURRENCE-ID") else { continue };
            let day = id.local().date();
            known.by_day.entry(day).or_insert(component);
            if id.is_date() {
                known.on_days.entry(day).or_insert(component);
            } else {
                known.at.entry(clock.instant(&id)).or_insert(component);
            }
        }
        known
    }

    fn find(&self, object: &CalendarObject, id: &Stamp) -> Option<&'o Component> {
        let day = id.local().date();
        if id.is_date() {
            return self.by_day.get(&day).copied();
        }
        let utc = Zone::utc();
        let at = object.clock(&utc).instant(id);
        self.at.get(&at).or_else(|| self.on_days.get(&day)).copied()
    }
}

/// A moment stated as another one is: in its zone, or as a day.
fn stated_as(object: &CalendarObject, id: &Stamp, like: &Stamp) -> Stamp {
    let utc = Zone::utc();
    let clock = object.clock(&utc);
    match (like, id) {
        (Stamp::Date(_), _) | (_, Stamp::Floating(_)) => like.at(id.local()),
        (_, Stamp::Date(date)) => like.at(date.to_datetime(like.local().time())),
        _ => {
            let local = clock.zone(like).local(clock.instant(id));
            local.map_or_else(|| id.clone(), |local| like.at(local))
        }
    }
}
