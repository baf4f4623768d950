//! Finding principals: principal-match, principal-property-search and
//! principal-search-property-set (RFC 3744 sections 9.3 to 9.5).

use http::StatusCode;

use super::super::answer::{Outcome, multistatus, xml};
use super::super::props::{self, Data};
use super::super::resource::Resource;
use crate::dav::card::filter::{MatchType, Test};
use crate::dav::xml::names::{caldav, calendar_server, dav, xml as xml_names};
use crate::dav::xml::request::{PrincipalMatch, PrincipalPropertySearch, Properties, Search, Whom};
use crate::dav::xml::{Element, Multistatus, Name, Refusal, Response, Value, document};
use crate::native::Reply;
use crate::turn::Turn;

/// Properties that can be searched, each with what people call it.
const SEARCHABLE: [(Name, &str); 3] = [
    (dav::DISPLAYNAME, "Name"),
    (caldav::CALENDAR_USER_ADDRESS_SET, "Address"),
    (calendar_server::EMAIL_ADDRESS_SET, "Mail address"),
];

/// principal-match.
pub(super) fn matching(turn: &Turn<'_>, resource: &Resource, asked: &PrincipalMatch) -> Outcome {
    let own = turn.focus().user;
    let mut all = Multistatus::new();
    for member in resource.members(turn) {
        let meant = match &asked.whom {
            Whom::Oneself => matches!(&member, Resource::Principal(user) if *user == own),
            Whom::Property(name) => {
                let value = props::value(turn, &member, name, &Data::none())?;
                let principal = Resource::Principal(own).place(turn).href();
                value.is_some_and(|value| texts(&value).contains(&principal))
            }
        };
        if meant {
            respond(turn, &member, &asked.properties, &mut all)?;
        }
    }
    Ok(multistatus(all))
}

/// principal-property-search.
pub(super) fn search(turn: &Turn<'_>, asked: &PrincipalPropertySearch) -> Outcome {
    let mut all = Multistatus::new();
    for (user, _) in turn.directory().users() {
        let principal = Resource::Principal(user);
        let mut hits = asked.searches.iter().map(|one| finds(turn, &principal, one));
        let found = match asked.test {
            Test::AllOf => hits.try_fold(true, |found, hit| hit.map(|hit| found && hit))?,
            Test::AnyOf => hits.try_fold(false, |found, hit| hit.map(|hit| found || hit))?,
        };
        if found {
            respond(turn, &principal, &asked.properties, &mut all)?;
        }
    }
    Ok(multistatus(all))
}

fn finds(turn: &Turn<'_>, principal: &Resource, search: &Search) -> Result<bool, Refusal> {
    let wanted = search.text.to_lowercase();
    for name in &search.properties {
        let value = props::value(turn, principal, name, &Data::none())?;
        let texts = value.as_ref().map(texts).unwrap_or_default();
        let hit = texts.iter().map(|text| text.to_lowercase()).any(|text| {
            let bare = text.strip_prefix("mailto:").unwrap_or(&text).to_owned();
            [text, bare].iter().any(|text| match search.match_type {
                MatchType::Equals => *text == wanted,
                MatchType::Contains => text.contains(&wanted),
                MatchType::StartsWith => text.starts_with(&wanted),
                MatchType::EndsWith => text.ends_with(&wanted),
            })
        });
        if !hit {
            return Ok(false);
        }
    }
    Ok(true)
}

fn texts(value: &Value<'static>) -> Vec<String> {
    match value {
        Value::Text(text) | Value::Href(text) => vec![text.to_string()],
        Value::Hrefs(hrefs) => hrefs.iter().map(ToString::to_string).collect(),
        Value::Elements(all) => all.iter().map(Element::trimmed).collect(),
        Value::Tree(element) => vec![element.text()],
        _ => Vec::new(),
    }
}

fn respond(
    turn: &Turn<'_>,
    resource: &Resource,
    properties: &Properties,
    all: &mut Multistatus,
) -> Result<(), Refusal> {
    let stats = props::propstats(turn, resource, properties, &Data::none())?;
    all.respond(&Response::properties(resource.place(turn).href(), stats));
    Ok(())
}

/// principal-search-property-set.
pub(super) fn searchable() -> Reply {
    let one = |(name, text): &(Name, &str)| {
        let prop = Element::new(dav::PROP).with_child(Element::new(name.clone()));
        let description =
            Element::new(dav::DESCRIPTION).with_attribute(xml_names::LANG, "en").with_text(*text);
        Element::new(dav::PRINCIPAL_SEARCH_PROPERTY).with_children([prop, description])
    };
    let searchable = SEARCHABLE;
    let all = searchable.iter().map(one);
    let root = Element::new(dav::PRINCIPAL_SEARCH_PROPERTY_SET).with_children(all);
    xml(StatusCode::OK, document(&root))
}
