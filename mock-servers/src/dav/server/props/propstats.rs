//! What is answered about one resource: the properties that it has, and those that it has not.

use std::collections::BTreeSet;

use http::StatusCode;

use super::super::dead;
use super::super::lock;
use super::super::resource::Resource;
use crate::dav::xml::request::Properties;
use crate::dav::xml::{Element, Name, Propstats, Refusal, Value};
use crate::turn::Turn;

use super::data::Data;
use super::names::{live, unasked};
use super::{acl, collection, object, principal};

/// The answer about one resource.
///
/// # Errors
/// What a part of a calendar object or card cannot be given as.
pub(in super::super) fn propstats(
    turn: &Turn<'_>,
    resource: &Resource,
    properties: &Properties,
    data: &Data<'_>,
) -> Result<Propstats<'static>, Refusal> {
    let mut stats = Propstats::new();
    let mut give = |name: &Name| -> Result<(), Refusal> {
        match value(turn, resource, name, data)? {
            Some(found) => stats.found(name.clone(), found),
            None => stats.named(StatusCode::NOT_FOUND, name.clone()),
        }
        Ok(())
    };
    match properties {
        Properties::Listed(names) => names.iter().try_for_each(&mut give)?,
        Properties::Unspecified => {}
        Properties::All { include } => {
            // RFC 4918 section 9.1: what this specification defines, and dead properties.
            let mut asked = unasked(resource);
            let included: BTreeSet<&Name> = include.iter().collect();
            let mut known: BTreeSet<Name> = asked.iter().cloned().collect();
            // Some live properties are kept among the dead ones.
            let more = dead_names(resource).into_iter().chain(include.iter().cloned());
            asked.extend(more.filter(|name| known.insert(name.clone())));
            for name in &asked {
                if included.contains(name) || value(turn, resource, name, data)?.is_some() {
                    give(name)?;
                }
            }
        }
        Properties::Names => {
            let mut all = live(resource);
            all.extend(dead_names(resource));
            all.sort();
            all.dedup();
            for name in all {
                if value(turn, resource, &name, &Data::none())?.is_some() {
                    stats.named(StatusCode::OK, name);
                }
            }
        }
    }
    Ok(stats)
}

/// The value of one property; none where the resource has it not.
///
/// # Errors
/// See [`propstats`].
pub(in super::super) fn value(
    turn: &Turn<'_>,
    resource: &Resource,
    name: &Name,
    data: &Data<'_>,
) -> Result<Option<Value<'static>>, Refusal> {
    if let Some(element) = stored(resource, name) {
        return Ok(Some(Value::Tree(std::borrow::Cow::Owned(element))));
    }
    let key = (name.namespace().as_str(), name.local());
    if let Some(found) = lock::value(turn, resource, key) {
        return Ok(Some(found));
    }
    if let Some(found) = acl::value(turn, resource, key) {
        return Ok(Some(found));
    }
    match resource {
        Resource::Object(_, item) => object::value(turn, resource, item, key, data),
        Resource::Principal(user) => Ok(principal::value(turn, resource, *user, key)),
        _ => Ok(collection::value(turn, resource, key)),
    }
}

fn stored(resource: &Resource, name: &Name) -> Option<Element> {
    match resource {
        Resource::Collection(_, calendar) => dead::get(&calendar.body, name),
        Resource::Object(_, item) => dead::get(&item.body, name),
        _ => None,
    }
}

fn dead_names(resource: &Resource) -> Vec<Name> {
    match resource {
        Resource::Collection(_, calendar) => dead::names(&calendar.body),
        Resource::Object(_, item) => dead::names(&item.body),
        _ => Vec::new(),
    }
}
