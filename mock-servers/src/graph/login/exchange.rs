//! A request to the token endpoint, which is answered to anybody.

use calamity_base::http::Incoming;
use calamity_evidence::RequestId;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::discovery;
use super::form::Form;
use super::refusal::Refusal;
use super::registration::{Registration, guid};
use super::{approve_page, grant};
use crate::faults::ErrorEffect;
use crate::native::{Exchange, Host, Reply};
use crate::operation::{Op, Operation};
use crate::turn::Turn;
use crate::wire;

/// What a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Endpoint {
    Configuration,
    Instance,
    Keys,
    Token,
    DeviceCode,
    DeviceLogin,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct LoginCall {
    endpoint: Endpoint,
    tenant: String,
    method: Method,
    form: Form,
    origin: String,
    correlation: String,
    /// The place of the request among all, which makes it unlike every other.
    number: u64,
    operations: Vec<Operation>,
}

fn parse(path: &str) -> Option<(String, Endpoint)> {
    let segments: Vec<String> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| crate::graph::odata::decode(segment).to_ascii_lowercase())
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let (tenant, endpoint) = match segments.as_slice() {
        ["devicelogin"] => ("common", Endpoint::DeviceLogin),
        [tenant, "v2.0", ".well-known", "openid-configuration"]
        | [tenant, ".well-known", "openid-configuration"] => (*tenant, Endpoint::Configuration),
        [tenant, "discovery", "instance"] => (*tenant, Endpoint::Instance),
        [tenant, "discovery", "v2.0", "keys"] => (*tenant, Endpoint::Keys),
        [tenant, "oauth2", "v2.0", "token"] => (*tenant, Endpoint::Token),
        [tenant, "oauth2", "v2.0", "devicecode"] => (*tenant, Endpoint::DeviceCode),
        _ => return None,
    };
    Some((tenant.to_owned(), endpoint))
}

impl LoginCall {
    /// Takes a request; none where its path is not the token endpoint's.
    pub(crate) fn open(request: &Incoming, host: &Host) -> Option<Self> {
        let (tenant, endpoint) = parse(request.uri.path())?;
        let named = request.headers.get("client-request-id").and_then(|id| id.to_str().ok());
        let what = format!("{} {}", request.method, request.uri);
        Some(Self {
            endpoint,
            tenant,
            method: request.method.clone(),
            form: Form::read(request),
            origin: wire::origin(request),
            correlation: named.map_or_else(|| guid(host.seed, "correlation", &what), str::to_owned),
            number: 0,
            operations: vec![Operation::new(Op::Session)],
        })
    }

    fn answer(&self, turn: &mut Turn<'_>) -> Result<Value, Refusal> {
        if self.endpoint == Endpoint::Instance {
            return Ok(discovery::instance(&self.origin, &self.tenant));
        }
        let tenant = Registration::of(turn.host().seed).tenant_of(&self.tenant);
        let tenant = tenant.ok_or_else(|| Refusal::no_tenant(&self.tenant))?;
        match self.endpoint {
            Endpoint::Configuration => {
                Ok(discovery::configuration(&self.origin, &self.tenant, &tenant))
            }
            Endpoint::Token => {
                let issuer = discovery::issuer(&self.origin, &tenant);
                grant::token(turn, &self.form, &issuer, &tenant)
            }
            Endpoint::DeviceCode => grant::device_code(turn, &self.form, &self.origin),
            // Tokens are signed with nothing that a client could check.
            _ => Ok(json!({ "keys": [] })),
        }
    }

    fn fits(&self) -> bool {
        self.allowed().split(", ").any(|method| self.method.as_str() == method)
    }

    fn allowed(&self) -> &'static str {
        match self.endpoint {
            Endpoint::Token | Endpoint::DeviceCode => "POST",
            Endpoint::DeviceLogin => "GET, HEAD, POST",
            _ => "GET, HEAD",
        }
    }

    fn error(&self, error: &ErrorEffect) -> Reply {
        let body = json!({
            "error": error.code, "error_description": error.description,
            "correlation_id": self.correlation,
        });
        let status = error.status.and_then(|status| StatusCode::from_u16(status).ok());
        let reply = reply(status.unwrap_or(StatusCode::BAD_REQUEST), &body);
        match error.retry_after_s {
            Some(seconds) => wire::with_header(reply, header::RETRY_AFTER, &seconds.to_string()),
            None => reply,
        }
    }
}

impl Exchange for LoginCall {
    fn operations(&self) -> &[Operation] {
        &self.operations
    }

    fn came(&mut self, id: RequestId, _now: Timestamp) {
        self.number = id.0;
    }

    fn is_public(&self) -> bool {
        true
    }

    fn unauthorized(&self) -> Reply {
        wire::empty(StatusCode::UNAUTHORIZED)
    }

    fn refuse(&mut self, error: &ErrorEffect, _operation: usize) -> Option<Reply> {
        Some(self.error(error))
    }

    fn serve(&mut self, turn: &mut Turn<'_>) -> Reply {
        if !self.fits() {
            let reply = wire::empty(StatusCode::METHOD_NOT_ALLOWED);
            return wire::with_header(reply, header::ALLOW, self.allowed());
        }
        if self.endpoint == Endpoint::DeviceLogin {
            let form = (self.method == Method::POST).then_some(&self.form);
            return approve_page(turn, form);
        }
        let (seed, now) = (turn.host().seed, turn.now());
        match self.answer(turn) {
            Ok(body) => reply(StatusCode::OK, &body),
            Err(refusal) => {
                let status = StatusCode::from_u16(refusal.status);
                let body = refusal.to_value(seed, self.number, &self.correlation, now);
                reply(status.unwrap_or(StatusCode::BAD_REQUEST), &body)
            }
        }
    }

    fn damage(&self, _reply: Reply, error: &ErrorEffect, _operation: usize) -> Reply {
        self.error(error)
    }
}

fn reply(status: StatusCode, body: &Value) -> Reply {
    let mut reply = wire::json(status, "application/json; charset=utf-8", body);
    // RFC 6749 section 5.1.
    let no_store = HeaderValue::from_static("no-store");
    reply.headers_mut().insert(header::CACHE_CONTROL, no_store);
    let pragma = HeaderName::from_static("pragma");
    reply.headers_mut().insert(pragma, HeaderValue::from_static("no-cache"));
    reply
}
