//! Names of time zones: what Graph is sent for an IANA name, and what a name that Graph holds is
//! read as.
//!
//! Graph documents all Windows names and some IANA names. A zone of neither kind is sent under the
//! name of the documented zone that has the same Windows name, so that what comes back is stable.

use crate::content::zone;

use super::windows_zones::{DOCUMENTED, WINDOWS};

/// The name that stands for no zone at all in Outlook's own data.
const MICROSOFT: &str = "tzone://Microsoft/";
/// UTC under the name that Graph uses.
pub(super) const UTC: &str = "UTC";

/// A zone as Graph holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// The name to send.
    pub(super) sent: String,
    /// The IANA name that it is read as.
    pub(super) iana: String,
}

/// What Graph makes of an IANA name; none where it documents no such zone.
pub(super) fn held(name: &str) -> Option<Held> {
    if name == "Etc/UTC" {
        return Some(Held { sent: UTC.to_owned(), iana: name.to_owned() });
    }
    if documented(name) {
        return Some(Held { sent: name.to_owned(), iana: name.to_owned() });
    }
    let (windows, iana) = WINDOWS.iter().find(|(_, names)| names.split(' ').any(|n| n == name))?;
    let primary = iana.split(' ').next()?;
    let sent = if documented(primary) { primary } else { windows };
    Some(Held { sent: sent.to_owned(), iana: primary.to_owned() })
}

/// The IANA name of a zone that Graph names; none for custom zones and names unknown here.
pub(super) fn iana(name: &str) -> Option<String> {
    if let Some(own) = name.strip_prefix(MICROSOFT) {
        return own.eq_ignore_ascii_case("utc").then(|| "Etc/UTC".to_owned());
    }
    if name.eq_ignore_ascii_case(UTC) {
        return Some("Etc/UTC".to_owned());
    }
    let windows = WINDOWS.iter().find(|(windows, _)| windows.eq_ignore_ascii_case(name));
    if let Some((_, names)) = windows {
        return names.split(' ').next().map(str::to_owned);
    }
    // The database knows names whatever their case.
    let known = zone(name)?;
    Some(known.iana_name().unwrap_or(name).to_owned())
}

fn documented(name: &str) -> bool {
    DOCUMENTED.split(' ').any(|known| known == name)
}
