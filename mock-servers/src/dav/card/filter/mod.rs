//! The filters of addressbook-query (RFC 6352, section 10.5), as values and applied to cards.
//!
//! Names of properties, groups and parameters are compared without case. How the elements are
//! written in XML is not this module's affair.

mod matching;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use text::{Collation, MatchType, TextMatch};

/// How several conditions go together; the attribute `test`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Test {
    /// One of them is enough. The default.
    #[default]
    AnyOf,
    /// All of them.
    AllOf,
}

impl Test {
    fn of(self, mut verdicts: impl Iterator<Item = bool>) -> bool {
        match self {
            Test::AnyOf => verdicts.any(|verdict| verdict),
            Test::AllOf => verdicts.all(|verdict| verdict),
        }
    }
}

/// `filter` (section 10.5). Without conditions it matches every card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// How the conditions go together.
    pub test: Test,
    /// `prop-filter` elements.
    pub properties: Vec<PropFilter>,
}

/// `prop-filter` (section 10.5.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PropFilter {
    /// The group, if only properties of one group are meant; none for properties of any or no group.
    pub group: Option<String>,
    /// The property.
    pub name: String,
    /// What is asked of it.
    pub condition: PropCondition,
}

/// What is asked of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PropCondition {
    /// No content: that it is there.
    Defined,
    /// `is-not-defined` (section 10.5.3).
    NotDefined,
    /// That one and the same property of that name meets the conditions.
    Meets {
        /// How the conditions go together.
        test: Test,
        /// `text-match` elements.
        texts: Vec<TextMatch>,
        /// `param-filter` elements.
        params: Vec<ParamFilter>,
    },
}

/// `param-filter` (section 10.5.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ParamFilter {
    /// The parameter.
    pub name: String,
    /// What is asked of it.
    pub condition: ParamCondition,
}

/// What is asked of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ParamCondition {
    /// No content: that it is there.
    Defined,
    /// `is-not-defined`: that no property meant by the `prop-filter` has it.
    NotDefined,
    /// That one of its values matches.
    Matches(TextMatch),
}

impl PropFilter {
    /// A filter of the property with this `name` attribute, which may begin with a group.
    #[must_use]
    pub(crate) fn new(name: &str, condition: PropCondition) -> PropFilter {
        let (group, name) = match name.split_once('.') {
            Some((group, name)) => (Some(group.to_owned()), name),
            None => (None, name),
        };
        PropFilter { group, name: name.to_owned(), condition }
    }
}
