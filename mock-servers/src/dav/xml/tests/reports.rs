//! sync-collection, expand-property, the reports about principals, and which report a body is.

use super::{name, refused, within};
use crate::dav::card::filter::{MatchType, Test};
use crate::dav::xml::names::dav;
use crate::dav::xml::request::{
    AclPrincipalPropSet, ExpandProperty, Expanded, Level, PrincipalMatch, PrincipalPropertySearch,
    PrincipalSearchPropertySet, Properties, Report, Search, SyncCollection, Where, Whom,
};
use crate::dav::xml::{Element, Namespace};

fn root(root: &str, inner: &str) -> Element {
    within(&Namespace::DAV, root, inner)
}

#[test]
fn a_sync_brings_a_token_or_begins() {
    let sync = |inner: &str| SyncCollection::read(&root("sync-collection", inner));
    let first = sync("<sync-token/><sync-level>1</sync-level><prop><getetag/></prop>").unwrap();
    assert_eq!((first.token, first.level, first.limit), (None, Some(Level::One), None));
    assert_eq!(first.asked.properties, Properties::Listed(vec![dav::GETETAG]));
    let next = sync(
        "<sync-token>\n urn:t:1 </sync-token><sync-level> infinite </sync-level>\
         <limit><nresults>100</nresults></limit><prop/>",
    );
    let next = next.unwrap();
    assert_eq!(next.token.as_deref(), Some("urn:t:1"));
    assert_eq!((next.level, next.limit), (Some(Level::Infinite), Some(100)));
    // As in the drafts before RFC 6578 (appendix A).
    let old = sync("<sync-token/><prop/>").unwrap();
    assert_eq!(old.level, None);
}

#[test]
fn a_sync_against_its_definition_is_refused() {
    let bad = [
        "<sync-level>1</sync-level><prop/>",
        "<sync-token/><sync-level>1</sync-level>",
        "<sync-token/><sync-level>2</sync-level><prop/>",
        "<sync-token/><sync-level/><prop/>",
        "<sync-token/><sync-token/><prop/>",
        "<sync-token/><prop/><limit><nresults>many</nresults></limit>",
        "<sync-token/><prop/><prop/>",
    ];
    for inner in bad {
        assert_eq!(
            refused(SyncCollection::read(&root("sync-collection", inner))),
            "400",
            "{inner}"
        );
    }
}

#[test]
fn properties_expand_inside_one_another() {
    let read = |inner: &str| ExpandProperty::read(&root("expand-property", inner));
    let found = read(
        "<property name='calendar-proxy-read-for' namespace='http://calendarserver.org/ns/'>\
         <property name='displayname'><property name='x' namespace=''/></property></property>\
         <property name='owner' namespace='DAV:'/>",
    );
    let x = Expanded { name: name("", "x"), inside: vec![] };
    let displayname = Expanded { name: dav::DISPLAYNAME, inside: vec![x] };
    let readers = Expanded {
        name: name("http://calendarserver.org/ns/", "calendar-proxy-read-for"),
        inside: vec![displayname],
    };
    let owner = Expanded { name: dav::OWNER, inside: vec![] };
    assert_eq!(found.unwrap().properties, [readers, owner]);
    assert_eq!(read("").unwrap().properties, []);
    for inner in
        ["<property/>", "<property name=''/>", "<property name='a b'/>", "<property name='a:b'/>"]
    {
        assert_eq!(refused(read(inner)), "400", "{inner}");
    }
}

#[test]
fn a_match_is_about_oneself_or_a_property() {
    let read = |inner: &str| PrincipalMatch::read(&root("principal-match", inner));
    let oneself = read("<self/>").unwrap();
    assert_eq!(
        oneself,
        PrincipalMatch { whom: Whom::Oneself, properties: Properties::Unspecified }
    );
    let owned = read("<principal-property><owner/></principal-property><prop><getetag/></prop>");
    let listed = Properties::Listed(vec![dav::GETETAG]);
    let expected = PrincipalMatch { whom: Whom::Property(dav::OWNER), properties: listed };
    assert_eq!(owned, Ok(expected));
    for inner in
        ["", "<principal-property/>", "<self/><principal-property><owner/></principal-property>"]
    {
        assert_eq!(refused(read(inner)), "400", "{inner}");
    }
}

#[test]
fn principals_are_searched_by_property() {
    let read =
        |inner: &str| PrincipalPropertySearch::read(&root("principal-property-search", inner));
    let one =
        "<property-search><prop><displayname/><owner/></prop><match> doe</match></property-search>";
    let found =
        read(&format!("{one}<prop><principal-URL/></prop><apply-to-principal-collection-set/>"));
    let search = Search {
        properties: vec![dav::DISPLAYNAME, dav::OWNER],
        text: " doe".to_owned(),
        match_type: MatchType::Contains,
    };
    let expected = PrincipalPropertySearch {
        test: Test::AllOf,
        searches: vec![search],
        properties: Properties::Listed(vec![dav::PRINCIPAL_URL]),
        place: Where::PrincipalCollections,
    };
    assert_eq!(found, Ok(expected));
    let here = read(&format!("{one}{one}")).unwrap();
    assert_eq!((here.place, here.searches.len()), (Where::Here, 2));
    let bad = [
        "",
        "<property-search><prop><displayname/></prop></property-search>",
        "<property-search><match>x</match></property-search>",
        "<property-search><prop/><match>x</match></property-search>",
    ];
    for inner in bad {
        assert_eq!(refused(read(inner)), "400", "{inner}");
    }
}

#[test]
fn the_two_reports_with_little_to_say_are_read() {
    let set = PrincipalSearchPropertySet::read(&root("principal-search-property-set", "<x/>"));
    assert_eq!(set, Ok(PrincipalSearchPropertySet));
    let read = |inner: &str| AclPrincipalPropSet::read(&root("acl-principal-prop-set", inner));
    let listed = Properties::Listed(vec![dav::DISPLAYNAME]);
    assert_eq!(read("<prop><displayname/></prop>").unwrap().properties, listed);
    assert_eq!(refused(read("<prop/><prop/>")), "400");
}

#[test]
fn every_report_is_known_by_its_root() {
    for name in Report::names() {
        let read = Report::read(&Element::new(name.clone()));
        if let Err(error) = read {
            assert_eq!(error.refusal().status.as_u16(), 400, "{name}: {error}");
        }
    }
    let sync = root("sync-collection", "<sync-token/><prop/>");
    assert!(matches!(Report::read(&sync), Ok(Report::SyncCollection(_))));
    assert_eq!(refused(Report::read(&root("version-tree", ""))), "403 DAV:supported-report");
    let other = within(&Namespace::CARDDAV, "sync-collection", "");
    assert_eq!(refused(Report::read(&other)), "403 DAV:supported-report");
}
