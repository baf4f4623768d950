//! The URL space: which path is what kind of resource, and the path of each.

use crate::dav::xml::Path;
use crate::dav::xml::href::Slash;
use crate::directory::Realm;
use crate::scheduling::address;
use crate::turn::INBOX;

/// What the outbox is called in the calendar home.
pub(super) const OUTBOX: &str = "outbox";

/// What a path names, whether or not there is anything. Users are named in the one form of their
/// address, so that two spellings of a path are one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// `/.well-known/caldav` and `/.well-known/carddav` (RFC 6764 section 5).
    WellKnown,
    /// `/dav/`, and `/` for clients that begin there.
    Root,
    /// `/dav/principals/`.
    Principals,
    /// `/dav/principals/{address}/`.
    Principal(String),
    /// `/dav/calendars/` or `/dav/addressbooks/`.
    Homes(Realm),
    /// `/dav/calendars/{address}/` or `/dav/addressbooks/{address}/`.
    Home(String, Realm),
    /// `/dav/calendars/{address}/outbox/`.
    Outbox(String),
    /// A calendar, an address book or the inbox.
    Collection(Member),
    /// A resource in one of them.
    Object(Member, String),
    /// Nothing that this server ever has.
    Nowhere,
}

/// A collection of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// The address of whose it is.
    pub(super) owner: String,
    /// Of which kind.
    pub(super) realm: Realm,
    /// Its id, a segment of the path.
    pub(super) id: String,
}

impl Place {
    /// What a path names.
    pub(super) fn of(path: &Path) -> Self {
        let segments: Vec<&str> = path.segments().iter().map(String::as_str).collect();
        match segments.as_slice() {
            [".well-known", "caldav" | "carddav"] => Self::WellKnown,
            [] | ["dav"] => Self::Root,
            ["dav", "principals"] => Self::Principals,
            ["dav", "principals", user] => Self::Principal(address(user)),
            ["dav", "calendars", rest @ ..] => below(Realm::Calendars, rest),
            ["dav", "addressbooks", rest @ ..] => below(Realm::Contacts, rest),
            _ => Self::Nowhere,
        }
    }

    /// Its path, in the one form in which the server writes it.
    pub(super) fn path(&self) -> Path {
        let collection =
            |segments: &[&str]| Path::new(["dav"].iter().chain(segments).copied(), Slash::Present);
        match self {
            Self::WellKnown | Self::Nowhere => Path::root(),
            Self::Root => collection(&[]),
            Self::Principals => collection(&["principals"]),
            Self::Principal(user) => collection(&["principals", user]),
            Self::Homes(realm) => collection(&[home(*realm)]),
            Self::Home(user, realm) => collection(&[home(*realm), user]),
            Self::Outbox(user) => collection(&["calendars", user, OUTBOX]),
            Self::Collection(at) => collection(&[home(at.realm), &at.owner, &at.id]),
            Self::Object(at, name) => {
                Path::new(["dav", home(at.realm), &at.owner, &at.id, name], Slash::Absent)
            }
        }
    }

    /// Its path as a `DAV:href` has it.
    pub(super) fn href(&self) -> String {
        self.path().to_string()
    }

    /// Whose it is; none for what is everybody's.
    pub(super) fn owner(&self) -> Option<&str> {
        match self {
            Self::Home(user, _) | Self::Outbox(user) => Some(user),
            Self::Collection(at) | Self::Object(at, _) => Some(&at.owner),
            _ => None,
        }
    }

    /// Which of the accounts of its owner it belongs to.
    pub(super) fn realm(&self) -> Realm {
        match self {
            Self::Homes(realm) | Self::Home(_, realm) => *realm,
            Self::Collection(at) | Self::Object(at, _) => at.realm,
            _ => Realm::Calendars,
        }
    }
}

/// The path of a user's principal.
pub(crate) fn principal(address: &str) -> String {
    Place::Principal(address.to_owned()).href()
}

/// A text as part of a URI.
pub(super) fn encoded(text: &str) -> String {
    crate::dav::xml::href::encode(text)
}

/// The text of [`encoded`].
pub(super) fn decoded(text: &str) -> Option<String> {
    let path = Path::parse(&format!("/{text}")).ok()?;
    let [one] = path.segments() else { return None };
    Some(one.clone())
}

fn below(realm: Realm, rest: &[&str]) -> Place {
    let member = |owner: &str, id: &str| {
        let inbox = realm == Realm::Calendars && id == INBOX;
        let realm = if inbox { Realm::Inbox } else { realm };
        Member { owner: address(owner), realm, id: id.to_owned() }
    };
    match rest {
        [] => Place::Homes(realm),
        [user] => Place::Home(address(user), realm),
        [user, OUTBOX] if realm == Realm::Calendars => Place::Outbox(address(user)),
        [user, id] => Place::Collection(member(user, id)),
        [user, id, name] => Place::Object(member(user, id), (*name).to_owned()),
        _ => Place::Nowhere,
    }
}

fn home(realm: Realm) -> &'static str {
    match realm {
        Realm::Contacts => "addressbooks",
        _ => "calendars",
    }
}
