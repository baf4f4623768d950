//! The ACL method.

use super::{refused, within};
use crate::dav::xml::Namespace;
use crate::dav::xml::names::{caldav, dav};
use crate::dav::xml::request::{Ace, Acl, Matching, Principal, RequestError, Rights};

fn read(inner: &str) -> Result<Vec<Ace>, RequestError> {
    Acl::read(&within(&Namespace::DAV, "acl", inner)).map(|acl| acl.aces)
}

fn ace(principal: &str, rights: &str) -> String {
    format!("<ace><principal>{principal}</principal>{rights}</ace>")
}

const READ: &str = "<grant><privilege><read/></privilege></grant>";

#[test]
fn every_kind_of_principal_is_read() {
    let kinds = [
        ("<href> /principals/a/ </href>", Principal::Href("/principals/a/".to_owned())),
        ("<all/>", Principal::All),
        ("<authenticated/>", Principal::Authenticated),
        ("<unauthenticated/>", Principal::Unauthenticated),
        ("<property><owner/></property>", Principal::Property(dav::OWNER)),
        ("<self/>", Principal::Oneself),
    ];
    for (text, principal) in kinds {
        let rights = Rights::Grant(vec![dav::READ]);
        let expected = Ace { principal, matching: Matching::Principal, rights };
        assert_eq!(read(&ace(text, READ)), Ok(vec![expected]), "{text}");
    }
}

#[test]
fn grants_denials_and_inversion_are_read_in_order() {
    let inverted = "<ace><invert><principal><all/></principal></invert><deny><privilege><write/>\
                    </privilege><privilege><C:read-free-busy \
                    xmlns:C='urn:ietf:params:xml:ns:caldav'/></privilege></deny></ace>";
    let found = read(&format!("{inverted}{}", ace("<all/>", READ))).unwrap();
    let denied = Rights::Deny(vec![dav::WRITE, caldav::READ_FREE_BUSY]);
    let first =
        Ace { principal: Principal::All, matching: Matching::EverybodyElse, rights: denied };
    assert_eq!((found.len(), &found[0]), (2, &first));
    assert_eq!(read(""), Ok(vec![]));
}

#[test]
fn an_entry_against_its_definition_is_refused() {
    let bad = [
        "<ace/>".to_owned(),
        format!("<ace>{READ}</ace>"),
        ace("<all/>", ""),
        ace("<all/>", "<grant/>"),
        ace("<all/>", "<grant><privilege/></grant>"),
        ace("<all/>", &format!("{READ}<deny><privilege><read/></privilege></deny>")),
        ace("", READ),
        ace("<all/><self/>", READ),
        ace("<property/>", READ),
        format!("<ace><invert/>{READ}</ace>"),
    ];
    for inner in bad {
        assert_eq!(refused(read(&inner)), "400", "{inner}");
    }
}
