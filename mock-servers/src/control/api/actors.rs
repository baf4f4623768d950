//! `/actors`: the users of the servers, and what else happens to a server without any client.

use calamity_base::http::{Answer, Problem};
use http::Method;
use schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::call::{Call, nothing, ok};
use super::route::{self, BAD, Body, NO_SERVER, Need, Route, SERVER, json};
use super::{fail, select};
use crate::acting::Kind;
use crate::control::Fleet;
use crate::control::fleet::Member;
use crate::users::Drift;

pub(super) const ROUTES: &[Route] = &[
    Route {
        method: Method::GET,
        path: "/actors",
        name: "actors",
        about: "The users who can be acted as, with what they have.",
        query: &[SERVER],
        body: None,
        answers: &[
            json(200, "The users.", SchemaGenerator::subschema_for::<Actors>),
            BAD,
            NO_SERVER,
        ],
        serve: list,
    },
    Route {
        method: Method::POST,
        path: "/misfortune",
        name: "misfortune",
        about: "Lets something happen to one server that nobody did: tokens expire, ids change, \
                items are lost as after a restore from an old backup, and come back. It happens to \
                the calendars of the server's first user.",
        query: &[SERVER],
        body: Some(Body {
            shape: SchemaGenerator::subschema_for::<Misfortune>,
            need: Need::Required,
        }),
        answers: &[
            json(200, "It has happened.", SchemaGenerator::subschema_for::<Befallen>),
            BAD,
            NO_SERVER,
        ],
        serve: misfortune,
    },
    Route {
        method: Method::POST,
        path: "/actors/{user}/collections",
        name: "addCollection",
        about: "Makes a calendar or an address book for a user.",
        query: &[SERVER],
        body: Some(Body {
            shape: SchemaGenerator::subschema_for::<NewCollection>,
            need: Need::Required,
        }),
        answers: &[
            route::nothing("It is there."),
            BAD,
            route::refused(404, "There is no such user or server."),
            route::refused(409, "The user has one of that name."),
        ],
        serve: add_collection,
    },
];

/// The users of the servers.
#[derive(Debug, Serialize, JsonSchema)]
struct Actors {
    /// Server by server, the first user of each first.
    actors: Vec<ActorEntry>,
}

/// A user of a server.
#[derive(Debug, Serialize, JsonSchema)]
struct ActorEntry {
    /// The server.
    server: String,
    /// The address.
    user: String,
    /// Names of the user's calendars.
    calendars: Vec<String>,
    /// How many events they hold.
    events: u64,
    /// Names of the user's address books.
    address_books: Vec<String>,
    /// How many contacts they hold.
    contacts: u64,
}

/// What happens.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Misfortune {
    /// Every token, state and delta link handed out so far is refused.
    ExpireTokens,
    /// A share of the items gets other ids, and the change feed tells of it as of old items
    /// destroyed and new ones created.
    DriftAnnounced(Share),
    /// A share of the items gets other ids, and nothing tells of it.
    DriftSilent(Share),
    /// A share of the items vanishes and no feed tells of it; tokens are refused.
    Lose(Share),
    /// Everything lost comes back; tokens are refused.
    Recover,
}

/// Of how many items.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Share {
    /// The share of all, from 0 to 1; at least one item when it is not 0.
    #[schemars(range(min = 0.0, max = 1.0))]
    share: f64,
}

/// What happened.
#[derive(Debug, Serialize, JsonSchema)]
struct Befallen {
    /// How many items it happened to.
    items: u64,
}

/// A new calendar or address book.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewCollection {
    /// What the user calls it.
    name: String,
    /// What it holds.
    kind: CollectionKind,
}

/// What a collection holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum CollectionKind {
    /// Events.
    Calendar,
    /// Contacts.
    AddressBook,
}

fn list(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let members = select::all(fleet, call)?;
    Ok(ok(&Actors { actors: members.into_iter().flat_map(of).collect() }))
}

fn of(member: &Member) -> Vec<ActorEntry> {
    let users = member.server.users();
    let acting = users.iter().filter_map(|user| member.server.acting(user));
    acting
        .map(|acting| {
            let names = |kind| acting.collections(kind).into_iter().map(|(_, name)| name).collect();
            ActorEntry {
                server: member.name.clone(),
                user: acting.address(),
                calendars: names(Kind::Event),
                events: acting.count(Kind::Event) as u64,
                address_books: names(Kind::Contact),
                contacts: acting.count(Kind::Contact) as u64,
            }
        })
        .collect()
}

fn misfortune(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let server = &select::one(fleet, call)?.server;
    let items = match call.json()? {
        Misfortune::ExpireTokens => {
            server.expire_tokens();
            0
        }
        Misfortune::DriftAnnounced(share) => server.drift_ids(Drift::Announced, valid(share)?),
        Misfortune::DriftSilent(share) => server.drift_ids(Drift::Silent, valid(share)?),
        Misfortune::Lose(share) => server.lose(valid(share)?),
        Misfortune::Recover => server.recover(),
    };
    Ok(ok(&Befallen { items: items as u64 }))
}

fn valid(Share { share }: Share) -> Result<f64, Problem> {
    let is_share = (0.0..=1.0).contains(&share);
    is_share.then_some(share).ok_or_else(|| fail::bad(format!("`share` is 0 to 1, not {share}")))
}

fn add_collection(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let (_, acting) = select::user(fleet, call)?;
    let NewCollection { name, kind } = call.json()?;
    let kind = match kind {
        CollectionKind::Calendar => Kind::Event,
        CollectionKind::AddressBook => Kind::Contact,
    };
    if name.trim().is_empty() {
        return Err(fail::bad("a collection needs a name".to_owned()));
    }
    if acting.collections(kind).iter().any(|(_, known)| *known == name) {
        return Err(fail::conflict(format!("{} has `{name}` already", acting.address())));
    }
    acting.create_collection(calamity_evidence::Actor::User(acting.address()), kind, &name);
    Ok(nothing())
}
