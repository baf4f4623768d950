//! `/subscriptions`.

use http::{Method, StatusCode};
use serde_json::Value;

use super::store::Creator;
use super::wanted::{Wanted, ends, invalid};
use crate::directory::{Focus, UserId};
use crate::graph::call::{Call, Caller};
use crate::graph::failure::Failure;
use crate::graph::login::{Registration, guid};
use crate::graph::route::Mailbox;
use crate::graph::{schema, users};
use crate::native::Reply;
use crate::turn::Turn;

const CONTEXT: &str = "subscriptions";

/// `GET` and `POST /subscriptions`.
pub(in crate::graph) fn collection(call: &Call, turn: &mut Turn<'_>) -> Result<Reply, Failure> {
    let creator = creator(call, turn);
    let now = turn.now();
    if call.method() == Method::GET {
        let all = turn.graph().subscriptions.of(&creator, now);
        let rows = all.map(|one| Value::Object(one.to_value())).collect();
        return Ok(call.collection(CONTEXT, rows, None));
    }
    if call.method() != Method::POST {
        return Err(call.no_method());
    }
    let wanted = Wanted::read(call, now)?;
    let user = watched(call, turn, &wanted)?;
    call.handshake().map_or_else(|| Err(invalid("Nobody was asked.")), |it| it.outcome())?;
    let seen = turn.account_of(Focus { user, realm: wanted.watched.realm }).modseq();
    let seed = turn.host().seed;
    let made = turn.graph().subscriptions.add(seed, creator, user, wanted, seen)?;
    Ok(call.entity(StatusCode::CREATED, CONTEXT, made.to_value()))
}

/// `GET`, `PATCH` and `DELETE /subscriptions/{id}`.
pub(in crate::graph) fn one(call: &Call, turn: &mut Turn<'_>, id: &str) -> Result<Reply, Failure> {
    let (creator, now) = (creator(call, turn), turn.now());
    let store = &mut turn.graph().subscriptions;
    let found = store.find(id, &creator, now)?;
    match *call.method() {
        Method::GET => Ok(call.entity(StatusCode::OK, CONTEXT, found.to_value())),
        Method::PATCH => {
            let body = call.body(&schema::SUBSCRIPTION)?;
            if let Some(other) = body.keys().find(|name| *name != "expirationDateTime") {
                return Err(invalid(format!("The property '{other}' cannot be changed.")));
            }
            found.renew(Some(ends(&body, now)?));
            Ok(call.entity(StatusCode::OK, CONTEXT, found.to_value()))
        }
        Method::DELETE => {
            store.remove(id);
            Ok(call.names.nothing())
        }
        _ => Err(call.no_method()),
    }
}

/// `POST /subscriptions/{id}/reauthorize`: the end stays as it is.
pub(in crate::graph) fn reauthorize(
    call: &Call,
    turn: &mut Turn<'_>,
    id: &str,
) -> Result<Reply, Failure> {
    if call.method() != Method::POST {
        return Err(call.no_method());
    }
    let (creator, now) = (creator(call, turn), turn.now());
    turn.graph().subscriptions.find(id, &creator, now)?.renew(None);
    Ok(call.names.nothing())
}

fn creator(call: &Call, turn: &Turn<'_>) -> Creator {
    let seed = turn.host().seed;
    let registered = Registration::of(seed).client;
    let app = Some(call.caller().app()).filter(|app| !app.is_empty()).unwrap_or(&registered);
    let id = match call.caller() {
        Caller::App { .. } => guid(seed, "principal", app),
        Caller::User { .. } => users::id(seed, &turn.host().owner),
    };
    Creator { app: app.to_owned(), id }
}

/// The user whose mailbox is to be watched, which the caller must be allowed to read.
fn watched(call: &Call, turn: &Turn<'_>, wanted: &Wanted) -> Result<UserId, Failure> {
    let signed_in = turn.focus().user;
    match (&wanted.watched.mailbox, call.caller()) {
        (Mailbox::User(name), caller) => {
            let found = users::find(turn.directory(), name);
            let user = found.ok_or_else(|| users::unknown(name, false))?;
            let may = user == signed_in || matches!(caller, Caller::App { .. });
            if may { Ok(user) } else { Err(Failure::of("ErrorAccessDenied")) }
        }
        (_, Caller::User { .. }) => Ok(signed_in),
        (_, Caller::App { .. }) => Err(Failure::of("BadRequest")
            .saying("/me request is only valid with delegated authentication flow.")),
    }
}
