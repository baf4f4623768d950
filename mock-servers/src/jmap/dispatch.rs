//! The method calls of one request, in their order.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::contacts::Pictures;
use super::errors::{MethodError, SetError};
use super::references::{self, Room};
use super::request::{Api, Call};
use super::{methods, operations};
use crate::account::derive;
use crate::directory::{Directory, Focus, UserId};
use crate::faults::ErrorEffect;
use crate::native::Host;
use crate::operation::{Op, Target};
use crate::profiles::JmapQuirks;
use crate::spliced::{self, List};
use crate::turn::Turn;

/// One entry of `methodResponses`.
#[derive(Clone, Debug)]
pub(super) struct Response {
    pub(super) name: String,
    pub(super) call_id: String,
    arguments: Value,
    /// The member `list` of the arguments, where it is written already.
    list: Option<List>,
    /// The arguments with their list, once they were asked for.
    whole: OnceCell<Value>,
}

impl Response {
    fn new(name: String, call_id: String, arguments: Value, list: Option<List>) -> Self {
        Self { name, call_id, arguments, list, whole: OnceCell::new() }
    }

    /// Whether the call was refused.
    pub(super) fn is_error(&self) -> bool {
        self.name == "error"
    }

    /// The arguments. A list that is written already is read once, however many references ask for it.
    pub(super) fn value(&self) -> &Value {
        let Some(list) = &self.list else { return &self.arguments };
        self.whole.get_or_init(|| {
            let mut text = String::new();
            list.write(&mut text);
            let mut whole = self.arguments.clone();
            whole["list"] = serde_json::from_str(&text).unwrap_or_default();
            whole
        })
    }

    /// Writes the invocation that answers a call (RFC 8620 section 3.2).
    pub(super) fn write(&self, out: &mut String) {
        let [name, id] = [&self.name, &self.call_id].map(|text| Value::from(text.as_str()));
        out.push_str(&format!("[{name},"));
        match (&self.arguments, &self.list) {
            (Value::Object(arguments), Some(list)) => {
                spliced::with(out, arguments, "list", |out| list.write(out));
            }
            (arguments, _) => out.push_str(&arguments.to_string()),
        }
        out.push_str(&format!(",{id}]"));
    }
}

/// What the calls of a request share.
#[derive(Debug)]
pub(super) struct Run<'t, 'a> {
    pub(super) turn: &'t mut Turn<'a>,
    /// Creation ids of the request so far, with their real ids.
    pub(super) created: BTreeMap<String, String>,
    /// Who asks.
    pub(super) user: UserId,
    /// A call that follows from the one being answered, and answers under its id.
    pub(super) follow_up: Option<Call>,
    /// What is inside the cards of an account, once something has been looked for there.
    pub(super) pictures: Pictures,
    /// The member `list` of the response that is being made, where it is written already.
    pub(super) list: Option<List>,
    responses: Vec<Response>,
    /// What references of the request may still bring in.
    room: Room,
}

/// The id of the account of a user.
pub(super) fn account_id(host: &Host) -> String {
    derive(host.seed, "account", &host.owner, 0)
}

/// The accounts that a user may look into: their own first.
pub(super) fn accounts(directory: &Directory, user: UserId) -> Vec<UserId> {
    let others = directory.users().map(|(other, _)| other).filter(|other| *other != user);
    let shared = directory.host(user).profile.jmap.shares_accounts;
    std::iter::once(user).chain(others.filter(|_| shared)).collect()
}

/// Runs the calls. `forced` are calls that a fault refuses before anything of them is done.
pub(super) fn run(
    turn: &mut Turn<'_>,
    api: &Api,
    forced: &BTreeMap<usize, ErrorEffect>,
) -> (Vec<Response>, BTreeMap<String, String>) {
    let created = api.created_ids.clone().unwrap_or_default();
    let user = turn.home();
    let room = Room::of(turn.host().profile.jmap.max_size_request);
    let mut run = Run {
        turn,
        created,
        user,
        follow_up: None,
        list: None,
        pictures: Pictures::default(),
        responses: Vec::new(),
        room,
    };
    for (index, call) in api.calls.iter().enumerate() {
        if run.turn.abort_now() {
            break;
        }
        let done = match forced.get(&index) {
            Some(error) => Err((MethodError::fault(error), call.arguments.clone())),
            None => run.call(call, api),
        };
        run.respond(call, done);
        if let Some(mut next) = run.follow_up.take() {
            next.id.clone_from(&call.id);
            let done = run.call(&next, api);
            run.respond(&next, done);
        }
        run.turn.turn_to(Focus::calendars(user));
    }
    (run.responses, run.created)
}

type Done = Result<Map<String, Value>, (MethodError, Map<String, Value>)>;

impl Run<'_, '_> {
    fn respond(&mut self, call: &Call, done: Done) {
        let list = self.list.take();
        let (name, arguments, list) = match done {
            Ok(arguments) => (call.name.clone(), Value::Object(arguments), list),
            Err((error, arguments)) => {
                self.refuse_call(call, &arguments, &error);
                ("error".to_owned(), error.value(), None)
            }
        };
        self.responses.push(Response::new(name, call.id.clone(), arguments, list));
    }

    /// Limits and other traits.
    pub(super) fn limits(&self) -> &JmapQuirks {
        &self.turn.host().profile.jmap
    }

    /// The real id behind `#creation`, or the id itself.
    pub(super) fn real_id(&self, id: &str) -> String {
        id.strip_prefix('#')
            .and_then(|creation| self.created.get(creation))
            .map_or_else(|| id.to_owned(), Clone::clone)
    }

    /// Records one object that was refused.
    pub(super) fn refuse(&mut self, op: Op, target: &Target, error: &SetError) {
        let mut detail = error.description.clone().unwrap_or_default();
        if !error.properties.is_empty() {
            let blamed = error.properties.join(", ");
            detail = if detail.is_empty() { blamed } else { format!("{detail}: {blamed}") };
        }
        self.turn.refused(op, target, &error.kind, &detail);
    }

    fn call(&mut self, call: &Call, api: &Api) -> Done {
        self.turn.call = self.responses.len();
        let resolved = references::resolve(&call.arguments, &self.responses, &mut self.room)
            .map_err(|error| (error, call.arguments.clone()))?;
        let done = self.method(call, api, resolved.clone().into_owned());
        done.map_err(|error| (error, resolved.into_owned()))
    }

    fn method(
        &mut self,
        call: &Call,
        api: &Api,
        arguments: Map<String, Value>,
    ) -> Result<Map<String, Value>, MethodError> {
        let unknown = || MethodError::new("unknownMethod");
        let method = methods::find(&call.name).ok_or_else(unknown)?;
        // Of what a request does not use, the server behaves as though it had none of it (RFC 8620
        // section 1.8), the core's own methods included.
        let used = |name: &str| api.using.iter().any(|capability| capability == name);
        if !used(method.capability) {
            return Err(unknown());
        }
        let Some(realm) = method.realm else { return (method.run)(self, arguments) };
        let (user, account) = match arguments.get("accountId").map(Value::as_str) {
            Some(Some(given)) => (self.user_of(given), given.to_owned()),
            _ => return Err(MethodError::invalid_arguments("`accountId` is missing")),
        };
        let user = user.ok_or_else(|| MethodError::new("accountNotFound"))?;
        self.turn.turn_to(Focus { user, realm });
        let mut answer = (method.run)(self, arguments)?;
        answer.insert("accountId".to_owned(), json!(account));
        Ok(answer)
    }

    /// Whose account it is, if the user may look into it.
    pub(super) fn user_of(&self, account: &str) -> Option<UserId> {
        let directory = self.turn.directory();
        let mut users = accounts(directory, self.user).into_iter();
        users.find(|user| account_id(directory.host(*user)) == account)
    }

    /// Every write in a call that was refused as a whole is a refused attempt.
    fn refuse_call(&mut self, call: &Call, arguments: &Map<String, Value>, error: &MethodError) {
        if error.is_partly_done() {
            return;
        }
        for operation in operations::of(&call.name, arguments) {
            for target in &operation.targets {
                let detail = error.description.as_deref().unwrap_or_default();
                let target = Target { id: self.real_id(&target.id), ..target.clone() };
                self.turn.refused(operation.op, &target, &error.kind, detail);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_once_for_all_references() {
        let list = [json!({ "id": "a" })].into_iter().collect();
        let response =
            Response::new("X/get".to_owned(), "0".to_owned(), json!({ "state": "s" }), Some(list));
        let first = response.value();
        assert_eq!(*first, json!({ "state": "s", "list": [{ "id": "a" }] }));
        assert!(std::ptr::eq(first, response.value()));
    }
}
