//! Why a fleet of mock servers could not be started: the thing, the place and the way out.

use std::io;

use calamity_base::tls;
use thiserror::Error;

use super::Mismatch;
use crate::profiles::UnknownProfile;
use crate::world::Unreadable;

/// Why nothing is served.
#[derive(Debug, Error)]
pub enum Error {
    /// The address is taken, or is none of this machine.
    #[error("{what} cannot listen on {address}: {hint}")]
    Listen {
        /// Which server.
        what: String,
        /// Where.
        address: String,
        /// What the machine says and what to do about it.
        hint: String,
        /// What the machine says.
        #[source]
        source: io::Error,
    },
    /// A file of the configuration cannot be read.
    #[error("cannot read {path}, which {what} names: {why}")]
    File {
        /// The file.
        path: String,
        /// What names it.
        what: String,
        /// What the machine says.
        why: io::Error,
    },
    /// A file to import holds nothing that could be imported.
    #[error("{path}: {why}; {what} names it and wants {wanted}")]
    Unreadable {
        /// The file.
        path: String,
        /// What names it.
        what: String,
        /// What should be in it.
        wanted: &'static str,
        /// Where it is wrong.
        why: Unreadable,
    },
    /// A certificate or key cannot be used.
    #[error("{what}: {why}; `tls: generated` makes a certificate")]
    Tls {
        /// Which server.
        what: String,
        /// Why.
        why: tls::Error,
    },
    /// There is no such profile.
    #[error("server `{name}`: {why}")]
    Profile {
        /// Which server.
        name: String,
        /// Why.
        why: UnknownProfile,
    },
    /// The snapshot to begin with is not one of these servers.
    #[error("cannot begin with the snapshot: {0}")]
    Snapshot(#[source] Mismatch),
    /// The server's protocol has no contacts.
    #[error("server `{name}` speaks {protocol} and keeps no contacts: leave `address-books` out")]
    NoContacts {
        /// Which server.
        name: String,
        /// Its protocol.
        protocol: String,
    },
}

impl Error {
    /// The machine's refusal to listen, with the way out.
    pub(super) fn listen(what: &str, address: &str, source: io::Error) -> Self {
        let hint = match source.kind() {
            io::ErrorKind::AddrInUse => {
                "the port is taken; stop what listens there, or use port 0 for any free one"
            }
            io::ErrorKind::AddrNotAvailable => {
                "no interface of this machine has that address; 127.0.0.1 is the loopback"
            }
            io::ErrorKind::PermissionDenied => {
                "ports below 1024 need rights; use port 0 for any free one"
            }
            _ => "see below; 127.0.0.1:0 is any free port of the loopback",
        };
        Self::Listen {
            what: what.to_owned(),
            address: address.to_owned(),
            hint: hint.to_owned(),
            source,
        }
    }
}
