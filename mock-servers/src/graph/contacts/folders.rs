//! Contact folders: listed, read, made, changed and deleted.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::find::folder;
use super::render;
use crate::account::{Account, Calendar};
use crate::graph::call::Call;
use crate::graph::containers::{Container, chosen};
use crate::graph::failure::Failure;
use crate::graph::odata::{Expand, Page, Paths, Select};
use crate::graph::schema::CONTACT_FOLDER;
use crate::graph::stored::{MULTI, SINGLE, merge_extended};
use crate::native::Reply;
use crate::scheduling::Marker;
use crate::turn::Turn;

/// The stored member that names the folder in which a folder lies; at the root it is missing.
const PARENT: &str = "parentFolderId";
const CONTEXT: &str = "me/contactFolders";

/// The folder in which a folder lies.
pub(super) fn parent_of(folder: &Calendar) -> Option<&String> {
    match folder.body.get(PARENT) {
        Some(Value::String(parent)) => Some(parent),
        _ => None,
    }
}

/// A page of the folders in a folder, or at the root, in the order in which they were made unless another one
/// is asked for.
pub(in crate::graph) fn list(
    call: &Call,
    turn: &mut Turn<'_>,
    path: &[String],
) -> Result<Reply, Failure> {
    let page = Page::read(&call.query, &call.prefer)?;
    let select = Select::parse(&call.query, &CONTACT_FOLDER)?;
    let expand = Expand::parse(&call.query, "contactFolder")?;
    let parent = parent(turn, path)?;
    let mut found: Vec<&Calendar> = children(turn.account(), parent.as_ref()).collect();
    found.sort_by_key(|folder| (folder.created_modseq, &folder.id));
    let found = chosen(&call.query, Paths::Folders, found, |folder| Container {
        members: render::folder(folder, turn.host(), &Select::default(), &Expand::default()),
        stored: Some(&folder.body),
    })?;
    let total = found.len();
    let rows = found.into_iter().skip(page.skip).take(page.size);
    let rows = rows
        .map(|folder| Value::Object(render::folder(folder, turn.host(), &select, &expand)))
        .collect();
    Ok(call.page(CONTEXT, rows, page, total, true))
}

/// A folder.
pub(in crate::graph) fn get(
    call: &Call,
    turn: &mut Turn<'_>,
    path: &[String],
) -> Result<Reply, Failure> {
    let select = Select::parse(&call.query, &CONTACT_FOLDER)?;
    let expand = Expand::parse(&call.query, "contactFolder")?;
    let found = folder(turn, Some(path))?;
    let found = render::folder(found, turn.host(), &select, &expand);
    Ok(call.entity(StatusCode::OK, CONTEXT, found))
}

/// Makes a folder in a folder, or at the root.
pub(in crate::graph) fn create(
    call: &Call,
    turn: &mut Turn<'_>,
    path: &[String],
) -> Result<Reply, Failure> {
    let target = call.target();
    call.write(turn, &target, |turn, patch| {
        let mut given = call.body(&CONTACT_FOLDER)?;
        patch.apply_to(&mut given);
        let parent = parent(turn, path)?;
        let name = name(turn.account(), given.get("displayName"), parent.as_ref(), None)?;
        let mut body = Map::new();
        if let Some(parent) = parent {
            body.insert(PARENT.to_owned(), json!(parent));
        }
        body.extend(extended(&given, &Map::new())?);
        let id = turn.create_calendar(&name, body);
        answer(call, turn, StatusCode::CREATED, &id)
    })
}

/// Renames a folder or moves it into another one.
pub(in crate::graph) fn update(
    call: &Call,
    turn: &mut Turn<'_>,
    path: &[String],
) -> Result<Reply, Failure> {
    let target = call.target();
    call.write(turn, &target, |turn, patch| {
        let mut given = call.body(&CONTACT_FOLDER)?;
        patch.apply_to(&mut given);
        let found = folder(turn, Some(path))?;
        let (id, is_default) = (found.id.clone(), found.is_default);
        let present = parent_of(found).cloned();
        let present_name = json!(found.name);
        let extended = extended(&given, &found.body)?;
        let parent = match given.get(PARENT).and_then(Value::as_str) {
            None => present,
            Some(_) if is_default => return Err(immovable()),
            Some(parent) if parent == render::root(turn.host()) => None,
            Some(parent) => {
                let target = turn.account().calendar(parent).ok_or_else(Failure::not_found)?;
                if lies_in(turn.account(), target, &id) {
                    return Err(immovable());
                }
                Some(parent.to_owned())
            }
        };
        let wanted = given.get("displayName").unwrap_or(&present_name);
        let name = name(turn.account(), Some(wanted), parent.as_ref(), Some(&id))?;
        turn.update_calendar(&id, |stored| {
            stored.name = name;
            match parent {
                Some(parent) => stored.body.insert(PARENT.to_owned(), json!(parent)),
                None => stored.body.remove(PARENT),
            };
            stored.body.extend(extended);
        });
        answer(call, turn, StatusCode::OK, &id)
    })
}

/// Deletes a folder with all that lies in it.
pub(in crate::graph) fn delete(
    call: &Call,
    turn: &mut Turn<'_>,
    path: &[String],
) -> Result<Reply, Failure> {
    let target = call.target();
    call.write(turn, &target, |turn, _| {
        let found = folder(turn, Some(path))?;
        if found.is_default {
            return Err(Failure::of("ErrorDeleteDistinguishedFolder"));
        }
        let id = found.id.clone();
        let inner: Vec<String> = turn
            .account()
            .calendars()
            .filter(|folder| lies_in(turn.account(), folder, &id))
            .map(|folder| folder.id.clone())
            .collect();
        for id in inner {
            turn.delete_calendar(&id, Marker::Never);
        }
        Ok(call.names.nothing())
    })
}

/// The extended properties after a write, as far as it says something of them.
pub(in crate::graph) fn extended(
    given: &Map<String, Value>,
    before: &Map<String, Value>,
) -> Result<Map<String, Value>, Failure> {
    let mut after = Map::new();
    for name in [SINGLE, MULTI] {
        if let Some(given) = given.get(name) {
            after.insert(name.to_owned(), merge_extended(name, before.get(name), given)?);
        }
    }
    Ok(after)
}

fn answer(call: &Call, turn: &Turn<'_>, status: StatusCode, id: &str) -> Result<Reply, Failure> {
    let made = turn.account().calendar(id).ok_or_else(Failure::not_found)?;
    let made = render::folder(made, turn.host(), &Select::default(), &Expand::default());
    Ok(call.entity(status, CONTEXT, made))
}

/// The folder whose children a path names; none for the root.
fn parent(turn: &Turn<'_>, path: &[String]) -> Result<Option<String>, Failure> {
    if path.is_empty() { Ok(None) } else { Ok(Some(folder(turn, Some(path))?.id.clone())) }
}

fn children<'a>(
    account: &'a Account,
    parent: Option<&'a String>,
) -> impl Iterator<Item = &'a Calendar> {
    account.calendars().filter(move |folder| !folder.is_default && parent_of(folder) == parent)
}

/// Whether a folder is another one or lies in it, however deep.
fn lies_in(account: &Account, folder: &Calendar, outer: &str) -> bool {
    let mut at = Some(folder);
    // A chain is no longer than there are folders.
    for _ in 0..=account.calendars().len() {
        match at {
            Some(folder) if folder.id == outer => return true,
            Some(folder) => at = parent_of(folder).and_then(|parent| account.calendar(parent)),
            None => return false,
        }
    }
    false
}

/// A name that no other folder of the same parent has; the default folder's name is the root's.
fn name(
    account: &Account,
    given: Option<&Value>,
    parent: Option<&String>,
    except: Option<&str>,
) -> Result<String, Failure> {
    let name = given.and_then(Value::as_str).map(str::trim).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Failure::invalid("The folder needs a display name."))?;
    let same = |folder: &Calendar| {
        Some(folder.id.as_str()) != except
            && parent_of(folder) == parent
            && folder.name.to_lowercase() == name.to_lowercase()
    };
    if account.calendars().any(same) {
        return Err(Failure::of("ErrorFolderExists"));
    }
    Ok(name.to_owned())
}

fn immovable() -> Failure {
    Failure::invalid("The folder cannot be moved there.")
}
