//! Values: escapes (RFC 6350, section 3.4; RFC 2426, section 4), lists and components.

use super::super::super::properties::split;

/// A text without its escapes. `\:` is read as meant, because old address books wrote it. A
/// backslash before any other character stays.
#[must_use]
pub fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut signs = value.chars().peekable();
    while let Some(sign) = signs.next() {
        let decoded = match (sign, signs.peek()) {
            ('\\', Some('n' | 'N')) => Some('\n'),
            ('\\', Some(escaped @ ('\\' | ';' | ',' | ':'))) => Some(*escaped),
            _ => None,
        };
        if decoded.is_some() {
            signs.next();
        }
        text.push(decoded.unwrap_or(sign));
    }
    text
}

/// A text with its escapes, for a text value, an element of a list or a component.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' | ';' | ',' => value.extend(['\\', sign]),
            '\r' if signs.peek() == Some(&'\n') => {}
            '\n' | '\r' => value.push_str("\\n"),
            _ => value.push(sign),
        }
    }
    value
}

/// The elements of a list of texts, without the empty ones.
#[must_use]
pub fn list(value: &str) -> Vec<String> {
    let elements = split(value, ',').into_iter().map(|text| unescape(text.trim()));
    elements.filter(|text| !text.is_empty()).collect()
}

/// The components of a structured value, each a list of texts without the empty ones.
#[must_use]
pub fn components(value: &str) -> Vec<Vec<String>> {
    split(value, ';').into_iter().map(list).collect()
}
