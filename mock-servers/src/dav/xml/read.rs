//! Bytes to a tree, within [`Limits`].
//!
//! UTF-8 and UTF-16 are read, as RFC 4918 section 19 requires; nothing else. Document type
//! declarations are refused, so there are no entities but those of XML itself. Names keep their
//! namespace, not their prefix; white space is kept, because dead properties need it.

use std::borrow::Cow;

use http::StatusCode;
use thiserror::Error;

use super::limits::{Bound, Finding, Limits, Position, scan};
use super::name::{InvalidName, Name};
use super::names::dav;
use super::refusal::Refusal;
use super::tree::{Element, Node};

/// Why a body is no document that the server takes.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum ReadError {
    /// There is no body where one is needed.
    #[error("the body is empty")]
    Empty,
    /// It goes over a bound.
    #[error("{at}: more than {limit} {bound}")]
    TooMuch {
        /// Which.
        bound: Bound,
        /// How much is allowed.
        limit: usize,
        /// Where the bound is crossed; the beginning where only the whole is known.
        at: Position,
    },
    /// It is in an encoding that the server does not read.
    #[error("the encoding `{encoding}` is not supported, send UTF-8")]
    Encoding {
        /// The name in the XML declaration.
        encoding: String,
    },
    /// Its bytes are no text in its encoding.
    #[error("{at}: not valid {encoding}")]
    Bytes {
        /// `UTF-8` or `UTF-16`.
        encoding: &'static str,
        /// The first wrong place.
        at: Position,
    },
    /// It has a document type declaration.
    #[error("{at}: document type declarations are not accepted")]
    Doctype {
        /// Where it begins.
        at: Position,
        /// Whether it names something outside the document.
        entities: Entities,
    },
    /// It is not well-formed, or misuses namespaces.
    #[error("{at}: {what}")]
    Malformed {
        /// The first wrong place.
        at: Position,
        /// What is wrong there, as a lower-case fragment.
        what: String,
    },
}

/// What a document type declaration declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entities {
    /// Nothing outside the document.
    Internal,
    /// Something that would have to be fetched: it has a system or public identifier.
    External,
}

impl ReadError {
    /// How a server answers: 400 for what is not well-formed (RFC 4918 section 8.2) or asks too
    /// much of the server (sections 8.2 and 20.2), 413 for a body that is too long, 415 for an
    /// encoding, 403 with `DAV:no-external-entities` for external entities (sections 16, 20.6).
    #[must_use]
    pub(crate) fn refusal(&self) -> Refusal {
        match self {
            Self::Doctype { entities: Entities::External, .. } => {
                Refusal::forbidden(&dav::NO_EXTERNAL_ENTITIES)
            }
            Self::Encoding { .. } => Refusal::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Self::TooMuch { bound: Bound::Bytes, .. } => {
                Refusal::plain(StatusCode::PAYLOAD_TOO_LARGE)
            }
            Self::Empty
            | Self::TooMuch { .. }
            | Self::Bytes { .. }
            | Self::Doctype { .. }
            | Self::Malformed { .. } => Refusal::plain(StatusCode::BAD_REQUEST),
        }
    }
}

/// Reads a document; gives its root.
///
/// # Errors
///
/// When it is none that the server takes; the error knows the answer ([`ReadError::refusal`]).
pub(crate) fn read(body: &[u8], limits: &Limits) -> Result<Element, ReadError> {
    if body.len() > limits.bytes {
        return Err(over(Bound::Bytes, limits, Position::START));
    }
    let text = decode(body)?;
    if text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    match scan(&text, limits) {
        Some(Finding::Over(bound, byte)) => {
            return Err(over(bound, limits, Position::of(&text, byte)));
        }
        Some(Finding::Doctype(byte)) => {
            let entities = entities(text.get(byte..).unwrap_or_default());
            return Err(ReadError::Doctype { at: Position::of(&text, byte), entities });
        }
        None => {}
    }
    // The parser counts the document itself as a node.
    let nodes_limit = u32::try_from(limits.nodes + 1).unwrap_or(u32::MAX);
    let options = roxmltree::ParsingOptions { nodes_limit, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(&text, options)
        .map_err(|error| malformed(&error, limits))?;
    if let Some(node) = document.descendants().find(undeclares) {
        let at = document.text_pos_at(node.range().start);
        let what = "a prefix is declared for no namespace".to_owned();
        return Err(ReadError::Malformed { at: Position { line: at.row, column: at.col }, what });
    }
    element(document.root_element(), limits, 1)
}

/// Whether a prefix is taken back, which XML 1.0 does not know (Namespaces in XML 1.0 section 5).
fn undeclares(node: &roxmltree::Node<'_, '_>) -> bool {
    let mut spaces = node.namespaces();
    node.is_element() && spaces.any(|space| space.name().is_some() && space.uri().is_empty())
}

/// The text of a body, without a byte order mark.
fn decode(body: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    let read: fn([u8; 2]) -> u16 = match body {
        // Without a mark the first sign tells (XML appendix F.1).
        [0xFE, 0xFF, ..] | [0, b'<', ..] => u16::from_be_bytes,
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => u16::from_le_bytes,
        _ => return utf8(body).map(Cow::Borrowed),
    };
    let units = body.chunks_exact(2).map(|two| read([two[0], two[1]]));
    utf16(units, body.len()).map(Cow::Owned)
}

fn utf8(body: &[u8]) -> Result<&str, ReadError> {
    let body = body.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(body);
    // Before the bytes are judged: an honest declaration of another encoding is the better reason.
    if let Some(encoding) = declared(body)
        && !["utf-8", "utf8", "us-ascii"].contains(&encoding.to_ascii_lowercase().as_str())
    {
        return Err(ReadError::Encoding { encoding });
    }
    let wrong = |error: std::str::Utf8Error| {
        let valid = body.get(..error.valid_up_to()).unwrap_or_default();
        let valid = String::from_utf8_lossy(valid);
        ReadError::Bytes { encoding: "UTF-8", at: Position::of(&valid, valid.len()) }
    };
    std::str::from_utf8(body).map_err(wrong)
}

fn utf16(units: impl Iterator<Item = u16>, bytes: usize) -> Result<String, ReadError> {
    let wrong = |text: &str| {
        let at = Position::of(text, text.len());
        ReadError::Bytes { encoding: "UTF-16", at }
    };
    let mut text = String::with_capacity(bytes / 2);
    let units = units.enumerate().filter(|unit| *unit != (0, 0xFEFF)).map(|(_, unit)| unit);
    for sign in char::decode_utf16(units) {
        text.push(sign.map_err(|_| wrong(&text))?);
    }
    if bytes % 2 == 1 {
        return Err(wrong(&text));
    }
    Ok(text)
}

/// The encoding that the XML declaration names.
fn declared(body: &[u8]) -> Option<String> {
    let end = body.iter().position(|byte| *byte == b'>')?;
    let declaration = std::str::from_utf8(body.get(..end)?).ok()?;
    let (_, value) = declaration.strip_prefix("<?xml")?.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|sign| matches!(sign, '"' | '\''))?;
    value.get(1..)?.split_once(quote).map(|(name, _)| name.to_owned())
}

/// What the declaration at the beginning of a text declares.
fn entities(text: &str) -> Entities {
    let end = match (text.find('['), text.find('>')) {
        (Some(subset), Some(end)) if subset < end => text.find("]>"),
        (_, end) => end,
    };
    let declaration = text.get(..end.unwrap_or(text.len())).unwrap_or(text);
    if ["SYSTEM", "PUBLIC"].iter().any(|word| declaration.contains(word)) {
        Entities::External
    } else {
        Entities::Internal
    }
}

fn over(bound: Bound, limits: &Limits, at: Position) -> ReadError {
    let limit = match bound {
        Bound::Bytes => limits.bytes,
        Bound::Depth => limits.depth,
        Bound::Nodes => limits.nodes,
        Bound::Attributes => limits.attributes,
        Bound::Namespaces => limits.namespaces,
    };
    ReadError::TooMuch { bound, limit, at }
}

fn malformed(error: &roxmltree::Error, limits: &Limits) -> ReadError {
    use roxmltree::Error;
    let at = Position { line: error.pos().row, column: error.pos().col };
    match error {
        Error::NodesLimitReached => over(Bound::Nodes, limits, at),
        Error::AttributesLimitReached => over(Bound::Attributes, limits, at),
        Error::NamespacesLimitReached => over(Bound::Namespaces, limits, at),
        Error::DtdDetected => ReadError::Doctype { at, entities: Entities::Internal },
        _ => ReadError::Malformed { at, what: what(error) },
    }
}

/// The parser's words without the place, which [`Position`] holds.
fn what(error: &roxmltree::Error) -> String {
    error.to_string().replace(&format!(" at {}", error.pos()), "")
}

fn element(
    node: roxmltree::Node<'_, '_>,
    limits: &Limits,
    depth: usize,
) -> Result<Element, ReadError> {
    let start = || {
        let at = node.document().text_pos_at(node.range().start);
        Position { line: at.row, column: at.col }
    };
    if depth > limits.depth {
        return Err(over(Bound::Depth, limits, start()));
    }
    let name = |namespace: Option<&str>, local: &str| {
        Name::new(namespace.unwrap_or_default(), local).map_err(|error: InvalidName| {
            ReadError::Malformed { at: start(), what: error.to_string() }
        })
    };
    let tag = node.tag_name();
    let mut element = Element::new(name(tag.namespace(), tag.name())?);
    for attribute in node.attributes() {
        let name = name(attribute.namespace(), attribute.name())?;
        element.attributes.push((name, attribute.value().to_owned()));
    }
    for child in node.children() {
        if child.is_element() {
            element.children.push(Node::Element(self::element(child, limits, depth + 1)?));
        } else if let Some(text) = child.text().filter(|_| child.is_text()) {
            match element.children.last_mut() {
                // A comment stood between the two.
                Some(Node::Text(before)) => before.push_str(text),
                _ => element.children.push(Node::Text(text.to_owned())),
            }
        }
    }
    Ok(element)
}
