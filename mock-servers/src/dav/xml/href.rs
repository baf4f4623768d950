//! URLs of resources: decoded on the way in, percent-encoded on the way out.
//!
//! A path is a list of segments, each any text, so that a slash inside a segment stays one. What
//! goes out is the one form that every client compares equal: an absolute path (RFC 4918 section
//! 8.3), unreserved characters plain, everything else encoded but for a few signs that clients
//! leave alone in paths.

use std::fmt;

use thiserror::Error;

/// A `DAV:href` or `Destination` as a client sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Href {
    /// Host and port, if the client sent a whole URI.
    pub authority: Option<String>,
    /// The path.
    pub path: Path,
}

/// The decoded path of a resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Path {
    segments: Vec<String>,
    slash: Slash,
}

/// How a path ends; those of collections end with a slash (RFC 4918 section 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Slash {
    /// Without a slash.
    Absent,
    /// With a slash.
    Present,
}

/// An href that names no resource of any server.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{href}`: {reason}")]
pub(crate) struct InvalidHref {
    /// What the client sent.
    pub href: String,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with an href.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum Reason {
    /// It is neither an absolute path nor an HTTP URI.
    #[error("not an absolute path and not an http or https URI")]
    Form,
    /// A percent sign without two hexadecimal digits.
    #[error("a percent sign stands without two hexadecimal digits")]
    Percent,
    /// The decoded bytes are not UTF-8.
    #[error("the decoded path is not UTF-8")]
    Encoding,
    /// A `.` or `..` segment (forbidden by RFC 4918 section 8.3).
    #[error("a segment is `.` or `..`")]
    Dots,
    /// A control character.
    #[error("the decoded path has a control character")]
    Control,
}

impl Href {
    /// Reads an href. White space around it, a query and a fragment are dropped; empty segments
    /// inside are dropped too, as servers do.
    ///
    /// # Errors
    ///
    /// When no resource can be meant. A server answers 400, or reports it as the response of that
    /// href where a report lists many.
    pub(crate) fn parse(href: &str) -> Result<Self, InvalidHref> {
        let wrong = |reason| InvalidHref { href: href.to_owned(), reason };
        let text = href.trim_matches([' ', '\t', '\r', '\n']);
        let (authority, path) = split(text).ok_or_else(|| wrong(Reason::Form))?;
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let path = Path::parse(if path.is_empty() { "/" } else { path }).map_err(wrong)?;
        Ok(Self { authority: authority.map(str::to_owned), path })
    }
}

/// Authority and path.
fn split(text: &str) -> Option<(Option<&str>, &str)> {
    // `//host/path` would be a network-path reference, which WebDAV does not use.
    if text.starts_with('/') {
        return (!text.starts_with("//")).then_some((None, text));
    }
    let (scheme, rest) = text.split_once("://")?;
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return None;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    (!authority.is_empty()).then_some((Some(authority), path))
}

impl Path {
    /// The root.
    #[must_use]
    pub(crate) fn root() -> Self {
        Self { segments: Vec::new(), slash: Slash::Present }
    }

    /// A path of decoded segments; empty ones are left out.
    #[must_use]
    pub(crate) fn new<S: Into<String>>(
        segments: impl IntoIterator<Item = S>,
        slash: Slash,
    ) -> Self {
        let segments = segments.into_iter().map(Into::into);
        let segments: Vec<String> = segments.filter(|one: &String| !one.is_empty()).collect();
        let slash = if segments.is_empty() { Slash::Present } else { slash };
        Self { segments, slash }
    }

    /// Reads the path of a request line: absolute, percent-encoded, without a query.
    ///
    /// # Errors
    ///
    /// When it can be nobody's path.
    pub(crate) fn parse(path: &str) -> Result<Self, Reason> {
        let inner = path.strip_prefix('/').ok_or(Reason::Form)?;
        let mut segments = Vec::new();
        for segment in inner.split('/').filter(|segment| !segment.is_empty()) {
            segments.push(decode(segment)?);
        }
        let slash = if inner.ends_with('/') { Slash::Present } else { Slash::Absent };
        Ok(Self::new(segments, slash))
    }

    /// Its decoded segments.
    #[must_use]
    pub(crate) fn segments(&self) -> &[String] {
        &self.segments
    }
}

/// The path as it stands in a `DAV:href`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.segments.is_empty() {
            return f.write_str("/");
        }
        for segment in &self.segments {
            write!(f, "/{}", encode(segment))?;
        }
        match self.slash {
            Slash::Present => f.write_str("/"),
            Slash::Absent => Ok(()),
        }
    }
}

/// Encodes one segment of a path (RFC 3986 section 3.3), a slash included.
#[must_use]
pub(crate) fn encode(segment: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@:=,!$()*".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(DIGITS[usize::from(byte >> 4)]));
            out.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
    out
}

/// Decodes one segment of a path.
fn decode(segment: &str) -> Result<String, Reason> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digit = |at: usize| rest.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        let (Some(high), Some(low)) = (digit(0), digit(1)) else { return Err(Reason::Percent) };
        bytes.push(u8::try_from(high * 16 + low).map_err(|_| Reason::Percent)?);
        rest = rest.get(2..).unwrap_or_default();
    }
    let text = String::from_utf8(bytes).map_err(|_| Reason::Encoding)?;
    if matches!(text.as_str(), "." | "..") {
        return Err(Reason::Dots);
    }
    // Other controls are as good as any octet (RFC 3986 section 2.1), and clients make names of uids.
    if text.contains('\0') {
        return Err(Reason::Control);
    }
    Ok(text)
}
