//! The expand-property report (RFC 3253 section 3.8).

use super::error::RequestError;
use super::fields;
use crate::dav::xml::name::Name;
use crate::dav::xml::names::dav;
use crate::dav::xml::tree::Element;

/// The body of an expand-property report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExpandProperty {
    /// The properties that are wanted of the resource.
    pub properties: Vec<Expanded>,
}

/// A property that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expanded {
    /// Its name.
    pub name: Name,
    /// What is wanted of the resources to which its hrefs point; none leaves them as they are.
    pub inside: Vec<Self>,
}

impl ExpandProperty {
    /// Reads a `DAV:expand-property`.
    ///
    /// # Errors
    ///
    /// 400 for a property without a name that can be one.
    pub(crate) fn read(root: &Element) -> Result<Self, RequestError> {
        fields::root(root, &dav::EXPAND_PROPERTY)?;
        Ok(Self { properties: properties(root)? })
    }
}

fn properties(element: &Element) -> Result<Vec<Expanded>, RequestError> {
    let read = |property: &Element| {
        let local = fields::attribute(property, "name")?;
        let namespace = property.attribute("namespace").unwrap_or("DAV:");
        let name = Name::new(namespace, local)
            .map_err(|_| fields::wrong_value(property, "name", local, "an XML name"))?;
        Ok(Expanded { name, inside: properties(property)? })
    };
    element.all(dav::PROPERTY).map(read).collect()
}
