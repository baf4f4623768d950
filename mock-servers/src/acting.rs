//! What one user of a server does in its own interface: the acts of [`crate::users`], but anybody's
//! and on items by their ids, which is how a client's author knows them.

use std::collections::BTreeSet;
use std::sync::Arc;

use calamity_evidence::{Actor, Lineage};
use serde_json::{Map, Value};

use crate::account::{Account, Item};
use crate::directory::{Focus, Realm, UserId};
use crate::native::{Host, Native};
use crate::scheduling::Marker;
use crate::server::Server;
use crate::turn::Turn;
use crate::users::{Edit, NoSuchItem};
use crate::world::contacts::SourceContact;
use crate::world::{SourceEvent, Unwritable};

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An event of a calendar.
    Event,
    /// A contact of an address book.
    Contact,
}

impl Kind {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Event, Self::Contact];

    fn realm(self) -> Realm {
        match self {
            Self::Event => Realm::Calendars,
            Self::Contact => Realm::Contacts,
        }
    }
}

/// An item as its owner's server stores it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredItem {
    /// The server's id.
    pub id: String,
    /// The uid as the server holds it.
    pub uid: String,
    /// What it is.
    pub kind: Kind,
    /// Names of the calendars or address books that hold it.
    pub collections: Vec<String>,
    /// Its title or name.
    pub title: String,
    /// The protocol's own JSON; on DAV the resource is a member `text`.
    pub body: Value,
}

/// A user of a server, acting.
#[derive(Clone, Debug)]
pub struct Acting {
    server: Server,
    user: UserId,
}

impl Server {
    /// The addresses of its users, the owner first.
    #[must_use]
    pub fn users(&self) -> Vec<String> {
        self.shared().directory.users().map(|(_, host)| host.owner.clone()).collect()
    }

    /// The user of an address.
    #[must_use]
    pub fn acting(&self, address: &str) -> Option<Acting> {
        let user = self.shared().directory.find(address)?;
        Some(Acting { server: self.clone(), user })
    }
}

impl Acting {
    fn focus(&self, kind: Kind) -> Focus {
        Focus { user: self.user, realm: kind.realm() }
    }

    /// The user's address, as the server writes it.
    #[must_use]
    pub fn address(&self) -> String {
        self.server.shared().directory.host(self.user).owner.clone()
    }

    /// The user's calendars or address books as (id, name), by id.
    #[must_use]
    pub fn collections(&self, kind: Kind) -> Vec<(String, String)> {
        self.server.look(self.focus(kind), |account, _, _| {
            account.calendars().map(|found| (found.id.clone(), found.name.clone())).collect()
        })
    }

    /// Makes a calendar or address book and returns its id.
    pub fn create_collection(&self, actor: Actor, kind: Kind, name: &str) -> String {
        self.server
            .act_on(self.focus(kind), actor, |turn, _| turn.create_calendar(name, Map::new()))
    }

    /// How many items of that kind the user has.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        self.server.look(self.focus(kind), |account, _, _| account.items().len())
    }

    /// What the user has, events first, by id.
    #[must_use]
    pub fn items(&self) -> Vec<StoredItem> {
        let of = |kind: Kind| {
            self.server.look(self.focus(kind), |account, native, host| {
                let stored = |item: &Arc<Item>| stored(account, item, kind, native, host);
                account.items().map(stored).collect::<Vec<_>>()
            })
        };
        Kind::BOTH.into_iter().flat_map(of).collect()
    }

    /// An item by its id.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<StoredItem> {
        let kind = self.kind_of(id)?;
        self.server.look(self.focus(kind), |account, native, host| {
            Some(stored(account, account.item(id)?, kind, native, host))
        })
    }

    /// Whether the user has an item of that kind with that uid.
    #[must_use]
    pub fn has_uid(&self, kind: Kind, uid: &str) -> bool {
        self.server
            .look(self.focus(kind), |account, _, _| account.items_with_uid(uid).next().is_some())
    }

    /// Whether the server's protocol can express an event.
    ///
    /// # Errors
    /// What it cannot express.
    pub fn can_hold(&self, event: &SourceEvent) -> Result<(), Unwritable> {
        let now = self.server.shared().clock.now();
        self.server.look(self.focus(Kind::Event), |_, native, host| {
            native.write(event, &Lineage::unmarked(), host, now).map(|_| ())
        })
    }

    /// Whether the server's protocol can express a contact; `None` on a server without contacts.
    ///
    /// # Errors
    /// What it cannot express.
    pub fn can_hold_contact(&self, contact: &SourceContact) -> Result<Option<()>, Unwritable> {
        let now = self.server.shared().clock.now();
        self.server.look(self.focus(Kind::Contact), |_, native, host| {
            let written = native.write_contact(contact, &Lineage::unmarked(), host, now);
            written.transpose().map(|written| written.map(|_| ()))
        })
    }

    /// Makes an event in the first calendar of that name, which is made if there is none. Returns
    /// its id.
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
        self.server.act_on(self.focus(Kind::Event), actor, |turn, native| {
            let new = native.write(event, lineage, turn.host(), turn.now())?;
            let collection = collection(turn, calendar);
            Ok(turn.create(new, BTreeSet::from([collection]), Marker::Send).id.clone())
        })
    }

    /// Makes a contact in the first address book of that name, which is made if there is none.
    /// Returns its id; `None` on a server without contacts.
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
        self.server.act_on(self.focus(Kind::Contact), actor, |turn, native| {
            let written = native.write_contact(contact, lineage, turn.host(), turn.now());
            let Some(new) = written.transpose()? else { return Ok(None) };
            let collection = collection(turn, book);
            Ok(Some(turn.create(new, BTreeSet::from([collection]), Marker::Send).id.clone()))
        })
    }

    /// Changes an item.
    ///
    /// # Errors
    /// When there is none of that id, or it has nothing to change in that way.
    pub fn edit(&self, actor: Actor, id: &str, edit: &Edit) -> Result<(), NoSuchItem> {
        let kind = self.kind_of(id).ok_or_else(|| unknown(id))?;
        self.server.act_on(self.focus(kind), actor, |turn, native| {
            let found = turn.account().item(id).ok_or_else(|| unknown(id))?;
            let mut item = Item::clone(found);
            native.edit(&mut item, edit, turn.host(), turn.now())?;
            turn.update(id, Marker::Send, |stored| *stored = item);
            Ok(())
        })
    }

    /// Deletes an item.
    ///
    /// # Errors
    /// When there is none of that id.
    pub fn delete(&self, actor: Actor, id: &str) -> Result<(), NoSuchItem> {
        let kind = self.kind_of(id).ok_or_else(|| unknown(id))?;
        self.server.act_on(self.focus(kind), actor, |turn, _| {
            turn.delete(id, Marker::Send).map(|_| ()).ok_or_else(|| unknown(id))
        })
    }

    fn kind_of(&self, id: &str) -> Option<Kind> {
        let has = |kind: &Kind| {
            self.server.look(self.focus(*kind), |account, _, _| account.item(id).is_some())
        };
        Kind::BOTH.into_iter().find(has)
    }
}

fn stored(
    account: &Account,
    item: &Item,
    kind: Kind,
    native: &dyn Native,
    host: &Host,
) -> StoredItem {
    let name = |id: &String| account.calendar(id).map(|found| found.name.clone());
    StoredItem {
        id: item.id.clone(),
        uid: item.uid.clone(),
        kind,
        collections: item.calendars.iter().filter_map(name).collect(),
        title: native.brief(item, host).title,
        body: item.raw(),
    }
}

fn collection(turn: &mut Turn<'_>, name: &str) -> String {
    let named = turn.account().calendar_named(name).map(|found| found.id.clone());
    named.unwrap_or_else(|| turn.create_calendar(name, Map::new()))
}

fn unknown(id: &str) -> NoSuchItem {
    NoSuchItem::Id { id: id.to_owned() }
}
