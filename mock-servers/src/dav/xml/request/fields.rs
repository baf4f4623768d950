//! What every reader needs: one element of several, attributes with a fixed set of values.

use super::error::{AttributeProblem, RequestError};
use crate::dav::xml::name::Name;
use crate::dav::xml::tree::Element;

/// Checks the root.
pub(super) fn root(element: &Element, expected: &Name) -> Result<(), RequestError> {
    if element.name == *expected {
        return Ok(());
    }
    Err(RequestError::Root { found: element.name.clone(), expected: expected.clone() })
}

/// The only element inside with one of these names; an error if there are two.
pub(super) fn one<'a>(
    inside: &'a Element,
    names: &[Name],
) -> Result<Option<&'a Element>, RequestError> {
    let mut found = inside.elements().filter(|element| names.contains(&element.name));
    let first = found.next();
    match (first, found.next()) {
        (Some(first), Some(second)) => Err(conflict(inside, first, second)),
        (first, _) => Ok(first),
    }
}

/// The only element inside with this name; an error if there is none or two.
pub(super) fn needed<'a>(inside: &'a Element, name: &Name) -> Result<&'a Element, RequestError> {
    one(inside, std::slice::from_ref(name))?.ok_or_else(|| missing(inside, name))
}

/// An error: the element needs another one.
pub(super) fn missing(inside: &Element, wanted: &Name) -> RequestError {
    RequestError::Missing { inside: inside.name.clone(), wanted: wanted.clone() }
}

/// An error: the two cannot stand together.
pub(super) fn conflict(inside: &Element, first: &Element, second: &Element) -> RequestError {
    RequestError::Conflict {
        inside: inside.name.clone(),
        first: first.name.clone(),
        second: second.name.clone(),
    }
}

/// Refuses elements that have a meaning elsewhere, but none here.
pub(super) fn misplaced(inside: &Element, names: &[Name]) -> Result<(), RequestError> {
    match inside.elements().find(|element| names.contains(&element.name)) {
        Some(found) => {
            Err(RequestError::Misplaced { inside: inside.name.clone(), found: found.name.clone() })
        }
        None => Ok(()),
    }
}

/// An attribute that must be there and not be empty.
pub(super) fn attribute<'a>(
    element: &'a Element,
    attribute: &'static str,
) -> Result<&'a str, RequestError> {
    match element.attribute(attribute).map(str::trim) {
        Some("") | None => Err(RequestError::Attribute {
            element: element.name.clone(),
            attribute,
            problem: AttributeProblem::Missing,
        }),
        Some(value) => Ok(value),
    }
}

/// An error: an attribute has a value that it cannot have.
pub(super) fn wrong_value(
    element: &Element,
    attribute: &'static str,
    value: &str,
    expected: &'static str,
) -> RequestError {
    RequestError::Attribute {
        element: element.name.clone(),
        attribute,
        problem: AttributeProblem::Value { value: value.to_owned(), expected },
    }
}

/// An attribute that has one of a few values, or is absent and then has its default.
pub(super) fn choice<T: Copy>(
    element: &Element,
    attribute: &'static str,
    values: &[(&str, T)],
    expected: &'static str,
    default: T,
) -> Result<T, RequestError> {
    let Some(value) = element.attribute(attribute) else { return Ok(default) };
    let found = values.iter().find(|(name, _)| *name == value);
    found.map(|(_, value)| *value).ok_or_else(|| wrong_value(element, attribute, value, expected))
}

/// A name of a component, property or parameter, which are equal in any case: in upper case.
pub(super) fn upper_name(element: &Element) -> Result<String, RequestError> {
    attribute(element, "name").map(str::to_ascii_uppercase)
}

/// Whether the element asks for absence; then none of the others may stand beside it.
pub(super) fn alone(
    element: &Element,
    absence: &Name,
    others: &[Name],
) -> Result<bool, RequestError> {
    let Some(absent) = one(element, std::slice::from_ref(absence))? else { return Ok(false) };
    match element.elements().find(|one| others.contains(&one.name)) {
        Some(other) => Err(conflict(element, absent, other)),
        None => Ok(true),
    }
}
