//! Edits of a body that touch the lines they mean and nothing else.
//!
//! A line that is changed is folded anew; all other octets stay, line ends and odd writing among
//! them. Edits are named by the properties and components that were read from the same octets.

use std::{borrow::Cow, collections::BTreeMap, ops::Range};

use super::{
    fold::{escape, fold, line_end, param_value},
    tree::{Component, Property},
};
use crate::world::{lines::Lines, properties::anatomy};

/// A body with changes that are not made yet.
#[derive(Clone, Debug)]
pub(crate) struct Edit<'o> {
    octets: &'o [u8],
    end: &'static str,
    lines: BTreeMap<usize, Changed>,
    added: BTreeMap<usize, String>,
    removed: Vec<Range<usize>>,
}

/// A property's lines, unfolded and changed; no text where they go.
#[derive(Clone, Debug)]
struct Changed {
    range: Range<usize>,
    text: Option<String>,
}

impl<'o> Edit<'o> {
    /// A body without changes.
    #[must_use]
    pub(crate) fn new(octets: &'o [u8]) -> Edit<'o> {
        Edit {
            octets,
            end: line_end(octets),
            lines: BTreeMap::new(),
            added: BTreeMap::new(),
            removed: Vec::new(),
        }
    }

    /// Sets a property's value, written as it shall stand there; its parameters stay.
    pub(crate) fn set_value(&mut self, property: &Property, value: &str) {
        let text = self.text(property);
        if let Some(parts) = anatomy(&text) {
            self.replace(property, &format!("{}{value}", &text[..parts.value]));
        }
    }

    /// Sets a parameter, in its place where it has one, else behind the others.
    pub(crate) fn set_param(&mut self, property: &Property, name: &str, value: &str) {
        let text = self.text(property);
        let Some(parts) = anatomy(&text) else { return };
        let param = format!(";{name}={}", param_value(value));
        let known = parts.params.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        let range = match known {
            Some((_, range)) => range.clone(),
            None => parts.value - 1..parts.value - 1,
        };
        let changed = format!("{}{param}{}", &text[..range.start], &text[range.end..]);
        self.replace(property, &changed);
    }

    /// Removes a parameter.
    pub(crate) fn remove_param(&mut self, property: &Property, name: &str) {
        let mut text = self.text(property).into_owned();
        let Some(parts) = anatomy(&text) else { return };
        let known = parts.params.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let ranges: Vec<Range<usize>> = known.map(|(_, range)| range.clone()).collect();
        for range in ranges.into_iter().rev() {
            text.replace_range(range, "");
        }
        self.replace(property, &text);
    }

    /// Puts another line in a property's place.
    pub(crate) fn replace(&mut self, property: &Property, line: &str) {
        let changed = Changed { range: property.range.clone(), text: Some(line.to_owned()) };
        self.lines.insert(property.range.start, changed);
    }

    /// Removes a property.
    pub(crate) fn remove(&mut self, property: &Property) {
        let changed = Changed { range: property.range.clone(), text: None };
        self.lines.insert(property.range.start, changed);
    }

    /// Adds a line behind a component's properties.
    pub(crate) fn add(&mut self, component: &Component, line: &str) {
        let inner = component.components.first().map_or(component.tail.start, |c| c.range.start);
        let ends = component.properties.iter().map(|property| property.range.end);
        let at = ends.filter(|end| *end <= inner).max().unwrap_or(component.head.end);
        self.added.entry(at).or_default().push_str(&fold(line, self.end));
    }

    /// Sets the value of a component's first property of this name (upper case), written as it
    /// shall stand there; adds one where there is none.
    pub(crate) fn set(&mut self, component: &Component, name: &str, value: &str) {
        match component.property(name) {
            Some(property) => self.set_value(property, value),
            None => self.add(component, &format!("{name}:{value}")),
        }
    }

    /// Sets the text of a component's first property of this name (upper case).
    pub(crate) fn set_text(&mut self, component: &Component, name: &str, text: &str) {
        self.set(component, name, &escape(text));
    }

    /// Puts a whole line in the place of a component's first property of this name (upper case), or
    /// adds it.
    pub(crate) fn set_line(&mut self, component: &Component, name: &str, line: &str) {
        match component.property(name) {
            Some(property) => self.replace(property, line),
            None => self.add(component, line),
        }
    }

    /// Removes all of a component's properties of this name (upper case).
    pub(crate) fn remove_all(&mut self, component: &Component, name: &str) {
        component.all(name).for_each(|property| self.remove(property));
    }

    /// Removes a component with all that is in it.
    pub(crate) fn remove_component(&mut self, component: &Component) {
        self.removed.push(component.range.clone());
    }

    /// Adds octets that are whole components behind all others of a calendar.
    pub(crate) fn add_component(&mut self, calendar: &Component, text: &str) {
        self.added.entry(calendar.tail.start).or_default().push_str(text);
    }

    /// The body with its changes made.
    #[must_use]
    pub(crate) fn finish(&self) -> Vec<u8> {
        self.finish_within(0..self.octets.len())
    }

    /// A part of the body, such as one component, with the changes inside of it made.
    #[must_use]
    pub(crate) fn finish_within(&self, part: Range<usize>) -> Vec<u8> {
        let lines = self.lines.values().map(|changed| {
            let text = changed.text.as_ref().map(|text| self.written(changed, text));
            (changed.range.clone(), text.unwrap_or_default())
        });
        let added = self.added.iter().map(|(at, text)| (*at..*at, text.clone().into_bytes()));
        let removed = self.removed.iter().map(|range| (range.clone(), Vec::new()));
        let mut splices: Vec<(Range<usize>, Vec<u8>)> = removed.chain(added).chain(lines).collect();
        // What is added at a place stands before what began there.
        splices.sort_by_key(|(range, _)| (range.start, range.end));
        let mut made = Vec::with_capacity(part.len());
        let mut at = part.start;
        for (range, text) in splices {
            // A change inside of a removed component is gone with it.
            if range.start < at || range.end > part.end {
                continue;
            }
            made.extend_from_slice(self.octets.get(at..range.start).unwrap_or_default());
            made.extend_from_slice(&text);
            at = range.end;
        }
        made.extend_from_slice(self.octets.get(at..part.end).unwrap_or_default());
        made
    }

    /// A property's line, unfolded, with the changes so far.
    fn text(&self, property: &Property) -> Cow<'_, str> {
        match self.lines.get(&property.range.start).and_then(|changed| changed.text.as_deref()) {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(unfolded(self.octets, property)),
        }
    }

    /// A changed line as octets; one whose text is as before keeps its own.
    fn written(&self, changed: &Changed, text: &str) -> Vec<u8> {
        let own = self.octets.get(changed.range.clone()).unwrap_or_default();
        let before = Lines::new(own).next();
        if before.is_some_and(|line| line.text == text) {
            return own.to_vec();
        }
        fold(text, self.end).into_bytes()
    }
}

/// A property's line, unfolded.
pub(super) fn unfolded(octets: &[u8], property: &Property) -> String {
    let own = octets.get(property.range.clone()).unwrap_or_default();
    Lines::new(own).next().map(|line| line.text).unwrap_or_default()
}
