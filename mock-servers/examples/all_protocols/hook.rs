//! Somebody who listens to what the servers tell: handshakes are answered, codes are kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use calamity_base::BoxFuture;
use calamity_base::http::{Answer, Handler, Incoming};
use http::Response;
use serde_json::Value;

/// See the module. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub(super) struct Hook(Arc<Mutex<BTreeMap<String, String>>>);

impl Hook {
    /// The code that a JMAP server has sent for a subscription.
    pub(super) fn code(&self, subscription: &str) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(subscription).cloned()
    }

    fn hear(&self, request: &Incoming) -> Bytes {
        if let Some(token) = request.uri.query().and_then(|it| it.strip_prefix("validationToken="))
        {
            return decoded(token).into();
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        if let (Some(id), Some(code)) =
            (body["pushSubscriptionId"].as_str(), body["verificationCode"].as_str())
        {
            let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            codes.insert(id.to_owned(), code.to_owned());
        }
        Bytes::new()
    }
}

impl Handler for Hook {
    fn handle(&self, request: Incoming) -> BoxFuture<'_, Answer> {
        Box::pin(async move {
            let mut answer = Response::new(self.hear(&request));
            let kind = http::HeaderValue::from_static("text/plain");
            answer.headers_mut().insert("content-type", kind);
            Answer::Full(answer)
        })
    }
}

fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        plain.extend(u8::from_str_radix(code, 16).ok().map(char::from));
        plain.push_str(rest);
    }
    plain
}
