//! Names of time zones.

use std::collections::BTreeSet;

use crate::content::zone;
use crate::provider::graph::convert::windows_zones::{DOCUMENTED, WINDOWS};
use crate::provider::graph::convert::zones::{Held, held, iana};

#[test]
fn the_tables_name_zones_that_there_are() {
    let mut seen = BTreeSet::new();
    for (windows, names) in WINDOWS {
        assert!(seen.insert(windows.to_lowercase()), "{windows} stands twice");
        for name in names.split(' ') {
            assert!(zone(name).is_some(), "{name}");
        }
    }
    for name in DOCUMENTED.split(' ') {
        assert!(zone(name).is_some(), "{name}");
    }
}

#[test]
fn a_zone_that_was_sent_is_read_as_what_was_expected() {
    let all = WINDOWS.iter().flat_map(|(_, names)| names.split(' ')).chain(DOCUMENTED.split(' '));
    for name in all {
        let there = held(name).expect("a zone of the tables");
        assert_eq!(iana(&there.sent).as_ref(), Some(&there.iana), "{name}");
        assert_eq!(held(&there.iana).as_ref(), Some(&there), "{name}");
    }
}

#[test]
fn names_are_sent_as_they_are_documented() {
    let check = |name: &str, sent: &str, iana: &str| {
        let expected = Held { sent: sent.to_owned(), iana: iana.to_owned() };
        assert_eq!(held(name), Some(expected), "{name}");
    };
    check("Europe/Berlin", "Europe/Berlin", "Europe/Berlin");
    check("Europe/Vienna", "Europe/Berlin", "Europe/Berlin");
    check("Etc/UTC", "UTC", "Etc/UTC");
    check("Europe/Kiev", "FLE Standard Time", "Europe/Kyiv");
    check("Asia/Calcutta", "Asia/Kolkata", "Asia/Kolkata");
    check("America/Adak", "Aleutian Standard Time", "America/Adak");
    assert_eq!(held("Antarctica/Troll"), None);
    assert_eq!(held("Nowhere"), None);
}

#[test]
fn names_are_read_in_both_languages() {
    assert_eq!(iana("W. Europe Standard Time").as_deref(), Some("Europe/Berlin"));
    assert_eq!(iana("w. europe standard time").as_deref(), Some("Europe/Berlin"));
    assert_eq!(iana("europe/vienna").as_deref(), Some("Europe/Vienna"));
    assert_eq!(iana("UTC").as_deref(), Some("Etc/UTC"));
    assert_eq!(iana("tzone://Microsoft/Utc").as_deref(), Some("Etc/UTC"));
    assert_eq!(iana("tzone://Microsoft/Custom"), None);
    assert_eq!(iana("Customized Time Zone"), None);
}
