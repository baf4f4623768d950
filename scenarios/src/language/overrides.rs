//! `--set world.a.events=10000`: a value of the document replaced from the command line.
//!
//! It works on the document, before anything of the language is read from it, so that the new value
//! is checked like the old one. A path may leave out what there is no choice about: the protocol,
//! the only calendar. It never creates more than its last key.

use super::diagnostic::{Diagnostic, Place, SourceId};
use super::document::{Entry, Node, Value};

/// The keys by which an element of a list is known.
const NAMES: [&str; 3] = ["name", "id", "as"];

/// Applies `PATH=VALUE`; `source` is the number of that text among the texts of the reading.
/// When the last key was not there before, answers with its place and the nearest path that was.
pub(crate) fn apply(
    root: &mut Node,
    text: &str,
    source: SourceId,
) -> Result<Option<(Place, String)>, Diagnostic> {
    let whole = Place::new(source, text, 0, text.len());
    let Some((path, value)) = text.split_once('=').filter(|(path, _)| !path.trim().is_empty())
    else {
        return Err(Diagnostic::new(whole, "an override has the form PATH=VALUE")
            .help("for example: --set world.a.events=10000"));
    };
    // The value is read where it stands, so that its places are those of the whole text.
    let padded = format!("{}{value}", " ".repeat(path.len() + 1));
    let mut value = Node::read(&padded, source)?;
    if value.value == Value::Null {
        value.place = whole;
    }
    let segments: Vec<&str> = path.trim().split('.').collect();
    let at = Place::new(source, text, 0, path.len());
    let missing = |root: &Node, segment: &str| {
        let diagnostic = Diagnostic::new(at, format!("no `{segment}` at this path"));
        match nearest_path(root, &segments) {
            Some(near) => diagnostic.help(format!("the nearest path is `{near}`")),
            None => diagnostic,
        }
    };
    let Some((last, parents)) = segments.split_last() else { return Err(missing(root, path)) };
    let mut here: Vec<usize> = Vec::new();
    for segment in parents {
        match descend(follow(root, &here), segment) {
            Found::At(steps) => here.extend(steps),
            Found::Nowhere => return Err(missing(root, segment)),
            Found::Several(paths) => return Err(several(at, segment, &here, root, &paths)),
        }
    }
    match descend(follow(root, &here), last) {
        Found::At(steps) => {
            here.extend(steps);
            follow_mut(root, &here).value = value.value;
            follow_mut(root, &here).place = value.place;
            Ok(None)
        }
        Found::Several(paths) => Err(several(at, last, &here, root, &paths)),
        Found::Nowhere => {
            let near = nearest_path(root, &segments);
            match &mut follow_mut(root, &here).value {
                Value::Map(entries) => {
                    entries.push(Entry { key: (*last).to_owned(), place: at, value });
                    Ok(near.map(|near| (at, near)))
                }
                _ => Err(missing(root, last)),
            }
        }
    }
}

fn several(
    at: Place,
    segment: &str,
    here: &[usize],
    root: &Node,
    paths: &[Vec<usize>],
) -> Diagnostic {
    let names: Vec<String> = paths
        .iter()
        .map(|steps| {
            let full: Vec<usize> = here.iter().chain(steps).copied().collect();
            format!("`{}`", name_of(root, &full))
        })
        .collect();
    Diagnostic::new(at, format!("`{segment}` could be more than one thing"))
        .help(format!("say which: {}", names.join(", ")))
}

/// What a segment leads to, as numbers of children.
enum Found {
    At(Vec<usize>),
    Several(Vec<Vec<usize>>),
    Nowhere,
}

/// The child of this name, or else the one of that name nearest below, past what there is no choice
/// about.
fn descend(node: &Node, segment: &str) -> Found {
    let mut level: Vec<(Vec<usize>, &Node)> = vec![(Vec::new(), node)];
    while !level.is_empty() {
        let found: Vec<Vec<usize>> = level
            .iter()
            .filter_map(|(path, node)| {
                let child = child_named(node, segment)?;
                Some(path.iter().copied().chain([child]).collect())
            })
            .collect();
        match found.len() {
            0 => {}
            1 => return found.into_iter().next().map_or(Found::Nowhere, Found::At),
            _ => return Found::Several(found),
        }
        level = level
            .iter()
            .flat_map(|(path, node)| {
                without_choice(node)
                    .into_iter()
                    .map(move |(steps, child)| (path.iter().copied().chain(steps).collect(), child))
            })
            .collect();
    }
    Found::Nowhere
}

/// What a path may pass over: the one value of a tag, the one element of a list.
fn without_choice(node: &Node) -> Vec<(Vec<usize>, &Node)> {
    let only = |node: &Node| children(node).count() == 1;
    let inside = |number: usize, child| (vec![number], child);
    match &node.value {
        Value::List(_) | Value::Map(_) if only(node) => {
            children(node).map(|child| inside(0, child)).collect()
        }
        Value::Map(_) => children(node)
            .enumerate()
            .filter(|(_, child)| matches!(child.value, Value::List(_)) && only(child))
            .map(|(number, child)| inside(number, child))
            .collect(),
        _ => Vec::new(),
    }
}

fn children(node: &Node) -> Box<dyn Iterator<Item = &Node> + '_> {
    match &node.value {
        Value::List(items) => Box::new(items.iter()),
        Value::Map(entries) => Box::new(entries.iter().map(|entry| &entry.value)),
        _ => Box::new(std::iter::empty()),
    }
}

fn child_named(node: &Node, segment: &str) -> Option<usize> {
    match &node.value {
        Value::Map(entries) => entries.iter().position(|entry| entry.key == segment),
        Value::List(items) => segment
            .parse()
            .ok()
            .filter(|number| *number < items.len())
            .or_else(|| items.iter().position(|item| element_name(item) == Some(segment))),
        _ => None,
    }
}

/// The name of a list's element: its own, or that of the one thing in it.
fn element_name(item: &Node) -> Option<&str> {
    let own = |node: &Node| NAMES.iter().any(|key| node.entry(key).is_some());
    let holder = match &item.value {
        Value::Map(entries) if !own(item) && entries.len() == 1 => &entries[0].value,
        _ => item,
    };
    NAMES.iter().find_map(|key| holder.entry(key)).and_then(|entry| match &entry.value.value {
        Value::Text(name) => Some(name.as_str()),
        _ => None,
    })
}

fn follow<'n>(mut node: &'n Node, path: &[usize]) -> &'n Node {
    for step in path {
        node = match &node.value {
            Value::List(items) => &items[*step],
            Value::Map(entries) => &entries[*step].value,
            _ => return node,
        };
    }
    node
}

fn follow_mut<'n>(node: &'n mut Node, path: &[usize]) -> &'n mut Node {
    let Some((step, rest)) = path.split_first() else { return node };
    let child = match &mut node.value {
        Value::List(items) => &mut items[*step],
        Value::Map(entries) => &mut entries[*step].value,
        _ => unreachable!("a path leads through lists and mappings only"),
    };
    follow_mut(child, rest)
}

/// The full path of a node, in words.
fn name_of(root: &Node, path: &[usize]) -> String {
    let mut names: Vec<String> = Vec::new();
    let mut node = root;
    for step in path {
        match &node.value {
            Value::List(items) => {
                node = &items[*step];
                names.push(element_name(node).map_or_else(|| step.to_string(), str::to_owned));
            }
            Value::Map(entries) => {
                node = &entries[*step].value;
                names.push(entries[*step].key.clone());
            }
            _ => break,
        }
    }
    names.join(".")
}

/// The existing path that the segments resemble most, where one resembles them at all.
fn nearest_path(root: &Node, segments: &[&str]) -> Option<String> {
    let mut best: Option<(usize, String)> = None;
    let mut open: Vec<Vec<usize>> = vec![Vec::new()];
    while let Some(path) = open.pop() {
        let node = follow(root, &path);
        if !path.is_empty() {
            let name = name_of(root, &path);
            let known: Vec<&str> = name.split('.').collect();
            if let Some(cost) = resemblance(segments, &known)
                && best.as_ref().is_none_or(|(least, held)| (cost, &name) < (*least, held))
            {
                best = Some((cost, name));
            }
        }
        for number in (0..children(node).count()).rev() {
            open.push(path.iter().copied().chain([number]).collect());
        }
    }
    best.map(|(_, name)| name)
}

/// How far `known` is from `wanted`, when every wanted segment has a counterpart in order and
/// segments between them may be left out; none when it is another thing altogether.
fn resemblance(wanted: &[&str], known: &[&str]) -> Option<usize> {
    /// What a segment that was left out costs, beside the letters that differ.
    const LEFT_OUT: usize = 1;
    let mut costs: Vec<Option<usize>> =
        (0..=known.len()).map(|skipped| Some(skipped * LEFT_OUT)).collect();
    for segment in wanted {
        let mut next = vec![None; known.len() + 1];
        for (place, name) in known.iter().enumerate() {
            let here = super::near::difference(segment, name)
                .and_then(|cost| costs[place].map(|before| before + 2 * cost));
            let skipped = next[place].map(|before: usize| before + LEFT_OUT);
            next[place + 1] = [here, skipped].into_iter().flatten().min();
        }
        costs = next;
    }
    costs[known.len()]
}
