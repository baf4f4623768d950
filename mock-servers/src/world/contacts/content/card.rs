//! The cards of a file (RFC 6350, section 3.3): what stands between BEGIN:VCARD and END:VCARD.
//!
//! A fault spoils the card that it stands in and no other. Cards do not nest.

use std::ops::Range;

use super::super::super::lines::{Damage, Line, Lines};
use super::property::{Fault, Place, Property, place};

/// Properties of one card beyond which it is refused.
const PROPERTIES_MAX: usize = 10_000;
/// Cards of one file beyond which the rest is refused.
const CARDS_MAX: usize = 200_000;

/// The versions of vCard that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// RFC 2426.
    V3,
    /// RFC 6350.
    V4,
}

impl Version {
    /// The version of that number.
    #[must_use]
    pub fn named(number: &str) -> Option<Version> {
        match number.trim() {
            "3.0" => Some(Version::V3),
            "4.0" => Some(Version::V4),
            _ => None,
        }
    }

    /// Its number.
    #[must_use]
    pub fn number(self) -> &'static str {
        match self {
            Version::V3 => "3.0",
            Version::V4 => "4.0",
        }
    }
}

/// One card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its properties in order, without BEGIN and END.
    pub properties: Vec<Property>,
    /// Where it begins.
    pub place: Place,
    /// Its physical lines in the file, from BEGIN to END.
    pub octets: Range<usize>,
    /// The physical line of its END.
    pub end: Range<usize>,
}

impl Card {
    /// The first property of that name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// All properties of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Property> {
        self.properties.iter().filter(move |property| property.name == name)
    }

    /// Its version; none where VERSION is missing or says something else.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        Version::named(&self.property("VERSION")?.value)
    }
}

/// The cards of a file in order, each or what is wrong with it.
#[must_use]
pub fn cards(octets: &[u8]) -> Vec<Result<Card, Fault>> {
    let starts = line_starts(octets);
    let start = |number: u64| {
        let nth = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        nth.and_then(|nth| starts.get(nth)).copied().unwrap_or(octets.len())
    };
    let mut found = Found { cards: Vec::new(), open: None };
    let mut lines = Lines::new(octets).peekable();
    while let Some(line) = lines.next() {
        if found.cards.len() >= CARDS_MAX {
            found.refuse(place(&line, 0), "more cards than are read");
            break;
        }
        let next = lines.peek().map_or(octets.len(), |next| start(next.number));
        found.take(&line, start(line.number)..next);
    }
    if let Some(open) = found.open.take() {
        let fault = Fault { place: open.card.place, what: "a card that is not closed".to_owned() };
        found.cards.push(Err(open.fault.unwrap_or(fault)));
    }
    found.cards
}

/// A card of which the end was not seen yet.
struct Open {
    card: Card,
    fault: Option<Fault>,
}

struct Found {
    cards: Vec<Result<Card, Fault>>,
    open: Option<Open>,
}

impl Found {
    fn refuse(&mut self, place: Place, what: &str) {
        self.cards.push(Err(Fault { place, what: what.to_owned() }));
    }

    fn take(&mut self, line: &Line, octets: Range<usize>) {
        let parsed = sound(line).and_then(|()| Property::parse(line, octets.clone()));
        let edge = |name: &str| {
            parsed.as_ref().is_ok_and(|property| {
                property.name == name && property.value.trim().eq_ignore_ascii_case("VCARD")
            })
        };
        let (begins, ends) = (edge("BEGIN"), edge("END"));
        let Some(open) = &mut self.open else {
            if begins {
                let card = Card {
                    properties: Vec::new(),
                    place: place(line, 0),
                    octets: octets.clone(),
                    end: octets,
                };
                self.open = Some(Open { card, fault: None });
            } else if !matches!(self.cards.last(), Some(Err(_))) {
                // One message for a stretch of such lines.
                let what = parsed.err().map_or("a line outside of any card".to_owned(), |f| f.what);
                self.refuse(place(line, 0), &what);
            }
            return;
        };
        open.card.octets.end = octets.end;
        if ends {
            open.card.end = octets;
            if let Some(open) = self.open.take() {
                self.cards.push(open.fault.map_or(Ok(open.card), Err));
            }
            return;
        }
        let here = place(line, 0);
        let fault = |what: &str| Fault { place: here, what: what.to_owned() };
        match parsed {
            Ok(_) if begins => open.fault = open.fault.take().or(Some(fault("a card in a card"))),
            Ok(property) if matches!(property.name.as_str(), "BEGIN" | "END") => {
                open.fault = open.fault.take().or(Some(fault("something else than a card")));
            }
            Ok(_) if open.card.properties.len() >= PROPERTIES_MAX => {
                let many = fault("more properties than are read");
                open.fault = open.fault.take().or(Some(many));
            }
            Ok(property) => open.card.properties.push(property),
            Err(fault) => open.fault = open.fault.take().or(Some(fault)),
        }
    }
}

fn sound(line: &Line) -> Result<(), Fault> {
    let what = match line.damage {
        None => return Ok(()),
        Some(Damage::NotUtf8) => "octets that are no UTF-8",
        Some(Damage::TooLong) => "a line that is longer than is read",
    };
    Err(Fault { place: place(line, 0), what: what.to_owned() })
}

/// Where each physical line begins; line ends are those of the line reader.
fn line_starts(octets: &[u8]) -> Vec<usize> {
    let mut starts = vec![0];
    let mut at = 0;
    while let Some(found) = octets[at..].iter().position(|octet| matches!(octet, b'\r' | b'\n')) {
        at += found;
        at += if octets[at..].starts_with(b"\r\n") { 2 } else { 1 };
        if at < octets.len() {
            starts.push(at);
        }
    }
    starts
}
