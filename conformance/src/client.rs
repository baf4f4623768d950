//! The client of the checks. The rule it keeps: what a guard does not permit is not sent.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use calamity_base::{Env, http as base};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};

use crate::check::{Verdict, expect};
use crate::exchange::{Exchange, Veil};
use crate::target::Target;

/// The largest answer that is read, in bytes.
const ANSWER_MAX: usize = 32 * 1024 * 1024;
/// How many exchanges of one check are kept as evidence: the last ones.
const EXCHANGES_MAX: usize = 24;

/// A write that would touch what the run did not make.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("refused to send {method} {target}: {reason}")]
pub struct Outside {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// What it would have touched.
    pub reason: String,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The client refused to ask.
    #[error(transparent)]
    Outside(#[from] Outside),
    /// The server did not answer.
    #[error(transparent)]
    Http(#[from] calamity_base::http::Error),
    /// The request cannot be written as HTTP.
    #[error("{method} {target} is no HTTP request: {reason}")]
    Unsendable {
        /// The method.
        method: String,
        /// Path and query.
        target: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// Decides what may be sent, and learns from answers what the run has made.
pub(crate) trait Guard: Send + Sync {
    /// Refuses a request that writes outside of what the run has made.
    fn permit(&self, ask: &Ask) -> Result<(), Outside>;
    /// Looks at an answer.
    fn learn(&self, ask: &Ask, reply: &Reply);
}

/// Whether a request carries the credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Authority {
    /// Those of the target.
    Own,
    /// None.
    Nobody,
    /// This header, which is wrong.
    Wrong(String),
}

/// A request to make.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
    pub(crate) authority: Authority,
}

impl Ask {
    pub(crate) fn new(method: &str, target: impl Into<String>) -> Ask {
        // The methods are this crate's own constants.
        let method = Method::from_bytes(method.as_bytes()).unwrap_or(Method::OPTIONS);
        let target = target.into();
        Ask { method, target, headers: Vec::new(), body: Bytes::new(), authority: Authority::Own }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Ask {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn body(mut self, kind: &str, body: impl Into<Bytes>) -> Ask {
        self.body = body.into();
        self.header("content-type", kind)
    }

    pub(crate) fn authority(mut self, authority: Authority) -> Ask {
        self.authority = authority;
        self
    }

    pub(crate) fn outside(&self, reason: impl Into<String>) -> Outside {
        let (method, target) = (self.method.to_string(), self.target.clone());
        Outside { method, target, reason: reason.into() }
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Reply {
    /// A header's value, if it is there and text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Fails unless the status is one of these.
    pub(crate) fn status(&self, what: &str, wanted: &[u16]) -> Verdict {
        let list: Vec<String> = wanted.iter().map(u16::to_string).collect();
        expect(
            wanted.contains(&self.status),
            format!("{what}: status {}", list.join(" or ")),
            format!("status {}", self.status),
        )
    }

    /// Fails unless it succeeded.
    pub(crate) fn success(&self, what: &str) -> Verdict {
        let found = format!("status {}", self.status);
        expect(self.is_success(), format!("{what} succeeds"), found)
    }

    /// Fails unless the request was refused as the client's mistake.
    pub(crate) fn refused(&self, what: &str) -> Verdict {
        let found = format!("status {}", self.status);
        expect((400..500).contains(&self.status), format!("{what}: refused with 4xx"), found)
    }
}

/// The client of one run.
pub(crate) struct Client {
    http: base::Client,
    target: Target,
    guard: Arc<dyn Guard>,
    veil: Veil,
    log: Mutex<Vec<Exchange>>,
}

impl Client {
    pub(crate) fn new(env: &Env, target: &Target, guard: Arc<dyn Guard>) -> Client {
        let limits = base::ClientLimits { max_body: ANSWER_MAX, ..base::ClientLimits::default() };
        Client {
            http: base::Client::with_limits(env, limits).trusting(target.trust.clone()),
            target: target.clone(),
            guard,
            veil: Veil::new(target.credentials.secrets()),
            log: Mutex::default(),
        }
    }

    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// Asks, if the guard permits it.
    pub(crate) async fn send(&self, ask: Ask) -> Result<Reply, Error> {
        self.guard.permit(&ask)?;
        let request = self.request(&ask)?;
        let (method, target) = (ask.method.to_string(), self.veil.target(&ask.target));
        let request_headers = self.veil.headers(request.headers());
        let request_body = self.veil.body(&ask.body);
        let answered = self.http.send(request).await;
        let (status, response_headers, response_body) = match &answered {
            Ok(response) => (
                Ok(response.status().as_u16()),
                self.veil.headers(response.headers()),
                self.veil.body(response.body()),
            ),
            Err(error) => (Err(self.veil.text(&error.to_string())), Vec::new(), String::new()),
        };
        self.record(Exchange {
            method,
            target,
            request_headers,
            request_body,
            status,
            response_headers,
            response_body,
        });
        let (parts, body) = answered?.into_parts();
        let reply = Reply { status: parts.status.as_u16(), headers: parts.headers, body };
        self.guard.learn(&ask, &reply);
        Ok(reply)
    }

    /// What was exchanged since the last time.
    pub(crate) fn take_exchanges(&self) -> Vec<Exchange> {
        std::mem::take(&mut *self.log())
    }

    pub(crate) fn veil(&self) -> &Veil {
        &self.veil
    }

    fn record(&self, exchange: Exchange) {
        let mut log = self.log();
        if log.len() >= EXCHANGES_MAX {
            log.remove(0);
        }
        log.push(exchange);
    }

    fn log(&self) -> MutexGuard<'_, Vec<Exchange>> {
        lock(&self.log)
    }

    fn request(&self, ask: &Ask) -> Result<Request<Bytes>, Error> {
        let unsendable = |error: &dyn std::fmt::Display| Error::Unsendable {
            method: ask.method.to_string(),
            target: self.veil.target(&ask.target),
            reason: error.to_string(),
        };
        let uri = format!("{}{}", self.target.origin, ask.target);
        let mut request = Request::builder()
            .method(ask.method.clone())
            .uri(uri)
            .body(ask.body.clone())
            .map_err(|error| unsendable(&error))?;
        let authorization = match &ask.authority {
            Authority::Own => self.target.credentials.header(),
            Authority::Nobody => None,
            Authority::Wrong(header) => Some(header.clone()),
        };
        let own = [("user-agent", "calamity-conform".to_owned())];
        let authorization = authorization.map(|value| ("authorization", value));
        let headers = ask.headers.iter().cloned().chain(own).chain(authorization);
        for (name, value) in headers {
            // Bytes, so that a name in UTF-8 can be sent as it is.
            let value =
                HeaderValue::from_bytes(value.as_bytes()).map_err(|error| unsendable(&error))?;
            request.headers_mut().append(HeaderName::from_static(name), value);
        }
        Ok(request)
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("target", &self.target.url()).finish_non_exhaustive()
    }
}

/// Locks what no panic leaves half changed.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
