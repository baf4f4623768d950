//! PatchObject (RFC 8620 section 5.3): keys are JSON pointers without the leading slash; null
//! removes; nothing reaches into arrays; parents must exist; no key is a prefix of another.

use serde_json::{Map, Value};

/// Why a patch is none, with the pointer that breaks the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InvalidPatch {
    pub(super) pointer: String,
    pub(super) reason: &'static str,
}

/// Applies a patch as a whole or not at all.
pub(super) fn apply(
    object: &mut Map<String, Value>,
    patch: &Map<String, Value>,
) -> Result<(), InvalidPatch> {
    *object = applied(object.clone(), patch)?;
    Ok(())
}

/// The object with a patch applied.
pub(super) fn applied(
    mut object: Map<String, Value>,
    patch: &Map<String, Value>,
) -> Result<Map<String, Value>, InvalidPatch> {
    let mut paths = Vec::with_capacity(patch.len());
    for (pointer, value) in patch {
        let segments =
            segments(pointer).ok_or_else(|| invalid(pointer, "it is no JSON pointer"))?;
        paths.push((segments, pointer, value));
    }
    paths.sort_by(|a, b| a.0.cmp(&b.0));
    for pair in paths.windows(2) {
        if pair[1].0.starts_with(&pair[0].0) {
            return Err(invalid(pair[1].1, "another pointer of the patch is its prefix"));
        }
    }
    for (segments, pointer, value) in paths {
        let Some((last, parents)) = segments.split_last() else {
            return Err(invalid(pointer, "it is empty"));
        };
        let parent = parent(&mut object, parents).map_err(|reason| invalid(pointer, reason))?;
        if value.is_null() {
            parent.remove(last);
        } else {
            parent.insert(last.clone(), value.clone());
        }
    }
    Ok(object)
}

/// The patch, of members of one at this pointer, that makes the other of it; with pointers of at most so
/// many names.
pub(super) fn difference(
    at: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    depth: usize,
) -> Map<String, Value> {
    let mut patch = Map::new();
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    patch.extend(gone.map(|name| (format!("{at}/{}", escape(name)), Value::Null)));
    for (name, value) in after.iter().filter(|(name, value)| before.get(*name) != Some(*value)) {
        let at = format!("{at}/{}", escape(name));
        match (before.get(name), value) {
            (Some(Value::Object(before)), Value::Object(after)) if depth > 2 => {
                patch.extend(difference(&at, before, after, depth - 1));
            }
            _ => {
                patch.insert(at, value.clone());
            }
        }
    }
    patch
}

/// Whether an object has the parents of what a pointer names.
pub(super) fn reaches(object: &Map<String, Value>, pointer: &str) -> bool {
    let Some(segments) = segments(pointer) else { return false };
    let mut current = object;
    for segment in segments.split_last().map_or(&[][..], |(_, parents)| parents) {
        match current.get(segment) {
            Some(Value::Object(child)) => current = child,
            _ => return false,
        }
    }
    true
}

fn invalid(pointer: &str, reason: &'static str) -> InvalidPatch {
    InvalidPatch { pointer: pointer.to_owned(), reason }
}

fn parent<'a>(
    object: &'a mut Map<String, Value>,
    parents: &[String],
) -> Result<&'a mut Map<String, Value>, &'static str> {
    let mut current = object;
    for segment in parents {
        current = match current.get_mut(segment) {
            Some(Value::Object(child)) => child,
            Some(Value::Array(_)) => return Err("it reaches into an array"),
            Some(_) => return Err("a parent is no object"),
            None => return Err("a parent does not exist"),
        };
    }
    Ok(current)
}

/// The unescaped parts of a pointer (RFC 6901); `None` for a stray `~`.
pub(super) fn segments(pointer: &str) -> Option<Vec<String>> {
    pointer.split('/').map(unescape).collect()
}

fn unescape(segment: &str) -> Option<String> {
    let mut plain = String::with_capacity(segment.len());
    let mut signs = segment.chars();
    while let Some(sign) = signs.next() {
        plain.push(match sign {
            '~' => match signs.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            other => other,
        });
    }
    Some(plain)
}

/// A part of a pointer, escaped.
pub(super) fn escape(segment: &str) -> String {
    if !segment.contains(['~', '/']) {
        return segment.to_owned();
    }
    segment.replace('~', "~0").replace('/', "~1")
}
