//! The tenant and the application of the server, and who may have a token.

use crate::account::derive;
use crate::directory::{Directory, UserId};
use crate::server::{Protocol, Server};
use crate::wire::Login;

/// What a client of a Graph server can be told to sign in; other ids do as well. Its secret is the
/// credential of any user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The directory's id, the first segment of the authority's path.
    pub tenant: String,
    /// The application's id.
    pub client: String,
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Registration {
    /// The tenant's id.
    pub(crate) tenant: String,
    /// The application's id.
    pub(crate) client: String,
}

impl Registration {
    /// What the server of that seed calls its own.
    pub(crate) fn of(seed: u64) -> Self {
        Self { tenant: guid(seed, "tenant", ""), client: guid(seed, "application", "") }
    }

    /// The tenant that a path's segment names; none where it has the form of no tenant's name. Every
    /// GUID and every domain is taken for a tenant's, so that clients need not be configured for a
    /// test server: a GUID for that of another tenant, a domain and the names that stand for any
    /// tenant for this one.
    pub(crate) fn tenant_of(&self, segment: &str) -> Option<String> {
        let segment = segment.to_ascii_lowercase();
        if is_guid(&segment) {
            return Some(segment);
        }
        let any = ["common", "organizations", "consumers"].contains(&segment.as_str());
        (any || is_domain(&segment)).then(|| self.tenant.clone())
    }

    /// Whether a secret is an application's: the credential of any user.
    pub(crate) fn is_secret(directory: &Directory, secret: &str) -> bool {
        directory.authenticate(&Login::Bearer(secret.to_owned())).is_some()
    }
}

fn is_guid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// At least two labels (RFC 1035 section 2.3.1).
fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=63).contains(&label.len()) && plain
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(label)
}

/// An id in the form of a GUID.
pub(crate) fn guid(seed: u64, kind: &str, key: &str) -> String {
    let digits = derive(seed, kind, key, 0) + &derive(seed, kind, key, 1);
    let part = |from: usize, upto: usize| &digits[from..upto];
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

impl Server {
    /// How to sign in on a Graph server; none on any other.
    #[must_use]
    pub fn sign_in(&self) -> Option<SignIn> {
        if self.shared().protocol != Protocol::Graph {
            return None;
        }
        let seed = self.shared().directory.host(UserId::OWNER).seed;
        let Registration { tenant, client } = Registration::of(seed);
        Some(SignIn { tenant, client })
    }
}
