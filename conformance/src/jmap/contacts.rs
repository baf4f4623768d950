//! Checks of contacts (RFC 9610, with the cards of RFC 9553), where a server has them.

use serde_json::{Value, json};

use super::context::{Jmap, Place};
use super::guard::NOTHING;
use super::samples::{make, read, state, texts};
use crate::check::{Check, Stop, Verdict, expect, row, same};

const KIND: &str = "ContactCard";
const SET: &str = "ContactCard/set";

pub(super) fn checks() -> Vec<Check<Jmap>> {
    vec![
        row! { Must, "book.read", "an address book is made and read", "RFC 9610 2", book },
        row! { Must, "book.has-contents", "one with cards is not destroyed", "RFC 9610 2.3", has_contents },
        row! { Must, "book.remove-contents", "unless onDestroyRemoveContents says so", "RFC 9610 2.3", remove_contents },
        row! { Must, "card.round-trip", "what was written is read", "RFC 9610 3", round_trip },
        row! { Must, "card.patch", "a patch reaches into objects", "RFC 8620 5.3", patch },
        row! { Must, "card.destroyed", "what is destroyed is not found any more", "RFC 8620 5.3", destroyed },
        row! { Must, "card.no-book", "an address book that is not there is refused", "RFC 9610 3", no_book },
        row! { Must, "card.changes", "changes tell what was made, changed and destroyed", "RFC 8620 5.2", changes },
        row! { Must, "card.query", "cards are found by address book and by text", "RFC 9610 3.3", query },
    ]
}

fn card(jmap: &Jmap, book: &str, name: &str) -> Value {
    json!({
        "@type": "Card",
        "version": "1.0",
        "uid": format!("urn:uuid:{}", jmap.fresh()),
        "addressBookIds": { book: true },
        "name": { "@type": "Name", "full": name },
        "emails": { "e": { "@type": "EmailAddress", "address": "ada@example.com" } },
    })
}

async fn own(jmap: &Jmap) -> Result<(Place, String), Stop> {
    let place = jmap.contacts()?;
    let id = jmap.container(&place).await?;
    Ok((place, id))
}

async fn with_card(jmap: &Jmap) -> Result<(Place, String, String), Stop> {
    let (place, book) = own(jmap).await?;
    let id = make(jmap, &place, KIND, card(jmap, &book, "Ada")).await?;
    Ok((place, book, id))
}

async fn book(jmap: &Jmap) -> Verdict {
    let (place, id) = own(jmap).await?;
    let found = read(jmap, &place, "AddressBook", &id).await?;
    let name = found["name"].as_str().unwrap_or_default();
    expect(name.starts_with(crate::PREFIX), "its name", found.to_string())
}

async fn has_contents(jmap: &Jmap) -> Verdict {
    let (place, book, _) = with_card(jmap).await?;
    let found = jmap.done(&place, "AddressBook/set", json!({ "destroy": [book] })).await?;
    same("type", &found["notDestroyed"][&book]["type"], &json!("addressBookHasContents"))
}

async fn remove_contents(jmap: &Jmap) -> Verdict {
    let (place, book, id) = with_card(jmap).await?;
    let arguments = json!({ "destroy": [book], "onDestroyRemoveContents": true });
    let found = jmap.done(&place, "AddressBook/set", arguments).await?;
    same("destroyed", &found["destroyed"], &json!([book]))?;
    same("the card", &read(jmap, &place, KIND, &id).await?, &Value::Null)
}

async fn round_trip(jmap: &Jmap) -> Verdict {
    let (place, book) = own(jmap).await?;
    let written = card(jmap, &book, "Ada Lovelace 🧮");
    let id = make(jmap, &place, KIND, written.clone()).await?;
    let found = read(jmap, &place, KIND, &id).await?;
    for name in ["uid", "addressBookIds"] {
        same(name, &found[name], &written[name])?;
    }
    same("name", &found["name"]["full"], &written["name"]["full"])?;
    same("address", &found["emails"]["e"]["address"], &json!("ada@example.com"))
}

async fn patch(jmap: &Jmap) -> Verdict {
    let (place, _, id) = with_card(jmap).await?;
    let patch = json!({ &id: { "emails/e/address": "byron@example.com" } });
    jmap.done(&place, SET, json!({ "update": patch })).await?;
    let found = read(jmap, &place, KIND, &id).await?;
    same("address", &found["emails"]["e"]["address"], &json!("byron@example.com"))?;
    same("name", &found["name"]["full"], &json!("Ada"))
}

async fn destroyed(jmap: &Jmap) -> Verdict {
    let (place, _, id) = with_card(jmap).await?;
    let found = jmap.done(&place, SET, json!({ "destroy": [id] })).await?;
    same("destroyed", &found["destroyed"], &json!([id]))?;
    let found = jmap.done(&place, "ContactCard/get", json!({ "ids": [id] })).await?;
    same("notFound", &found["notFound"], &json!([id]))
}

async fn no_book(jmap: &Jmap) -> Verdict {
    let place = jmap.contacts()?;
    let lost = card(jmap, NOTHING, "Lost");
    let found = jmap.done(&place, SET, json!({ "create": { "n": lost } })).await?;
    same("type", &found["notCreated"]["n"]["type"], &json!("invalidProperties"))
}

async fn changes(jmap: &Jmap) -> Verdict {
    let (place, book, first) = with_card(jmap).await?;
    let gone = make(jmap, &place, KIND, card(jmap, &book, "Gone")).await?;
    let since = state(jmap, &place, KIND).await?;
    let new = make(jmap, &place, KIND, card(jmap, &book, "New")).await?;
    let arguments = json!({ "update": { &first: { "name/full": "Other" } }, "destroy": [gone] });
    jmap.done(&place, SET, arguments).await?;
    let found = jmap.done(&place, "ContactCard/changes", json!({ "sinceState": since })).await?;
    for (name, wanted) in [("created", new), ("updated", first), ("destroyed", gone)] {
        same(name, &texts(&found[name]), &vec![wanted])?;
    }
    Ok(())
}

async fn query(jmap: &Jmap) -> Verdict {
    let (place, book, ada) = with_card(jmap).await?;
    let bob = make(jmap, &place, KIND, card(jmap, &book, "Bob")).await?;
    let of = |filter: Value| json!({ "filter": filter });
    let all = jmap.done(&place, "ContactCard/query", of(json!({ "inAddressBook": book }))).await?;
    let mut wanted = vec![ada, bob.clone()];
    wanted.sort();
    same("cards of the book", &texts(&all["ids"]), &wanted)?;
    let named = json!({ "inAddressBook": book, "name": "Bob" });
    let found = jmap.done(&place, "ContactCard/query", of(named)).await?;
    same("cards by name", &texts(&found["ids"]), &vec![bob])
}
