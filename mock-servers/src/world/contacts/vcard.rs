//! A source contact as a vCard of version 3.0 or 4.0.
//!
//! What RFC 2426 has no property for is written to 3.0 by the extensions that Apple's address books
//! made usual; other servers write and read them too. Preferences beyond the first are not kept.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use calamity_evidence::Lineage;

use super::super::error::Unwritable;
use super::content::{Params, Version, content_line, escape, fold};
use super::{Context, Day, Feature, Kind, Picture, Postal, Related, SourceContact};

/// What stands for a missing year in version 3.0.
const NO_YEAR: &str = "1604";

/// The contact as a card, lines ending in CRLF, its full name marked with the token.
///
/// # Errors
/// When that version has no way to hold it.
pub fn vcard(
    contact: &SourceContact,
    lineage: &Lineage,
    version: Version,
) -> Result<String, Unwritable> {
    let mut card = Writer { version, group: highest_group(contact), text: String::new() };
    card.text.push_str("BEGIN:VCARD\r\n");
    card.plain("VERSION", version.number());
    card.text("UID", &contact.uid);
    card.kind(contact.kind)?;
    card.text("FN", &lineage.mark(&contact.full_name));
    let name = &contact.name;
    let parts = [&name.family, &name.given, &name.additional, &name.prefixes, &name.suffixes];
    card.plain("N", &parts.map(|part| joined(part)).join(";"));
    card.list("NICKNAME", &contact.nicknames);
    if !contact.organization.is_empty() || !contact.departments.is_empty() {
        let units = std::iter::once(&contact.organization).chain(&contact.departments);
        card.plain("ORG", &units.map(|unit| escape(unit)).collect::<Vec<_>>().join(";"));
    }
    card.some_text("TITLE", &contact.title);
    card.some_text("ROLE", &contact.role);
    card.places(contact);
    card.days(contact);
    card.some_text("NOTE", &contact.note);
    card.list("CATEGORIES", &contact.categories.iter().cloned().collect::<Vec<_>>());
    if let Some(photo) = &contact.photo {
        card.photo(photo);
    }
    for related in &contact.related {
        card.related(related);
    }
    for member in &contact.members {
        let name = match version {
            Version::V3 => "X-ADDRESSBOOKSERVER-MEMBER",
            Version::V4 => "MEMBER",
        };
        card.plain(name, member);
    }
    if let Some(revised) = contact.revised {
        let format = match version {
            Version::V3 => "%Y-%m-%dT%H:%M:%SZ",
            Version::V4 => "%Y%m%dT%H%M%SZ",
        };
        card.plain("REV", &revised.strftime(format).to_string());
    }
    for extra in &contact.extra {
        card.put(extra.group.as_deref(), &extra.name, &extra.params, &extra.value);
    }
    card.text.push_str("END:VCARD\r\n");
    Ok(card.text)
}

/// The highest number of a group `item1`, `item2`, ... that is in use.
fn highest_group(contact: &SourceContact) -> u64 {
    let groups = contact.extra.iter().filter_map(|extra| extra.group.as_deref());
    let numbers = groups.filter_map(|group| {
        let number = group.to_ascii_lowercase().strip_prefix("item")?.parse::<u32>().ok()?;
        Some(u64::from(number))
    });
    numbers.max().unwrap_or(0)
}

fn joined(texts: &[String]) -> String {
    texts.iter().map(|text| escape(text)).collect::<Vec<_>>().join(",")
}

struct Writer {
    version: Version,
    /// The number of the last group that was used.
    group: u64,
    text: String,
}

impl Writer {
    /// A value that was no text and still holds a line break gets it escaped, so that it stays one
    /// line.
    fn put(&mut self, group: Option<&str>, name: &str, params: &Params, value: &str) {
        let value = value.replace("\r\n", "\\n").replace(['\r', '\n'], "\\n");
        fold(&content_line(group, name, params, &value), "\r\n", &mut self.text);
    }

    fn plain(&mut self, name: &str, value: &str) {
        self.put(None, name, &Params::new(), value);
    }

    fn text(&mut self, name: &str, text: &str) {
        self.plain(name, &escape(text));
    }

    fn some_text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.text(name, text);
        }
    }

    fn list(&mut self, name: &str, texts: &[String]) {
        if !texts.is_empty() {
            self.plain(name, &joined(texts));
        }
    }

    /// With a label of the user's in a group of its own, where there is one.
    fn labelled(&mut self, label: Option<&str>, name: &str, params: &Params, value: &str) {
        let Some(label) = label else { return self.put(None, name, params, value) };
        self.group += 1;
        let group = format!("item{}", self.group);
        self.put(Some(&group), name, params, value);
        self.put(Some(&group), "X-ABLabel", &Params::new(), &escape(label));
    }

    fn kind(&mut self, kind: Kind) -> Result<(), Unwritable> {
        match (self.version, kind) {
            (_, Kind::Individual) => {}
            (Version::V4, kind) => self.plain("KIND", kind.word()),
            (Version::V3, Kind::Group) => self.plain("X-ADDRESSBOOKSERVER-KIND", "group"),
            (Version::V3, Kind::Organization) => self.plain("X-ABShowAs", "COMPANY"),
            (Version::V3, Kind::Location | Kind::Application | Kind::Device) => {
                return Err(Unwritable {
                    property: "KIND".to_owned(),
                    reason: "version 3.0 knows people, organizations and groups only".to_owned(),
                });
            }
        }
        Ok(())
    }

    fn params(
        &self,
        contexts: &BTreeSet<Context>,
        features: &BTreeSet<Feature>,
        preferred: bool,
    ) -> Params {
        let contexts = contexts.iter().map(|context| context.vcard());
        let features = Feature::ALL.iter().filter(|(one, ..)| features.contains(one));
        let mut types: Vec<String> =
            contexts.chain(features.map(|(_, word, _)| *word)).map(str::to_owned).collect();
        let mut params = Params::new();
        if self.version == Version::V3 {
            types = types.iter().map(|word| word.to_ascii_uppercase()).collect();
            types.extend(preferred.then(|| "PREF".to_owned()));
        }
        if !types.is_empty() {
            params.push(("TYPE".to_owned(), types));
        }
        if preferred && self.version == Version::V4 {
            params.push(("PREF".to_owned(), vec!["1".to_owned()]));
        }
        params
    }

    fn places(&mut self, contact: &SourceContact) {
        let none = BTreeSet::new();
        for mail in &contact.mails {
            let params = self.params(&mail.contexts, &none, mail.preferred);
            self.labelled(mail.label.as_deref(), "EMAIL", &params, &escape(&mail.address));
        }
        for phone in &contact.phones {
            let params = self.params(&phone.contexts, &phone.features, phone.preferred);
            self.labelled(phone.label.as_deref(), "TEL", &params, &escape(&phone.number));
        }
        for postal in &contact.addresses {
            let params = self.params(&postal.contexts, &none, postal.preferred);
            self.labelled(postal.label.as_deref(), "ADR", &params, &address(postal));
        }
        for link in &contact.urls {
            let params = self.params(&link.contexts, &none, false);
            self.labelled(link.label.as_deref(), "URL", &params, &link.uri);
        }
        for messenger in &contact.messengers {
            let service = messenger.service.iter();
            let params: Params =
                service.map(|name| ("X-SERVICE-TYPE".to_owned(), vec![name.clone()])).collect();
            self.put(None, "IMPP", &params, &messenger.uri);
        }
    }

    fn days(&mut self, contact: &SourceContact) {
        if let Some(day) = contact.birthday {
            let (params, value) = self.day(day);
            self.put(None, "BDAY", &params, &value);
        }
        if let Some(day) = contact.anniversary {
            let (params, value) = self.day(day);
            match self.version {
                Version::V4 => self.put(None, "ANNIVERSARY", &params, &value),
                Version::V3 => {
                    let label = Some("_$!<Anniversary>!$_");
                    self.labelled(label, "X-ABDATE", &params, &value);
                }
            }
        }
    }

    fn day(&self, day: Day) -> (Params, String) {
        match (self.version, day.year()) {
            (Version::V4, _) => (Params::new(), day.basic()),
            (Version::V3, Some(_)) => (Params::new(), day.to_string()),
            (Version::V3, None) => (
                vec![("X-APPLE-OMIT-YEAR".to_owned(), vec![NO_YEAR.to_owned()])],
                format!("{NO_YEAR}-{:02}-{:02}", day.month(), day.day()),
            ),
        }
    }

    fn photo(&mut self, photo: &Picture) {
        let param = |name: &str, value: &str| (name.to_owned(), vec![value.to_owned()]);
        match (photo, self.version) {
            (Picture::Link(uri), Version::V4) => self.plain("PHOTO", uri),
            (Picture::Link(uri), Version::V3) => {
                self.put(None, "PHOTO", &vec![param("VALUE", "uri")], uri);
            }
            (Picture::Inline { media_type, octets }, Version::V4) => {
                let data = STANDARD.encode(octets);
                self.plain("PHOTO", &format!("data:{media_type};base64,{data}"));
            }
            (Picture::Inline { media_type, octets }, Version::V3) => {
                let word = media_type.strip_prefix("image/").unwrap_or(media_type);
                let word = word.to_ascii_uppercase();
                let params = vec![param("ENCODING", "b"), param("TYPE", &word)];
                self.put(None, "PHOTO", &params, &STANDARD.encode(octets));
            }
        }
    }

    fn related(&mut self, related: &Related) {
        match self.version {
            Version::V4 => {
                let mut params = Params::new();
                if !related.kind.is_empty() {
                    params.push(("TYPE".to_owned(), vec![related.kind.clone()]));
                }
                let value = if related.is_uri() {
                    related.value.clone()
                } else {
                    params.push(("VALUE".to_owned(), vec!["text".to_owned()]));
                    escape(&related.value)
                };
                self.put(None, "RELATED", &params, &value);
            }
            Version::V3 => {
                let label = (!related.kind.is_empty()).then_some(related.kind.as_str());
                let value = escape(&related.value);
                self.labelled(label, "X-ABRELATEDNAMES", &Params::new(), &value);
            }
        }
    }
}

fn address(postal: &Postal) -> String {
    postal.parts().map(escape).join(";")
}
