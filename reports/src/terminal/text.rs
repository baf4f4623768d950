//! Escaping, measuring, cutting and counting of text.

use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// The text with everything escaped that could do more than stand there: control characters, line
/// and paragraph separators, and what reverses the reading direction.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for sign in text.chars() {
        if acts(sign) {
            plain.extend(sign.escape_default());
        } else {
            plain.push(sign);
        }
    }
    plain
}

fn acts(sign: char) -> bool {
    sign.is_control()
        || matches!(
            sign,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// The columns that a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text in at most `columns` columns; what is cut off leaves an ellipsis.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut taken = 1;
    for sign in text.chars() {
        taken += sign.width().unwrap_or(0);
        if taken > columns {
            break;
        }
        short.push(sign);
    }
    if columns > 0 {
        short.push('…');
    }
    short
}

/// The text with spaces after it, up to `columns` columns.
pub(super) fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// Escaped, cut and padded: a cell of a table.
pub(super) fn cell(text: &str, columns: usize) -> String {
    pad(&cut(&plain(text), columns), columns)
}

/// The widest of the texts, but at most `most`.
pub(super) fn widest<'a>(texts: impl IntoIterator<Item = &'a str>, most: usize) -> usize {
    texts.into_iter().map(width).max().unwrap_or(0).min(most)
}

/// The number with a comma between each three digits.
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 event`, `10 events`.
pub(super) fn count(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

/// A length as a number of 64 bits.
pub(super) fn len<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap_or(u64::MAX)
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn sentence(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// As many of the parts as fit into `columns`, at least one, then how many are left out.
pub(super) fn list(parts: &[String], columns: usize) -> String {
    let listed = |shown: usize| match parts.len() - shown {
        0 => parts.join(", "),
        left => format!("{} and {left} more", parts[..shown].join(", ")),
    };
    let most = (1..=parts.len()).rev().map(listed).find(|text| width(text) <= columns);
    most.unwrap_or_else(|| listed(parts.len().min(1)))
}

/// The words of a text in lines of at most `columns` columns; a longer word has its own line.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if line.is_empty() {
            line.push_str(word);
        } else if width(line) + 1 + width(word) <= columns {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// A span of virtual time in its two largest units.
pub(super) fn span(ms: u64) -> String {
    const UNITS: [(u64, &str); 4] =
        [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")];
    let mut text = String::new();
    let Some(largest) = UNITS.iter().position(|&(unit, _)| ms >= unit) else {
        return format!("{ms}ms");
    };
    let (unit, name) = UNITS[largest];
    // Writing to a string does not fail.
    let _infallible = write!(text, "{}{name}", ms / unit);
    if let Some(&(smaller, name)) = UNITS.get(largest + 1)
        && ms % unit >= smaller
    {
        let _infallible = write!(text, " {}{name}", ms % unit / smaller);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_act() {
        assert_eq!(plain("Büro 🗓 会議"), "Büro 🗓 会議");
        assert_eq!(plain("a\u{1b}[2Jb\nc\rd\te"), "a\\u{1b}[2Jb\\nc\\rd\\te");
        assert_eq!(plain("\u{9b}31m\u{202e}x\u{2066}"), "\\u{9b}31m\\u{202e}x\\u{2066}");
    }

    #[test]
    fn texts_are_cut_by_columns() {
        assert_eq!(cut("meeting", 7), "meeting");
        assert_eq!(cut("meeting", 6), "meeti…");
        assert_eq!(cut("会議室", 5), "会議…");
        assert_eq!(cut("会議室", 4), "会…");
        assert_eq!(cut("x", 0), "");
        assert_eq!(cell("会議", 6), "会議  ");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(count(1, "event", "events"), "1 event");
        assert_eq!(count(0, "event", "events"), "0 events");
    }

    #[test]
    fn lists_say_what_they_leave_out() {
        let parts = ["anna", "ben", "carl"].map(str::to_owned);
        assert_eq!(list(&parts, 15), "anna, ben, carl");
        assert_eq!(list(&parts, 14), "anna and 2 more");
        assert_eq!(list(&parts, 0), "anna and 2 more");
        assert_eq!(list(&parts, 20), "anna, ben, carl");
        assert_eq!(list(&parts[..1], 0), "anna");
        assert_eq!(list(&[], 9), "");
        let many: Vec<String> = (1..=20).map(|number| format!("p{number}")).collect();
        assert_eq!(list(&many, 22), "p1, p2, p3 and 17 more");
        assert_eq!(sentence(&parts), "anna, ben and carl");
        assert_eq!(sentence(&parts[..2]), "anna and ben");
    }

    #[test]
    fn words_are_wrapped() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("incomprehensible", 7), ["incomprehensible"]);
        assert_eq!(wrap("", 7), [""]);
    }

    #[test]
    fn spans_have_two_units() {
        let spans = [0, 999, 1_000, 61_000, 3_600_000, 3_661_000, 90_000_000];
        assert_eq!(spans.map(span), ["0ms", "999ms", "1s", "1m 1s", "1h", "1h 1m", "1d 1h"]);
    }
}
