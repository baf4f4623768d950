//! What the users of a server do in its own interface, and what happens to it without anybody's
//! doing: the acts of a scenario.

use std::collections::BTreeSet;

use calamity_evidence::{Actor, Lineage};
use serde::{Deserialize, Serialize};
use serde_json::Map;
use thiserror::Error;

use crate::account::{Account, Item, derive};
use crate::directory::{Focus, Realm, UserId};
use crate::native::Host;
use crate::scheduling::Marker;
use crate::server::Server;
use crate::world::contacts::SourceContact;
use crate::world::{SourceEvent, Unwritable};

/// A user's change of one item. Titles come without the harness's token, which the item keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edit {
    /// Another title.
    Title(String),
    /// The whole event, its recurrence identifiers included, moves by so many minutes. An all-day
    /// event moves by whole days, rounded away from zero.
    Shift {
        /// Minutes; negative for earlier.
        minutes: i64,
    },
    /// Another description, as plain text.
    Description(String),
    /// Another place.
    Location(String),
    /// More people; the account's owner becomes the organizer where there is none.
    Invite(Vec<String>),
    /// One occurrence of a series does not take place.
    CancelOccurrence {
        /// Which one of those that the rule gives, counted from 0.
        nth: usize,
    },
    /// One occurrence of a series gets a title of its own.
    RetitleOccurrence {
        /// Which one of those that the rule gives, counted from 0.
        nth: usize,
        /// The title.
        title: String,
    },
}

/// How ids of items change without the items changing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Drift {
    /// Queries answer other ids; neither state nor feed moves.
    Silent,
    /// The change feed tells of old ids destroyed and new ones created.
    Announced,
}

/// There is nothing that the act could be done to.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoSuchItem {
    /// No item carries the token.
    #[error("the server has no item {lineage}")]
    Item {
        /// The token.
        lineage: Lineage,
    },
    /// No item has the id.
    #[error("the user has no item `{id}`")]
    Id {
        /// The id.
        id: String,
    },
    /// The item has no such occurrence, or does not recur.
    #[error("the item has no occurrence {nth}")]
    Occurrence {
        /// Counted from 0.
        nth: usize,
    },
    /// What is stored cannot be edited that way.
    #[error("the item cannot be edited: {reason}")]
    Unfit {
        /// Why.
        reason: String,
    },
}

impl Server {
    /// Makes a calendar and returns its id.
    pub fn create_calendar(&self, actor: Actor, name: &str) -> String {
        self.act(actor, |turn, _| turn.create_calendar(name, Map::new()))
    }

    /// Makes an address book and returns its id; on a server without contacts nobody sees it.
    pub fn create_address_book(&self, actor: Actor, name: &str) -> String {
        let focus = Focus { user: UserId::OWNER, realm: Realm::Contacts };
        self.act_on(focus, actor, |turn, _| turn.create_calendar(name, Map::new()))
    }

    /// Makes an event in the first calendar of that name, which is made if there is none. Returns
    /// the item's id.
    ///
    /// # Errors
    /// When the server's protocol cannot express the event.
    pub fn create(
        &self,
        actor: Actor,
        calendar: &str,
        event: &SourceEvent,
        lineage: &Lineage,
    ) -> Result<String, Unwritable> {
        self.act(actor, |turn, native| {
            let new = native.write(event, lineage, turn.host(), turn.now())?;
            let named = turn.account().calendar_named(calendar).map(|found| found.id.clone());
            let id = named.unwrap_or_else(|| turn.create_calendar(calendar, Map::new()));
            Ok(turn.create(new, BTreeSet::from([id]), Marker::Send).id.clone())
        })
    }

    /// Makes a contact in the first address book of that name, which is made if there is none.
    /// Returns the item's id; `None` on a server without contacts.
    ///
    /// # Errors
    /// When the server's protocol cannot express the contact.
    pub fn create_contact(
        &self,
        actor: Actor,
        book: &str,
        contact: &SourceContact,
        lineage: &Lineage,
    ) -> Result<Option<String>, Unwritable> {
        let focus = Focus { user: UserId::OWNER, realm: Realm::Contacts };
        self.act_on(focus, actor, |turn, native| {
            let written = native.write_contact(contact, lineage, turn.host(), turn.now());
            let Some(new) = written.transpose()? else { return Ok(None) };
            let named = turn.account().calendar_named(book).map(|found| found.id.clone());
            let id = named.unwrap_or_else(|| turn.create_calendar(book, Map::new()));
            Ok(Some(turn.create(new, BTreeSet::from([id]), Marker::Send).id.clone()))
        })
    }

    /// Changes the item that carries the token.
    ///
    /// # Errors
    /// When there is none, or it has nothing to change in that way.
    pub fn edit(&self, actor: Actor, lineage: &Lineage, edit: &Edit) -> Result<(), NoSuchItem> {
        self.act(actor, |turn, native| {
            let found = turn.item_of(lineage).ok_or_else(|| unknown(lineage))?;
            let mut item = Item::clone(&found);
            native.edit(&mut item, edit, turn.host(), turn.now())?;
            turn.update(&found.id, Marker::Send, |stored| *stored = item);
            Ok(())
        })
    }

    /// Deletes the item that carries the token.
    ///
    /// # Errors
    /// When there is none.
    pub fn delete(&self, actor: Actor, lineage: &Lineage) -> Result<(), NoSuchItem> {
        self.act(actor, |turn, _| {
            let found = turn.item_of(lineage).ok_or_else(|| unknown(lineage))?;
            turn.delete(&found.id, Marker::Send);
            Ok(())
        })
    }

    /// Gives a share of the items other ids and returns how many. Nobody wrote: the write log has
    /// no entry.
    pub fn drift_ids(&self, how: Drift, share: f64) -> usize {
        self.change(|account, host| {
            let chosen = choose(account, host, "drift", share);
            match how {
                Drift::Silent => account.rename_silently(&chosen),
                Drift::Announced => account.rename_announced(&chosen),
            }
            chosen.len()
        })
    }

    /// Refuses from now on every token, state and delta link handed out so far.
    pub fn expire_tokens(&self) {
        self.change(|account, _| account.expire_tokens());
    }

    /// A share of the items vanishes as after a restore from an old backup, and returns how many.
    /// No feed tells of it; tokens handed out so far are refused. Nobody wrote: the write log has
    /// no entry.
    pub fn lose(&self, share: f64) -> usize {
        self.change(|account, host| {
            let chosen = choose(account, host, "lose", share);
            account.hide(&chosen);
            account.expire_tokens();
            chosen.len()
        })
    }

    /// Everything lost comes back under its id; tokens handed out so far are refused.
    pub fn recover(&self) -> usize {
        self.change(|account, _| {
            let back = account.unhide();
            account.expire_tokens();
            back
        })
    }
}

fn unknown(lineage: &Lineage) -> NoSuchItem {
    NoSuchItem::Item { lineage: lineage.clone() }
}

/// The share of the items that comes first in an order which depends on their ids only.
fn choose(account: &Account, host: &Host, why: &str, share: f64) -> BTreeSet<String> {
    let mut order: Vec<(String, &str)> = account
        .items()
        .map(|item| (derive(host.seed, why, &item.id, 0), item.id.as_str()))
        .collect();
    order.sort();
    let exact = (order.len() as f64) * share.clamp(0.0, 1.0);
    // A share is at least one, as everywhere in scenarios.
    let count = if exact > 0.0 { (exact.round() as usize).max(1) } else { 0 };
    order.into_iter().take(count).map(|(_, id)| id.to_owned()).collect()
}
