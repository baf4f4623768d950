//! Who may ask the control API.
//!
//! It has no other users than whoever runs it, but a browser on the same machine is a way in for
//! others: a page can send requests to any port, and a name can be made to lead here when the page is
//! already there (DNS rebinding). So a name in `Host` must be one that nobody else can point here,
//! a request of a page must be of a page of this very server, and no answer is readable by others:
//! nothing here sends an `Access-Control-` header (Fetch, section 3.3). Where others reach the port,
//! it wants a token.

use std::net::{IpAddr, Ipv6Addr};

use calamity_base::http::{Incoming, Problem};
use calamity_base::redact::Secret;
use http::{HeaderName, Response, StatusCode, header};

use super::route::{Reply, refused};
use crate::control::config;

/// What any request may be answered with before its route is looked at.
pub(in crate::control) const REFUSALS: [Reply; 3] = [
    refused(401, "The control API has a token, and the request has it not."),
    refused(403, "The request is that of a page of another origin."),
    refused(421, "The request is for a host that is not this one, or not known to be."),
];

/// What a request must have.
#[derive(Debug, Default)]
pub(in crate::control) struct Guard {
    hosts: Vec<String>,
    token: Option<Secret>,
}

impl Guard {
    /// As the configuration says.
    pub(in crate::control) fn new(config: &config::Control) -> Self {
        let mut hosts = config.hosts.clone();
        hosts.push(config.listen.0.host.clone());
        Self { hosts, token: config.token.clone() }
    }

    /// Refuses a request that may not ask.
    pub(super) fn admit(&self, request: &Incoming) -> Result<(), Response<bytes::Bytes>> {
        let header = |name: HeaderName| request.headers.get(name).map(|value| value.to_str());
        let host = match header(header::HOST) {
            Some(host) => Some(host.unwrap_or_default()),
            None => request.uri.authority().map(http::uri::Authority::as_str),
        };
        // A request without a host is of no browser: every one sends it (RFC 9112, section 3.2).
        if let Some(host) = host.filter(|host| !self.is_here(host)) {
            let detail = format!(
                "`{host}` is not known to be this server: ask for 127.0.0.1 or localhost, or list \
                 it in `hosts` of `control` in the configuration"
            );
            return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST).detail(detail).response());
        }
        let own = |origin: &str| {
            let authority = origin.strip_prefix("http://");
            authority.is_some() && authority == host
        };
        if header(header::ORIGIN).is_some_and(|origin| !own(origin.unwrap_or_default())) {
            let detail = "pages of other origins may not use the control API".to_owned();
            return Err(Problem::new(StatusCode::FORBIDDEN).detail(detail).response());
        }
        let Some(token) = &self.token else { return Ok(()) };
        let given = header(header::AUTHORIZATION).and_then(Result::ok);
        let given = given.and_then(|text| text.split_once(' ')).filter(|(scheme, _)| {
            // The scheme's name has no case (RFC 9110, section 11.1).
            scheme.eq_ignore_ascii_case("bearer")
        });
        if given.is_some_and(|(_, given)| is_same(given.trim(), token.expose())) {
            return Ok(());
        }
        let detail =
            "send `Authorization: Bearer` and the `token` of `control` in the configuration";
        let mut response =
            Problem::new(StatusCode::UNAUTHORIZED).detail(detail.to_owned()).response();
        let challenge = http::HeaderValue::from_static("Bearer");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        Err(response)
    }

    /// Whether nobody else can have made a host lead here: addresses are no names, `localhost` is
    /// the loopback everywhere (RFC 6761, section 6.3), and the others are listed.
    fn is_here(&self, authority: &str) -> bool {
        let host = match authority.strip_prefix('[') {
            Some(rest) => match rest.split_once(']') {
                Some((address, _)) => return address.parse::<Ipv6Addr>().is_ok(),
                None => return false,
            },
            None => authority.rsplit_once(':').map_or(authority, |(host, _)| host),
        };
        let host = host.strip_suffix('.').unwrap_or(host);
        let named = |known: &str| host.eq_ignore_ascii_case(known);
        host.parse::<IpAddr>().is_ok()
            || named("localhost")
            || host.to_ascii_lowercase().ends_with(".localhost")
            || self.hosts.iter().any(|known| named(known))
    }
}

/// Compared by their hashes, so that the time it takes says nothing of where they differ.
fn is_same(one: &str, other: &str) -> bool {
    blake3::hash(one.as_bytes()) == blake3::hash(other.as_bytes())
}
