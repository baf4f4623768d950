//! A snapshot of all servers as a document: to be kept in a file, and read by a process of the same
//! configuration.
//!
//! The servers' seeds decide ids and tokens, so a document is read where they are equal and nowhere
//! else. The clock is not part of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::fleet::{Fleet, Member};
use super::kept::Moment;
use crate::server::Protocol;
use crate::state::StoredState;

/// The version of the form that is written here.
const FORMAT: u32 = 1;

/// See the module.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Document {
    calamity_mock_snapshot: u32,
    name: String,
    at: Timestamp,
    seed: u64,
    servers: Vec<ServerState>,
}

/// One server in it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ServerState {
    name: String,
    protocol: Protocol,
    profile: String,
    users: Vec<String>,
    state: StoredState,
}

/// Why a document cannot be used.
#[derive(Debug, Error)]
pub enum Mismatch {
    /// It is none.
    #[error("this is no snapshot: {0}")]
    Form(#[from] serde_json::Error),
    /// It is of another version.
    #[error("version {found} of snapshots is not known here, which is {FORMAT}")]
    Version {
        /// The version.
        found: u32,
    },
    /// It is of servers of another seed.
    #[error("it is of seed {found} and the configuration has {wanted}: `seed: {found}` reads it")]
    Seed {
        /// That of the configuration.
        wanted: u64,
        /// Its own.
        found: u64,
    },
    /// It is of other servers.
    #[error("it is of the servers {found}, and the configuration has {wanted}")]
    Servers {
        /// Those of the configuration.
        wanted: String,
        /// Its own.
        found: String,
    },
    /// What a server has does not fit together.
    #[error("server `{server}`: {why}")]
    State {
        /// The server.
        server: String,
        /// What does not.
        why: String,
    },
}

impl Fleet {
    /// A snapshot as a document.
    pub(super) fn document(&self, moment: &Moment) -> Document {
        let servers = self.shared().members.iter().zip(&moment.snapshots);
        Document {
            calamity_mock_snapshot: FORMAT,
            name: moment.name.clone(),
            at: moment.at,
            seed: self.shared().seed,
            servers: servers
                .map(|(member, snapshot)| ServerState {
                    name: member.name.clone(),
                    protocol: member.protocol,
                    profile: member.profile.clone(),
                    users: member.server.users(),
                    state: snapshot.state().into(),
                })
                .collect(),
        }
    }

    /// What all servers are now, as the text of a document.
    #[must_use]
    pub fn saved(&self, name: &str) -> Vec<u8> {
        let document = self.document(&self.moment(name.to_owned()));
        serde_json::to_vec(&document).expect("a snapshot has texts for keys")
    }

    /// The snapshot that a document is.
    ///
    /// # Errors
    /// When it is none, or of other servers.
    pub(super) fn read_document(&self, text: &[u8]) -> Result<Moment, Mismatch> {
        let document: Document = serde_json::from_slice(text)?;
        let found = document.calamity_mock_snapshot;
        if found != FORMAT {
            return Err(Mismatch::Version { found });
        }
        let (wanted, found) = (self.shared().seed, document.seed);
        if wanted != found {
            return Err(Mismatch::Seed { wanted, found });
        }
        let members = &self.shared().members;
        let own = |member: &Member| {
            described(&member.name, member.protocol, &member.profile, &member.server.users())
        };
        let their = |it: &ServerState| described(&it.name, it.protocol, &it.profile, &it.users);
        let wanted = members.iter().map(own).collect::<Vec<_>>().join(", ");
        let found = document.servers.iter().map(their).collect::<Vec<_>>().join(", ");
        if wanted != found {
            return Err(Mismatch::Servers { wanted, found });
        }
        let mut snapshots = Vec::new();
        for (member, stored) in members.iter().zip(document.servers) {
            let snapshot = member.server.recall(stored.state).map_err(|why| Mismatch::State {
                server: member.name.clone(),
                why: why.to_string(),
            })?;
            snapshots.push(snapshot);
        }
        Ok(Moment { name: document.name, at: document.at, snapshots })
    }
}

/// What must be equal of two servers.
fn described(name: &str, protocol: Protocol, profile: &str, users: &[String]) -> String {
    format!("`{name}` ({protocol}, {profile}, {})", users.join(" and "))
}
