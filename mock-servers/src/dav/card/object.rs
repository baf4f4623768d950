//! One address object resource: a single card with a UID (RFC 6352, section 5.1), or the
//! precondition that a body violates (section 6.3.2.1).

use std::fmt;

use thiserror::Error;

use crate::world::contacts::content::{Card, Fault, Property, Version, cards};

/// A stored card. What it says is read from it; its octets are never written anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AddressObject {
    octets: Vec<u8>,
    card: Card,
    version: Version,
    uid: String,
}

/// The preconditions of PUT, COPY and MOVE in an address book that a body can violate (RFC 6352,
/// section 6.3.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Precondition {
    /// The media type or version is not held here.
    SupportedAddressData,
    /// The body is no valid card.
    ValidAddressData,
}

impl Precondition {
    /// The name of its element in the namespace `urn:ietf:params:xml:ns:carddav`.
    #[must_use]
    pub(crate) fn element(self) -> &'static str {
        match self {
            Precondition::SupportedAddressData => "supported-address-data",
            Precondition::ValidAddressData => "valid-address-data",
        }
    }
}

/// Something of vCard 2.1 in a card that says to be newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Quirk {
    /// ENCODING=QUOTED-PRINTABLE.
    QuotedPrintable,
    /// A parameter without a name, as in `TEL;HOME`.
    BareParameter,
    /// CHARSET other than UTF-8.
    Charset,
}

impl fmt::Display for Quirk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Quirk::QuotedPrintable => "quoted-printable text",
            Quirk::BareParameter => "a parameter without a name",
            Quirk::Charset => "another character set than UTF-8",
        })
    }
}

/// Why a body cannot be an address object resource.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum Refused {
    /// It is no vCard.
    #[error("{0}")]
    Invalid(Fault),
    /// It holds no card at all.
    #[error("no card")]
    Empty,
    /// It is a card of another version.
    #[error("vCard version `{found}` is not held, 3.0 and 4.0 are")]
    Version {
        /// The version that it says to be; empty where it says none.
        found: String,
    },
    /// It calls itself newer but has something of vCard 2.1.
    #[error("line {line}, column {column}: {quirk}, which only vCard 2.1 has")]
    Old {
        /// The line.
        line: u64,
        /// The column in it.
        column: u64,
        /// What it has.
        quirk: Quirk,
    },
    /// A property is missing that every card must have.
    #[error("line {line}, column 1: a card without {property}")]
    Missing {
        /// The line where the card begins.
        line: u64,
        /// The property.
        property: &'static str,
    },
    /// A property stands there again that may stand there once.
    #[error("line {line}, column {column}: {property} a second time")]
    Twice {
        /// The line of the second.
        line: u64,
        /// The column in it.
        column: u64,
        /// The property.
        property: &'static str,
    },
    /// It holds several cards.
    #[error("{count} cards in one resource")]
    Several {
        /// How many.
        count: usize,
    },
}

impl Refused {
    /// The precondition that is violated.
    #[must_use]
    pub(crate) fn precondition(&self) -> Precondition {
        match self {
            Refused::Version { .. } => Precondition::SupportedAddressData,
            _ => Precondition::ValidAddressData,
        }
    }
}

impl AddressObject {
    /// The resource that a client sent.
    ///
    /// # Errors
    /// When it is not a single card of a version that is held, with UID and FN once or more.
    pub(crate) fn read(octets: &[u8]) -> Result<AddressObject, Refused> {
        let found = cards(octets);
        let other = found.iter().flatten().find_map(other_version);
        // What an old card holds is no fault of a new one, so the version is looked at first.
        let broken = found.iter().any(Result::is_err);
        if let Some(found) = other.or_else(|| broken.then(|| old_version(octets)).flatten()) {
            return Err(Refused::Version { found });
        }
        let count = found.len();
        let cards = found.into_iter().collect::<Result<Vec<Card>, Fault>>();
        let mut cards = cards.map_err(Refused::Invalid)?;
        let card = cards.pop().ok_or(Refused::Empty)?;
        if !cards.is_empty() {
            return Err(Refused::Several { count });
        }
        AddressObject::of(octets, card)
    }

    fn of(octets: &[u8], card: Card) -> Result<AddressObject, Refused> {
        let missing = |property| Refused::Missing { line: card.place.line, property };
        let version = card.version().ok_or_else(|| missing("VERSION"))?;
        if let Some((property, quirk)) =
            card.properties.iter().find_map(|property| Some((property, quirk(property)?)))
        {
            let place = property.place;
            return Err(Refused::Old { line: place.line, column: place.column, quirk });
        }
        for name in ["VERSION", "UID"] {
            if let Some(second) = card.all(name).nth(1) {
                let place = second.place;
                return Err(Refused::Twice {
                    line: place.line,
                    column: place.column,
                    property: name,
                });
            }
        }
        let uid = card.property("UID").map(|property| property.text().trim().to_owned());
        let uid = uid.filter(|uid| !uid.is_empty()).ok_or_else(|| missing("UID"))?;
        // RFC 6350, section 6.2.1; RFC 2426, section 3.1.1. N is not asked for: many clients of
        // version 3.0 leave it out, and servers take that.
        card.property("FN").ok_or_else(|| missing("FN"))?;
        Ok(AddressObject { octets: octets.to_vec(), card, version, uid })
    }

    /// What the client sent.
    #[must_use]
    pub(crate) fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// The card in it; its ranges lead into the octets.
    #[must_use]
    pub(crate) fn card(&self) -> &Card {
        &self.card
    }

    /// Its version.
    #[must_use]
    pub(crate) fn version(&self) -> Version {
        self.version
    }

    /// Its UID.
    #[must_use]
    pub(crate) fn uid(&self) -> &str {
        &self.uid
    }

    /// Its first full name, escapes removed.
    #[must_use]
    pub(crate) fn full_name(&self) -> String {
        self.card.property("FN").map(Property::text).unwrap_or_default()
    }

    /// The line end that its writer used.
    #[must_use]
    pub(crate) fn line_end(&self) -> &'static str {
        line_end(&self.octets)
    }
}

/// The line end behind the first line.
pub(super) fn line_end(octets: &[u8]) -> &'static str {
    match octets.iter().position(|octet| matches!(octet, b'\r' | b'\n')) {
        Some(at) if octets[at] == b'\n' => "\n",
        Some(at) if octets.get(at + 1) == Some(&b'\n') => "\r\n",
        Some(_) => "\r",
        None => "\r\n",
    }
}

fn other_version(card: &Card) -> Option<String> {
    let property = card.property("VERSION")?;
    Version::named(&property.value).is_none().then(|| property.value.trim().to_owned())
}

/// The version of a file that could not be taken apart because it is an old one.
fn old_version(octets: &[u8]) -> Option<String> {
    const OLD: &[u8] = b"VERSION:2.1";
    let mut lines = octets.split(|octet| matches!(octet, b'\r' | b'\n'));
    lines
        .any(|line| line.trim_ascii_end().eq_ignore_ascii_case(OLD))
        .then(|| String::from_utf8_lossy(&OLD[8..]).into_owned())
}

fn quirk(property: &Property) -> Option<Quirk> {
    if property.is("ENCODING", "QUOTED-PRINTABLE") {
        return Some(Quirk::QuotedPrintable);
    }
    if property.params.iter().any(|(_, values)| values.is_empty()) {
        return Some(Quirk::BareParameter);
    }
    let other = |name: &str| !name.eq_ignore_ascii_case("UTF-8");
    property.values("CHARSET").any(other).then_some(Quirk::Charset)
}

#[cfg(test)]
mod tests;
