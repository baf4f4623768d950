//! In what Graph servers differ.

use serde_json::Value;

use super::load::Traits;

/// Traits in which Graph servers differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct GraphQuirks {
    /// How many requests of an app are served at a time for one mailbox; one more is answered 429.
    pub(crate) concurrent_requests_max: Option<usize>,
}

impl Traits for GraphQuirks {
    fn set(&mut self, name: &str, value: &Value) -> Option<()> {
        let number = || value.as_u64().and_then(|number| usize::try_from(number).ok());
        match name {
            "concurrent_requests_max" => self.concurrent_requests_max = Some(number()?),
            _ => return None,
        }
        Some(())
    }
}
