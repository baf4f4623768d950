//! The rule of DAV runs: a request that may write names a path inside of a collection that the run
//! made under a name of its own, and so does its destination.

use std::sync::Mutex;

use super::href;
use crate::PREFIX;
use crate::client::{Ask, Guard, Outside, Reply, lock};

/// Methods that change nothing (RFC 9110, section 9.2.1; RFC 4918, section 9.1; RFC 3253, section
/// 3.6).
const SAFE: [&str; 5] = ["GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"];

/// The collections of a run.
#[derive(Debug, Default)]
pub(crate) struct Inside(Mutex<Vec<Vec<String>>>);

impl Inside {
    /// Permits writes to a path from now on. It has to end in a name of the run's own.
    pub(crate) fn claim(&self, path: &str) {
        let segments = href::segments(path);
        if segments.last().is_some_and(|name| name.starts_with(PREFIX)) {
            lock(&self.0).push(segments);
        }
    }

    fn holds(&self, path: &str) -> bool {
        let segments = href::segments(path);
        // A server may resolve these only after decoding (RFC 3986, section 5.2.4).
        let odd = |segment: &String| {
            segment == "." || segment == ".." || segment.contains('/') || segment.contains('\\')
        };
        !segments.iter().any(odd) && lock(&self.0).iter().any(|made| segments.starts_with(made))
    }
}

impl Guard for Inside {
    fn permit(&self, ask: &Ask) -> Result<(), Outside> {
        if SAFE.contains(&ask.method.as_str()) {
            return Ok(());
        }
        if !self.holds(&ask.target) {
            return Err(ask.outside("it is not in a collection that this run made"));
        }
        let mut destinations = ask.headers.iter().filter(|(name, _)| *name == "destination");
        if destinations.any(|(_, value)| !self.holds(value)) {
            return Err(ask.outside("its destination is not in a collection that this run made"));
        }
        Ok(())
    }

    fn learn(&self, _: &Ask, _: &Reply) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_run_made_is_written_to() {
        let inside = Inside::default();
        inside.claim("/home/alice/");
        inside.claim("/home/calamity-conform-1/");
        let permits = |method: &str, target: &str| inside.permit(&Ask::new(method, target)).is_ok();
        assert!(permits("PROPFIND", "/home/"));
        assert!(permits("PUT", "/home/calamity-conform-1/a.ics"));
        assert!(permits("DELETE", "/home/calamity-conform-1/"));
        for outside in [
            "/home/alice/a.ics",
            "/home/",
            "/home/calamity-conform-2/",
            "/home/calamity-conform-1/../alice/",
            "/home/calamity-conform-1/%2e%2e/alice/",
            "/home/calamity-conform-1/..%2Falice/",
        ] {
            assert!(!permits("DELETE", outside), "{outside}");
        }
        let moved = Ask::new("MOVE", "/home/calamity-conform-1/a.ics");
        let moved = moved.header("destination", "http://host/home/alice/a.ics");
        assert_eq!(
            inside.permit(&moved).unwrap_err().reason,
            "its destination is not in a collection that this run made"
        );
    }
}
