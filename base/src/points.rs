//! Named places at which a scenario may delay, fail or kill.
//!
//! A place is `site#occurrence`: the n-th time, from 1, that this life of the process comes to the
//! site. In production a point does nothing.

use std::{
    collections::BTreeMap,
    str::FromStr,
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::{Process, digest::Emitter, sync::lock};

/// The points of one process. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Points(Option<Arc<Simulated>>);

#[derive(Debug)]
struct Simulated {
    process: Process,
    emitter: Emitter,
    registry: Registry,
    counts: Mutex<BTreeMap<String, u64>>,
}

/// What happens at an armed point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PointAction {
    /// The process goes on after this much virtual time.
    Delay(Duration),
    /// The process is told that something failed.
    Error(String),
    /// The process dies; what comes after the point never happens.
    Kill,
}

/// The error that a scenario put at a point.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("injected at {place}: {message}")]
pub struct PointError {
    /// Where.
    pub place: Place,
    /// What the scenario said.
    pub message: String,
}

/// A point: a site and how many times the process has come to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The site, as the code names it: `apply.before-send`.
    pub site: String,
    /// Which time, from 1.
    pub occurrence: u64,
}

/// Text that is no place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no place; write site#occurrence, with an occurrence from 1")]
pub struct PlaceError {
    /// The text.
    pub text: String,
}

impl Points {
    /// Points that do nothing.
    #[must_use]
    pub fn none() -> Points {
        Points(None)
    }

    pub(crate) fn simulated(process: Process, emitter: Emitter, registry: Registry) -> Points {
        registry.begin(process.name());
        let counts = Mutex::default();
        Points(Some(Arc::new(Simulated { process, emitter, registry, counts })))
    }

    /// Comes to a site. Returns at once unless a scenario armed this occurrence.
    ///
    /// # Errors
    /// The error that the scenario put here.
    pub async fn reach(&self, site: &str) -> Result<(), PointError> {
        let Some(points) = &self.0 else { return Ok(()) };
        if !points.process.is_alive() {
            std::future::pending::<()>().await;
        }
        let occurrence = {
            let mut counts = lock(&points.counts);
            let count = counts.entry(site.to_owned()).or_default();
            *count += 1;
            *count
        };
        points.emitter.emit("point", &[site.as_bytes(), &occurrence.to_le_bytes()]);
        let place = Place { site: site.to_owned(), occurrence };
        match points.registry.reached(points.process.name(), &place) {
            None => Ok(()),
            Some(PointAction::Delay(delay)) => {
                tokio::time::sleep(delay).await;
                Ok(())
            }
            Some(PointAction::Error(message)) => Err(PointError { place, message }),
            Some(PointAction::Kill) => {
                points.process.kill();
                std::future::pending().await
            }
        }
    }
}

/// What is armed, and what was reached, over all processes of a simulation. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Registry(Arc<Mutex<RegistryState>>);

#[derive(Debug, Default)]
struct RegistryState {
    armed: BTreeMap<(String, Place), PointAction>,
    reached: BTreeMap<String, BTreeMap<String, u64>>,
    fired: Vec<(String, Place)>,
}

impl Registry {
    /// Arms a place in a process: once, for whichever life of the process comes there first.
    pub fn arm(&self, process: &str, place: Place, action: PointAction) {
        lock(&self.0).armed.insert((process.to_owned(), place), action);
    }

    /// What is armed and has not fired.
    #[must_use]
    pub fn armed(&self) -> Vec<(String, Place)> {
        lock(&self.0).armed.keys().cloned().collect()
    }

    /// What has fired, in order.
    #[must_use]
    pub fn fired(&self) -> Vec<(String, Place)> {
        lock(&self.0).fired.clone()
    }

    /// How many times the latest life of the process came to each site.
    #[must_use]
    pub fn counts(&self, process: &str) -> BTreeMap<String, u64> {
        lock(&self.0).reached.get(process).cloned().unwrap_or_default()
    }

    fn begin(&self, process: &str) {
        lock(&self.0).reached.insert(process.to_owned(), BTreeMap::new());
    }

    fn reached(&self, process: &str, place: &Place) -> Option<PointAction> {
        let mut state = lock(&self.0);
        let counts = state.reached.entry(process.to_owned()).or_default();
        counts.insert(place.site.clone(), place.occurrence);
        let key = (process.to_owned(), place.clone());
        let action = state.armed.remove(&key)?;
        state.fired.push(key);
        Some(action)
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}#{}", self.site, self.occurrence)
    }
}

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Place, PlaceError> {
        let error = || PlaceError { text: text.to_owned() };
        let (site, occurrence) = text.rsplit_once('#').ok_or_else(error)?;
        let occurrence: u64 = occurrence.parse().map_err(|_| error())?;
        if site.is_empty() || occurrence == 0 {
            return Err(error());
        }
        Ok(Place { site: site.to_owned(), occurrence })
    }
}

#[cfg(test)]
mod tests;
