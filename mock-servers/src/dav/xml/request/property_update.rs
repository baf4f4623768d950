//! PROPPATCH (RFC 4918 sections 9.2 and 14.19).

use super::error::RequestError;
use super::{fields, properties, setting};
use crate::dav::xml::name::Name;
use crate::dav::xml::names::dav;
use crate::dav::xml::tree::Element;

/// The body of a PROPPATCH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PropertyUpdate {
    /// What to do, in document order: that is the order of execution, all or nothing.
    pub instructions: Vec<Instruction>,
}

/// What to do with one property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Instruction {
    /// Give it this value; the whole property element, with its language.
    Set(Element),
    /// Take it away. That it is not there is no error.
    Remove(Name),
}

impl Instruction {
    /// The property.
    #[must_use]
    pub(crate) fn name(&self) -> &Name {
        match self {
            Self::Set(property) => &property.name,
            Self::Remove(name) => name,
        }
    }
}

impl PropertyUpdate {
    /// Reads a `DAV:propertyupdate`.
    ///
    /// # Errors
    ///
    /// 400 when it is against the definition, such as without any `set` or `remove`.
    pub(crate) fn read(root: &Element) -> Result<Self, RequestError> {
        fields::root(root, &dav::PROPERTYUPDATE)?;
        let (mut instructions, mut said) = (Vec::new(), false);
        for element in root.elements() {
            if element.name == dav::SET {
                instructions.extend(setting::set(root, element)?.into_iter().map(Instruction::Set));
            } else if element.name == dav::REMOVE {
                let names = properties::names(fields::needed(element, &dav::PROP)?);
                instructions.extend(names.into_iter().map(Instruction::Remove));
            } else {
                continue;
            }
            said = true;
        }
        if said { Ok(Self { instructions }) } else { Err(fields::missing(root, &dav::SET)) }
    }
}
