//! The rows of a page in a finished answer: found, put in another order, and put back.

use serde_json::Value;

use super::draw::Draw;
use super::effect::{Order, Sequence};
use crate::server::Protocol;

/// How many rows a page may have after a fault.
const ROWS_MAX: usize = 100_000;

const OPEN: &str = "<D:response>";
const CLOSE: &str = "</D:response>";

/// Changes the rows of a page in a body; `nth` is the place of its response in an answer of JMAP,
/// which holds several.
pub(super) fn apply(
    protocol: Protocol,
    nth: usize,
    body: &[u8],
    change: &mut dyn FnMut(&mut Vec<Value>),
) -> Option<Vec<u8>> {
    match protocol {
        Protocol::Dav => in_xml(std::str::from_utf8(body).ok()?, change).map(String::into_bytes),
        Protocol::Graph => {
            let mut answer: Value = serde_json::from_slice(body).ok()?;
            change(answer.get_mut("value")?.as_array_mut()?);
            Some(answer.to_string().into_bytes())
        }
        Protocol::Jmap => {
            let mut answer: Value = serde_json::from_slice(body).ok()?;
            in_call(jmap_call(&mut answer, nth)?, change);
            Some(answer.to_string().into_bytes())
        }
    }
}

/// Changes the parts of an envelope in a body: the answers to the requests of a batch, to the calls
/// of a JMAP request, to the hrefs of a multistatus; the rows of a page where there are none.
pub(super) fn apply_to_parts(
    protocol: Protocol,
    body: &[u8],
    change: &mut dyn FnMut(&mut Vec<Value>),
) -> Option<Vec<u8>> {
    if protocol == Protocol::Dav {
        return in_xml(std::str::from_utf8(body).ok()?, change).map(String::into_bytes);
    }
    let mut answer: Value = serde_json::from_slice(body).ok()?;
    const LISTS: [&str; 3] = ["responses", "methodResponses", "value"];
    let list = LISTS.iter().find(|list| answer.get(**list).is_some_and(Value::is_array))?;
    change(answer.get_mut(*list)?.as_array_mut()?);
    Some(answer.to_string().into_bytes())
}

/// The arguments of a response, unless it is an error.
pub(super) fn jmap_call(answer: &mut Value, nth: usize) -> Option<&mut Value> {
    let response = answer.get_mut("methodResponses")?.get_mut(nth)?;
    if response.get(0)? == "error" {
        return None;
    }
    response.get_mut(1)
}

fn in_call(arguments: &mut Value, change: &mut dyn FnMut(&mut Vec<Value>)) {
    if let Some(ids) = arguments.get_mut("ids").and_then(Value::as_array_mut) {
        change(ids);
        return;
    }
    const LISTS: [&str; 5] = ["created", "updated", "destroyed", "removed", "added"];
    let mut rows = Vec::new();
    for list in LISTS {
        let ids = arguments.get_mut(list).and_then(Value::as_array_mut);
        rows.extend(ids.into_iter().flat_map(std::mem::take).map(|id| row_of(list, id)));
    }
    change(&mut rows);
    for row in rows {
        let Value::Object(row) = (if row.is_object() { row } else { row_of("updated", row) })
        else {
            continue;
        };
        for (list, id) in row {
            if let Some(ids) = arguments.get_mut(&list).and_then(Value::as_array_mut) {
                ids.push(id);
            }
        }
    }
}

fn row_of(list: &str, id: Value) -> Value {
    Value::Object(std::iter::once((list.to_owned(), id)).collect())
}

/// The collection's own 507 and the token stay where they are: a row is what has no such status.
fn in_xml(text: &str, change: &mut dyn FnMut(&mut Vec<Value>)) -> Option<String> {
    let first = text.find(OPEN);
    let last = text.rfind(CLOSE).map(|at| at + CLOSE.len());
    let (before, inside, after) = match (first, last) {
        (Some(first), Some(last)) if first < last => {
            (&text[..first], &text[first..last], &text[last..])
        }
        _ => {
            // An empty page: rows go right behind the start tag of the root.
            let root = text.find("<D:multistatus")?;
            let begin = root + text[root..].find('>')? + 1;
            if text[..begin].ends_with("/>") {
                return None;
            }
            (&text[..begin], "", &text[begin..])
        }
    };
    let whole = |row: &str| format!("{}{CLOSE}", row.trim_start());
    let pieces = inside.split(CLOSE).filter(|row| row.contains(OPEN));
    let mut rows: Vec<Value> = pieces.map(|row| whole(row).into()).collect();
    change(&mut rows);
    let rows: String = rows.iter().filter_map(Value::as_str).collect();
    Some(format!("{before}{rows}{after}"))
}

impl Sequence {
    /// Applies it to rows.
    pub(super) fn apply(&self, rows: &mut Vec<Value>, seed: u64) {
        match self {
            Self::Drop(places) => {
                let mut nth = 0;
                rows.retain(|_| {
                    nth += 1;
                    !places.contains(&(nth - 1))
                });
            }
            Self::Duplicate(places) => {
                let again: Vec<Value> =
                    places.iter().filter_map(|place| rows.get(*place).cloned()).collect();
                rows.extend(again);
            }
            Self::Reorder(Order::Reverse) => rows.reverse(),
            Self::Reorder(Order::Shuffle) => {
                let key = |row: &Value| {
                    let key = row.to_string();
                    (Draw { seed, rule: "shuffle", key: &key, ordinal: 0 }.unit(), key)
                };
                rows.sort_by_cached_key(|row| {
                    let (drawn, key) = key(row);
                    ((drawn * 1e15) as u64, key)
                });
            }
            Self::Inject(made_up) => {
                rows.splice(0..0, made_up.iter().cloned());
            }
        }
        rows.truncate(ROWS_MAX);
    }
}
