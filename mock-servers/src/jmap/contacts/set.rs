//! `ContactCard/set` (RFC 9610 section 3.5).

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{card, media, validate};
use crate::account::{Item, NewItem};
use crate::faults::PatchEffect;
use crate::jmap::arguments::Arguments;
use crate::jmap::changes::Kind;
use crate::jmap::dispatch::Run;
use crate::jmap::errors::{MethodError, SetError};
use crate::jmap::event_create::{beyond, new_uid};
use crate::jmap::event_update::invalid_patch;
use crate::jmap::set::{self, Object, Settable};
use crate::jmap::{operations, patch, times};
use crate::operation::{Op, Target};
use crate::scheduling::Marker;

pub(in crate::jmap) fn run(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    let arguments = Arguments::new(arguments, &["ifInState", "create", "update", "destroy"])?;
    set::run(run, &arguments, &Cards)
}

/// Cards, to be set.
pub(super) struct Cards;

impl Settable for Cards {
    fn ops(&self) -> [Op; 3] {
        [Op::ContactCreate, Op::ContactUpdate, Op::ContactDelete]
    }

    fn target(&self, run: &Run<'_, '_>, creation: &str, object: &Object) -> Target {
        let mut target = operations::card(creation, object);
        target.calendars = target.calendars.iter().map(|id| run.real_id(id)).collect();
        target
    }

    fn state(&self, run: &Run<'_, '_>) -> String {
        Kind::Item.state(run.turn.account())
    }

    fn create(
        &self,
        run: &mut Run<'_, '_>,
        object: Object,
        rewrite: Option<&PatchEffect>,
    ) -> Result<(String, Object), SetError> {
        let sent = object.clone();
        let mut body: Object = object.into_iter().filter(|(_, value)| !value.is_null()).collect();
        let books = take_books(run, &mut body)?;
        if body.contains_key("id") {
            return Err(SetError::invalid_properties(["id".to_owned()], "the server sets it"));
        }
        fill_in(run, &mut body);
        validate::card(&body)?;
        check_uid(run, &body, None)?;
        media::settle(run, &mut body, &Map::new())?;
        if let Some(rewrite) = rewrite {
            rewrite.apply_to(&mut body);
        }
        let new = NewItem { uid: uid(&body), body, ..NewItem::default() };
        let item = run.turn.create(new, books, Marker::Never);
        let mut shown = card::full(&item, run.turn.blobs());
        shown.retain(|name, value| sent.get(name) != Some(value) && name != "addressBookIds");
        Ok((item.id.clone(), shown))
    }

    fn update(
        &self,
        run: &mut Run<'_, '_>,
        id: &str,
        changes: &Object,
        rewrite: Option<&PatchEffect>,
    ) -> Result<Object, SetError> {
        let item = run.turn.account().item(id).cloned().ok_or_else(SetError::not_found)?;
        let before = card::full(&item, run.turn.blobs());
        let mut after = before.clone();
        patch::apply(&mut after, changes).map_err(invalid_patch)?;
        if !changes.contains_key("updated") {
            after.insert("updated".to_owned(), json!(times::stamp(run.turn.now())));
        }
        let mut asked = before.clone();
        // It applied above.
        let _ = patch::apply(&mut asked, changes);
        let books = take_books(run, &mut after)?;
        if after.remove("id") != before.get("id").cloned() {
            return Err(SetError::invalid_properties(["id".to_owned()], "the server sets it"));
        }
        let mut shown_before = before;
        shown_before.remove("id");
        shown_before.remove("addressBookIds");
        validate::change(&shown_before, &after)?;
        check_uid(run, &after, Some(&item))?;
        keep_inside(&item.body, &shown_before, &mut after);
        media::settle(run, &mut after, &item.body)?;
        if let Some(rewrite) = rewrite {
            rewrite.apply_to(&mut after);
        }
        let stored = run.turn.update(id, Marker::Never, |item| {
            item.uid = uid(&after);
            item.body = after;
            item.calendars = books;
        });
        let stored = stored.ok_or_else(SetError::not_found)?;
        Ok(beyond(card::full(&stored, run.turn.blobs()), &asked))
    }

    fn destroy(&self, run: &mut Run<'_, '_>, id: &str) -> Result<(), SetError> {
        run.turn.delete(id, Marker::Never).map(drop).ok_or_else(SetError::not_found)
    }
}

fn uid(card: &Object) -> String {
    card.get("uid").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Media that nobody touched stay stored as they were.
fn keep_inside(stored: &Object, shown: &Object, after: &mut Object) {
    let Some(Value::Object(all)) = after.get_mut("media") else { return };
    for (name, media) in all.iter_mut() {
        let of = |card: &Object| card.get("media").and_then(|all| all.get(name)).cloned();
        if of(shown).as_ref() == Some(media)
            && let Some(stored) = of(stored)
        {
            *media = stored;
        }
    }
}

/// Takes `addressBookIds` out of the object; creation ids in it become real ones.
fn take_books(run: &Run<'_, '_>, body: &mut Object) -> Result<BTreeSet<String>, SetError> {
    let invalid =
        |reason: String| SetError::invalid_properties(["addressBookIds".to_owned()], reason);
    let Some(Value::Object(given)) = body.remove("addressBookIds") else {
        return Err(invalid("a card is in at least one address book".to_owned()));
    };
    let mut books = BTreeSet::new();
    for (id, value) in given {
        if value != Value::Bool(true) {
            return Err(invalid("every value is true".to_owned()));
        }
        let id = run.real_id(&id);
        if run.turn.account().calendar(&id).is_none() {
            return Err(invalid(format!("there is no address book `{id}`")));
        }
        books.insert(id);
    }
    let most = run.limits().max_address_books_per_card;
    if books.is_empty() || most.is_some_and(|most| books.len() > most) {
        let reason = "a card is in at least one address book and not in too many";
        return Err(invalid(reason.to_owned()));
    }
    Ok(books)
}

/// What the server adds to a new card.
fn fill_in(run: &mut Run<'_, '_>, body: &mut Object) {
    body.entry("@type").or_insert_with(|| json!("Card"));
    body.entry("version").or_insert_with(|| json!("1.0"));
    if !body.contains_key("uid") {
        let uid = new_uid(run, body);
        body.insert("uid".to_owned(), json!(format!("urn:uuid:{uid}")));
    }
    let now = times::stamp(run.turn.now());
    body.entry("created").or_insert_with(|| json!(now));
    body.entry("updated").or_insert_with(|| json!(now));
}

/// An account holds a uid once (section 3).
fn check_uid(run: &Run<'_, '_>, body: &Object, own: Option<&Item>) -> Result<(), SetError> {
    let uid = uid(body);
    let mut twins = run.turn.account().items_with_uid(&uid);
    let Some(twin) = twins.find(|twin| own.is_none_or(|own| own.id != twin.id)) else {
        return Ok(());
    };
    let reason = format!("the account already holds a card with the uid `{uid}`");
    Err(SetError::invalid_properties(["uid".to_owned()], reason)
        .with("existingId", twin.id.clone()))
}
