//! The question whether somebody listens at a notification URL: it is to answer with the token that it
//! is sent ("Receive change notifications through webhooks", notificationUrl validation).

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use jiff::Timestamp;

use super::wanted::{Wanted, invalid};
use crate::graph::call::Call;
use crate::graph::failure::Failure;
use crate::graph::odata::encode;
use crate::graph::route::Resource;

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Handshake {
    urls: Vec<String>,
    token: String,
    outcome: Result<(), Failure>,
}

impl Handshake {
    /// The handshake that a request begins; none where it makes no subscription.
    pub(crate) fn begin(call: &Call, now: Timestamp) -> Option<Self> {
        if call.method() != Method::POST || call.resource != Resource::Subscriptions {
            return None;
        }
        let wanted = Wanted::read(call, now).ok()?;
        let mut urls = vec![wanted.url];
        urls.extend(wanted.lifecycle_url.filter(|url| *url != urls[0]));
        let token = format!(
            "Validation: Testing client application reachability for subscription Request-Id: {}",
            call.names.request()
        );
        Some(Self { urls, token, outcome: Err(timed_out()) })
    }

    /// What is sent, one for each URL.
    pub(crate) fn requests(&self) -> Vec<Request<Bytes>> {
        let request = |url: &String| {
            let joint = if url.contains('?') { '&' } else { '?' };
            let uri = format!("{url}{joint}validationToken={}", encode(&self.token));
            Request::post(uri)
                .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
                .body(Bytes::new())
                .ok()
        };
        self.urls.iter().filter_map(request).collect()
    }

    /// Judges what came back.
    pub(crate) fn end(&mut self, answers: &[Option<Response<Bytes>>]) {
        self.outcome = answers.iter().try_for_each(|answer| self.judge(answer.as_ref()));
        if answers.len() < self.urls.len() {
            self.outcome = Err(timed_out());
        }
    }

    /// How it went.
    pub(super) fn outcome(&self) -> Result<(), Failure> {
        self.outcome.clone()
    }

    fn judge(&self, answer: Option<&Response<Bytes>>) -> Result<(), Failure> {
        let answer = answer.ok_or_else(timed_out)?;
        let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let is_text = kind.is_some_and(|kind| {
            let bare = kind.split(';').next().unwrap_or_default().trim();
            bare.eq_ignore_ascii_case("text/plain")
        });
        let fits = answer.status() == StatusCode::OK
            && is_text
            && answer.body().as_ref() == self.token.as_bytes();
        if fits { Ok(()) } else { Err(Failure::of("ValidationError")) }
    }
}

fn timed_out() -> Failure {
    invalid("Subscription validation request timed out.")
}
