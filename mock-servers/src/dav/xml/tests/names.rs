//! Names: what is one, what is equal, what is known.

use super::name;
use crate::dav::xml::names::{caldav, calendar_server, carddav, dav, xml};
use crate::dav::xml::{Name, Namespace};

#[test]
fn known_names_equal_their_constants() {
    assert_eq!(name("DAV:", "prop"), dav::PROP);
    assert_eq!(name("urn:ietf:params:xml:ns:caldav", "calendar-data"), caldav::CALENDAR_DATA);
    assert_eq!(name("urn:ietf:params:xml:ns:carddav", "address-data"), carddav::ADDRESS_DATA);
    assert_eq!(name("http://calendarserver.org/ns/", "getctag"), calendar_server::GETCTAG);
    assert_eq!(name("http://www.w3.org/XML/1998/namespace", "lang"), xml::LANG);
}

#[test]
fn the_same_local_name_in_another_namespace_is_another_name() {
    assert_ne!(name("urn:ietf:params:xml:ns:caldav", "prop"), dav::PROP);
    assert_ne!(name("", "prop"), dav::PROP);
    assert_ne!(name("DAV:", "PROP"), dav::PROP);
    assert!(name("DAV:", "a") < name("DAV:", "b"));
    assert!(name("", "z") < name("DAV:", "a"));
}

#[test]
fn a_name_that_could_not_be_written_is_none() {
    for local in ["", "a b", "1a", "a:b", "-a", "a<", "a\u{0}"] {
        let error = Name::new("urn:x", local).unwrap_err();
        assert_eq!(error.local, local);
    }
    Name::new("http://www.w3.org/2000/xmlns/", "a").unwrap_err();
    Name::new("urn:\u{1}", "a").unwrap_err();
    assert_eq!(name("urn:x", "größe-1.2_").local(), "größe-1.2_");
}

#[test]
fn errors_name_what_everybody_knows_by_its_short_form() {
    let shown = [
        dav::PROP.to_string(),
        caldav::FILTER.to_string(),
        carddav::FILTER.to_string(),
        name("urn:x", "y").to_string(),
        name("", "y").to_string(),
    ];
    assert_eq!(shown, ["DAV:prop", "CALDAV:filter", "CARDDAV:filter", "{urn:x}y", "y"]);
    assert_eq!(Namespace::new("DAV:"), Namespace::DAV);
}
