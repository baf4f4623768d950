//! One content line taken apart: name, parameters, value (RFC 5545, section 3.1; RFC 6868).
//!
//! Values keep their escapes, because what they mean depends on the property. Faults of widespread
//! writers that cannot be mistaken are read as meant: blanks around names, a `;` without a
//! parameter behind it, an unquoted `mailto:` or bracketed text as a parameter's value.

use std::ops::Range;

use super::lines::{Line, Place};

/// Parameters of one property beyond which the line is refused.
const PARAMS_MAX: usize = 1_000;

/// A property of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Property {
    /// Its name in upper case.
    pub(crate) name: String,
    /// Its parameters in order, names in upper case, values unquoted and decoded.
    pub(crate) params: Vec<(String, Vec<String>)>,
    /// Its value, escapes kept.
    pub(crate) value: String,
    /// Where it begins.
    pub(crate) place: Place,
    /// Where its value begins.
    pub(crate) value_place: Place,
    /// The octets of the file that its lines stand in, the last line end among them.
    pub(crate) range: Range<usize>,
}

/// What is wrong with a part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) place: Place,
    pub(crate) what: String,
}

impl Property {
    /// The property on a line.
    pub(crate) fn parse(line: &Line) -> Result<Property, Fault> {
        let text = line.text.as_str();
        let fault = |at: usize, what: &str| Fault { place: line.place(at), what: what.to_owned() };
        let end = text
            .find([':', ';'])
            .ok_or_else(|| fault(0, "a line without a colon, so neither property nor fold"))?;
        let name = text[..end].trim().to_ascii_uppercase();
        if name.is_empty() {
            return Err(fault(0, "a line that begins without a name"));
        }
        if let Some(odd) = text[..end].trim().find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        {
            let lead = text.len() - text.trim_start().len();
            return Err(fault(lead + odd, "a character that no property name may hold"));
        }
        let mut params = Vec::new();
        let mut at = end;
        while text[at..].starts_with(';') {
            if params.len() >= PARAMS_MAX {
                return Err(fault(at, "more parameters than are read"));
            }
            let (param, next) = parameter(text, at + 1)
                .ok_or_else(|| fault(at, "parameters without a colon behind them"))?;
            params.extend(param);
            at = next;
        }
        Ok(Property {
            name,
            params,
            value: text[at + 1..].to_owned(),
            place: line.place(0),
            value_place: line.place(at + 1),
            range: line.range.clone(),
        })
    }

    /// The first value of a parameter.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.values(name).first().map(String::as_str)
    }

    /// All values of a parameter.
    pub(crate) fn values(&self, name: &str) -> &[String] {
        self.params.iter().find(|(known, _)| known == name).map_or(&[], |(_, values)| values)
    }

    /// True if a parameter has this value, in any case.
    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.param(name).is_some_and(|known| known.eq_ignore_ascii_case(value))
    }

    /// The value as text, escapes removed (RFC 5545, section 3.3.11).
    pub(crate) fn text(&self) -> String {
        unescape(&self.value)
    }

    /// The values of a list of texts.
    pub(crate) fn texts(&self) -> Vec<String> {
        split(&self.value, ',').into_iter().map(unescape).collect()
    }

    /// A fault in this property's value.
    pub(crate) fn fault(&self, what: impl Into<String>) -> Fault {
        Fault { place: self.value_place, what: format!("{}: {}", self.name, what.into()) }
    }
}

/// A parameter that begins at `from`, and where the `;` or `:` behind it stands; no parameter where
/// there is nothing but that sign.
pub(super) type Parameter = (Option<(String, Vec<String>)>, usize);

/// Reads it; none where neither `;` nor `:` follows.
pub(super) fn parameter(text: &str, from: usize) -> Option<Parameter> {
    let end = from + text[from..].find(['=', ';', ':'])?;
    let name = text[from..end].trim().to_ascii_uppercase();
    if !text[end..].starts_with('=') {
        // `SUMMARY;:x`, or a flag as in vCalendar 1.0.
        let flag = (!name.is_empty()).then(|| (name, Vec::new()));
        return Some((flag, end));
    }
    let mut values = Vec::new();
    let mut at = end;
    loop {
        let (value, next) = parameter_value(text, at + 1)?;
        values.push(decode_caret(&value));
        at = next;
        if !text[at..].starts_with(',') {
            return Some((Some((name, values)), at));
        }
    }
}

/// Where the parts of an unfolded line stand, for edits of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Anatomy {
    /// Its parameters: the name in upper case, and the text from the `;` to the next sign.
    pub(crate) params: Vec<(String, Range<usize>)>,
    /// Where the value begins.
    pub(crate) value: usize,
}

/// The anatomy of an unfolded line; none where the line is no property.
pub(crate) fn anatomy(text: &str) -> Option<Anatomy> {
    let mut params = Vec::new();
    let mut at = text.find([':', ';'])?;
    while text[at..].starts_with(';') && params.len() < PARAMS_MAX {
        let (param, next) = parameter(text, at + 1)?;
        params.push((param.map_or_else(String::new, |(name, _)| name), at..next));
        at = next;
    }
    text[at..].starts_with(':').then_some(Anatomy { params, value: at + 1 })
}

/// A parameter value that begins at `from`, and where the sign behind it stands.
fn parameter_value(text: &str, from: usize) -> Option<(String, usize)> {
    let rest = &text[from..];
    if let Some(quoted) = rest.trim_start().strip_prefix('"') {
        let start = text.len() - quoted.len();
        if let Some(length) = quoted.find('"') {
            let behind = start + length + 1;
            let end = behind + text[behind..].find([',', ';', ':'])?;
            return Some((quoted[..length].to_owned(), end));
        }
    }
    let mut depth = 0_usize;
    for (at, sign) in rest.char_indices() {
        match sign {
            '(' if rest.trim_start().starts_with('(') => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ':' if depth == 0 && rest[..at].trim().eq_ignore_ascii_case("mailto") => {}
            ',' | ';' | ':' if depth == 0 => {
                return Some((rest[..at].trim().to_owned(), from + at));
            }
            _ => {}
        }
    }
    // Brackets that never close hold nothing together.
    let end = rest.find([',', ';', ':'])?;
    Some((rest[..end].trim().to_owned(), from + end))
}

/// RFC 6868: `^n`, `^^` and `^'` in a parameter's value.
fn decode_caret(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut signs = value.chars().peekable();
    while let Some(sign) = signs.next() {
        let decoded = match (sign, signs.peek()) {
            ('^', Some('n' | 'N')) => Some('\n'),
            ('^', Some('^')) => Some('^'),
            ('^', Some('\'')) => Some('"'),
            _ => None,
        };
        if decoded.is_some() {
            signs.next();
        }
        text.push(decoded.unwrap_or(sign));
    }
    text
}

/// A text without its escapes. A backslash before any other character stays.
pub(crate) fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut signs = value.chars().peekable();
    while let Some(sign) = signs.next() {
        let decoded = match (sign, signs.peek()) {
            ('\\', Some('n' | 'N')) => Some('\n'),
            ('\\', Some(escaped @ ('\\' | ';' | ','))) => Some(*escaped),
            _ => None,
        };
        if decoded.is_some() {
            signs.next();
        }
        text.push(decoded.unwrap_or(sign));
    }
    text
}

/// The parts of a value between separators that are not escaped; escapes stay.
pub(crate) fn split(value: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut escaped = false;
    for (at, sign) in value.char_indices() {
        if sign == separator && !escaped {
            parts.push(&value[start..at]);
            start = at + sign.len_utf8();
        }
        escaped = sign == '\\' && !escaped;
    }
    parts.push(&value[start..]);
    parts
}

#[cfg(test)]
mod tests;
