//! Whether there is anything to look at: one request before the first check, so that a wrong URL or
//! password is told as that and not as two hundred checks that do not hold.

use std::sync::Arc;

use calamity_base::Env;
use calamity_base::net::DialError;

use crate::client::{Ask, Client, Error, Guard, Outside, Reply};
use crate::target::{Credentials, Target};

/// Why nothing can be looked at.
#[derive(Debug, thiserror::Error)]
pub enum Unreachable {
    /// There was no answer.
    #[error("{url} cannot be reached")]
    Silent {
        /// The URL without its secrets.
        url: String,
        /// What happened.
        #[source]
        source: Error,
    },
    /// The certificate is nobody's whom the client trusts, or there is no TLS.
    #[error(
        "{url}: no TLS connection; a certificate of an authority of your own is trusted with --ca"
    )]
    Tls {
        /// The URL without its secrets.
        url: String,
    },
    /// The server wants credentials, and none were given.
    #[error("{url} asks for credentials and none were given")]
    Anonymous {
        /// The URL without its secrets.
        url: String,
    },
    /// The server does not take the credentials.
    #[error("{url} does not accept the credentials that were given")]
    Refused {
        /// The URL without its secrets.
        url: String,
    },
}

/// Asks once, with the credentials.
///
/// # Errors
/// When there is no answer, or when it is 401.
pub async fn reach(env: &Env, target: &Target) -> Result<(), Unreachable> {
    let (client, url) = (Client::new(env, target, Arc::new(Reading)), target.url());
    let path = if target.path.is_empty() { "/" } else { &target.path };
    // GET is what every server knows; any status but 401 says that somebody is there.
    match client.send(Ask::new("GET", path)).await {
        Ok(reply) if reply.status != 401 => Ok(()),
        Ok(_) if matches!(target.credentials, Credentials::None) => {
            Err(Unreachable::Anonymous { url })
        }
        Ok(_) => Err(Unreachable::Refused { url }),
        Err(error) if is_tls(&error) => Err(Unreachable::Tls { url }),
        Err(source) => Err(Unreachable::Silent { url, source }),
    }
}

fn is_tls(error: &Error) -> bool {
    matches!(error, Error::Http(calamity_base::http::Error::Dial { source: DialError::Tls, .. }))
}

/// Permits nothing but GET.
#[derive(Debug)]
struct Reading;

impl Guard for Reading {
    fn permit(&self, ask: &Ask) -> Result<(), Outside> {
        if ask.method == http::Method::GET { Ok(()) } else { Err(ask.outside("it only reads")) }
    }

    fn learn(&self, _: &Ask, _: &Reply) {}
}
