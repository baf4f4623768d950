//! Properties by which somebody is reached: mail, phone, post, pages, messengers.

use std::collections::BTreeSet;

use super::super::content::{Property, components};
use super::super::{Context, Feature, Link, Mail, Messenger, Phone, Postal, SourceContact};

/// Vendors' properties for messengers, with the scheme of their URI and the name of the service.
const MESSENGERS: [(&str, &str, &str); 11] = [
    ("X-JABBER", "xmpp", "Jabber"),
    ("X-AIM", "aim", "AIM"),
    ("X-ICQ", "icq", "ICQ"),
    ("X-MSN", "msnim", "MSN"),
    ("X-YAHOO", "ymsgr", "Yahoo"),
    ("X-SKYPE", "skype", "Skype"),
    ("X-SKYPE-USERNAME", "skype", "Skype"),
    ("X-GOOGLE-TALK", "xmpp", "GoogleTalk"),
    ("X-GADUGADU", "gg", "GaduGadu"),
    ("X-MATRIX", "matrix", "Matrix"),
    ("X-TWITTER", "twitter", "Twitter"),
];

pub(super) fn is_messenger(name: &str) -> bool {
    MESSENGERS.iter().any(|(known, ..)| *known == name)
}

/// Takes a vendor's property for a messenger.
pub(super) fn messenger(property: &Property, contact: &mut SourceContact) {
    let known = MESSENGERS.iter().find(|(known, ..)| *known == property.name);
    let text = property.text().trim().to_owned();
    if let Some((_, scheme, service)) = known.filter(|_| !text.is_empty()) {
        let uri = if text.contains(':') { text } else { format!("{scheme}:{text}") };
        contact.messengers.push(Messenger { uri, service: Some((*service).to_owned()) });
    }
}

/// Takes one of EMAIL, TEL, ADR, URL and IMPP. Empty ones are nothing.
pub(super) fn take(property: &Property, label: Option<String>, contact: &mut SourceContact) {
    let types = property.types();
    let mut contexts: BTreeSet<Context> =
        Context::ALL.into_iter().filter(|context| types.contains(context.vcard())).collect();
    let mut features: BTreeSet<Feature> = Feature::ALL
        .into_iter()
        .filter(|(_, word, _)| types.contains(*word))
        .map(|(feature, ..)| feature)
        .collect();
    if types.contains("mobile") {
        features.insert(Feature::Mobile);
    }
    let label = label.and_then(|label| plain_label(&label, &mut contexts, &mut features));
    let preferred = property.preferred();
    let text = property.text().trim().to_owned();
    if property.name == "ADR" {
        let postal = postal(property, contexts, preferred, label);
        if !postal.is_empty() {
            contact.addresses.push(postal);
        }
        return;
    }
    if text.is_empty() {
        return;
    }
    match property.name.as_str() {
        "EMAIL" => {
            let address = text.strip_prefix("mailto:").unwrap_or(&text).to_owned();
            contact.mails.push(Mail { address, contexts, preferred, label });
        }
        "TEL" => {
            let number = text.strip_prefix("tel:").unwrap_or(&text).to_owned();
            contact.phones.push(Phone { number, contexts, features, preferred, label });
        }
        "URL" => contact.urls.push(Link { uri: text, contexts, label }),
        _ => {
            let service = property.param("X-SERVICE-TYPE").or(property.param("SERVICE-TYPE"));
            contact.messengers.push(Messenger { uri: text, service: service.map(str::to_owned) });
        }
    }
}

/// A label as it is, unless it only says what types say.
fn plain_label(
    label: &str,
    contexts: &mut BTreeSet<Context>,
    features: &mut BTreeSet<Feature>,
) -> Option<String> {
    match label {
        "home" => drop(contexts.insert(Context::Home)),
        "work" => drop(contexts.insert(Context::Work)),
        "mobile" => drop(features.insert(Feature::Mobile)),
        "main" => drop(features.insert(Feature::Main)),
        "other" | "homepage" | "" => {}
        label => return Some(label.to_owned()),
    }
    None
}

fn postal(
    property: &Property,
    contexts: BTreeSet<Context>,
    preferred: bool,
    label: Option<String>,
) -> Postal {
    let mut parts = components(&property.value).into_iter().map(|part| part.join(", "));
    let mut next = || parts.next().unwrap_or_default();
    Postal {
        post_box: next(),
        extended: next(),
        street: next(),
        locality: next(),
        region: next(),
        code: next(),
        country: next(),
        contexts,
        preferred,
        label,
    }
}
