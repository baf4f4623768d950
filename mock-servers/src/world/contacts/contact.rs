//! A contact as any protocol could say it. Values are unescaped text. What has no field of its own
//! stands in `extra`.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Day;

/// A person, an organization or a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceContact {
    /// UID; made from the card's octets where the file gives none.
    pub uid: String,
    /// Where the card begins in its file; 0 for a contact that was made.
    pub line: u64,
    /// What it stands for.
    pub kind: Kind,
    /// FN, or made of the other names where that is empty; itself empty only where nothing is.
    pub full_name: String,
    /// N.
    pub name: Name,
    /// NICKNAME.
    pub nicknames: Vec<String>,
    /// The first component of ORG.
    pub organization: String,
    /// The further components of ORG, from the largest unit.
    pub departments: Vec<String>,
    /// TITLE.
    pub title: String,
    /// ROLE.
    pub role: String,
    /// EMAIL.
    pub mails: Vec<Mail>,
    /// TEL.
    pub phones: Vec<Phone>,
    /// ADR.
    pub addresses: Vec<Postal>,
    /// BDAY.
    pub birthday: Option<Day>,
    /// ANNIVERSARY, and the vendors' properties for the same.
    pub anniversary: Option<Day>,
    /// NOTE.
    pub note: String,
    /// URL.
    pub urls: Vec<Link>,
    /// CATEGORIES.
    pub categories: BTreeSet<String>,
    /// PHOTO.
    pub photo: Option<Picture>,
    /// IMPP, and the vendors' properties for the same.
    pub messengers: Vec<Messenger>,
    /// RELATED, and the vendors' properties for the same.
    pub related: Vec<Related>,
    /// MEMBER of a group: URIs, in order.
    pub members: Vec<String>,
    /// REV.
    pub revised: Option<Timestamp>,
    /// Every other property.
    pub extra: Vec<ExtraProperty>,
}

impl SourceContact {
    /// The value of a property without a field of its own, by its name in upper case.
    #[must_use]
    pub fn extra(&self, name: &str) -> Option<&str> {
        self.extra.iter().find(|extra| extra.name == name).map(|extra| extra.value.as_str())
    }
}

/// KIND.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// A person.
    #[default]
    Individual,
    /// Several contacts under one name.
    Group,
    /// A firm or other body.
    Organization,
    /// A place.
    Location,
    /// A program.
    Application,
    /// A thing.
    Device,
}

/// Kinds by their name in vCard (RFC 6350, section 6.1.4; RFC 6473; RFC 6869) and JSContact.
const KINDS: [(Kind, &str); 6] = [
    (Kind::Individual, "individual"),
    (Kind::Group, "group"),
    (Kind::Organization, "org"),
    (Kind::Location, "location"),
    (Kind::Application, "application"),
    (Kind::Device, "device"),
];

impl Kind {
    /// Its name.
    #[must_use]
    pub fn word(self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self).map_or("individual", |(_, word)| word)
    }

    /// The kind of that name, in any case.
    #[must_use]
    pub fn named(word: &str) -> Option<Kind> {
        let word = word.trim();
        KINDS.iter().find(|(_, known)| known.eq_ignore_ascii_case(word)).map(|(kind, _)| *kind)
    }
}

/// The parts of a name; each may have several.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// Family names.
    pub family: Vec<String>,
    /// Given names.
    pub given: Vec<String>,
    /// Further given names.
    pub additional: Vec<String>,
    /// Honorifics before the name.
    pub prefixes: Vec<String>,
    /// Honorifics and generation behind the name.
    pub suffixes: Vec<String>,
}

/// In which part of life something is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Context {
    /// At home; `home` in vCard, `private` in JSContact.
    Home,
    /// At work.
    Work,
}

impl Context {
    pub(super) const ALL: [Context; 2] = [Context::Home, Context::Work];

    pub(super) fn vcard(self) -> &'static str {
        match self {
            Context::Home => "home",
            Context::Work => "work",
        }
    }

    pub(super) fn jscontact(self) -> &'static str {
        match self {
            Context::Home => "private",
            Context::Work => "work",
        }
    }
}

/// What a phone number is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Feature {
    /// A mobile phone.
    Mobile,
    /// A fax machine.
    Fax,
    /// A pager.
    Pager,
    /// Text messages.
    Text,
    /// A device for the deaf.
    TextPhone,
    /// Video calls.
    Video,
    /// Calls.
    Voice,
    /// The main number.
    Main,
}

impl Feature {
    /// With its word in vCard (RFC 6350, section 6.4.1) and in JSContact (RFC 9553, section 2.3.3).
    pub(super) const ALL: [(Feature, &'static str, &'static str); 8] = [
        (Feature::Mobile, "cell", "mobile"),
        (Feature::Fax, "fax", "fax"),
        (Feature::Pager, "pager", "pager"),
        (Feature::Text, "text", "text"),
        (Feature::TextPhone, "textphone", "textphone"),
        (Feature::Video, "video", "video"),
        (Feature::Voice, "voice", "voice"),
        (Feature::Main, "main", "main-number"),
    ];
}

/// A mail address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// The address.
    pub address: String,
    /// Where it is used.
    pub contexts: BTreeSet<Context>,
    /// Whether it is the preferred one.
    pub preferred: bool,
    /// What its user calls it.
    pub label: Option<String>,
}

/// A phone number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// The number as it is shown, without `tel:`.
    pub number: String,
    /// Where it is used.
    pub contexts: BTreeSet<Context>,
    /// What it is for.
    pub features: BTreeSet<Feature>,
    /// Whether it is the preferred one.
    pub preferred: bool,
    /// What its user calls it.
    pub label: Option<String>,
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Postal {
    /// Post office box.
    pub post_box: String,
    /// Apartment and the like.
    pub extended: String,
    /// Street and number; may have several lines.
    pub street: String,
    /// City.
    pub locality: String,
    /// State or province.
    pub region: String,
    /// Postal code.
    pub code: String,
    /// Country, by name.
    pub country: String,
    /// Where it is used.
    pub contexts: BTreeSet<Context>,
    /// Whether it is the preferred one.
    pub preferred: bool,
    /// What its user calls it.
    pub label: Option<String>,
}

impl Postal {
    /// Its parts in the order of ADR.
    #[must_use]
    pub fn parts(&self) -> [&str; 7] {
        [
            &self.post_box,
            &self.extended,
            &self.street,
            &self.locality,
            &self.region,
            &self.code,
            &self.country,
        ]
    }

    /// True if no part says anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts().iter().all(|part| part.trim().is_empty())
    }
}

/// A page of the contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Where it is.
    pub uri: String,
    /// Where it is used.
    pub contexts: BTreeSet<Context>,
    /// What its user calls it.
    pub label: Option<String>,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Picture {
    /// Inside the card.
    Inline {
        /// Its media type, such as `image/png`.
        media_type: String,
        /// Its octets.
        octets: Vec<u8>,
    },
    /// Somewhere else.
    Link(String),
}

/// An address of an instant messenger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Messenger {
    /// The address as a URI, or as it was given.
    pub uri: String,
    /// The service by name.
    pub service: Option<String>,
}

/// Somebody related to the contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Related {
    /// A name, or the URI of another contact.
    pub value: String,
    /// What they are to the contact, in lower case, such as `spouse`; empty where it is not said.
    pub kind: String,
}

impl Related {
    /// True if it leads to another contact instead of naming somebody.
    #[must_use]
    pub fn is_uri(&self) -> bool {
        let scheme = self.value.split_once(':').map(|(scheme, _)| scheme);
        scheme.is_some_and(|scheme| {
            !scheme.is_empty()
                && scheme.chars().all(|sign| sign.is_ascii_alphanumeric() || "+-.".contains(sign))
        })
    }
}

/// A property that has no field of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtraProperty {
    /// The group before its name.
    pub group: Option<String>,
    /// Its name in upper case.
    pub name: String,
    /// Its parameters, names in upper case.
    pub params: Vec<(String, Vec<String>)>,
    /// Its value as it stood in the file, unfolded but not unescaped.
    pub value: String,
}
