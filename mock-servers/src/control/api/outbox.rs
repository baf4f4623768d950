//! `/outbox`: every message that a real server would have sent to a person.

use calamity_base::http::{Answer, Problem};
use calamity_evidence::Mail;
use http::Method;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;

use super::call::{Call, ok};
use super::matching::is_actor;
use super::route::{BAD, Form, NO_SERVER, Query, Route, SERVER, json};
use super::select;
use super::wire::{self, MailEntry};
use crate::control::Fleet;
use crate::faults::fits;

/// The most messages of one answer.
const MAILS_MAX: usize = 10_000;

const QUERY: &[Query] = &[
    SERVER,
    Query {
        name: "method",
        about: "Only messages of this iTIP method.",
        form: Form::OneOf(&["REQUEST", "CANCEL", "REPLY"]),
    },
    Query { name: "to", about: "Only to an address that fits this pattern.", form: Form::Text },
    Query { name: "uid", about: "Only about the event of this uid.", form: Form::Text },
    Query {
        name: "actor",
        about: "Only caused by: client, user, or user:alice@example.com (a pattern).",
        form: Form::Text,
    },
    Query {
        name: "from",
        about: "From this place in each server's outbox on.",
        form: Form::Number,
    },
];

pub(super) const ROUTES: &[Route] = &[Route {
    method: Method::GET,
    path: "/outbox",
    name: "outbox",
    about: "Messages that a real server would have sent, in their order on each server: at most \
            10,000. Those between users of one server are delivered, and are in their inboxes.",
    query: QUERY,
    body: None,
    answers: &[json(200, "The messages.", SchemaGenerator::subschema_for::<Mails>), BAD, NO_SERVER],
    serve: list,
}];

/// Messages.
#[derive(Debug, Serialize, JsonSchema)]
struct Mails {
    /// How many fit, also those that are left out.
    count: u64,
    /// The messages.
    mails: Vec<MailEntry>,
    /// How many messages, the oldest ones, are not kept any more, whether they would fit or not.
    dropped: u64,
}

fn list(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let from = call.number("from").unwrap_or(0);
    let fitting = |mail: &Mail| {
        call.text("method").is_none_or(|method| method == wire::itip(mail.method))
            && call.text("to").is_none_or(|pattern| fits(pattern, &mail.to))
            && call.text("uid").is_none_or(|uid| uid == mail.uid)
            && call.text("actor").is_none_or(|pattern| is_actor(pattern, &mail.actor))
    };
    let (mut mails, mut count, mut dropped) = (Vec::new(), 0, 0);
    for member in select::all(fleet, call)? {
        member.server.read(|state| {
            for (id, mail) in state.outbox.mails().from(from).filter(|(_, mail)| fitting(mail)) {
                count += 1;
                if mails.len() < MAILS_MAX {
                    mails.push(MailEntry::new(&member.name, id, mail.clone()));
                }
            }
            dropped += state.outbox.mails().dropped();
        });
    }
    Ok(ok(&Mails { count, mails, dropped }))
}
