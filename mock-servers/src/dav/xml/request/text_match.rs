//! Attributes of text matches (RFC 4791 section 9.7.5, RFC 6352 section 10.5.4).

use super::error::RequestError;
use super::fields;
use crate::dav::card::filter::MatchType;
use crate::dav::xml::tree::Element;

/// Where a text must be found, by the attribute `match-type`; absent means `contains`. In CalDAV
/// there is no such attribute.
pub(super) fn match_type(element: &Element) -> Result<MatchType, RequestError> {
    let values = [
        ("equals", MatchType::Equals),
        ("contains", MatchType::Contains),
        ("starts-with", MatchType::StartsWith),
        ("ends-with", MatchType::EndsWith),
    ];
    let expected = "`equals`, `contains`, `starts-with` or `ends-with`";
    fields::choice(element, "match-type", &values, expected, MatchType::default())
}

/// Whether a test is true where the text is not found, by the attribute `negate-condition`.
pub(super) fn negated(element: &Element) -> Result<bool, RequestError> {
    let values = [("yes", true), ("no", false)];
    fields::choice(element, "negate-condition", &values, "`yes` or `no`", false)
}
