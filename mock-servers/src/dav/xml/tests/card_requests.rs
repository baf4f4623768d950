//! addressbook-query and addressbook-multiget.

use super::{refused, within};
use crate::dav::card::filter::{
    Collation, Filter, MatchType, ParamCondition, ParamFilter, PropCondition, PropFilter, Test,
    TextMatch,
};
use crate::dav::xml::Namespace;
use crate::dav::xml::names::{carddav, dav};
use crate::dav::xml::request::{
    AddressData, AddressbookMultiget, AddressbookQuery, CardProperties, Properties, RequestError,
    Selected,
};

fn query(inner: &str) -> Result<AddressbookQuery, RequestError> {
    AddressbookQuery::read(&within(&Namespace::CARDDAV, "addressbook-query", inner))
}

fn filter(inner: &str) -> Result<Filter, RequestError> {
    query(&format!("<filter>{inner}</filter>")).map(|query| query.filter)
}

fn data(attributes: &str, inner: &str) -> Result<AddressData, RequestError> {
    let prop = format!("<D:prop><address-data {attributes}>{inner}</address-data></D:prop>");
    query(&format!("{prop}<filter/>")).map(|query| query.asked.address_data.unwrap())
}

#[test]
fn a_filter_without_tests_matches_everything() {
    assert_eq!(filter(""), Ok(Filter { test: Test::AnyOf, properties: vec![] }));
    let all = query("<filter test='allof'/>").unwrap();
    assert_eq!((all.filter.test, all.limit), (Test::AllOf, None));
    assert_eq!(all.asked.properties, Properties::Unspecified);
}

#[test]
fn a_whole_filter_is_read() {
    let found = filter(
        "<prop-filter name='item1.tel' test='allof'><text-match>+49</text-match>\
         <text-match collation='i;octet' negate-condition='yes' match-type='starts-with'>0</text-match>\
         <text-match match-type='ends-with' collation='i;ascii-casemap'>9</text-match>\
         <text-match match-type='equals' collation='default'>1</text-match>\
         <param-filter name='type'><text-match>work</text-match></param-filter>\
         <param-filter name='PREF'/><param-filter name='X'><is-not-defined/></param-filter>\
         </prop-filter><prop-filter name='NICKNAME'><is-not-defined/></prop-filter>\
         <prop-filter name='FN'/>",
    );
    let text = |text: &str, collation, match_type, negate| TextMatch {
        text: text.to_owned(),
        collation,
        match_type,
        negate,
    };
    let unicode = Collation::UnicodeCasemap;
    let parameter = |name: &str, condition| ParamFilter { name: name.to_owned(), condition };
    let work = text("work", unicode, MatchType::Contains, false);
    let tel = PropCondition::Meets {
        test: Test::AllOf,
        texts: vec![
            text("+49", unicode, MatchType::Contains, false),
            text("0", Collation::Octet, MatchType::StartsWith, true),
            text("9", Collation::AsciiCasemap, MatchType::EndsWith, false),
            text("1", unicode, MatchType::Equals, false),
        ],
        params: vec![
            parameter("TYPE", ParamCondition::Matches(work)),
            parameter("PREF", ParamCondition::Defined),
            parameter("X", ParamCondition::NotDefined),
        ],
    };
    let properties = vec![
        PropFilter::new("ITEM1.TEL", tel),
        PropFilter::new("NICKNAME", PropCondition::NotDefined),
        PropFilter::new("FN", PropCondition::Defined),
    ];
    assert_eq!(found, Ok(Filter { test: Test::AnyOf, properties }));
}

#[test]
fn a_filter_against_its_definition_is_refused_without_a_precondition() {
    let bad = [
        "<prop-filter/>",
        "<prop-filter name='FN' test='some'/>",
        "<prop-filter name='FN'><is-not-defined/><text-match/></prop-filter>",
        "<prop-filter name='FN'><text-match match-type='regex'>.</text-match></prop-filter>",
        "<prop-filter name='FN'><text-match negate-condition='true'>.</text-match></prop-filter>",
        "<prop-filter name='FN'><prop-filter name='FN'/></prop-filter>",
        "<prop-filter name='FN'><param-filter/></prop-filter>",
        "<prop-filter name='FN'><param-filter name='A'><text-match/><text-match/></param-filter></prop-filter>",
        "<prop-filter name='FN'><param-filter name='A'><text-match/><is-not-defined/></param-filter></prop-filter>",
        "<text-match>x</text-match>",
    ];
    for inner in bad {
        assert_eq!(refused(filter(inner)), "400", "{inner}");
    }
    assert_eq!(refused(query("<D:prop/>")), "400");
    assert_eq!(refused(query("<filter test='none'/>")), "400");
}

#[test]
fn a_collation_that_is_not_there_has_its_precondition() {
    let wrong = "<prop-filter name='FN'><text-match collation='i;x'>a</text-match></prop-filter>";
    assert_eq!(refused(filter(wrong)), "403 CARDDAV:supported-collation");
}

#[test]
fn results_can_be_limited() {
    let read = query("<filter/><limit><nresults>20</nresults></limit>");
    assert_eq!(read.unwrap().limit, Some(20));
    assert_eq!(refused(query("<filter/><limit><nresults>+2</nresults></limit>")), "400");
}

#[test]
fn address_data_selects_properties() {
    let whole = data("", "").unwrap();
    assert_eq!((whole.content_type.as_str(), whole.version.as_str()), ("text/vcard", "3.0"));
    assert_eq!(whole.properties, CardProperties::All);
    assert_eq!(data("", "<allprop/>").unwrap().properties, CardProperties::All);
    let some = data("", "<prop name='fn'/><prop name='PHOTO' novalue='yes'/>").unwrap();
    let value = |name: &str| Selected::Value(name.to_owned());
    let expected = vec![value("FN"), Selected::NameOnly("PHOTO".to_owned())];
    assert_eq!(some.properties, CardProperties::Only(expected));
    for inner in ["<prop/>", "<prop name='FN'/><allprop/>", "<prop name='FN' novalue='x'/>"] {
        assert_eq!(refused(data("", inner)), "400", "{inner}");
    }
    let four = data("content-type='text/vcard' version='4.0'", "").unwrap();
    assert_eq!(four.check_type(&[("text/vcard", "3.0"), ("text/vcard", "4.0")]), Ok(()));
    let refusal = refused(four.check_type(&[("text/vcard", "3.0")]));
    assert_eq!(refusal, "403 CARDDAV:supported-address-data");
}

#[test]
fn a_multiget_lists_hrefs() {
    let read = |inner: &str| {
        AddressbookMultiget::read(&within(&Namespace::CARDDAV, "addressbook-multiget", inner))
    };
    let found =
        read("<D:prop><D:getetag/><address-data/></D:prop><D:href>/a.vcf</D:href>").unwrap();
    assert_eq!(found.hrefs, ["/a.vcf"]);
    let listed = vec![dav::GETETAG, carddav::ADDRESS_DATA];
    assert_eq!(found.asked.properties, Properties::Listed(listed));
    assert_eq!(refused(read("")), "400");
}
