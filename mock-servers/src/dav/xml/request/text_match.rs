//! Tests of a text (RFC 4791 section 9.7.5, RFC 6352 section 10.5.4).

use super::collation::Collation;
use super::error::RequestError;
use super::fields;
use crate::dav::xml::name::Namespace;
use crate::dav::xml::tree::Element;

/// A test of the text of a property or parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextMatch {
    /// What to look for, white space included.
    pub text: String,
    /// How characters compare.
    pub collation: Collation,
    /// Where to look.
    pub match_type: MatchType,
    /// What it means to find it.
    pub outcome: Outcome,
}

/// Where a text must be found; in CalDAV always [`MatchType::Contains`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchType {
    /// It is the whole value.
    Equals,
    /// It is anywhere in the value.
    Contains,
    /// It is at the beginning.
    StartsWith,
    /// It is at the end.
    EndsWith,
}

impl MatchType {
    /// Reads the attribute `match-type`; absent means `contains`.
    pub(super) fn read(element: &Element) -> Result<Self, RequestError> {
        let values = [
            ("equals", Self::Equals),
            ("contains", Self::Contains),
            ("starts-with", Self::StartsWith),
            ("ends-with", Self::EndsWith),
        ];
        let expected = "`equals`, `contains`, `starts-with` or `ends-with`";
        fields::choice(element, "match-type", &values, expected, Self::Contains)
    }
}

/// Whether finding the text makes a test true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The test is true if the text is found.
    Found,
    /// The test is true if it is not (`negate-condition`).
    NotFound,
}

impl TextMatch {
    /// Reads a `text-match` of either namespace.
    pub(super) fn read(element: &Element) -> Result<Self, RequestError> {
        let values = [("yes", Outcome::NotFound), ("no", Outcome::Found)];
        let outcome =
            fields::choice(element, "negate-condition", &values, "`yes` or `no`", Outcome::Found)?;
        let match_type = if *element.name.namespace() == Namespace::CARDDAV {
            MatchType::read(element)?
        } else {
            MatchType::Contains
        };
        let collation = Collation::read(element)?;
        Ok(Self { text: element.text(), collation, match_type, outcome })
    }
}
