//! A card in the other version, for a client that asks for it in `address-data` (RFC 6352, section
//! 5.1.1 and 10.4), as far as servers do that.
//!
//! A card that is of the wanted version already keeps its octets. Otherwise each property is carried
//! over; what only one version has is written as the other's usual extension, or left out where it
//! has none. Compare RFC 6350, appendix A, for what changed between them.

mod params;
mod to_v3;
mod to_v4;

use thiserror::Error;

use super::object::AddressObject;
use crate::world::contacts::content::{Params, Property, Version, content_line, fold};

/// A media type or version that no card can be converted to: the precondition
/// `supported-address-data-conversion` (RFC 6352, section 8.6).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{content_type}` version `{version}` is not held, text/vcard 3.0 and 4.0 are")]
pub(crate) struct Unsupported {
    /// The media type that was asked for.
    pub content_type: String,
    /// The version that was asked for.
    pub version: String,
}

/// The version that the attributes `content-type` and `version` of `address-data` ask for; their
/// defaults are `text/vcard` and `3.0` (section 10.4). None where neither is given, which leaves
/// the card as it is.
///
/// # Errors
/// When that is no version of vCard that is held.
pub(crate) fn asked(
    content_type: Option<&str>,
    version: Option<&str>,
) -> Result<Option<Version>, Unsupported> {
    if content_type.is_none() && version.is_none() {
        return Ok(None);
    }
    let content_type = content_type.unwrap_or("text/vcard");
    let version = version.unwrap_or("3.0");
    let known = content_type.trim().eq_ignore_ascii_case("text/vcard");
    match Version::named(version).filter(|_| known) {
        Some(version) => Ok(Some(version)),
        None => {
            Err(Unsupported { content_type: content_type.to_owned(), version: version.to_owned() })
        }
    }
}

/// The body in that version.
#[must_use]
pub(crate) fn convert(object: &AddressObject, to: Version) -> Vec<u8> {
    if object.version() == to {
        return object.octets().to_vec();
    }
    let lines = match to {
        Version::V3 => to_v3::lines(object.card()),
        Version::V4 => to_v4::lines(object.card()),
    };
    let end = object.line_end();
    let mut text = format!("BEGIN:VCARD{end}VERSION:{}{end}", to.number());
    for line in &lines {
        line.write(end, &mut text);
    }
    text.push_str("END:VCARD");
    text.push_str(end);
    text.into_bytes()
}

/// A property of the new card.
#[derive(Clone, Debug)]
struct Converted {
    group: Option<String>,
    name: String,
    params: Params,
    value: String,
}

impl Converted {
    fn of(property: &Property, params: Params) -> Converted {
        Converted {
            group: property.group.clone(),
            name: property.name.clone(),
            params,
            value: property.value.clone(),
        }
    }

    fn named(self, name: &str) -> Converted {
        Converted { name: name.to_owned(), ..self }
    }

    fn valued(self, value: impl Into<String>) -> Converted {
        Converted { value: value.into(), ..self }
    }

    fn write(&self, end: &str, into: &mut String) {
        let line = content_line(self.group.as_deref(), &self.name, &self.params, &self.value);
        fold(&line, end, into);
    }
}

#[cfg(test)]
mod tests;
