//! What a place holds: the resource, its members, and who may see it.

use std::sync::Arc;

use http::StatusCode;

use super::place::{Member, Place};
use crate::account::{Account, Calendar, Item};
use crate::dav::xml::Element;
use crate::dav::xml::Refusal;
use crate::dav::xml::names::dav;
use crate::directory::{Focus, Realm, UserId};
use crate::profiles::DavQuirks;
use crate::turn::{INBOX, Turn};

/// A resource that exists.
#[derive(Clone, Debug)]
pub(super) enum Resource {
    /// The root.
    Root,
    /// The collection of principals.
    Principals,
    /// A principal.
    Principal(UserId),
    /// The collection of homes.
    Homes(Realm),
    /// A home.
    Home(UserId, Realm),
    /// The outbox.
    Outbox(UserId),
    /// The inbox to which nothing was delivered yet.
    EmptyInbox(UserId),
    /// A calendar, an address book, the inbox.
    Collection(Focus, Box<Calendar>),
    /// A resource in one of them.
    Object(Focus, Arc<Item>),
}

/// The resource of a place.
///
/// # Errors
/// 404 where there is none, 403 with the missing privilege where it is another user's (RFC 3744
/// section 7.1.1).
pub(super) fn find(turn: &Turn<'_>, place: &Place) -> Result<Resource, Refusal> {
    let missing = || Refusal::plain(StatusCode::NOT_FOUND);
    let user = match place.owner() {
        Some(owner) => Some(turn.directory().find(owner).ok_or_else(missing)?),
        None => None,
    };
    if user.is_some_and(|user| user != turn.focus().user) {
        return Err(denied(place));
    }
    let scheduling = turn.host().profile.dav.scheduling.it();
    Ok(match (place, user) {
        (Place::Root, _) => Resource::Root,
        (Place::Principals, _) => Resource::Principals,
        (Place::Principal(address), _) => {
            Resource::Principal(turn.directory().find(address).ok_or_else(missing)?)
        }
        (Place::Homes(realm), _) => Resource::Homes(*realm),
        (Place::Home(_, realm), Some(user)) => Resource::Home(user, *realm),
        (Place::Outbox(_), Some(user)) if scheduling => Resource::Outbox(user),
        (Place::Collection(at), Some(user)) => {
            let focus = Focus { user, realm: at.realm };
            match turn.account_of(focus).calendar(&at.id) {
                Some(found) => Resource::Collection(focus, Box::new(found.clone())),
                None if at.realm == Realm::Inbox && scheduling => Resource::EmptyInbox(user),
                None => return Err(missing()),
            }
        }
        (Place::Object(at, name), Some(user)) => {
            let focus = Focus { user, realm: at.realm };
            let item = turn.account_of(focus).item(&format!("{}/{name}", at.id));
            Resource::Object(focus, Arc::clone(item.ok_or_else(missing)?))
        }
        _ => return Err(missing()),
    })
}

/// 403 with `DAV:need-privileges`.
pub(super) fn denied(place: &Place) -> Refusal {
    let resource = Element::new(dav::RESOURCE)
        .with_child(Element::new(dav::HREF).with_text(place.href()))
        .with_child(Element::new(dav::PRIVILEGE).with_child(Element::new(dav::READ)));
    let condition = Element::new(dav::NEED_PRIVILEGES).with_child(resource);
    Refusal::with(StatusCode::FORBIDDEN, condition)
}

impl Resource {
    /// Whether it is the root, which has two names.
    pub(super) fn is_root(&self) -> bool {
        matches!(self, Self::Root)
    }

    /// Where it is.
    pub(super) fn place(&self, turn: &Turn<'_>) -> Place {
        let address = |user: UserId| turn.directory().host(user).owner.clone();
        let member = |focus: &Focus, id: &str| Member {
            owner: address(focus.user),
            realm: focus.realm,
            id: id.to_owned(),
        };
        match self {
            Self::Root => Place::Root,
            Self::Principals => Place::Principals,
            Self::Principal(user) => Place::Principal(address(*user)),
            Self::Homes(realm) => Place::Homes(*realm),
            Self::Home(user, realm) => Place::Home(address(*user), *realm),
            Self::Outbox(user) => Place::Outbox(address(*user)),
            Self::EmptyInbox(user) => {
                let focus = Focus { user: *user, realm: Realm::Inbox };
                Place::Collection(member(&focus, INBOX))
            }
            Self::Collection(focus, calendar) => Place::Collection(member(focus, &calendar.id)),
            Self::Object(focus, item) => {
                let (collection, name) = split(&item.id);
                Place::Object(member(focus, collection), name.to_owned())
            }
        }
    }

    /// What is directly inside that the user may see.
    pub(super) fn members(&self, turn: &Turn<'_>) -> Vec<Self> {
        let own = turn.focus().user;
        match self {
            Self::Root => {
                vec![Self::Principals, Self::Homes(Realm::Calendars), Self::Homes(Realm::Contacts)]
            }
            Self::Principals => {
                turn.directory().users().map(|(user, _)| Self::Principal(user)).collect()
            }
            Self::Homes(realm) => vec![Self::Home(own, *realm)],
            Self::Home(user, realm) => homes(turn, *user, *realm),
            Self::Collection(focus, calendar) => {
                let items = turn.account_of(*focus).items_in(&calendar.id);
                items.map(|item| Self::Object(*focus, Arc::clone(item))).collect()
            }
            Self::Principal(_) | Self::Outbox(_) | Self::EmptyInbox(_) | Self::Object(..) => {
                Vec::new()
            }
        }
    }

    /// Whether it is a collection that can have members.
    pub(super) fn holds_members(&self) -> bool {
        !matches!(self, Self::Principal(_) | Self::Outbox(_) | Self::Object(..))
    }

    /// Whether it is a collection (RFC 4918 section 5.2).
    pub(super) fn is_collection(&self) -> bool {
        !matches!(self, Self::Object(..))
    }
}

fn homes(turn: &Turn<'_>, user: UserId, realm: Realm) -> Vec<Resource> {
    let focus = Focus { user, realm };
    let collections = turn.account_of(focus).calendars();
    let mut all: Vec<Resource> = collections
        .map(|calendar| Resource::Collection(focus, Box::new(calendar.clone())))
        .collect();
    if realm == Realm::Calendars && turn.host().profile.dav.scheduling.it() {
        let inbox = Focus { user, realm: Realm::Inbox };
        all.push(match turn.account_of(inbox).calendar(INBOX) {
            Some(found) => Resource::Collection(inbox, Box::new(found.clone())),
            None => Resource::EmptyInbox(user),
        });
        all.push(Resource::Outbox(user));
    }
    all
}

/// Collection and name of an item's id.
pub(super) fn split(id: &str) -> (&str, &str) {
    id.split_once('/').unwrap_or(("", id))
}

/// The strong entity tag of a stored resource.
pub(super) fn etag(item: &Item) -> String {
    format!("\"{}\"", item.content())
}

/// The Schedule-Tag of a scheduling object (RFC 6638 section 3.2.10), on servers that have them.
pub(super) fn schedule_tag(quirks: &DavQuirks, item: &Item) -> Option<String> {
    if !quirks.schedule_tags.it() {
        return None;
    }
    let tag = item.body.get(SCHEDULE_TAG)?.as_str()?;
    Some(format!("\"{tag}\""))
}

/// The member of an item's body that holds its Schedule-Tag.
pub(super) const SCHEDULE_TAG: &str = "scheduleTag";

/// The state of a collection: it grows with each change of a member.
pub(super) fn state(account: &Account, calendar: &Calendar) -> u64 {
    account.changes().last_in(&calendar.id).max(calendar.created_modseq)
}
