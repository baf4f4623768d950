//! One request and its answer, within the limits of the server.

use std::sync::Arc;

use ::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use bytes::Bytes;
use hyper::body::Incoming as Received;
use tokio::sync::Semaphore;

use super::{
    Answer, Incoming, Problem,
    activity::{Activity, Busy, Ending},
    body::{Kind, Sent, Wait},
    io::Flushes,
    receive::{Bounds, Reserved, Uncollected, collect},
    server::Shared,
    sniff::Version,
};
use crate::{Clock, process::Stopped};

/// What of a connection an answer needs.
#[derive(Clone, Debug)]
pub(super) struct Wire {
    pub(super) number: u64,
    pub(super) version: Version,
    pub(super) flushes: Flushes,
    pub(super) activity: Activity,
    /// As many as the connection may have requests in hand.
    pub(super) turns: Arc<Semaphore>,
}

/// The connection failed before the request was there.
#[derive(Debug, thiserror::Error)]
#[error("the request did not arrive")]
pub(super) struct Gone;

/// Receives the rest of a request and answers it. Every answer states when it was made (RFC 9110,
/// section 6.6.1), unless the handler stated that itself.
pub(super) async fn answer(
    shared: Arc<Shared>,
    wire: Wire,
    request: Request<Received>,
) -> Result<Response<Sent>, Gone> {
    let mut response = undated(&shared, &wire, request).await?;
    if let Some(now) = date(&shared.clock) {
        response.headers_mut().entry(header::DATE).or_insert(now);
    }
    Ok(response)
}

/// What a Date header says; none where the clock stands beyond the dates that it can state.
pub(super) fn date(clock: &Clock) -> Option<HeaderValue> {
    let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
    let text = printer.timestamp_to_rfc9110_string(&clock.now()).ok()?;
    HeaderValue::from_str(&text).ok()
}

async fn undated(
    shared: &Arc<Shared>,
    wire: &Wire,
    request: Request<Received>,
) -> Result<Response<Sent>, Gone> {
    let busy = wire.activity.begin();
    let (parts, mut body) = request.into_parts();
    let limits = &shared.limits;
    if parts.headers.len() > limits.max_headers {
        let problem = Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
        let problem = problem.detail(format!("more than {} headers", limits.max_headers));
        return Ok(last(problem, wire, busy));
    }
    let mut reserved = shared.bodies.reserve();
    let bounds = Bounds { max: limits.max_body, server: Some((limits, &mut reserved)) };
    let body = match collect(&mut body, bounds).await {
        Ok(body) => body,
        Err(Uncollected::Failed(_)) => return Err(Gone),
        Err(Uncollected::TooLarge) => {
            let detail = format!("the body exceeds {} bytes", limits.max_body);
            let problem = Problem::new(StatusCode::PAYLOAD_TOO_LARGE).detail(detail);
            return Ok(last(problem, wire, busy));
        }
        Err(Uncollected::TooSlow) => {
            return Ok(last(Problem::new(StatusCode::REQUEST_TIMEOUT), wire, busy));
        }
        Err(Uncollected::Full) => return Ok(overfull(wire, busy)),
    };
    let head = parts.method == Method::HEAD;
    let incoming = Incoming {
        method: parts.method,
        uri: match &shared.tls {
            Some(_) => absolute(parts.uri, &parts.headers),
            None => parts.uri,
        },
        headers: parts.headers,
        body,
        connection: wire.number,
    };
    let answer = handled(shared, wire, incoming, reserved).await;
    Ok(render(shared, wire, answer, head, busy).await)
}

/// The target of a request over TLS as HTTP/2 would state it, with scheme and authority (RFC 9112,
/// section 3.3), so that a handler can tell what its own URLs begin with.
pub(super) fn absolute(uri: Uri, headers: &HeaderMap) -> Uri {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let (Some(host), None, true) = (host, uri.scheme(), target.starts_with('/')) else {
        return uri;
    };
    let stated = Uri::builder().scheme("https").authority(host).path_and_query(target);
    stated.build().unwrap_or(uri)
}

/// Lets the handler work in a task of its own, so that a client that goes away does not stop
/// half-way what it asked for.
async fn handled(shared: &Shared, wire: &Wire, incoming: Incoming, reserved: Reserved) -> Answer {
    let turn = match wire.version {
        Version::One => None,
        // A client may reset its streams as fast as it opens them.
        Version::Two => wire.turns.clone().acquire_owned().await.ok(),
    };
    let handler = shared.handler.clone();
    let task = shared.process.spawn("http.handle", async move {
        let _held = (turn, reserved);
        handler.handle(incoming).await
    });
    match task.await {
        Ok(answer) => answer,
        Err(Stopped::Killed { .. } | Stopped::Aborted) => std::future::pending().await,
        Err(Stopped::Panicked { message }) => panic!("a request handler panicked: {message}"),
    }
}

async fn render(
    shared: &Shared,
    wire: &Wire,
    answer: Answer,
    head: bool,
    busy: Busy,
) -> Response<Sent> {
    let (response, kind) = match answer {
        Answer::Full(response) => whole(response, wire),
        // There is no body to do anything to (RFC 9110, section 9.3.2).
        Answer::Truncated { response, .. } | Answer::Dribbled { response, .. } if head => {
            whole(response, wire)
        }
        Answer::Truncated { response, after } => truncated(response, after, wire),
        Answer::Dribbled { response, bytes, every } => {
            let wait = Wait { clock: shared.clock.clone(), every };
            let (parts, body) = response.into_parts();
            (
                Response::from_parts(parts, ()),
                Kind::dribbled(body, bytes, wait, wire.version, &wire.activity),
            )
        }
        Answer::Streamed { head, pieces } => {
            (head, Kind::streamed(pieces, wire.version, &wire.activity))
        }
        Answer::Garbage(bytes) => return ended(wire, Ending::Garbage(bytes)).await,
        Answer::Reset => return ended(wire, Ending::Reset).await,
        Answer::Close => return ended(wire, Ending::Close).await,
        Answer::HalfClose => return ended(wire, Ending::HalfClose).await,
        Answer::Hang if wire.version == Version::One => return ended(wire, Ending::Hang).await,
        // The other streams of the connection go on.
        Answer::Hang => return std::future::pending().await,
    };
    let (mut parts, ()) = response.into_parts();
    if !head || wire.version == Version::One {
        // On HTTP/1 hyper knows that an answer to HEAD has no body.
        return Response::from_parts(parts, Sent::new(kind, busy));
    }
    if let Some(length) = kind.length() {
        parts.headers.entry(header::CONTENT_LENGTH).or_insert_with(|| HeaderValue::from(length));
    }
    Response::from_parts(parts, Sent::new(Kind::Whole(None), busy))
}

/// The connection's task ends the connection, and this with it.
async fn ended(wire: &Wire, ending: Ending) -> Response<Sent> {
    wire.activity.end(ending);
    std::future::pending().await
}

fn whole(response: Response<Bytes>, wire: &Wire) -> (Response<()>, Kind) {
    let (parts, body) = response.into_parts();
    (Response::from_parts(parts, ()), Kind::whole(body, wire.version, &wire.activity))
}

/// The head promises the whole body by its length, or, when the response says chunked, an end that
/// never comes (RFC 9112, section 8).
fn truncated(response: Response<Bytes>, after: usize, wire: &Wire) -> (Response<()>, Kind) {
    if after >= response.body().len() {
        return whole(response, wire);
    }
    let (mut parts, body) = response.into_parts();
    if parts.headers.contains_key(header::TRANSFER_ENCODING) {
        parts.headers.remove(header::CONTENT_LENGTH);
    } else {
        parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    let part = body.slice(..after);
    let kind = Kind::cut(part, wire.version, wire.flushes.clone(), &wire.activity);
    (Response::from_parts(parts, ()), kind)
}

fn overfull(wire: &Wire, busy: Busy) -> Response<Sent> {
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE);
    let mut response = last(problem.detail("the server holds as much as it can"), wire, busy);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// The last answer of a connection, which cannot go on after half a request. On HTTP/2 only the
/// stream ends, and hyper leaves the header out.
fn last(problem: Problem, wire: &Wire, busy: Busy) -> Response<Sent> {
    let mut response = problem.response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response.map(|body| Sent::new(Kind::whole(body, wire.version, &wire.activity), busy))
}
