//! Filters as requests state them, made into those that calendar objects and cards answer.

use crate::dav::calendar::filter as of_calendars;
use crate::dav::card::filter as of_cards;
use crate::dav::xml::Refusal;
use crate::dav::xml::names::caldav;
use crate::dav::xml::request as asked;

/// The filter of a calendar-query.
///
/// # Errors
/// 403 with `valid-filter` for one that means nothing.
pub(super) fn calendar(filter: &asked::CompFilter) -> Result<of_calendars::CompFilter, Refusal> {
    let filter = comp(filter)?;
    filter.check().map_err(|_| invalid())?;
    Ok(filter)
}

fn invalid() -> Refusal {
    Refusal::forbidden(&caldav::VALID_FILTER)
}

fn range(range: asked::TimeRange) -> Result<of_calendars::TimeRange, Refusal> {
    of_calendars::TimeRange::new(range.start, range.end).ok_or_else(invalid)
}

fn comp(filter: &asked::CompFilter) -> Result<of_calendars::CompFilter, Refusal> {
    let test = match &filter.test {
        asked::CompTest::NotDefined => of_calendars::CompTest::NotDefined,
        asked::CompTest::Defined { time_range, properties, components } => {
            of_calendars::CompTest::Defined {
                time_range: time_range.map(range).transpose()?,
                props: properties.iter().map(prop).collect::<Result<_, _>>()?,
                comps: components.iter().map(comp).collect::<Result<_, _>>()?,
            }
        }
    };
    Ok(of_calendars::CompFilter { name: filter.name.clone(), test })
}

fn prop(filter: &asked::PropFilter) -> Result<of_calendars::PropFilter, Refusal> {
    let test = match &filter.test {
        asked::PropTest::NotDefined => of_calendars::PropTest::NotDefined,
        asked::PropTest::Defined { value, parameters } => of_calendars::PropTest::Defined {
            value: match value {
                None => None,
                Some(asked::ValueTest::TimeRange(span)) => {
                    Some(of_calendars::ValueTest::TimeRange(range(*span)?))
                }
                Some(asked::ValueTest::Text(wanted)) => {
                    Some(of_calendars::ValueTest::Text(text(wanted)))
                }
            },
            params: parameters.iter().map(param).collect(),
        },
    };
    Ok(of_calendars::PropFilter { name: filter.name.clone(), test })
}

fn param(filter: &asked::ParamFilter) -> of_calendars::ParamFilter {
    let test = match &filter.test {
        asked::ParamTest::NotDefined => of_calendars::ParamTest::NotDefined,
        asked::ParamTest::Defined => of_calendars::ParamTest::Defined,
        asked::ParamTest::Text(wanted) => of_calendars::ParamTest::Text(text(wanted)),
    };
    of_calendars::ParamFilter { name: filter.name.clone(), test }
}

fn text(wanted: &asked::TextMatch) -> of_calendars::TextMatch {
    of_calendars::TextMatch {
        text: wanted.text.clone(),
        collation: match wanted.collation {
            asked::Collation::AsciiCasemap => of_calendars::Collation::AsciiCasemap,
            asked::Collation::Octet => of_calendars::Collation::Octet,
            asked::Collation::UnicodeCasemap => of_calendars::Collation::UnicodeCasemap,
        },
        condition: match wanted.outcome {
            asked::Outcome::Found => of_calendars::Condition::Matches,
            asked::Outcome::NotFound => of_calendars::Condition::Negated,
        },
    }
}

/// The filter of an addressbook-query.
pub(super) fn cards(filter: &asked::CardFilter) -> of_cards::Filter {
    of_cards::Filter {
        test: test(filter.test),
        properties: filter.properties.iter().map(card_prop).collect(),
    }
}

fn test(test: asked::Test) -> of_cards::Test {
    match test {
        asked::Test::AnyOf => of_cards::Test::AnyOf,
        asked::Test::AllOf => of_cards::Test::AllOf,
    }
}

fn card_prop(filter: &asked::CardPropFilter) -> of_cards::PropFilter {
    let condition = match &filter.condition {
        asked::CardPropTest::NotDefined => of_cards::PropCondition::NotDefined,
        asked::CardPropTest::Defined { texts, parameters, .. }
            if texts.is_empty() && parameters.is_empty() =>
        {
            of_cards::PropCondition::Defined
        }
        asked::CardPropTest::Defined { test: how, texts, parameters } => {
            of_cards::PropCondition::Meets {
                test: test(*how),
                texts: texts.iter().map(card_text).collect(),
                params: parameters.iter().map(card_param).collect(),
            }
        }
    };
    of_cards::PropFilter::new(&filter.name, condition)
}

fn card_param(filter: &asked::ParamFilter) -> of_cards::ParamFilter {
    let condition = match &filter.test {
        asked::ParamTest::NotDefined => of_cards::ParamCondition::NotDefined,
        asked::ParamTest::Defined => of_cards::ParamCondition::Defined,
        asked::ParamTest::Text(wanted) => of_cards::ParamCondition::Matches(card_text(wanted)),
    };
    of_cards::ParamFilter { name: filter.name.clone(), condition }
}

fn card_text(wanted: &asked::TextMatch) -> of_cards::TextMatch {
    of_cards::TextMatch {
        text: wanted.text.clone(),
        collation: match wanted.collation {
            asked::Collation::AsciiCasemap => of_cards::Collation::AsciiCasemap,
            asked::Collation::Octet => of_cards::Collation::Octet,
            asked::Collation::UnicodeCasemap => of_cards::Collation::UnicodeCasemap,
        },
        match_type: match wanted.match_type {
            asked::MatchType::Equals => of_cards::MatchType::Equals,
            asked::MatchType::Contains => of_cards::MatchType::Contains,
            asked::MatchType::StartsWith => of_cards::MatchType::StartsWith,
            asked::MatchType::EndsWith => of_cards::MatchType::EndsWith,
        },
        negate: wanted.outcome == asked::Outcome::NotFound,
    }
}
