//! One HTTP request to the server, from its path to its answer.

use std::collections::BTreeMap;

use bytes::Bytes;
use calamity_base::http::Incoming;
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Map, Value, json};

use super::blob::{Download, Upload};
use super::dispatch::Response;
use super::errors::{self, MethodError, RequestError};
use super::push::Watch;
use super::request::{self, Api};
use super::session::{self, API, DOWNLOAD, EVENT_SOURCE, SESSION, UPLOAD};
use super::{dispatch, kept, operations};
use crate::faults::ErrorEffect;
use crate::native::{Exchange, Host, Reply};
use crate::operation::{Op, Operation};
use crate::spliced;
use crate::turn::Turn;
use crate::wire;

const JSON: &str = "application/json";

/// The methods of what can only be read.
const READ: &str = "GET, HEAD";

/// What a path leads to.
#[derive(Debug)]
enum Route {
    /// `/.well-known/jmap`: the session is elsewhere.
    Discovery,
    Session,
    Api(Api),
    Upload(Upload),
    Download(Download),
    /// Streamed to the user who asks, once it is known who that is.
    Events(Watch),
    Wrong(Wrong),
}

#[derive(Debug)]
enum Wrong {
    NoSuchPath,
    /// With those that there are.
    NoSuchMethod(&'static str),
    Request(RequestError),
    /// A body in a content coding.
    Coded,
    /// Parameters that are none, and why.
    Parameters(&'static str),
}

/// See the module.
#[derive(Debug)]
pub(super) struct JmapExchange {
    route: Route,
    origin: String,
    operations: Vec<Operation>,
    /// The call to which each operation belongs.
    calls: Vec<usize>,
    forced: BTreeMap<usize, ErrorEffect>,
}

impl JmapExchange {
    pub(super) fn open(incoming: &Incoming, host: &Host) -> Self {
        let route = match (incoming.uri.path(), &incoming.method) {
            // HEAD is GET without the body (RFC 9110 section 9.3.2), which the server of HTTP leaves
            // out.
            ("/.well-known/jmap", &(Method::GET | Method::HEAD)) => Route::Discovery,
            (SESSION, &(Method::GET | Method::HEAD)) => Route::Session,
            (API, &Method::POST) if wire::is_coded(&incoming.headers) => Route::Wrong(Wrong::Coded),
            (API, &Method::POST) => {
                match request::parse(&incoming.headers, &incoming.body, &host.profile.jmap) {
                    Ok(api) => Route::Api(api),
                    Err(error) => Route::Wrong(Wrong::Request(error)),
                }
            }
            (EVENT_SOURCE, &Method::GET) => match Watch::read(incoming) {
                Ok(watch) => Route::Events(watch),
                Err(why) => Route::Wrong(Wrong::Parameters(why)),
            },
            ("/.well-known/jmap" | SESSION, _) => Route::Wrong(Wrong::NoSuchMethod(READ)),
            (API, _) => Route::Wrong(Wrong::NoSuchMethod("POST")),
            (EVENT_SOURCE, _) => Route::Wrong(Wrong::NoSuchMethod("GET")),
            (path, method) => binary(incoming, path, method),
        };
        let mut operations = Vec::new();
        let mut calls = Vec::new();
        match &route {
            Route::Discovery | Route::Session => operations.push(Operation::new(Op::Session)),
            Route::Api(api) => {
                for (index, call) in api.calls.iter().enumerate() {
                    let of_call = operations::of(&call.name, &call.arguments);
                    calls.extend(of_call.iter().map(|_| index));
                    operations.extend(of_call);
                }
            }
            Route::Upload(_) => operations.push(Operation::new(Op::BlobUpload)),
            Route::Download(_) => operations.push(Operation::new(Op::BlobDownload)),
            Route::Events(_) => operations.push(Operation::new(Op::Subscribe)),
            Route::Wrong(_) => operations.push(Operation::new(Op::Other)),
        }
        let forced = BTreeMap::new();
        Self { route, origin: wire::origin(incoming), operations, calls, forced }
    }

    fn api(&self, turn: &mut Turn<'_>, api: &Api) -> Reply {
        let place = kept::Place::of(turn, api).filter(|_| self.forced.is_empty());
        if let Some(answer) = place.and_then(|place| place.find(turn, api)) {
            return wire::json_text(StatusCode::OK, JSON, answer);
        }
        let (responses, created) = dispatch::run(turn, api, &self.forced);
        let state = session::state(turn.directory().host(turn.home()));
        let mut answer = Map::from_iter([("sessionState".to_owned(), json!(state))]);
        if api.created_ids.is_some() {
            answer.insert("createdIds".to_owned(), json!(created));
        }
        let mut text = String::new();
        spliced::with(&mut text, &answer, "methodResponses", |text| {
            text.push('[');
            for (nth, response) in responses.iter().enumerate() {
                if nth > 0 {
                    text.push(',');
                }
                response.write(text);
            }
            text.push(']');
        });
        let answer = Bytes::from(text);
        let is_refused = responses.iter().any(Response::is_error);
        if let Some(place) = place.filter(|_| !is_refused) {
            place.keep(turn, api, &answer);
        }
        wire::json_text(StatusCode::OK, JSON, answer)
    }
}

/// The routes of binary data.
fn binary(incoming: &Incoming, path: &str, method: &Method) -> Route {
    if let Some(rest) = path.strip_prefix(UPLOAD) {
        return match (method, Upload::new(incoming, rest)) {
            (_, None) => Route::Wrong(Wrong::NoSuchPath),
            (&Method::POST, Some(_)) if wire::is_coded(&incoming.headers) => {
                Route::Wrong(Wrong::Coded)
            }
            (&Method::POST, Some(upload)) => Route::Upload(upload),
            _ => Route::Wrong(Wrong::NoSuchMethod("POST")),
        };
    }
    if let Some(rest) = path.strip_prefix(DOWNLOAD) {
        return match (method, Download::new(incoming, rest)) {
            (_, None) => Route::Wrong(Wrong::NoSuchPath),
            (&(Method::GET | Method::HEAD), Some(download)) => Route::Download(download),
            _ => Route::Wrong(Wrong::NoSuchMethod(READ)),
        };
    }
    Route::Wrong(Wrong::NoSuchPath)
}

impl Exchange for JmapExchange {
    fn operations(&self) -> &[Operation] {
        &self.operations
    }

    fn is_public(&self) -> bool {
        matches!(self.route, Route::Discovery)
    }

    fn unauthorized(&self) -> Reply {
        let reply = errors::plain(401, "the request carries no valid credential");
        let mut reply = wire::with_header(reply, header::WWW_AUTHENTICATE, "Bearer realm=\"jmap\"");
        let basic = HeaderValue::from_static("Basic realm=\"jmap\", charset=\"UTF-8\"");
        reply.headers_mut().append(header::WWW_AUTHENTICATE, basic);
        reply
    }

    fn lane(&self) -> String {
        match &self.route {
            Route::Upload(_) => "upload",
            Route::Events(_) => "events",
            _ => "",
        }
        .to_owned()
    }

    fn too_many(&self, in_flight: usize, host: &Host) -> Option<Reply> {
        let limits = &host.profile.jmap;
        let (most, name) = match &self.route {
            Route::Api(_) => (limits.max_concurrent_requests, "maxConcurrentRequests"),
            Route::Upload(_) => (limits.max_concurrent_upload, "maxConcurrentUpload"),
            _ => return None,
        };
        (in_flight > most).then(|| RequestError::limit(name).reply())
    }

    fn stream(&self) -> Option<Watch> {
        if let Route::Events(watch) = &self.route { Some(watch.clone()) } else { None }
    }

    fn refuse(&mut self, error: &ErrorEffect, operation: usize) -> Option<Reply> {
        if let Some(reply) = errors::request_fault(error) {
            return Some(reply);
        }
        match self.calls.get(operation) {
            Some(call) => {
                self.forced.entry(*call).or_insert_with(|| error.clone());
                None
            }
            None => Some(errors::plain(503, &error.code)),
        }
    }

    fn serve(&mut self, turn: &mut Turn<'_>) -> Reply {
        if let Route::Events(watch) = &mut self.route {
            *watch = watch.clone().of(turn.home());
        }
        match &self.route {
            Route::Discovery => {
                let reply = wire::empty(StatusCode::MOVED_PERMANENTLY);
                wire::with_header(reply, header::LOCATION, SESSION)
            }
            Route::Session => {
                let session = session::session(turn.directory(), turn.home(), &self.origin);
                let reply = wire::json(StatusCode::OK, JSON, &session);
                wire::with_header(
                    reply,
                    header::CACHE_CONTROL,
                    "no-cache, no-store, must-revalidate",
                )
            }
            Route::Api(api) => self.api(turn, api),
            Route::Upload(upload) => upload.serve(turn),
            Route::Download(download) => download.serve(turn),
            Route::Events(_) => Watch::head(),
            Route::Wrong(Wrong::Request(error)) => error.reply(),
            Route::Wrong(Wrong::Coded) => {
                wire::uncoded_only(errors::plain(415, "the body is in a content coding"))
            }
            Route::Wrong(Wrong::Parameters(why)) => errors::plain(400, why),
            Route::Wrong(Wrong::NoSuchPath) => errors::plain(404, "there is nothing here"),
            Route::Wrong(Wrong::NoSuchMethod(allowed)) => {
                let reply = errors::plain(405, "not with this method");
                wire::with_header(reply, header::ALLOW, allowed)
            }
        }
    }

    fn damage(&self, mut reply: Reply, error: &ErrorEffect, operation: usize) -> Reply {
        if let Some(instead) = errors::request_fault(error) {
            return instead;
        }
        let Some(call) = self.calls.get(operation) else {
            return errors::plain(500, &error.code);
        };
        if let Ok(mut answer) = serde_json::from_slice::<Value>(reply.body())
            && let Some(response) = answer.pointer_mut(&format!("/methodResponses/{call}"))
        {
            let id = response.get(2).cloned().unwrap_or_default();
            *response = json!(["error", MethodError::fault(error).value(), id]);
            *reply.body_mut() = answer.to_string().into();
        }
        reply
    }
}
