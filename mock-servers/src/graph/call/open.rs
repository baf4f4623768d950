//! A request as far as it can be understood without state.

use std::collections::BTreeSet;

use calamity_base::http::Incoming;
use http::{Method, header};
use serde_json::{Map, Value, json};

use super::standing::Caller;
use crate::directory::UserId;
use crate::graph::answer::Names;
use crate::graph::failure::Failure;
use crate::graph::ids::Named;
use crate::graph::odata::{Expand, Prefer, Query, Select, encode};
use crate::graph::render::View;
use crate::graph::route::{Mailbox, Resource, Route};
use crate::graph::schema;
use crate::graph::stored::address_of;
use crate::graph::subscriptions::Handshake;
use crate::native::Host;
use crate::nesting::{self, DEPTH_MAX};
use crate::operation::{Op, Operation, Target};
use crate::scheduling::Marker;
use crate::turn::Turn;
use crate::wire;

/// See the module.
#[derive(Debug)]
pub(crate) struct Call {
    pub(super) method: Method,
    /// What the path names.
    pub(crate) resource: Resource,
    /// Whether only a number is asked for.
    pub(super) counts: bool,
    /// The query options.
    pub(crate) query: Query,
    /// The preferences.
    pub(crate) prefer: Prefer,
    /// The names under which answers go out.
    pub(crate) names: Names,
    /// Who asks.
    pub(super) caller: Caller,
    /// Whose mailbox it is about, once the directory was asked; or why it cannot be.
    pub(super) standing: Result<UserId, Failure>,
    pub(super) route: Route,
    pub(super) body: Result<Map<String, Value>, Failure>,
    /// What the server asked of a subscriber before it serves the request.
    pub(super) handshake: Option<Handshake>,
    if_match: Option<String>,
    pub(super) origin: String,
    pub(super) path: String,
    pub(super) operations: Vec<Operation>,
}

impl Call {
    /// Parses a request.
    pub(crate) fn open(request: &Incoming, host: &Host) -> Self {
        let path = request.uri.path().to_owned();
        let route = Route::parse(&path);
        let body = body(request);
        // HEAD is GET without the body (RFC 9110 section 9.3.2), which the server of HTTP leaves out.
        let method = if request.method == Method::HEAD { &Method::GET } else { &request.method };
        let op = route.op(method);
        let what = format!(
            "{} {} {}",
            request.method,
            request.uri,
            crate::account::short_hash(&request.body)
        );
        let if_match = request.headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
        Self {
            method: method.clone(),
            query: Query::parse(request.uri.query().unwrap_or_default()),
            prefer: Prefer::read(&request.headers),
            names: Names::new(host.seed, &what, &request.headers),
            caller: Caller::of(request, host.seed),
            standing: Ok(UserId::OWNER),
            handshake: None,
            if_match: if_match.map(str::to_owned),
            origin: wire::origin(request),
            operations: vec![operation(op, &route.resource, body.as_ref().ok())],
            body,
            resource: route.resource.clone(),
            counts: route.counts,
            route,
            path,
        }
    }

    /// The body of a write, checked against the metadata.
    pub(crate) fn body(&self, kind: &schema::Type) -> Result<Map<String, Value>, Failure> {
        kind.read(self.members()?)
    }

    /// The body's members as they are; the parameters of an action.
    pub(crate) fn members(&self) -> Result<&Map<String, Value>, Failure> {
        self.body.as_ref().map_err(Clone::clone)
    }

    /// How the client wants events answered, with the calendars if they are wanted beside them.
    pub(crate) fn view(&self, turn: &Turn<'_>) -> Result<View, Failure> {
        let select = Select::parse(&self.query, &schema::EVENT)?;
        let expand = Expand::parse(&self.query, "event")?;
        let calendar = expand.calendar;
        let view = View::new(&self.prefer, select, expand)?;
        Ok(if calendar { view.beside(turn.account(), turn.host()) } else { view })
    }

    /// What the request says about telling people.
    pub(crate) fn marker(&self) -> Marker {
        self.prefer.marker()
    }

    /// The URL of this request's path with other options.
    pub(crate) fn link(&self, options: &str) -> String {
        format!("{}{}?{options}", self.origin, self.path)
    }

    /// The context annotation of an answer: whose mailbox it is, and what was selected, stand in it
    /// ("OData JSON Format" section 10).
    pub(crate) fn context(&self, of: &str) -> Value {
        let (set, single) = match of.strip_suffix("/$entity") {
            Some(set) => (set, "/$entity"),
            None => (of, ""),
        };
        let set = match (&self.route.mailbox, set.strip_prefix("me/")) {
            (Mailbox::User(user), Some(rest)) => {
                format!("users('{}')/{rest}", encode(&user.replace('\'', "''")))
            }
            _ => set.to_owned(),
        };
        let selected = self.query.get("$select").filter(|text| *text != "*");
        let selected = selected.filter(|_| self.method == Method::GET && !of.starts_with("Coll"));
        let selected = selected.map(|text| format!("({})", text.replace(' ', "")));
        let selected = selected.unwrap_or_default();
        json!(format!("{}/v1.0/$metadata#{set}{selected}{single}", self.origin))
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

    /// Who asks.
    pub(crate) fn caller(&self) -> &Caller {
        &self.caller
    }

    /// What the server asked of a subscriber, and how that went.
    pub(crate) fn handshake(&self) -> Option<&Handshake> {
        self.handshake.as_ref()
    }

    /// The target of a write, as far as the request says.
    pub(crate) fn target(&self) -> Target {
        self.operations[0].targets.first().cloned().unwrap_or_default()
    }
}

fn body(request: &Incoming) -> Result<Map<String, Value>, Failure> {
    if request.body.is_empty() {
        return Ok(Map::new());
    }
    if wire::is_coded(&request.headers) {
        return Err(Failure::coded());
    }
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(members)) if members.values().all(|it| nesting::depth(it) < DEPTH_MAX) => {
            Ok(members)
        }
        _ => Err(Failure::of("BadRequest").saying(
            "Unable to read JSON request payload. Please ensure Content-Type header is set and \
             payload is of valid JSON format.",
        )),
    }
}

/// What a request asks for, with what it says about its target.
fn operation(op: Op, resource: &Resource, body: Option<&Map<String, Value>>) -> Operation {
    let calendars: BTreeSet<String> =
        resource.collection().map(str::to_owned).into_iter().collect();
    let mut operation = Operation { calendars: calendars.clone(), ..Operation::new(op) };
    let named = matches!(op, Op::EventGet | Op::ContactGet) || op.write().is_some();
    if !named {
        return operation;
    }
    let text = |name: &str| {
        body.and_then(|body| body.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let id = match (resource.item(), resource.collection()) {
        (Some(id), _) => Named::parse(id).map_or_else(|| id.to_owned(), |it| it.item().to_owned()),
        (None, Some(id)) if is_collection(op) => id.to_owned(),
        _ => text("transactionId"),
    };
    let title = match op {
        Op::CalendarCreate | Op::CalendarUpdate | Op::CalendarDelete => text("name"),
        Op::EventCreate | Op::EventUpdate => text("subject"),
        _ => text("displayName"),
    };
    let attendees = body.and_then(|body| body.get("attendees")).and_then(Value::as_array);
    let attendees = attendees.into_iter().flatten().filter_map(address_of).collect();
    operation.targets.push(Target { id, uid: String::new(), title, calendars, attendees });
    operation
}

fn is_collection(op: Op) -> bool {
    matches!(
        op,
        Op::CalendarUpdate | Op::CalendarDelete | Op::AddressBookUpdate | Op::AddressBookDelete
    )
}
