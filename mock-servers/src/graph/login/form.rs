//! A body of `application/x-www-form-urlencoded`, with the client's credential from wherever it is.

use std::fmt;

use calamity_base::http::Incoming;

use crate::graph::odata::Query;
use crate::wire::{self, Login};

/// The parameters of a request. They hold secrets, so they are not shown.
pub(super) struct Form {
    body: Query,
    /// Of HTTP Basic authentication (RFC 6749 section 2.3.1).
    client: Option<(String, String)>,
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Form").finish_non_exhaustive()
    }
}

impl Form {
    pub(super) fn read(request: &Incoming) -> Self {
        let client = match wire::login(request) {
            Some(Login::Basic { name, password }) => Some((name, password)),
            _ => None,
        };
        Self { body: Query::parse(&String::from_utf8_lossy(&request.body)), client }
    }

    /// A parameter that says something.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let given = self.body.get(name).filter(|value| !value.is_empty());
        given.or(match (name, &self.client) {
            ("client_id", Some((id, _))) => Some(id.as_str()),
            ("client_secret", Some((_, secret))) => Some(secret.as_str()),
            _ => None,
        })
    }
}
