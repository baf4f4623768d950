//! One HTTP request to the server, from its path to its answer.

use std::cell::OnceCell;

use calamity_base::http::Incoming;
use http::{Method, StatusCode, header};

use super::answer::{self, empty, with, with_named};
use super::call::Call;
use super::copy_move::{Way, transfer};
use super::place::Place;
use super::{
    delete, faults, get, lock, make, operations, options, post, propfind, proppatch, put, reports,
    sabre,
};
use crate::account::Account;
use crate::dav::xml::Detail;
use crate::directory::Realm;
use crate::faults::ErrorEffect;
use crate::native::{Exchange, Reply};
use crate::operation::Operation;
use crate::profiles::{DavQuirks, Minimal};
use crate::turn::Turn;
use crate::wire;

/// See the module.
#[derive(Debug)]
pub(super) struct DavExchange {
    call: Call,
    /// Once somebody asked for them, or knows whose the request is.
    operations: OnceCell<Vec<Operation>>,
}

impl DavExchange {
    /// Takes a request.
    pub(super) fn open(incoming: Incoming) -> Self {
        Self { call: Call::new(incoming), operations: OnceCell::new() }
    }

    fn answer(&self, turn: &mut Turn<'_>) -> answer::Outcome {
        let call = &self.call;
        if call.place.is_none() {
            return Ok(empty(StatusCode::BAD_REQUEST));
        }
        // A part of a resource (RFC 9110 section 14.5), or octets in a form that nobody here undoes
        // (section 8.4), stored as they come would be another resource than was meant.
        if call.method == Method::PUT && call.header("content-range").is_some() {
            return Ok(empty(StatusCode::BAD_REQUEST));
        }
        if !call.body.is_empty() && wire::is_coded(&call.headers) {
            return Ok(wire::uncoded_only(empty(StatusCode::UNSUPPORTED_MEDIA_TYPE)));
        }
        let quirks = &turn.host().profile.dav;
        if quirks.locks.it() {
            // A lock that is to go on is named in the same header, and has a condition of its own.
            if call.method.as_str() != "LOCK" {
                lock::holds(turn, call)?;
            }
            lock::permit(turn, call)?;
        }
        match call.method.as_str() {
            "OPTIONS" => Ok(options::options(call.place(), quirks)),
            "PROPFIND" => {
                let classes = quirks.tells_classes.it().then(|| options::compliance(quirks));
                let reply = propfind::propfind(turn, call)?;
                Ok(match classes {
                    Some(classes) => with_named(reply, "dav", &classes),
                    None => reply,
                })
            }
            "PROPPATCH" => proppatch::proppatch(turn, call),
            "REPORT" => reports::report(turn, call),
            "GET" | "HEAD" => get::get(turn, call),
            "PUT" => put::put(turn, call),
            "DELETE" => delete::delete(turn, call),
            "MKCALENDAR" if quirks.mkcalendar.it() => make::mkcalendar(turn, call),
            "MKCOL" => make::mkcol(turn, call),
            "COPY" if quirks.copy.it() => transfer(turn, call, Way::Copy),
            "MOVE" if quirks.moves.it() => transfer(turn, call, Way::Move),
            "POST" => post::post(turn, call),
            "LOCK" if quirks.locks.it() => lock::lock(turn, call),
            "UNLOCK" if quirks.locks.it() => lock::unlock(turn, call),
            _ => Ok(options::not_allowed(call.place(), quirks)),
        }
    }
}

impl DavExchange {
    /// Says what the resource is called where the client left out the slash at the end of a
    /// collection (RFC 4918 section 5.2).
    fn located(&self, reply: Reply) -> Reply {
        let read = ["PROPFIND", "REPORT", "PROPPATCH"].contains(&self.call.method.as_str());
        if read && self.call.lacks_slash && reply.status().is_success() {
            return with(reply, header::CONTENT_LOCATION, &self.call.href());
        }
        reply
    }

    /// Says that an answer depends on what was preferred (RFC 7240 sections 2 and 3).
    fn preferred(&self, reply: Reply, quirks: &DavQuirks) -> Reply {
        let listens = ["PROPFIND", "REPORT", "PROPPATCH"].contains(&self.call.method.as_str());
        if !listens || !reply.status().is_success() {
            return reply;
        }
        let minimal = self.call.detail(quirks) == Detail::Minimal;
        match quirks.minimal {
            Minimal::Never => reply,
            Minimal::PreferredOrBrief => with(reply, header::VARY, "Brief,Prefer"),
            Minimal::Preferred => {
                let reply = with(reply, header::VARY, "Prefer");
                if minimal {
                    with_named(reply, "preference-applied", "return=minimal")
                } else {
                    reply
                }
            }
        }
    }
}

impl Exchange for DavExchange {
    fn operations(&self) -> &[Operation] {
        self.operations.get_or_init(|| operations::of(&self.call, None))
    }

    fn realm(&self) -> Realm {
        self.call.place().realm()
    }

    fn settle(&mut self, account: &Account) {
        self.operations = OnceCell::from(operations::of(&self.call, Some(account)));
    }

    fn is_public(&self) -> bool {
        *self.call.place() == Place::WellKnown
    }

    fn unauthorized(&self) -> Reply {
        with(
            empty(StatusCode::UNAUTHORIZED),
            header::WWW_AUTHENTICATE,
            "Basic realm=\"dav\", charset=\"UTF-8\", Bearer realm=\"dav\"",
        )
    }

    fn refuse(&mut self, error: &ErrorEffect, _operation: usize) -> Option<Reply> {
        Some(faults::reply(error))
    }

    fn serve(&mut self, turn: &mut Turn<'_>) -> Reply {
        if *self.call.place() == Place::WellKnown {
            return propfind::elsewhere(&Place::Root.href());
        }
        let reply = self.answer(turn).unwrap_or_else(|refused| answer::refusal(&refused));
        let quirks = &turn.host().profile.dav;
        let reply = self.preferred(reply, quirks);
        let reply = if quirks.sabre_errors.it() { sabre::worded(reply) } else { reply };
        let reply = self.located(reply);
        lock::forget(turn, &self.call);
        reply
    }

    fn damage(&self, _reply: Reply, error: &ErrorEffect, _operation: usize) -> Reply {
        faults::reply(error)
    }
}
