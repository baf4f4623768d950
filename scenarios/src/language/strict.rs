//! Other YAML files than scenarios, read just as strictly: the same places, the same near names, the
//! same rendering.

use serde::de::DeserializeOwned;

use super::diagnostic::{Diagnostic, FILE, Place, Rejected, Source};
use super::document::{Node, Value};
use super::typed;

/// A YAML document, read as a tree that knows its places.
#[derive(Clone, Debug)]
pub struct Document {
    node: Node,
    sources: Vec<Source>,
}

/// One step of a path into a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'s> {
    /// Into the value of a key.
    Key(&'s str),
    /// To an element of a list, counted from 0.
    At(usize),
}

/// A mistake of sense, by its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake<'s> {
    /// Where; as far as the document has it.
    pub path: Vec<Step<'s>>,
    /// What is wrong.
    pub message: String,
    /// The way out.
    pub help: String,
}

impl Document {
    /// Reads a document; `path` is for messages only.
    ///
    /// # Errors
    /// When it is no YAML, or a key stands twice.
    pub fn read(path: &str, text: &str) -> Result<Document, Rejected> {
        let sources = vec![Source { name: path.to_owned(), text: text.to_owned() }];
        match Node::read(text, FILE) {
            Ok(node) => Ok(Document { node, sources }),
            Err(diagnostic) => Err(Rejected { sources, diagnostics: vec![diagnostic] }),
        }
    }

    /// The value that it states.
    ///
    /// # Errors
    /// An unknown key, a wrong type, a value that is none.
    pub fn typed<T: DeserializeOwned>(&self) -> Result<T, Rejected> {
        typed::read(&self.node).map_err(|diagnostic| self.rejected(vec![diagnostic]))
    }

    /// Mistakes that were found in its value, at least one, in the order of the document.
    #[must_use]
    pub fn reject(&self, mistakes: &[Mistake<'_>]) -> Rejected {
        let mut diagnostics: Vec<Diagnostic> = mistakes
            .iter()
            .map(|mistake| {
                let place = self.place(&mistake.path);
                Diagnostic::new(place, mistake.message.clone()).help(mistake.help.clone())
            })
            .collect();
        diagnostics.sort_by_key(|diagnostic| diagnostic.place);
        self.rejected(diagnostics)
    }

    fn rejected(&self, diagnostics: Vec<Diagnostic>) -> Rejected {
        Rejected { sources: self.sources.clone(), diagnostics }
    }

    /// The place of the last step that the document has; for a mapping or a list its key.
    fn place(&self, path: &[Step<'_>]) -> Place {
        let (mut node, mut place) = (&self.node, self.node.place);
        for step in path {
            let next = match (step, &node.value) {
                (Step::Key(key), _) => node.entry(key).map(|entry| (entry.place, &entry.value)),
                (Step::At(at), Value::List(items)) => items.get(*at).map(|item| (item.place, item)),
                (Step::At(_), _) => None,
            };
            let Some((at, value)) = next else { return place };
            let whole = matches!(value.value, Value::List(_) | Value::Map(_));
            place = if whole { at } else { value.place };
            node = value;
        }
        place
    }
}
