//! The folder and the contact that a path names.

use std::sync::Arc;

use super::folders::parent_of;
use crate::account::{Calendar, Item};
use crate::graph::failure::Failure;
use crate::graph::ids::Named;
use crate::turn::Turn;

/// What the default folder is called.
const DEFAULT: &str = "Contacts";

/// Sees to it that the default folder is there: a mailbox has it from the beginning.
pub(in crate::graph) fn prepare(turn: &mut Turn<'_>) {
    turn.ensure_default(DEFAULT);
}

/// The folder at the end of a path, each step of which must lie in the one before; without a path
/// the default folder.
pub(in crate::graph) fn folder<'a>(
    turn: &'a Turn<'_>,
    path: Option<&[String]>,
) -> Result<&'a Calendar, Failure> {
    let default = || turn.account().default_calendar().ok_or_else(Failure::not_found);
    let Some(path) = path else { return default() };
    let mut found: Option<&Calendar> = None;
    for step in path {
        let next = match turn.account().calendar(step) {
            Some(next) => next,
            // The well-known name of the default folder.
            None if step.eq_ignore_ascii_case(DEFAULT) => default()?,
            None => return Err(Failure::not_found()),
        };
        if found.is_some_and(|outer| parent_of(next) != Some(&outer.id)) {
            return Err(Failure::not_found());
        }
        found = Some(next);
    }
    found.ok_or_else(Failure::not_found)
}

/// The contact of an id, which must lie in the folder that the path names.
pub(in crate::graph) fn find(
    turn: &Turn<'_>,
    path: Option<&[String]>,
    id: &str,
) -> Result<Arc<Item>, Failure> {
    if !matches!(Named::parse(id), Some(Named::Item(_))) {
        return Err(Failure::of("ErrorInvalidIdMalformed"));
    }
    let item = turn.account().item(id).cloned().ok_or_else(Failure::not_found)?;
    if path.is_some() && !item.calendars.contains(&folder(turn, path)?.id) {
        return Err(Failure::not_found());
    }
    Ok(item)
}
