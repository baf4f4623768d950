//! Lines to nested components.
//!
//! An `END` without its `BEGIN` is passed over; one that closes an outer component closes the
//! inner ones with it, which are then marked as not closed. Deeper nesting than is read is passed
//! over as a whole.

use std::ops::Range;

use super::super::{
    lines::{Damage, Lines, Place},
    properties::{Fault, Property},
};

/// Components inside components beyond which nothing is read.
const DEPTH_MAX: usize = 16;
/// Properties of one component beyond which the rest is dropped.
const PROPERTIES_MAX: usize = 50_000;
/// Components of one file beyond which reading stops.
const COMPONENTS_MAX: usize = 2_000_000;
/// Faults of one file beyond which they are no longer kept.
pub(crate) const FAULTS_MAX: usize = 10_000;

/// One component with what it holds.
#[derive(Clone, Debug)]
pub(crate) struct Component {
    /// Its name in upper case.
    pub(crate) name: String,
    /// Where its `BEGIN` stands.
    pub(crate) place: Place,
    pub(crate) properties: Vec<Property>,
    pub(crate) components: Vec<Component>,
    /// True if its own `END` was found.
    pub(crate) closed: bool,
    /// The octets of its `BEGIN` line.
    pub(crate) head: Range<usize>,
    /// The octets of the line that closed it; empty where none did.
    pub(crate) tail: Range<usize>,
}

impl Component {
    /// The first property of this name.
    pub(crate) fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// All properties of this name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Property> {
        self.properties.iter().filter(move |property| property.name == name)
    }

    /// The components of this name inside.
    pub(crate) fn inner<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Component> {
        self.components.iter().filter(move |component| component.name == name)
    }
}

/// The outermost components of a file, and what was wrong with its lines.
pub(crate) fn components(octets: &[u8]) -> (Vec<Component>, Vec<Fault>) {
    read(octets, FAULTS_MAX).finish()
}

/// The outermost components of a file without a fault; else the first one that is met, beyond which
/// nothing is read.
pub(crate) fn faultless(octets: &[u8]) -> Result<Vec<Component>, Fault> {
    let mut tree = read(octets, 1);
    if !tree.faults.is_empty() {
        return Err(tree.faults.swap_remove(0));
    }
    let (roots, faults) = tree.finish();
    match faults.into_iter().min_by_key(|fault| fault.place) {
        None => Ok(roots),
        Some(fault) => Err(fault),
    }
}

/// Reads until there are so many faults, or on to the end where that many are never kept.
fn read(octets: &[u8], faults: usize) -> Tree {
    let mut tree = Tree::default();
    for line in Lines::new(octets) {
        if let Some(damage) = line.damage {
            let what = match damage {
                Damage::NotUtf8 => "octets that are no UTF-8; they are read as U+FFFD",
                Damage::TooLong => "a line longer than is read; its end is missing",
            };
            tree.fault(line.place(0), what.to_owned());
        }
        match Property::parse(&line) {
            Ok(property) => tree.take(property),
            // A stray line does not spoil the component around it.
            Err(fault) => tree.fault(fault.place, fault.what),
        }
        if tree.count > COMPONENTS_MAX {
            tree.fault(line.place(0), "more components than are read".to_owned());
            break;
        }
        if faults < FAULTS_MAX && tree.faults.len() >= faults {
            break;
        }
    }
    tree
}

#[derive(Default)]
struct Tree {
    roots: Vec<Component>,
    open: Vec<Component>,
    /// Names of components that nest too deeply to be kept.
    buried: Vec<String>,
    faults: Vec<Fault>,
    count: usize,
}

impl Tree {
    fn fault(&mut self, place: Place, what: String) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(Fault { place, what });
        }
    }

    fn take(&mut self, property: Property) {
        match property.name.as_str() {
            "BEGIN" => self.begin(&property),
            "END" => self.end(&property),
            _ if !self.buried.is_empty() => {}
            _ => match self.open.last_mut() {
                Some(component) if component.properties.len() < PROPERTIES_MAX => {
                    component.properties.push(property);
                }
                Some(component) if component.properties.len() == PROPERTIES_MAX => {
                    let place = property.place;
                    component.properties.push(property);
                    self.fault(place, "more properties in one component than are read".to_owned());
                }
                Some(_) => {}
                None => {
                    let what = format!("{} outside of any component", property.name);
                    self.fault(property.place, what);
                }
            },
        }
    }

    fn begin(&mut self, property: &Property) {
        let name = property.value.trim().to_ascii_uppercase();
        self.count += 1;
        if self.open.len() >= DEPTH_MAX {
            if self.buried.is_empty() {
                self.fault(property.place, "components nested deeper than is read".to_owned());
            }
            self.buried.push(name);
            return;
        }
        self.open.push(Component {
            name,
            place: property.place,
            properties: Vec::new(),
            components: Vec::new(),
            closed: false,
            head: property.range.clone(),
            tail: 0..0,
        });
    }

    fn end(&mut self, property: &Property) {
        let name = property.value.trim().to_ascii_uppercase();
        // Only so far back: a search through all would make a file cost its square.
        let near = self.buried.len().saturating_sub(DEPTH_MAX);
        if let Some(at) = self.buried[near..].iter().rposition(|open| *open == name) {
            self.buried.truncate(near + at);
            return;
        }
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else {
            self.fault(property.place, format!("END:{name} without its BEGIN"));
            return;
        };
        self.buried.clear();
        while self.open.len() > at + 1 {
            self.close(None);
        }
        self.close(Some(property.range.clone()));
    }

    /// Closes the innermost component.
    fn close(&mut self, properly: Option<Range<usize>>) {
        let Some(mut component) = self.open.pop() else { return };
        component.closed = properly.is_some();
        if let Some(tail) = properly {
            component.tail = tail;
        } else {
            let what = format!("BEGIN:{} without its END", component.name);
            self.fault(component.place, what);
        }
        match self.open.last_mut() {
            Some(outer) => outer.components.push(component),
            None => self.roots.push(component),
        }
    }

    fn finish(mut self) -> (Vec<Component>, Vec<Fault>) {
        while !self.open.is_empty() {
            self.close(None);
        }
        (self.roots, self.faults)
    }
}
