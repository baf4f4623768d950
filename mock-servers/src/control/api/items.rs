//! `/actors/{user}/items`: what users do in their server's own interface. Their acts are in the
//! journal under their address, and are told to guests as the server does it.

use calamity_base::http::{Answer, Problem};
use calamity_evidence::Actor;
use http::Method;
use schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::call::{Call, nothing, ok};
use super::create;
use super::route::{self, BAD, Body, Form, Need, Query, Route, SERVER, json, refused};
use super::{fail, select};
use crate::acting::{Acting, Kind, StoredItem};
use crate::control::Fleet;
use crate::faults::fits;
use crate::users::{Edit, NoSuchItem};

/// The most items of one answer.
const ITEMS_MAX: usize = 10_000;

const UNKNOWN: route::Reply = refused(404, "There is no such item, user or server.");
const NOBODY: route::Reply = refused(404, "There is no such user or server.");

const FILTERS: &[Query] = &[
    SERVER,
    Query { name: "kind", about: "Only these.", form: Form::OneOf(&["event", "contact"]) },
    Query { name: "collection", about: "Only in the collection of this name.", form: Form::Text },
    Query { name: "uid", about: "Only with this uid.", form: Form::Text },
    Query {
        name: "title",
        about: "Only with a title that fits this pattern: * is any text, ? any sign.",
        form: Form::Text,
    },
];

pub(super) const ROUTES: &[Route] = &[
    Route {
        method: Method::GET,
        path: "/actors/{user}/items",
        name: "items",
        about: "What a user has, as the server stores it: at most 10,000 items.",
        query: FILTERS,
        body: None,
        answers: &[json(200, "The items.", SchemaGenerator::subschema_for::<Items>), BAD, NOBODY],
        serve: list,
    },
    Route {
        method: Method::POST,
        path: "/actors/{user}/items",
        name: "create",
        about: "A user makes an event or a contact: from a few words, or from an iCalendar or vCard \
                text.",
        query: &[SERVER],
        body: Some(Body {
            shape: SchemaGenerator::subschema_for::<create::NewItems>,
            need: Need::Required,
        }),
        answers: &[
            json(201, "They are there.", SchemaGenerator::subschema_for::<create::Created>),
            BAD,
            NOBODY,
            refused(409, "The user has an item of that uid."),
            refused(422, "The server's protocol cannot express it."),
        ],
        serve: create::create,
    },
    Route {
        method: Method::GET,
        path: "/actors/{user}/items/{item}",
        name: "item",
        about: "One item, as the server stores it.",
        query: &[SERVER],
        body: None,
        answers: &[
            json(200, "The item.", SchemaGenerator::subschema_for::<ItemEntry>),
            BAD,
            UNKNOWN,
        ],
        serve: read,
    },
    Route {
        method: Method::PATCH,
        path: "/actors/{user}/items/{item}",
        name: "edit",
        about: "A user edits an event. Guests are told as the server does it.",
        query: &[SERVER],
        body: Some(Body { shape: SchemaGenerator::subschema_for::<Change>, need: Need::Required }),
        answers: &[
            json(200, "The edited item.", SchemaGenerator::subschema_for::<ItemEntry>),
            BAD,
            UNKNOWN,
            refused(422, "The item cannot be edited in that way."),
        ],
        serve: edit,
    },
    Route {
        method: Method::DELETE,
        path: "/actors/{user}/items/{item}",
        name: "delete",
        about: "A user deletes an item. Guests are told as the server does it.",
        query: &[SERVER],
        body: None,
        answers: &[route::nothing("It is gone."), BAD, UNKNOWN],
        serve: delete,
    },
];

/// What a user has.
#[derive(Debug, Serialize, JsonSchema)]
struct Items {
    /// How many fit, also those that are left out.
    count: u64,
    /// Events first, by id.
    items: Vec<ItemEntry>,
}

/// An item as the server stores it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ItemEntry {
    /// The server.
    server: String,
    /// The server's id.
    id: String,
    /// The uid.
    uid: String,
    /// `event` or `contact`.
    kind: String,
    /// Names of the collections that hold it.
    collections: Vec<String>,
    /// Its title or name.
    title: String,
    /// The protocol's own JSON; on DAV the resource is its member `text`.
    body: Value,
}

impl ItemEntry {
    pub(super) fn new(server: &str, item: StoredItem) -> Self {
        Self {
            server: server.to_owned(),
            id: item.id,
            uid: item.uid,
            kind: word(item.kind).to_owned(),
            collections: item.collections,
            title: item.title,
            body: item.body,
        }
    }
}

/// A user's change of one event.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Change {
    /// Another title.
    Title(String),
    /// The whole event moves.
    Shift(Shift),
    /// Another description, as plain text.
    Description(String),
    /// Another place.
    Location(String),
    /// More guests, by their addresses.
    Invite(Vec<String>),
    /// One occurrence of a series does not take place.
    CancelOccurrence(Occurrence),
    /// One occurrence of a series gets a title of its own.
    RetitleOccurrence(Retitled),
}

/// How far an event moves.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Shift {
    /// Minutes; negative for earlier. An all-day event moves by whole days.
    minutes: i64,
}

/// One occurrence of a series.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Occurrence {
    /// Which one of those that the rule gives, from 0.
    nth: usize,
}

/// One occurrence of a series, with a title.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Retitled {
    /// Which one of those that the rule gives, from 0.
    nth: usize,
    /// The title.
    title: String,
}

/// The most minutes that an event moves: about a hundred years.
const SHIFT_MAX: i64 = 100 * 366 * 24 * 60;
/// The last occurrence that is counted to.
const NTH_MAX: usize = 10_000;
/// The most guests of one edit.
const INVITED_MAX: usize = 1_000;

impl Change {
    fn edit(self) -> Result<Edit, Problem> {
        let nth_in_range = |nth: usize| {
            let fits = nth <= NTH_MAX;
            fits.then_some(nth).ok_or_else(|| fail::bad(format!("`nth` is at most {NTH_MAX}")))
        };
        Ok(match self {
            Self::Title(title) => Edit::Title(title),
            Self::Shift(Shift { minutes }) if (-SHIFT_MAX..=SHIFT_MAX).contains(&minutes) => {
                Edit::Shift { minutes }
            }
            Self::Shift(_) => {
                return Err(fail::bad(format!("an event moves by at most {SHIFT_MAX} minutes")));
            }
            Self::Description(text) => Edit::Description(text),
            Self::Location(text) => Edit::Location(text),
            Self::Invite(people) if people.len() <= INVITED_MAX => Edit::Invite(people),
            Self::Invite(_) => {
                return Err(fail::bad(format!("at most {INVITED_MAX} guests at a time")));
            }
            Self::CancelOccurrence(Occurrence { nth }) => {
                Edit::CancelOccurrence { nth: nth_in_range(nth)? }
            }
            Self::RetitleOccurrence(Retitled { nth, title }) => {
                Edit::RetitleOccurrence { nth: nth_in_range(nth)?, title }
            }
        })
    }
}

fn list(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let (member, acting) = select::user(fleet, call)?;
    let wanted = |item: &StoredItem| {
        call.text("kind").is_none_or(|kind| kind == word(item.kind))
            && call.text("uid").is_none_or(|uid| uid == item.uid)
            && call.text("title").is_none_or(|pattern| fits(pattern, &item.title))
            && call
                .text("collection")
                .is_none_or(|name| item.collections.iter().any(|it| it == name))
    };
    let mut items = acting.items();
    items.retain(wanted);
    let count = items.len() as u64;
    let items = items.into_iter().take(ITEMS_MAX);
    let items = items.map(|item| ItemEntry::new(&member.name, item)).collect();
    Ok(ok(&Items { count, items }))
}

fn read(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let (member, acting) = select::user(fleet, call)?;
    found(&member.name, &acting, call.segment("item")).map(|item| ok(&item))
}

fn edit(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let (member, acting) = select::user(fleet, call)?;
    let id = call.segment("item");
    let edit = call.json::<Change>()?.edit()?;
    acting.edit(Actor::User(acting.address()), id, &edit).map_err(refusal)?;
    found(&member.name, &acting, id).map(|item| ok(&item))
}

fn delete(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let (_, acting) = select::user(fleet, call)?;
    let actor = Actor::User(acting.address());
    acting.delete(actor, call.segment("item")).map_err(refusal)?;
    Ok(nothing())
}

pub(super) fn found(server: &str, acting: &Acting, id: &str) -> Result<ItemEntry, Problem> {
    let item = acting.item(id).ok_or_else(|| fail::missing(format!("there is no item `{id}`")))?;
    Ok(ItemEntry::new(server, item))
}

fn refusal(refusal: NoSuchItem) -> Problem {
    match refusal {
        NoSuchItem::Item { .. } | NoSuchItem::Id { .. } => fail::missing(refusal.to_string()),
        NoSuchItem::Occurrence { .. } | NoSuchItem::Unfit { .. } => {
            fail::unprocessable(refusal.to_string())
        }
    }
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Event => "event",
        Kind::Contact => "contact",
    }
}
