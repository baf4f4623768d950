//! expand-property (RFC 3253 section 3.8): properties of the resources that a property names.

use http::StatusCode;

use super::super::answer::{Outcome, multistatus};
use super::super::place::Place;
use super::super::props::{self, Data};
use super::super::resource::{self, Resource};
use crate::dav::xml::names::dav;
use crate::dav::xml::request::{ExpandProperty, Expanded};
use crate::dav::xml::{Href, Multistatus, Propstats, Refusal, Response, Value};
use crate::turn::Turn;

/// Properties inside properties beyond which hrefs stay as they are.
const DEPTH_MAX: usize = 4;
/// Resources that one answer names; the rest is left out.
const RESOURCES_MAX: usize = 10_000;

/// Answers.
pub(super) fn expand(turn: &Turn<'_>, resource: &Resource, asked: &ExpandProperty) -> Outcome {
    let mut left = RESOURCES_MAX;
    let stats = propstats(turn, resource, &asked.properties, 0, &mut left)?;
    let mut all = Multistatus::new();
    all.respond(&Response::properties(resource.place(turn).href(), stats));
    Ok(multistatus(all))
}

fn propstats(
    turn: &Turn<'_>,
    resource: &Resource,
    wanted: &[Expanded],
    depth: usize,
    left: &mut usize,
) -> Result<Propstats<'static>, Refusal> {
    let mut stats = Propstats::new();
    for one in wanted {
        let Some(value) = props::value(turn, resource, &one.name, &Data::none())? else {
            stats.named(StatusCode::NOT_FOUND, one.name.clone());
            continue;
        };
        let hrefs = hrefs(&value);
        if one.inside.is_empty() || hrefs.is_empty() || depth >= DEPTH_MAX {
            stats.found(one.name.clone(), value);
            continue;
        }
        let mut responses = Vec::new();
        for href in hrefs.into_iter().take(*left) {
            *left = left.saturating_sub(1);
            let place = Href::parse(&href).map(|href| Place::of(&href.path));
            let found = place.ok().map(|place| resource::find(turn, &place));
            responses.push(match found {
                Some(Ok(inner)) => {
                    let stats = propstats(turn, &inner, &one.inside, depth + 1, left)?;
                    Response::properties(href, stats)
                }
                Some(Err(refused)) => Response::status(href, refused.status),
                None => Response::status(href, StatusCode::NOT_FOUND),
            });
        }
        stats.found(one.name.clone(), Value::Responses(responses));
    }
    Ok(stats)
}

fn hrefs(value: &Value<'static>) -> Vec<String> {
    match value {
        Value::Href(href) => vec![href.to_string()],
        Value::Hrefs(hrefs) => hrefs.iter().map(ToString::to_string).collect(),
        Value::Elements(all) => {
            all.iter().filter(|one| one.name == dav::HREF).map(|one| one.trimmed()).collect()
        }
        _ => Vec::new(),
    }
}
