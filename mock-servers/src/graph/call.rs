//! One request: parsed without state when it comes in, served in a turn.

use std::collections::BTreeSet;

use calamity_base::http::Incoming;
use http::{HeaderName, Method, StatusCode, header};
use serde_json::{Map, Value, json};

use super::answer::Names;
use super::failure::Failure;
use super::ids::Named;
use super::odata::{Expand, Prefer, Query, Select};
use super::render::View;
use super::route::{InCalendar, Resource};
use super::stored::address_of;
use super::{calendars, delta, events, schema};
use crate::account::{Calendar, Item};
use crate::faults::{ErrorEffect, PatchEffect};
use crate::native::{Exchange, Host, Reply};
use crate::operation::{Op, Operation, Target};
use crate::scheduling::{Marker, MarkerPolicy};
use crate::turn::{Turn, Verdict};
use crate::wire;

/// See the module.
#[derive(Debug)]
pub(crate) struct Call {
    method: Method,
    /// What the path names.
    pub(crate) resource: Resource,
    /// The query options.
    pub(crate) query: Query,
    /// The preferences.
    pub(crate) prefer: Prefer,
    /// The names under which answers go out.
    pub(crate) names: Names,
    body: Result<Map<String, Value>, Failure>,
    if_match: Option<String>,
    origin: String,
    path: String,
    operations: Vec<Operation>,
}

impl Call {
    /// Parses a request.
    pub(crate) fn open(request: &Incoming, host: &Host) -> Self {
        let path = request.uri.path().to_owned();
        let resource = Resource::parse(&path, &host.owner);
        let body = body(request);
        let op = resource.op(&request.method);
        let what = format!(
            "{} {} {}",
            request.method,
            request.uri,
            crate::account::short_hash(&request.body)
        );
        let if_match = request.headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
        Self {
            method: request.method.clone(),
            query: Query::parse(request.uri.query().unwrap_or_default()),
            prefer: Prefer::read(&request.headers),
            names: Names::new(host.seed, &what, &request.headers),
            if_match: if_match.map(str::to_owned),
            origin: wire::origin(request),
            operations: vec![operation(op, &resource, body.as_ref().ok())],
            body,
            resource,
            path,
        }
    }

    /// The body of a write, checked against the metadata.
    pub(crate) fn body(&self, kind: &schema::Type) -> Result<Map<String, Value>, Failure> {
        kind.read(self.body.as_ref().map_err(Clone::clone)?)
    }

    /// How the client wants events answered.
    pub(crate) fn view(&self) -> Result<View, Failure> {
        let select = Select::parse(&self.query, &schema::EVENT)?;
        View::new(&self.prefer, select, Expand::parse(&self.query)?)
    }

    /// What the request says about telling people.
    pub(crate) fn marker(&self) -> Marker {
        self.prefer.marker()
    }

    /// The URL of this request's path with other options.
    pub(crate) fn link(&self, options: &str) -> String {
        format!("{}{}?{options}", self.origin, self.path)
    }

    /// The context annotation of an answer.
    pub(crate) fn context(&self, of: &str) -> Value {
        json!(format!("{}/v1.0/$metadata#{of}", self.origin))
    }

    /// Refuses if the client names another version than the present one.
    pub(crate) fn matches(&self, etag: &str) -> Result<(), Failure> {
        let bare = |tag: &str| tag.trim().trim_start_matches("W/").trim_matches('"').to_owned();
        match &self.if_match {
            Some(wanted) if wanted.trim() != "*" => {
                let fits = wanted.split(',').any(|one| bare(one) == bare(etag));
                if fits { Ok(()) } else { Err(Failure::of("ErrorIrresolvableConflict")) }
            }
            _ => Ok(()),
        }
    }

    /// A page of a collection.
    pub(crate) fn collection(
        &self,
        context: &str,
        rows: Vec<Value>,
        link: Option<(&str, String)>,
    ) -> Reply {
        let mut body = Map::new();
        body.insert("@odata.context".to_owned(), self.context(context));
        body.insert("value".to_owned(), Value::Array(rows));
        if let Some((name, link)) = link {
            body.insert(name.to_owned(), json!(link));
        }
        self.answered(self.names.json(StatusCode::OK, body))
    }

    /// One resource.
    pub(crate) fn entity(
        &self,
        status: StatusCode,
        context: &str,
        entity: Map<String, Value>,
    ) -> Reply {
        let mut body = Map::new();
        body.insert("@odata.context".to_owned(), self.context(&format!("{context}/$entity")));
        body.extend(entity);
        self.answered(self.names.json(status, body))
    }

    fn answered(&self, reply: Reply) -> Reply {
        match self.prefer.applied() {
            Some(applied) => {
                wire::with_header(reply, HeaderName::from_static("preference-applied"), &applied)
            }
            None => reply,
        }
    }

    /// Carries out a write of one target, or refuses it. Whatever refuses it, a fault or the state,
    /// leaves one entry in the write log.
    pub(crate) fn write(
        &self,
        turn: &mut Turn<'_>,
        target: &Target,
        act: impl FnOnce(&mut Turn<'_>, &PatchEffect) -> Result<Reply, Failure>,
    ) -> Result<Reply, Failure> {
        let op = self.operations[0].op;
        let rejected =
            turn.host().profile.marker == MarkerPolicy::Rejects && self.marker() != Marker::Unsaid;
        let outcome = if rejected {
            Err(Failure::of("BadRequest")
                .saying("The preference outlook.send-notifications is not supported."))
        } else {
            match turn.fault_item(op, target) {
                Verdict::Error(error) => Err(Failure::armed(&error)),
                Verdict::Stop => {
                    turn.refused(op, target, "aborted", "the connection broke before the write");
                    return Ok(self.names.nothing());
                }
                Verdict::Omit => {
                    turn.refused(op, target, "omitted", "left out of the answer by a fault");
                    return Ok(self.names.nothing());
                }
                Verdict::Patch(patch) => act(turn, &patch),
                _ => act(turn, &PatchEffect::default()),
            }
        };
        if let Err(failure) = &outcome {
            turn.refused(op, target, &failure.code, &failure.message);
        }
        outcome
    }

    /// The target of a write, as far as the request says.
    pub(crate) fn target(&self) -> Target {
        self.operations[0].targets.first().cloned().unwrap_or_default()
    }

    fn dispatch(&self, turn: &mut Turn<'_>) -> Result<Reply, Failure> {
        match (self.operations[0].op, &self.resource) {
            (Op::Session, _) => Ok(calendars::user(self, turn)),
            (Op::CalendarList, Resource::Calendars) => calendars::list(self, turn),
            (Op::CalendarList, Resource::Calendar(which)) => calendars::get(self, turn, which),
            (Op::CalendarCreate, _) => calendars::create(self, turn),
            (Op::CalendarUpdate, Resource::Calendar(which)) => calendars::update(self, turn, which),
            (Op::CalendarDelete, Resource::Calendar(which)) => calendars::delete(self, turn, which),
            (Op::EventCreate, _) => events::create(self, turn),
            (Op::EventGet, Resource::Event(which, id)) => {
                events::get(self, turn, which.as_ref(), id)
            }
            (Op::EventUpdate, Resource::Event(which, id)) => {
                events::update(self, turn, which.as_ref(), id)
            }
            (Op::EventDelete, Resource::Event(which, id)) => {
                events::delete(self, turn, which.as_ref(), id)
            }
            (Op::FeedQuery, Resource::Instances(which, id)) => {
                events::instances(self, turn, which.as_ref(), id)
            }
            (Op::FeedQuery, Resource::View(which)) => events::view(self, turn, which),
            (Op::FeedQuery, _) => events::list(self, turn),
            (Op::FeedDelta, Resource::ViewDelta(which)) => delta::of_view(self, turn, which),
            (Op::FeedDelta, Resource::EventsDelta(which)) => delta::of_events(self, turn, which),
            (_, Resource::Unknown) => Err(self.no_segment()),
            _ => Err(self.no_method()),
        }
    }

    fn no_segment(&self) -> Failure {
        let last = self.path.rsplit('/').find(|segment| !segment.is_empty()).unwrap_or_default();
        Failure { status: 404, ..Failure::of("BadRequest") }
            .saying(format!("Resource not found for the segment '{last}'."))
    }

    fn no_method(&self) -> Failure {
        Failure { status: 405, ..Failure::of("BadRequest") }.saying(format!(
            "Specified HTTP method is not allowed for the request target: {}.",
            self.method
        ))
    }
}

impl Exchange for Call {
    fn operations(&self) -> &[Operation] {
        &self.operations
    }

    fn unauthorized(&self) -> Reply {
        self.names.failure(&Failure::of("InvalidAuthenticationToken"), None)
    }

    fn too_many(&self, in_flight: usize, host: &Host) -> Option<Reply> {
        let most = host.profile.graph.concurrent_requests_max?;
        (in_flight > most).then(|| {
            let failure = Failure { retry_after_s: Some(1), ..Failure::of("ApplicationThrottled") };
            self.names.failure(&failure, None)
        })
    }

    fn refuse(&mut self, error: &ErrorEffect, _operation: usize) -> Option<Reply> {
        Some(self.names.failure(&Failure::armed(error), None))
    }

    fn serve(&mut self, turn: &mut Turn<'_>) -> Reply {
        let now = turn.now();
        match self.dispatch(turn) {
            Ok(reply) => reply,
            Err(failure) => self.names.failure(&failure, Some(now)),
        }
    }

    fn damage(&self, _reply: Reply, error: &ErrorEffect, _operation: usize) -> Reply {
        self.names.failure(&Failure::armed(error), None)
    }
}

/// The calendar that a path names.
pub(crate) fn calendar<'a>(
    turn: &'a Turn<'_>,
    which: &InCalendar,
) -> Result<&'a Calendar, Failure> {
    let found = match which {
        InCalendar::Default => turn.account().default_calendar(),
        InCalendar::Id(id) => turn.account().calendar(id),
    };
    found.ok_or_else(Failure::not_found)
}

/// The item behind an id, which must be in the calendar that the path names.
pub(crate) fn item(
    turn: &Turn<'_>,
    which: Option<&InCalendar>,
    id: &str,
) -> Result<(std::sync::Arc<Item>, Named), Failure> {
    let named = Named::parse(id).ok_or_else(|| Failure::of("ErrorInvalidIdMalformed"))?;
    let item = turn.account().item(named.item()).cloned().ok_or_else(Failure::not_found)?;
    if let Some(which) = which {
        let calendar = calendar(turn, which)?;
        if !item.calendars.contains(&calendar.id) {
            return Err(Failure::not_found());
        }
    }
    Ok((item, named))
}

fn body(request: &Incoming) -> Result<Map<String, Value>, Failure> {
    if request.body.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(Failure::of("BadRequest").saying("Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.")),
    }
}

/// What a request asks for, with what it says about its target.
fn operation(op: Op, resource: &Resource, body: Option<&Map<String, Value>>) -> Operation {
    let calendars: BTreeSet<String> = resource.calendar().map(str::to_owned).into_iter().collect();
    let mut operation = Operation { calendars: calendars.clone(), ..Operation::new(op) };
    let named = matches!(op, Op::EventGet) || op.write().is_some();
    if !named {
        return operation;
    }
    let text = |name: &str| {
        body.and_then(|body| body.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let id = match resource {
        Resource::Event(_, id) => {
            Named::parse(id).map_or_else(|| id.clone(), |named| named.item().to_owned())
        }
        Resource::Calendar(InCalendar::Id(id)) => id.clone(),
        _ => text("transactionId"),
    };
    let title = match op {
        Op::CalendarCreate | Op::CalendarUpdate | Op::CalendarDelete => text("name"),
        _ => text("subject"),
    };
    let attendees = body.and_then(|body| body.get("attendees")).and_then(Value::as_array);
    let attendees = attendees.into_iter().flatten().filter_map(address_of).collect();
    operation.targets.push(Target { id, uid: String::new(), title, calendars, attendees });
    operation
}
