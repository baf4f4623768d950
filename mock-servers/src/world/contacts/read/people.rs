//! Properties that name somebody related to the contact.

use super::super::content::Property;
use super::super::{Related, SourceContact};

/// Vendors' properties (Outlook, Evolution, KAddressBook, Thunderbird), with what they say.
const RELATED: [(&str, &str); 13] = [
    ("X-SPOUSE", "spouse"),
    ("X-MS-SPOUSE", "spouse"),
    ("X-EVOLUTION-SPOUSE", "spouse"),
    ("X-KADDRESSBOOK-X-SPOUSESNAME", "spouse"),
    ("X-MANAGER", "manager"),
    ("X-MS-MANAGER", "manager"),
    ("X-EVOLUTION-MANAGER", "manager"),
    ("X-KADDRESSBOOK-X-MANAGERSNAME", "manager"),
    ("X-ASSISTANT", "assistant"),
    ("X-MS-ASSISTANT", "assistant"),
    ("X-EVOLUTION-ASSISTANT", "assistant"),
    ("X-KADDRESSBOOK-X-ASSISTANTSNAME", "assistant"),
    ("X-MS-CHILD", "child"),
];

pub(super) fn is_related(name: &str) -> bool {
    matches!(name, "RELATED" | "X-ABRELATEDNAMES")
        || RELATED.iter().any(|(known, _)| *known == name)
}

/// Takes one of them. Empty ones are nothing.
pub(super) fn take(property: &Property, label: Option<String>, contact: &mut SourceContact) {
    let value = property.text().trim().to_owned();
    if value.is_empty() {
        return;
    }
    let known = RELATED.iter().find(|(known, _)| *known == property.name);
    let kind = match (known, property.name.as_str()) {
        (Some((_, kind)), _) => (*kind).to_owned(),
        (None, "RELATED") => {
            let kind = property.types().into_iter().find(|word| word != "pref");
            kind.or_else(|| label.map(|label| label.to_lowercase())).unwrap_or_default()
        }
        _ => label.unwrap_or_default().to_lowercase(),
    };
    contact.related.push(Related { value, kind });
}
