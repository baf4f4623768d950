//! In what Graph servers differ.

use serde_json::Value;

use super::load::Traits;

/// Traits in which Graph servers differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct GraphQuirks {
    /// How many requests of an app are served at a time for one mailbox; one more is answered 429.
    pub(crate) concurrent_requests_max: Option<usize>,
    /// How many requests of an app are served in a span of time for one mailbox.
    pub(crate) requests_max: Option<Quota>,
}

/// So many in a span that slides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    /// How many.
    pub(crate) requests: u64,
    /// The span in seconds.
    pub(crate) window_s: u32,
}

impl Traits for GraphQuirks {
    fn set(&mut self, name: &str, value: &Value) -> Option<()> {
        let number = || value.as_u64().and_then(|number| usize::try_from(number).ok());
        match name {
            "concurrent_requests_max" => self.concurrent_requests_max = Some(number()?),
            "requests_max" => {
                let requests = value.get("requests")?.as_u64()?;
                let window_s = u32::try_from(value.get("window_s")?.as_u64()?).ok()?;
                self.requests_max = Some(Quota { requests, window_s });
            }
            _ => return None,
        }
        Some(())
    }
}
