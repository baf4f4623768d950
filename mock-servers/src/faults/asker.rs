//! Who sends a request and what it looks like, for the rules that ask for it. Bodies are parsed when
//! the first rule looks into them, and once.

use std::sync::OnceLock;

use bytes::Bytes;
use calamity_base::http::Incoming;
use http::{HeaderMap, Method, Uri, header};
use serde_json::Value;

use crate::dav::xml::{self, Element, Limits};

/// See the module.
#[derive(Debug)]
pub(crate) struct Asker {
    /// The method.
    method: Method,
    /// The target as the client wrote it.
    pub(super) uri: Uri,
    /// The headers.
    pub(super) headers: HeaderMap,
    /// The body.
    body: Bytes,
    /// The connection.
    pub(super) connection: u64,
    /// The address of the user; empty for nobody known.
    pub(super) account: String,
    json: OnceLock<Option<Value>>,
    xml: OnceLock<Option<Element>>,
}

impl Asker {
    /// The sender of a request of a user.
    pub(crate) fn new(request: &Incoming, account: &str) -> Self {
        Self {
            method: request.method.clone(),
            uri: request.uri.clone(),
            headers: request.headers.clone(),
            body: request.body.clone(),
            connection: request.connection,
            account: account.to_owned(),
            json: OnceLock::new(),
            xml: OnceLock::new(),
        }
    }

    /// The user whose account the request is about.
    pub(crate) fn is_about(&mut self, account: &str) {
        account.clone_into(&mut self.account);
    }

    /// The same with one part of the envelope in the place of the whole.
    pub(crate) fn of_part(&self, target: &Uri) -> Self {
        Self {
            method: self.method.clone(),
            uri: target.clone(),
            headers: self.headers.clone(),
            body: Bytes::new(),
            connection: self.connection,
            account: self.account.clone(),
            json: OnceLock::new(),
            xml: OnceLock::new(),
        }
    }

    /// The request itself.
    pub(crate) fn request(&self) -> Incoming {
        Incoming {
            method: self.method.clone(),
            uri: self.uri.clone(),
            headers: self.headers.clone(),
            body: self.body.clone(),
            connection: self.connection,
        }
    }

    /// A header's text; none where there is none or it is no text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The program, as it calls itself.
    pub(super) fn client(&self) -> &str {
        self.header(header::USER_AGENT.as_str()).unwrap_or_default()
    }

    /// The body as JSON.
    pub(super) fn json(&self) -> Option<&Value> {
        self.json.get_or_init(|| serde_json::from_slice(&self.body).ok()).as_ref()
    }

    /// The body as XML.
    pub(super) fn xml(&self) -> Option<&Element> {
        self.xml.get_or_init(|| xml::read(&self.body, &Limits::default()).ok()).as_ref()
    }
}
