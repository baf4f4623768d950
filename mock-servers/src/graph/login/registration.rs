//! The tenant and the application that are known, and who may have a token.

use crate::account::derive;
use crate::directory::{Directory, UserId};
use crate::server::{Protocol, Server};
use crate::wire::Login;

/// What a client of a Graph server has to be told to sign in. Its secret is the credential of the
/// server's owner.
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
    /// What is registered on the server of that seed.
    pub(crate) fn of(seed: u64) -> Self {
        Self { tenant: guid(seed, "tenant", ""), client: guid(seed, "application", "") }
    }

    /// Whether the tenant's segment of a path names this tenant: by id, by the domain of a user, or by
    /// the names that stand for any tenant.
    pub(crate) fn is_tenant(&self, segment: &str, directory: &Directory) -> bool {
        let domain = |user: &str| {
            user.split_once('@').is_some_and(|(_, domain)| domain.eq_ignore_ascii_case(segment))
        };
        let any = ["common", "organizations", "consumers"];
        segment.eq_ignore_ascii_case(&self.tenant)
            || any.iter().any(|name| segment.eq_ignore_ascii_case(name))
            || directory.users().any(|(_, host)| domain(&host.owner))
    }

    /// Whether a secret is the application's.
    pub(crate) fn is_secret(directory: &Directory, secret: &str) -> bool {
        directory.authenticate(&Login::Bearer(secret.to_owned())) == Some(UserId::OWNER)
    }
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
