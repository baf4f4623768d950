//! Scripts from their JSON form: well-formed, of this version, and fit to be carried out.

use calamity_evidence::Side;
use calamity_mock_servers::faults::Forbidden;
use serde::Deserialize;
use thiserror::Error;

use crate::language::profile_exists;

use super::{Act, Script, VERSION};

/// A text that is no script.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// It is no JSON, or not of the form of a script.
    #[error("{path}:{line}:{column}: {what}")]
    Form {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong there.
        what: String,
    },
    /// It is a script of another version.
    #[error(
        "{path}: script version {found} is not known here; this program reads version {VERSION}"
    )]
    Version {
        /// The file.
        path: String,
        /// Its version.
        found: u32,
    },
    /// A server has a profile that there is not.
    #[error("{path}: world.{side}: there is no profile `{profile}` of this protocol")]
    Profile {
        /// The file.
        path: String,
        /// The server.
        side: Side,
        /// The profile.
        profile: String,
    },
    /// A fault that cannot happen.
    #[error("{path}: step `{step}`: {source}")]
    Fault {
        /// The file.
        path: String,
        /// The step.
        step: String,
        /// Why not.
        source: Forbidden,
    },
    /// Two steps of one name.
    #[error("{path}: two steps have the name `{step}`")]
    Doubled {
        /// The file.
        path: String,
        /// The name.
        step: String,
    },
    /// A sweep over something else than a sync.
    #[error("{path}: sweep: there is no sync of the name `{step}`")]
    Sweep {
        /// The file.
        path: String,
        /// The name.
        step: String,
    },
}

impl Script {
    /// Reads the JSON form; `path` is for messages only.
    ///
    /// # Errors
    /// [`Unreadable`], with the place.
    pub fn parse(path: &str, text: &str) -> Result<Script, Unreadable> {
        /// What every version has.
        #[derive(Deserialize)]
        struct Head {
            script: u32,
        }

        let form = |error: serde_json::Error| Unreadable::Form {
            path: path.to_owned(),
            line: error.line(),
            column: error.column(),
            // The place is said already.
            what: error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
        };
        let head: Head = serde_json::from_str(text).map_err(form)?;
        if head.script != VERSION {
            return Err(Unreadable::Version { path: path.to_owned(), found: head.script });
        }
        let script: Script = serde_json::from_str(text).map_err(form)?;
        script.check(path)?;
        Ok(script)
    }

    /// What no type can say about a script.
    fn check(&self, path: &str) -> Result<(), Unreadable> {
        let path = path.to_owned();
        for side in Side::BOTH {
            let account = self.world.account(side);
            if !profile_exists(account.protocol, &account.profile) {
                let profile = account.profile.clone();
                return Err(Unreadable::Profile { path, side, profile });
            }
        }
        for (number, step) in self.steps.iter().enumerate() {
            let name = step.name.clone();
            if self.position(&name) != Some(number) {
                return Err(Unreadable::Doubled { path, step: name });
            }
            if let Act::Fault(fault) = &step.act {
                for rule in &fault.rules {
                    if let Err(source) = rule.check() {
                        return Err(Unreadable::Fault { path, step: name, source });
                    }
                }
            }
        }
        if let Some(sweep) = &self.sweep {
            let step = self.position(&sweep.step).map(|place| &self.steps[place].act);
            if !matches!(step, Some(Act::Sync(_))) {
                return Err(Unreadable::Sweep { path, step: sweep.step.clone() });
            }
        }
        Ok(())
    }
}
