//! The method calls of one request, in their order.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::errors::{MethodError, SetError};
use super::request::{Api, Call};
use super::{
    calendar_changes, calendar_get, calendar_set, event_changes, event_get, event_query, event_set,
    identity_get, operations, references,
};
use crate::account::derive;
use crate::faults::ErrorEffect;
use crate::native::Host;
use crate::operation::{Op, Target};
use crate::profiles::JmapQuirks;
use crate::turn::Turn;

/// The capability of this specification.
pub(super) const CALENDARS: &str = "urn:ietf:params:jmap:calendars";

/// One entry of `methodResponses`.
#[derive(Clone, Debug)]
pub(super) struct Response {
    pub(super) name: String,
    pub(super) arguments: Value,
    pub(super) call_id: String,
}

/// What the calls of a request share.
#[derive(Debug)]
pub(super) struct Run<'t, 'a> {
    pub(super) turn: &'t mut Turn<'a>,
    /// Creation ids of the request so far, with their real ids.
    pub(super) created: BTreeMap<String, String>,
    responses: Vec<Response>,
}

/// The id of the account of a server.
pub(super) fn account_id(host: &Host) -> String {
    derive(host.seed, "account", &host.owner, 0)
}

/// Runs the calls. `forced` are calls that a fault refuses before anything of them is done.
pub(super) fn run(
    turn: &mut Turn<'_>,
    api: &Api,
    forced: &BTreeMap<usize, ErrorEffect>,
) -> (Vec<Response>, BTreeMap<String, String>) {
    let created = api.created_ids.clone().unwrap_or_default();
    let mut run = Run { turn, created, responses: Vec::new() };
    for (index, call) in api.calls.iter().enumerate() {
        if run.turn.abort_now() {
            break;
        }
        let done = match forced.get(&index) {
            Some(error) => Err((MethodError::fault(error), call.arguments.clone())),
            None => run.call(call, api),
        };
        let (name, arguments) = match done {
            Ok(arguments) => (call.name.clone(), Value::Object(arguments)),
            Err((error, arguments)) => {
                run.refuse_call(call, &arguments, &error);
                ("error".to_owned(), error.value())
            }
        };
        run.responses.push(Response { name, arguments, call_id: call.id.clone() });
    }
    (run.responses, run.created)
}

impl Run<'_, '_> {
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

    fn call(
        &mut self,
        call: &Call,
        api: &Api,
    ) -> Result<Map<String, Value>, (MethodError, Map<String, Value>)> {
        let resolved = references::resolve(&call.arguments, &self.responses)
            .map_err(|error| (error, call.arguments.clone()))?;
        self.method(call, api, resolved.clone()).map_err(|error| (error, resolved))
    }

    fn method(
        &mut self,
        call: &Call,
        api: &Api,
        arguments: Map<String, Value>,
    ) -> Result<Map<String, Value>, MethodError> {
        if call.name == "Core/echo" {
            return Ok(arguments);
        }
        let unknown = || MethodError::new("unknownMethod");
        if !api.using.iter().any(|capability| capability == CALENDARS) {
            return Err(unknown());
        }
        let verb = match call.name.as_str() {
            "Calendar/get" => calendar_get::run,
            "Calendar/changes" => calendar_changes::run,
            "Calendar/set" => calendar_set::run,
            "CalendarEvent/get" => event_get::run,
            "CalendarEvent/changes" => event_changes::run,
            "CalendarEvent/query" => event_query::run,
            "CalendarEvent/queryChanges" => event_query::run_changes,
            "CalendarEvent/set" => event_set::run,
            "ParticipantIdentity/get" => identity_get::run,
            _ => return Err(unknown()),
        };
        let account = account_id(self.turn.host());
        match arguments.get("accountId").map(Value::as_str) {
            Some(Some(given)) if given == account => {}
            Some(Some(_)) => return Err(MethodError::new("accountNotFound")),
            _ => return Err(MethodError::invalid_arguments("`accountId` is missing")),
        }
        let mut answer = verb(self, arguments)?;
        answer.insert("accountId".to_owned(), json!(account));
        Ok(answer)
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
