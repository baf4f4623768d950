//! Each kind of condition, alone and together, against one card.

use proptest::prelude::*;

use super::*;
use crate::world::contacts::content::{Card, cards};

const CARD: &str = "BEGIN:VCARD\nVERSION:3.0\nUID:1\nFN:Örjan Example\nN:Example;Örjan;;;\n\
    item1.TEL;TYPE=HOME,VOICE:+46 1\nTEL;TYPE=WORK;X-Q=\"a,b\":+46 2\nitem2.EMAIL:O@example.com\n\
    NICKNAME:Straße\\, 1\nEND:VCARD\n";

fn card() -> Card {
    cards(CARD.as_bytes()).remove(0).expect("readable")
}

fn text(text: &str) -> TextMatch {
    TextMatch { text: text.to_owned(), ..TextMatch::default() }
}

fn equals(wanted: &str) -> TextMatch {
    TextMatch { match_type: MatchType::Equals, ..text(wanted) }
}

fn not(wanted: TextMatch) -> TextMatch {
    TextMatch { negate: true, ..wanted }
}

fn param(name: &str, condition: ParamCondition) -> ParamFilter {
    ParamFilter { name: name.to_owned(), condition }
}

#[track_caller]
fn check(name: &str, condition: PropCondition, expect: bool) {
    assert_eq!(PropFilter::new(name, condition.clone()).matches(&card()), expect, "{name}");
    let filter = Filter { test: Test::AllOf, properties: vec![PropFilter::new(name, condition)] };
    assert_eq!(filter.matches(&card()), expect);
}

#[track_caller]
fn value(name: &str, wanted: TextMatch, expect: bool) {
    let (texts, params) = (vec![wanted], Vec::new());
    check(name, PropCondition::Meets { test: Test::AnyOf, texts, params }, expect);
}

#[track_caller]
fn with_param(name: &str, wanted: ParamFilter, expect: bool) {
    let (texts, params) = (Vec::new(), vec![wanted]);
    check(name, PropCondition::Meets { test: Test::AllOf, texts, params }, expect);
}

#[test]
fn a_property_is_there_or_not() {
    for (name, there) in [
        ("FN", true),
        ("fn", true),
        ("NOTE", false),
        ("TEL", true),
        ("item1.TEL", true),
        ("ITEM1.tel", true),
        ("item2.TEL", false),
        ("item2.EMAIL", true),
    ] {
        check(name, PropCondition::Defined, there);
        check(name, PropCondition::NotDefined, !there);
        let bare = PropCondition::Meets { test: Test::AllOf, texts: vec![], params: vec![] };
        check(name, bare, there);
    }
}

#[test]
fn texts_match_by_collation_and_place() {
    value("FN", text("örjan"), true);
    value("FN", TextMatch { collation: Collation::AsciiCasemap, ..text("örjan") }, false);
    value("FN", TextMatch { collation: Collation::AsciiCasemap, ..text("EXAMPLE") }, true);
    value("FN", TextMatch { collation: Collation::Octet, ..text("EXAMPLE") }, false);
    value("FN", TextMatch { collation: Collation::Octet, ..text("Example") }, true);
    value("FN", equals("Örjan"), false);
    value("FN", equals("örjan example"), true);
    value("FN", TextMatch { match_type: MatchType::StartsWith, ..text("örj") }, true);
    value("FN", TextMatch { match_type: MatchType::StartsWith, ..text("rjan") }, false);
    value("FN", TextMatch { match_type: MatchType::EndsWith, ..text("ample") }, true);
    value("FN", TextMatch { match_type: MatchType::EndsWith, ..text("örjan") }, false);
    value("NICKNAME", equals("STRAßE, 1"), true);
    value("N", text("Example;Örjan"), true);
    value("FN", text(""), true);
}

#[test]
fn a_negated_text_matches_if_any_property_lacks_it_but_never_without_a_property() {
    value("FN", not(text("example")), false);
    value("TEL", not(equals("+46 1")), true);
    value("TEL", not(text("+46")), false);
    value("NOTE", not(text("x")), false);
}

#[test]
fn parameters_are_looked_at_value_by_value() {
    let is = |name: &str, wanted| param(name, ParamCondition::Matches(wanted));
    with_param("TEL", is("type", equals("voice")), true);
    with_param("TEL", is("TYPE", equals("HOME,VOICE")), false);
    with_param("TEL", is("X-Q", equals("a,b")), true);
    with_param("TEL", is("X-Q", equals("a")), false);
    with_param("item1.TEL", is("TYPE", equals("WORK")), false);
    with_param("TEL", is("TYPE", not(equals("HOME"))), true);
    with_param("EMAIL", is("TYPE", not(equals("HOME"))), false);
    with_param("TEL", param("TYPE", ParamCondition::Defined), true);
    with_param("EMAIL", param("TYPE", ParamCondition::Defined), false);
    with_param("EMAIL", param("TYPE", ParamCondition::NotDefined), true);
    // One of the numbers has it, and no note is there that could lack it.
    with_param("TEL", param("X-Q", ParamCondition::NotDefined), false);
    with_param("NOTE", param("TYPE", ParamCondition::NotDefined), false);
}

#[test]
fn several_conditions_are_met_by_one_property() {
    let both = |test| PropCondition::Meets {
        test,
        texts: vec![equals("+46 2")],
        params: vec![param("TYPE", ParamCondition::Matches(equals("HOME")))],
    };
    check("TEL", both(Test::AnyOf), true);
    check("TEL", both(Test::AllOf), false);
    let same = PropCondition::Meets {
        test: Test::AllOf,
        texts: vec![equals("+46 2"), text("+")],
        params: vec![param("TYPE", ParamCondition::Matches(equals("work")))],
    };
    check("TEL", same, true);
}

#[test]
fn several_properties_go_together_as_the_filter_says() {
    let there = PropFilter::new("FN", PropCondition::Defined);
    let gone = PropFilter::new("NOTE", PropCondition::Defined);
    let filter = |test| Filter { test, properties: vec![gone.clone(), there.clone()] };
    assert!(filter(Test::AnyOf).matches(&card()));
    assert!(!filter(Test::AllOf).matches(&card()));
    assert!(Filter::default().matches(&card()));
}

#[test]
fn attributes_have_their_names() {
    for name in Collation::NAMES.iter().chain(["default"].iter()) {
        Collation::named(name).expect("supported");
    }
    assert_eq!(Collation::named("i;basic"), None);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn negation_is_the_opposite_for_one_text(wanted in "\\PC{0,4}", text in "\\PC{0,12}", how in 0_usize..4, by in 0_usize..3) {
        let match_type = [MatchType::Equals, MatchType::Contains, MatchType::StartsWith, MatchType::EndsWith][how];
        let collation = [Collation::Octet, Collation::AsciiCasemap, Collation::UnicodeCasemap][by];
        let plain = TextMatch { text: wanted, collation, match_type, negate: false };
        prop_assert_ne!(plain.matches(&text), not(plain).matches(&text));
    }

    #[test]
    fn any_name_is_looked_for_without_a_panic(name in "\\PC{0,12}") {
        let there = PropFilter::new(&name, PropCondition::Defined).matches(&card());
        prop_assert_ne!(there, PropFilter::new(&name, PropCondition::NotDefined).matches(&card()));
    }
}
