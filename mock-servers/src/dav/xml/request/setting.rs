//! Properties that a request sets: the children of `DAV:prop` inside `DAV:set`.

use super::error::RequestError;
use super::fields;
use crate::dav::xml::names::{dav, xml};
use crate::dav::xml::tree::Element;

/// The properties inside one `DAV:set`, in document order.
///
/// The language in whose scope a property stands becomes its own attribute, because the server must
/// keep it (RFC 4918 section 4.3).
pub(super) fn set(root: &Element, set: &Element) -> Result<Vec<Element>, RequestError> {
    let prop = fields::needed(set, &dav::PROP)?;
    let language = [prop, set, root].into_iter().find_map(Element::language);
    let with_language = |property: &Element| match language {
        Some(language) if property.language().is_none() => {
            property.clone().with_attribute(xml::LANG, language)
        }
        _ => property.clone(),
    };
    Ok(prop.elements().map(with_language).collect())
}

/// The properties of every `DAV:set` inside the root, of which there must be one.
pub(super) fn all(root: &Element) -> Result<Vec<Element>, RequestError> {
    let mut properties = Vec::new();
    for one in root.all(dav::SET) {
        properties.extend(set(root, one)?);
    }
    match root.first(&dav::SET) {
        Some(_) => Ok(properties),
        None => Err(fields::missing(root, &dav::SET)),
    }
}
