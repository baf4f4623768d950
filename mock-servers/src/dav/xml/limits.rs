//! What a request body may cost, checked in one pass over its text before a tree is built.
//!
//! The parser behind [`read`](super::read::read) reserves memory by counting signs and compares
//! attributes and namespaces with one another, so bodies that would make it work out of proportion
//! to their size stop here. The pass looks at markup only as far as it needs for counting; whether
//! the text is well-formed, the parser decides.

use std::fmt;

/// Bounds of one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Bytes of the body.
    pub bytes: usize,
    /// Elements inside one another, the root counted.
    pub depth: usize,
    /// Elements, texts, comments and attributes together.
    pub nodes: usize,
    /// Attributes of one element, namespace declarations counted.
    pub attributes: usize,
    /// Namespace declarations that hold at one place.
    pub namespaces: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 8 << 20, depth: 64, nodes: 100_000, attributes: 64, namespaces: 24 }
    }
}

/// The bound that a document goes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// [`Limits::bytes`].
    Bytes,
    /// [`Limits::depth`].
    Depth,
    /// [`Limits::nodes`].
    Nodes,
    /// [`Limits::attributes`].
    Attributes,
    /// [`Limits::namespaces`].
    Namespaces,
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes => "bytes",
            Self::Depth => "elements inside one another",
            Self::Nodes => "nodes",
            Self::Attributes => "attributes of one element",
            Self::Namespaces => "namespace declarations at one place",
        })
    }
}

/// A place in a document. Both numbers count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// The line.
    pub line: u32,
    /// The column in that line.
    pub column: u32,
}

impl Position {
    /// The first character.
    pub(crate) const START: Self = Self { line: 1, column: 1 };

    /// The place of a byte of a text.
    pub(super) fn of(text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self {
            line: count(before.matches('\n').count() + 1),
            column: count(line.chars().count() + 1),
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What the pass found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// A bound is crossed at this byte.
    Over(Bound, usize),
    /// A document type declaration begins at this byte.
    Doctype(usize),
}

/// Goes over a document; the first thing that is too much ends the pass.
pub(super) fn scan(text: &str, limits: &Limits) -> Option<Finding> {
    // The parser reserves an attribute for each equals sign, wherever it stands.
    let marks = text.bytes().filter(|byte| *byte == b'<').count();
    let equals = text.bytes().filter(|byte| *byte == b'=').count();
    if marks > limits.nodes.saturating_mul(2) || equals > limits.nodes.saturating_mul(4) {
        return Some(Finding::Over(Bound::Nodes, 0));
    }
    let mut pass = Pass { text, limits, nodes: 0, scopes: Vec::new() };
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('<')) {
        match pass.markup(at + found) {
            Ok(next) => at = next,
            Err(finding) => return Some(finding),
        }
    }
    None
}

struct Pass<'a> {
    text: &'a str,
    limits: &'a Limits,
    nodes: usize,
    /// The namespace declarations that hold inside each open element.
    scopes: Vec<usize>,
}

impl Pass<'_> {
    /// Passes over the markup that begins at a byte; gives the byte behind it.
    fn markup(&mut self, start: usize) -> Result<usize, Finding> {
        let rest = self.text.get(start..).unwrap_or_default();
        // The end is looked for behind the beginning: `<!-->` is no whole comment to the parser.
        let past = |begin: &str, end: &str| {
            let inside = rest.get(begin.len()..).and_then(|inside| inside.find(end));
            inside.map_or(self.text.len(), |found| start + begin.len() + found + end.len())
        };
        if rest.starts_with("<!--") {
            let end = past("<!--", "-->");
            self.nodes(1, start)?;
            return Ok(end);
        }
        if rest.starts_with("<![CDATA[") {
            return Ok(past("<![CDATA[", "]]>"));
        }
        if rest.starts_with("<?") {
            let end = past("<?", "?>");
            self.nodes(1, start)?;
            return Ok(end);
        }
        if rest.starts_with("<!DOCTYPE") {
            return Err(Finding::Doctype(start));
        }
        if rest.starts_with("</") {
            self.scopes.pop();
            return Ok(past("</", ">"));
        }
        self.tag(start)
    }

    /// Passes over a start tag or the tag of an empty element.
    fn tag(&mut self, start: usize) -> Result<usize, Finding> {
        let bytes = self.text.as_bytes();
        let (mut at, mut attributes, mut namespaces) = (start + 1, 0, 0);
        // Where the word before an equals sign begins, and whether it has ended.
        let (mut word, mut ended, mut quote) = (at, false, None);
        while let Some(byte) = bytes.get(at) {
            match (*byte, quote) {
                (byte, Some(open)) if byte == open => (quote, ended) = (None, true),
                (_, Some(_)) => {}
                (b'"' | b'\'', None) => quote = Some(*byte),
                (b'>', None) => break,
                (b'=', None) => {
                    attributes += 1;
                    namespaces += usize::from(bytes[word..at].starts_with(b"xmlns"));
                }
                (b' ' | b'\t' | b'\r' | b'\n', None) => ended = true,
                (_, None) if ended => (word, ended) = (at, false),
                (_, None) => {}
            }
            at += 1;
        }
        if attributes > self.limits.attributes {
            return Err(Finding::Over(Bound::Attributes, start));
        }
        self.nodes(1 + attributes, start)?;
        let inside = self.scopes.last().copied().unwrap_or_default() + namespaces;
        if inside > self.limits.namespaces {
            return Err(Finding::Over(Bound::Namespaces, start));
        }
        if self.scopes.len() >= self.limits.depth {
            return Err(Finding::Over(Bound::Depth, start));
        }
        if bytes.get(at.wrapping_sub(1)) != Some(&b'/') {
            self.scopes.push(inside);
        }
        Ok((at + 1).min(bytes.len()))
    }

    fn nodes(&mut self, more: usize, at: usize) -> Result<(), Finding> {
        self.nodes += more;
        if self.nodes > self.limits.nodes {
            return Err(Finding::Over(Bound::Nodes, at));
        }
        Ok(())
    }
}
