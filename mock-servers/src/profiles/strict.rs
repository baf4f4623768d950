//! Servers that do what their specification says and no more.

use super::{DavQuirks, GraphQuirks, JmapQuirks, Profile};
use crate::scheduling::MarkerPolicy;

/// JMAP to the letter, with limits of the size that RFC 8620 section 2 suggests as a minimum.
pub(super) fn jmap() -> Profile {
    Profile {
        marker: MarkerPolicy::Honours,
        jmap: JmapQuirks::strict(),
        graph: GraphQuirks::default(),
        dav: DavQuirks::strict(),
    }
}

/// Graph as documented, and with a control over notifications that the real service lacks.
pub(super) fn graph() -> Profile {
    Profile {
        marker: MarkerPolicy::Honours,
        jmap: JmapQuirks::strict(),
        graph: GraphQuirks::default(),
        dav: DavQuirks::strict(),
    }
}
