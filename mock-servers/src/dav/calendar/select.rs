//! Partial retrieval (RFC 4791 sections 9.6.1 to 9.6.4): the components and properties of a body
//! that a report asks for.

use super::{edit::Edit, edit::unfolded, tree::Component};
use crate::world::properties::anatomy;

/// `CALDAV:comp`: what is wanted of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Selection {
    /// The component's name, in any case.
    pub name: String,
    /// Its properties.
    pub props: Props,
    /// The components inside of it.
    pub comps: Comps,
}

/// Which properties are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Props {
    /// `CALDAV:allprop`.
    All,
    /// Each `CALDAV:prop`; none for a component that names none.
    Named(Vec<Prop>),
}

/// `CALDAV:prop`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prop {
    /// The property's name, in any case.
    pub name: String,
    /// Whether its value is wanted.
    pub value: Value,
}

/// Whether a property's value is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Value {
    /// It is.
    #[default]
    Wanted,
    /// It is not (`novalue="yes"`): name, parameters and the colon alone.
    Left,
}

/// Which inner components are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Comps {
    /// `CALDAV:allcomp`.
    All,
    /// Each `CALDAV:comp`; none for a component that names none.
    Named(Vec<Selection>),
}

/// The part of a body that is wanted. The outermost selection is for the calendar; for one that
/// names something else nothing but the calendar's own two lines is left.
#[must_use]
pub(crate) fn select(octets: &[u8], calendar: &Component, selection: &Selection) -> Vec<u8> {
    let mut edit = Edit::new(octets);
    if same(&selection.name, &calendar.name) {
        keep(octets, calendar, selection, &mut edit);
    } else {
        calendar.properties.iter().for_each(|property| edit.remove(property));
        calendar.components.iter().for_each(|inner| edit.remove_component(inner));
    }
    edit.finish_within(calendar.range.clone())
}

fn keep(octets: &[u8], component: &Component, selection: &Selection, edit: &mut Edit<'_>) {
    if let Props::Named(named) = &selection.props {
        for property in &component.properties {
            match named.iter().find(|prop| same(&prop.name, &property.name)) {
                None => edit.remove(property),
                Some(Prop { value: Value::Left, .. }) => {
                    let text = unfolded(octets, property);
                    let end = anatomy(&text).map_or(text.len(), |parts| parts.value);
                    edit.replace(property, &text[..end]);
                }
                Some(_) => {}
            }
        }
    }
    if let Comps::Named(named) = &selection.comps {
        for inner in &component.components {
            match named.iter().find(|inside| same(&inside.name, &inner.name)) {
                None => edit.remove_component(inner),
                Some(inside) => keep(octets, inner, inside, edit),
            }
        }
    }
}

fn same(asked: &str, name: &str) -> bool {
    asked.eq_ignore_ascii_case(name)
}
