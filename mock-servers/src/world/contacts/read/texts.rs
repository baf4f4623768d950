//! Properties that are texts, lists of texts or a picture.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::super::content::{Fault, Property, components, list};
use super::super::{Name, Picture, SourceContact};
use super::Taken;

/// Takes a property into its field. Of what a contact has once the first is taken.
pub(super) fn take(property: &Property, contact: &mut SourceContact) -> Result<Taken, Fault> {
    let once = |field: &mut String| {
        let free = field.is_empty();
        if free {
            *field = property.text().trim().to_owned();
        }
        Ok(if free { Taken::Yes } else { Taken::No })
    };
    match property.name.as_str() {
        "FN" => return once(&mut contact.full_name),
        "NOTE" => return once(&mut contact.note),
        "TITLE" => return once(&mut contact.title),
        "ROLE" => return once(&mut contact.role),
        "N" if contact.name == Name::default() => contact.name = name(property),
        "NICKNAME" => contact.nicknames.extend(list(&property.value)),
        "CATEGORIES" => contact.categories.extend(list(&property.value)),
        "ORG" if contact.organization.is_empty() && contact.departments.is_empty() => {
            let mut parts = components(&property.value).into_iter().map(|part| part.join(", "));
            contact.organization = parts.next().unwrap_or_default();
            contact.departments = parts.filter(|part| !part.is_empty()).collect();
        }
        "PHOTO" if contact.photo.is_none() => contact.photo = picture(property)?,
        _ => return Ok(Taken::No),
    }
    Ok(Taken::Yes)
}

fn name(property: &Property) -> Name {
    let mut parts = components(&property.value).into_iter();
    let mut next = || parts.next().unwrap_or_default();
    Name { family: next(), given: next(), additional: next(), prefixes: next(), suffixes: next() }
}

/// A picture: base64 (RFC 2426, section 2.4.1), a data: URI (RFC 6350, section 6.2.4), or a link.
fn picture(property: &Property) -> Result<Option<Picture>, Fault> {
    let value = property.value.trim();
    if value.is_empty() {
        return Ok(None);
    }
    let binary = property.is("ENCODING", "b") || property.is("ENCODING", "base64");
    let (media_type, data) = if binary {
        let types = property.types();
        let word = types
            .iter()
            .find(|word| word.as_str() != "pref")
            .map(|word| word.strip_prefix("image/").unwrap_or(word).to_owned());
        let word = word.unwrap_or_else(|| "jpeg".to_owned());
        (format!("image/{}", if word == "jpg" { "jpeg" } else { &word }), value)
    } else if let Some(rest) = value.strip_prefix("data:") {
        let (head, data) = rest
            .split_once(',')
            .filter(|(head, _)| head.ends_with(";base64"))
            .ok_or_else(|| property.fault("a data: URI that is not base64"))?;
        (head.split(';').next().unwrap_or_default().to_owned(), data)
    } else {
        return Ok(Some(Picture::Link(property.text())));
    };
    let octets =
        decode(data).ok_or_else(|| property.fault("a picture that is not valid base64"))?;
    Ok(Some(Picture::Inline { media_type, octets }))
}

/// Octets out of base64, padded or not, blanks inside passed over.
pub(in super::super) fn decode(data: &str) -> Option<Vec<u8>> {
    let data: String = data.split_whitespace().collect();
    STANDARD.decode(&data).or_else(|_| STANDARD_NO_PAD.decode(&data)).ok()
}

/// An instant in the forms of both versions; a local time is taken for UTC.
pub(super) fn instant(value: &str) -> Option<Timestamp> {
    let value = value.trim();
    if let Ok(at) = value.parse::<Timestamp>() {
        return Some(at);
    }
    let local: DateTime = value.trim_end_matches('Z').parse().ok()?;
    TimeZone::UTC.to_timestamp(local).ok()
}
