//! Microsoft 365.

use super::{DavQuirks, JmapQuirks, Profile};
use crate::scheduling::MarkerPolicy;

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

/// Mails whenever the mailbox organizes and there are attendees, whatever the request says: no
/// control over it is documented. Serves four requests of an app at a time and 10,000 in ten minutes
/// for one mailbox ("Microsoft Graph service-specific throttling limits", Outlook).
pub(super) fn profile() -> Profile {
    Profile {
        marker: MarkerPolicy::Ignores,
        jmap: JmapQuirks::strict(),
        graph: GraphQuirks {
            concurrent_requests_max: Some(4),
            requests_max: Some(Quota { requests: 10_000, window_s: 600 }),
        },
        dav: DavQuirks::strict(),
    }
}
