//! Microsoft 365.

use super::{DavQuirks, JmapQuirks, Profile};
use crate::scheduling::MarkerPolicy;

/// Traits in which Graph servers differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct GraphQuirks {
    /// How many requests of an app are served at a time for one mailbox; one more is answered 429.
    pub(crate) concurrent_requests_max: Option<usize>,
}

/// Mails whenever the mailbox organizes and there are attendees, whatever the request says: no
/// control over it is documented. Serves four requests of an app at a time ("Microsoft Graph
/// service-specific throttling limits", Outlook).
pub(super) fn profile() -> Profile {
    Profile {
        marker: MarkerPolicy::Ignores,
        jmap: JmapQuirks::strict(),
        graph: GraphQuirks { concurrent_requests_max: Some(4) },
        dav: DavQuirks::strict(),
    }
}
