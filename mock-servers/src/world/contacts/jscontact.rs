//! A source contact as a JSContact card (RFC 9553), and back.
//!
//! Properties without a field of their own travel in `vCardProps` (RFC 9555). What
//! relates two people but is in no registry carries a prefix, as RFC 9553 wants it. What the
//! JMAP server makes up (`id`, `addressBookIds`) is left to it.

mod back;
mod parts;

use calamity_evidence::Lineage;
use serde_json::{Map, Value, json};

use super::super::error::Unwritable;
use super::{Kind, SourceContact};

pub use back::from_jscontact;

/// Before words that no registry knows.
const OWN_PREFIX: &str = "example.com:";

/// The contact as a card, its full name marked with the token.
///
/// # Errors
/// When JSContact has no way to hold it.
pub fn jscontact(
    contact: &SourceContact,
    lineage: &Lineage,
) -> Result<Map<String, Value>, Unwritable> {
    if contact.kind != Kind::Group && !contact.members.is_empty() {
        // RFC 9553, section 2.1.6: members are those of a group.
        return Err(Unwritable {
            property: "MEMBER".to_owned(),
            reason: "members of something that is no group".to_owned(),
        });
    }
    let mut card = Map::new();
    card.insert("@type".to_owned(), json!("Card"));
    card.insert("version".to_owned(), json!("1.0"));
    card.insert("uid".to_owned(), json!(contact.uid));
    card.insert("kind".to_owned(), json!(contact.kind.word()));
    let mut name = parts::name(contact);
    name.insert("full".to_owned(), json!(lineage.mark(&contact.full_name)));
    card.insert("name".to_owned(), Value::Object(name));
    let mut put = |name: &str, value: Map<String, Value>| {
        if !value.is_empty() {
            card.insert(name.to_owned(), Value::Object(value));
        }
    };
    put("nicknames", numbered("k", contact.nicknames.iter().map(|name| json!({ "name": name }))));
    put("organizations", parts::organizations(contact));
    put("titles", parts::titles(contact));
    put("emails", numbered("e", contact.mails.iter().map(parts::mail)));
    put("phones", numbered("p", contact.phones.iter().map(parts::phone)));
    put("addresses", numbered("a", contact.addresses.iter().map(parts::postal)));
    put("anniversaries", parts::anniversaries(contact));
    let notes = Some(&contact.note).filter(|note| !note.is_empty());
    put("notes", numbered("n", notes.map(|note| json!({ "note": note })).into_iter()));
    put("links", numbered("l", contact.urls.iter().map(parts::link)));
    put("keywords", contact.categories.iter().map(|word| (word.clone(), json!(true))).collect());
    put("media", numbered("m", contact.photo.iter().map(parts::photo)));
    put("onlineServices", numbered("s", contact.messengers.iter().map(parts::messenger)));
    put("relatedTo", parts::related(contact));
    put("members", contact.members.iter().map(|uid| (uid.clone(), json!(true))).collect());
    if contact.kind == Kind::Group && contact.members.is_empty() {
        card.insert("members".to_owned(), json!({}));
    }
    if let Some(revised) = contact.revised {
        let text = revised.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        card.insert("updated".to_owned(), json!(text));
    }
    if !contact.extra.is_empty() {
        let extra: Vec<Value> = contact.extra.iter().map(parts::extra).collect();
        card.insert("vCardProps".to_owned(), json!(extra));
    }
    Ok(card)
}

/// Objects under ids of their own.
fn numbered(prefix: &str, values: impl Iterator<Item = Value>) -> Map<String, Value> {
    values.enumerate().map(|(nth, value)| (format!("{prefix}{}", nth + 1), value)).collect()
}

#[cfg(test)]
mod tests;
