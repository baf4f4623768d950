//! The one layer for retries, patience, credentials and links; no adapter has its own.
//!
//! A read is asked again after a lost answer. A write is asked again only when an answer says that
//! it was not carried out: a lost answer to a write is the caller's doubt. No error and no log
//! holds a credential or a body.

mod link;
mod patience;

#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use calamity_base::Env;
use calamity_base::http::Client;
use calamity_base::redact::Secret;
use http::header::{AUTHORIZATION, LOCATION};
use http::{HeaderMap, HeaderValue, Method, Request, Uri};
use jiff::{SignedDuration, Timestamp};

use super::Error;

pub(super) use link::{relative, same_origin};
pub(super) use patience::Patience;

/// How much of a run may be spent waiting because a server asked for it.
const BUDGET: Duration = Duration::from_secs(600);
const REDIRECTS_MAX: usize = 5;

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// What it is, in the words of the fault model: `event.create`, `feed.page`.
    pub(super) what: &'static str,
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// Whether it changes nothing at the server.
    pub(super) reads: bool,
}

/// A whole answer, of any status.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) what: &'static str,
    pub(super) status: u16,
    pub(super) body: Bytes,
    /// When the server may be asked again, where it said so.
    pub(super) retry_at: Option<Timestamp>,
}

/// A client for one account on one server.
#[derive(Debug)]
pub(super) struct Http {
    env: Env,
    client: Client,
    provider: String,
    home: Uri,
    token: Secret,
    patience: Patience,
    waited_ms: AtomicU64,
}

impl Http {
    /// A client that talks to the host of `home` and to no other.
    pub(super) fn new(
        env: &Env,
        provider: &str,
        home: &Uri,
        token: Secret,
        patience: Patience,
    ) -> Self {
        Self {
            env: env.clone(),
            client: Client::new(env),
            provider: provider.to_owned(),
            home: home.clone(),
            token,
            patience,
            waited_ms: AtomicU64::new(0),
        }
    }

    /// A new run begins, with a whole budget of patience.
    pub(super) fn begin_run(&self) {
        self.waited_ms.store(0, Ordering::Relaxed);
    }

    pub(super) fn now(&self) -> Timestamp {
        self.env.clock.now()
    }

    /// A link out of an answer as an address, when it stays on this server.
    pub(super) fn link(&self, what: &'static str, text: &str) -> Result<Uri, Error> {
        let uri = relative(&self.home, text)
            .ok_or_else(|| self.malformed(what, "holds a link that is no address".to_owned()))?;
        if same_origin(&self.home, &uri) {
            return Ok(uri);
        }
        let host = uri.host().unwrap_or_default();
        Err(self.malformed(what, format!("holds a link to another host, {host}: not followed")))
    }

    /// Sends a request until there is an answer that counts, or patience ends.
    ///
    /// # Errors
    /// [`Error::Transport`] without a whole answer; [`Error::Malformed`] for a redirect to another
    /// host. Every status is an answer, that of a server which is still too busy included.
    pub(super) async fn send(&self, call: &Call) -> Result<Reply, Error> {
        let mut uri = call.uri.clone();
        let (mut busy, mut lost, mut redirects) = (0, 0, 0);
        loop {
            let response = match self.client.send(self.request(call, &uri)).await {
                Ok(response) => response,
                Err(_) if call.reads && lost < patience::LOST_MAX => {
                    self.env.clock.sleep(patience::after_lost(lost)).await;
                    lost += 1;
                    continue;
                }
                Err(source) => {
                    let (provider, what) = (self.provider.clone(), call.what.to_owned());
                    return Err(Error::Transport { provider, what, source });
                }
            };
            let status = response.status().as_u16();
            let asked = patience::retry_after(response.headers(), self.now());
            if patience::is_busy(status) {
                let wait = asked.unwrap_or_else(|| self.patience.own(busy));
                if busy < self.patience.retries && self.afford(wait) {
                    self.env.clock.sleep(wait).await;
                    busy += 1;
                    continue;
                }
            } else if call.reads && patience::is_transient(status) && lost < patience::LOST_MAX {
                self.env.clock.sleep(patience::after_lost(lost)).await;
                lost += 1;
                continue;
            }
            if let Some(location) = redirect(call, status, response.headers())
                && redirects < REDIRECTS_MAX
            {
                uri = self.link(call.what, &link::against(&uri, location))?;
                redirects += 1;
                continue;
            }
            let retry_at = asked
                .and_then(|wait| self.now().checked_add(SignedDuration::try_from(wait).ok()?).ok());
            let body = response.into_body();
            return Ok(Reply { what: call.what, status, body, retry_at });
        }
    }

    /// The error of an answer that is no success.
    pub(super) fn status(&self, reply: &Reply, code: String, message: String) -> Error {
        Error::Status {
            provider: self.provider.clone(),
            what: reply.what.to_owned(),
            status: reply.status,
            code,
            message,
            retry_at: reply.retry_at,
        }
    }

    pub(super) fn malformed(&self, what: &str, problem: String) -> Error {
        Error::Malformed { provider: self.provider.clone(), what: what.to_owned(), problem }
    }

    pub(super) fn incomplete(&self, what: &str, problem: String) -> Error {
        Error::Incomplete { provider: self.provider.clone(), what: what.to_owned(), problem }
    }

    fn request(&self, call: &Call, uri: &Uri) -> Request<Bytes> {
        let mut request = Request::new(call.body.clone());
        *request.method_mut() = call.method.clone();
        *request.uri_mut() = uri.clone();
        *request.headers_mut() = call.headers.clone();
        if let Ok(mut value) = HeaderValue::from_str(&format!("Bearer {}", self.token.expose())) {
            value.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        request
    }

    /// Takes a wait out of the run's budget, when the whole of it fits: a server's wish is waited
    /// for in full or not at all.
    fn afford(&self, wait: Duration) -> bool {
        let wait = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        let budget = u64::try_from(BUDGET.as_millis()).unwrap_or(u64::MAX);
        let waited = self.waited_ms.load(Ordering::Relaxed);
        let sum = waited.saturating_add(wait);
        if sum > budget {
            return false;
        }
        self.waited_ms.store(sum, Ordering::Relaxed);
        true
    }
}

/// Where a redirect leads that may be followed: any for a read, one that keeps method and body for
/// a write.
fn redirect<'a>(call: &Call, status: u16, headers: &'a HeaderMap) -> Option<&'a str> {
    let follow = match status {
        307 | 308 => true,
        301..=303 => call.reads && call.method == Method::GET,
        _ => false,
    };
    headers.get(LOCATION).filter(|_| follow)?.to_str().ok()
}
