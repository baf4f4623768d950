//! Which server is looked at, and as whom.

use std::fmt;

use base64::Engine as _;
use calamity_base::redact::Secret;
use calamity_base::tls::Trust;
use http::Uri;
use serde::{Deserialize, Serialize};

/// What the server should speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// RFC 4791 and what belongs to it.
    Caldav,
    /// RFC 6352 and what belongs to it.
    Carddav,
    /// RFC 8620, with calendars and contacts (RFC 9610) where they are there.
    Jmap,
    /// Microsoft Graph v1.0: calendars and contacts.
    Graph,
}

impl Protocol {
    /// All of them.
    pub const ALL: [Protocol; 4] =
        [Protocol::Caldav, Protocol::Carddav, Protocol::Jmap, Protocol::Graph];

    /// Its name on the command line and in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Caldav => "caldav",
            Protocol::Carddav => "carddav",
            Protocol::Jmap => "jmap",
            Protocol::Graph => "graph",
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Protocol {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Protocol, TargetError> {
        let found = Protocol::ALL.into_iter().find(|protocol| protocol.name() == text);
        found.ok_or_else(|| TargetError::Protocol { name: text.to_owned() })
    }
}

/// How requests are authorised.
#[derive(Clone, Debug, Default)]
pub enum Credentials {
    /// Not at all.
    #[default]
    None,
    /// A user and a password (RFC 7617).
    Basic {
        /// The user.
        user: String,
        /// The password.
        password: Secret,
    },
    /// A bearer token (RFC 6750).
    Bearer(Secret),
}

impl Credentials {
    /// The value of the `Authorization` header.
    pub(crate) fn header(&self) -> Option<String> {
        match self {
            Credentials::None => None,
            Credentials::Basic { user, password } => {
                let pair = format!("{user}:{}", password.expose());
                let encoded = base64::engine::general_purpose::STANDARD.encode(pair);
                Some(format!("Basic {encoded}"))
            }
            Credentials::Bearer(token) => Some(format!("Bearer {}", token.expose())),
        }
    }

    /// Every text that must not be shown.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let secret = match self {
            Credentials::None => return Vec::new(),
            Credentials::Basic { password, .. } => password.expose().to_owned(),
            Credentials::Bearer(token) => token.expose().to_owned(),
        };
        let header = self.header().unwrap_or_default();
        let encoded = header.split(' ').nth(1).unwrap_or_default().to_owned();
        [secret, encoded].into_iter().filter(|text| !text.is_empty()).collect()
    }
}

/// A server to look at.
#[derive(Clone, Debug)]
pub struct Target {
    /// What it should speak.
    pub protocol: Protocol,
    /// As whom requests are made.
    pub credentials: Credentials,
    pub(crate) origin: String,
    pub(crate) path: String,
    pub(crate) trust: Trust,
}

/// A target that there is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The URL is none, or of a scheme that the client does not speak.
    #[error("`{url}` is no URL of a server; give it as https://host:port/path")]
    Url {
        /// The URL without its secrets.
        url: String,
    },
    /// The URL has a user in it, and so perhaps a password.
    #[error("{url} was given with a user in it; say that apart, so that no password is in a URL")]
    Secret {
        /// The URL without its secrets.
        url: String,
    },
    /// There is no such protocol.
    #[error("no protocol `{name}`; there are caldav, carddav, jmap and graph")]
    Protocol {
        /// What was asked for.
        name: String,
    },
}

impl Target {
    /// The server at a URL: its root, the context path of the protocol, JMAP's session resource, or
    /// the version of Graph (`https://graph.microsoft.com/v1.0`).
    ///
    /// # Errors
    /// When the URL is not an absolute one of the scheme `http` or `https`, or names a user.
    pub fn new(
        url: &str,
        protocol: Protocol,
        credentials: Credentials,
    ) -> Result<Target, TargetError> {
        let shown = || calamity_base::redact::url(url);
        let error = || TargetError::Url { url: shown() };
        let uri: Uri = url.parse().map_err(|_| error())?;
        let host = uri.authority().ok_or_else(error)?.as_str();
        let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"));
        let scheme = scheme.ok_or_else(error)?;
        if host.contains('@') {
            return Err(TargetError::Secret { url: shown() });
        }
        let (origin, path) = (format!("{scheme}://{host}"), uri.path().to_owned());
        Ok(Target { protocol, credentials, origin, path, trust: Trust::web() })
    }

    /// This target, with a certificate that these authorities have signed.
    #[must_use]
    pub fn trusting(mut self, trust: Trust) -> Target {
        self.trust = trust;
        self
    }

    /// Its URL, without secrets.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}{}", self.origin, self.path)
    }
}
