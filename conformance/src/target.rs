//! Which server is looked at, and as whom.

use std::fmt;

use base64::Engine as _;
use calamity_base::redact::Secret;
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
    /// The core of RFC 8620.
    Jmap,
}

impl Protocol {
    /// All of them.
    pub const ALL: [Protocol; 3] = [Protocol::Caldav, Protocol::Carddav, Protocol::Jmap];

    /// Its name on the command line and in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Caldav => "caldav",
            Protocol::Carddav => "carddav",
            Protocol::Jmap => "jmap",
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
}

/// A target that there is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The URL is none, or of a scheme that the client does not speak.
    #[error("`{url}` is no http URL; give it as http://host:port/path")]
    Url {
        /// The URL without its secrets.
        url: String,
    },
    /// There is no such protocol.
    #[error("no protocol `{name}`; there are caldav, carddav and jmap")]
    Protocol {
        /// What was asked for.
        name: String,
    },
}

impl Target {
    /// The server at a URL: its root, the context path of the protocol, or JMAP's session resource.
    ///
    /// # Errors
    /// When the URL is not an absolute one of the scheme `http`.
    pub fn new(
        url: &str,
        protocol: Protocol,
        credentials: Credentials,
    ) -> Result<Target, TargetError> {
        let error = || TargetError::Url { url: calamity_base::redact::url(url) };
        let uri: Uri = url.parse().map_err(|_| error())?;
        let authority = uri.authority().ok_or_else(error)?;
        if uri.scheme_str() != Some("http") {
            return Err(error());
        }
        let host = authority.as_str().rsplit('@').next().unwrap_or_default();
        let origin = format!("http://{host}");
        Ok(Target { protocol, credentials, origin, path: uri.path().to_owned() })
    }

    /// Its URL, without secrets.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}{}", self.origin, self.path)
    }
}
