//! Whether a card matches a filter (RFC 6352, section 10.5).
//!
//! A card without the property matches nothing but `is-not-defined`: neither a negated text nor an
//! undefined parameter. All conditions of a `prop-filter` are met by one and the same property. A
//! parameter is not defined if none of the properties has it (section 10.5.3: it "does not exist in
//! the address data being tested").

use super::{Filter, ParamCondition, ParamFilter, PropCondition, PropFilter};
use crate::world::contacts::content::{Card, Property};

impl Filter {
    /// True if the card matches.
    #[must_use]
    pub(crate) fn matches(&self, card: &Card) -> bool {
        let mut verdicts = self.properties.iter().map(|filter| filter.matches(card));
        self.properties.is_empty() || self.test.of(&mut verdicts)
    }
}

impl PropFilter {
    /// True if the card matches.
    #[must_use]
    pub(crate) fn matches(&self, card: &Card) -> bool {
        let meant: Vec<&Property> =
            card.properties.iter().filter(|property| self.means(property)).collect();
        match &self.condition {
            PropCondition::Defined => !meant.is_empty(),
            PropCondition::NotDefined => meant.is_empty(),
            PropCondition::Meets { texts, params, .. } if texts.is_empty() && params.is_empty() => {
                !meant.is_empty()
            }
            PropCondition::Meets { test, texts, params } => meant.iter().any(|property| {
                let value = property.text();
                let texts = texts.iter().map(|text| text.matches(&value));
                test.of(texts.chain(params.iter().map(|param| param.matches(property, &meant))))
            }),
        }
    }

    fn means(&self, property: &Property) -> bool {
        let group = property.group.as_deref().unwrap_or_default();
        property.name.eq_ignore_ascii_case(&self.name)
            && self.group.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(group))
    }
}

impl ParamFilter {
    /// True if the property matches; `all` are those of its name.
    fn matches(&self, property: &Property, all: &[&Property]) -> bool {
        let name = self.name.to_ascii_uppercase();
        match &self.condition {
            ParamCondition::Defined => property.has(&name),
            ParamCondition::NotDefined => !all.iter().any(|property| property.has(&name)),
            ParamCondition::Matches(text) => {
                property.values(&name).any(|value| text.matches(value))
            }
        }
    }
}
