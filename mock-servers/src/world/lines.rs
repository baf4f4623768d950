//! Content lines out of octets (RFC 5545, section 3.1): line ends found, folds removed.
//!
//! Folding counts octets, so that a fold may stand inside a character: lines are joined as octets
//! and decoded afterwards. Line ends may be CRLF, LF or a lone CR, mixed; a byte order mark at the
//! start is passed over. Each line remembers where its pieces stood, for error messages.

use std::ops::Range;

/// Octets of one unfolded line beyond which the rest is dropped; inline attachments fit.
const LINE_OCTETS_MAX: usize = 16 << 20;

/// A place in the file: line and column counted from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) line: u64,
    pub(crate) column: u64,
}

/// One unfolded line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its text; octets that are no UTF-8 became U+FFFD.
    pub(crate) text: String,
    /// The number of its first physical line.
    pub(crate) number: u64,
    /// The octets of the file that it stands in, its line end among them.
    pub(crate) range: Range<usize>,
    /// Where each further piece begins: its offset in the text and its physical line.
    folds: Vec<(usize, u64)>,
    /// What was wrong with it, apart from its content.
    pub(crate) damage: Option<Damage>,
}

/// What can be wrong with a line before it is looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    /// It holds octets that are no UTF-8.
    NotUtf8,
    /// It is longer than is read; the rest was dropped.
    TooLong,
}

impl Line {
    /// The place of an offset into the text.
    pub(crate) fn place(&self, offset: usize) -> Place {
        let fold = self.folds.iter().rev().find(|(at, _)| *at <= offset);
        // A continuation begins with the blank or tab that folding put there.
        let (from, line, lead) = fold.map_or((0, self.number, 0), |(at, line)| (*at, *line, 1));
        let piece = self.text.get(from..offset.min(self.text.len())).unwrap_or_default();
        Place { line, column: piece.chars().count() as u64 + lead + 1 }
    }
}

/// The lines of a file, unfolded, without the empty ones.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    rest: &'a [u8],
    number: u64,
    octets: usize,
}

impl<'a> Lines<'a> {
    /// The lines of these octets.
    pub(crate) fn new(octets: &'a [u8]) -> Self {
        let rest = octets.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(octets);
        Lines { rest, number: 1, octets: octets.len() }
    }

    /// Where in the file the rest begins.
    fn offset(&self) -> usize {
        self.octets - self.rest.len()
    }

    /// The next physical line without its end, and its number.
    fn physical(&mut self) -> Option<(&'a [u8], u64)> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.iter().position(|octet| matches!(octet, b'\r' | b'\n'));
        let (line, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        let after = match rest {
            [b'\r', b'\n', after @ ..] | [_, after @ ..] => after,
            [] => rest,
        };
        let number = self.number;
        self.rest = after;
        self.number += 1;
        Some((line, number))
    }

    /// The next physical line if it continues the one before. Empty lines between the two, as a
    /// doubled CR leaves them, are passed over with it.
    fn continuation(&mut self) -> Option<(&'a [u8], u64)> {
        let (rest, number) = (self.rest, self.number);
        while let Some((line, at)) = self.physical() {
            match line {
                [] => {}
                [b' ' | b'\t', piece @ ..] => return Some((piece, at)),
                _ => break,
            }
        }
        (self.rest, self.number) = (rest, number);
        None
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let mut start = self.offset();
        let (mut first, mut number) = self.physical()?;
        while first.is_empty() {
            start = self.offset();
            (first, number) = self.physical()?;
        }
        let mut octets = first.to_vec();
        let mut pieces = Vec::new();
        let mut damage = None;
        while let Some((piece, at)) = self.continuation() {
            if octets.len() + piece.len() > LINE_OCTETS_MAX {
                damage = Some(Damage::TooLong);
                continue;
            }
            pieces.push((octets.len(), at));
            octets.extend_from_slice(piece);
        }
        if octets.len() > LINE_OCTETS_MAX {
            octets.truncate(LINE_OCTETS_MAX);
            damage = Some(Damage::TooLong);
        }
        let text = match String::from_utf8(octets) {
            Ok(text) => text,
            Err(broken) => {
                damage = damage.or(Some(Damage::NotUtf8));
                String::from_utf8_lossy(broken.as_bytes()).into_owned()
            }
        };
        // A fold inside a character counts from the character's beginning.
        let folds = pieces
            .into_iter()
            .map(|(at, line)| {
                (
                    (0..=at.min(text.len()))
                        .rev()
                        .find(|at| text.is_char_boundary(*at))
                        .unwrap_or(0),
                    line,
                )
            })
            .collect();
        Some(Line { text, number, range: start..self.offset(), folds, damage })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(octets: &[u8], expect: &[(&str, u64)]) {
        let lines: Vec<Line> = Lines::new(octets).collect();
        let found: Vec<(&str, u64)> =
            lines.iter().map(|line| (line.text.as_str(), line.number)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn every_kind_of_line_end_ends_a_line() {
        check(b"A:1\r\nB:2\nC:3\rD:4", &[("A:1", 1), ("B:2", 2), ("C:3", 3), ("D:4", 4)]);
        check(b"\xEF\xBB\xBFA:1\r\n\r\nB:2\r\n", &[("A:1", 1), ("B:2", 3)]);
        check(b"", &[]);
        check(b"\r\n\n\r", &[]);
    }

    #[test]
    fn folds_are_removed_even_inside_a_character_and_after_a_doubled_cr() {
        check(b"A:x\r\n y\r\n\tz\r\nB:", &[("A:xyz", 1), ("B:", 4)]);
        check(b"A:\xC3\r\n \xBC\r\n", &[("A:\u{fc}", 1)]);
        check(b"A:x\r\r\n y\r\r\nB:", &[("A:xy", 1), ("B:", 5)]);
    }

    #[test]
    fn an_offset_is_found_again_in_the_physical_lines() {
        let line = Lines::new(b"\r\nAB:\xC3\xBC\r\n cd\r\n").next().expect("a line");
        assert_eq!(line.text, "AB:\u{fc}cd");
        assert_eq!(line.place(0), Place { line: 2, column: 1 });
        assert_eq!(line.place(3), Place { line: 2, column: 4 });
        assert_eq!(line.place(5), Place { line: 3, column: 2 });
        assert_eq!(line.place(6), Place { line: 3, column: 3 });
        assert_eq!(line.place(99), Place { line: 3, column: 4 });
    }

    #[test]
    fn a_line_knows_its_octets_with_folds_and_end() {
        let octets = b"\xEF\xBB\xBFA:x\r\n y\r\n\r\nB:z";
        let ranges: Vec<Range<usize>> = Lines::new(octets).map(|line| line.range).collect();
        let found: Vec<&[u8]> = ranges.into_iter().map(|range| &octets[range]).collect();
        assert_eq!(found, [&b"A:x\r\n y\r\n"[..], b"B:z"]);
    }

    #[test]
    fn octets_that_are_no_utf8_are_marked() {
        let line = Lines::new(b"A:\xFF\r\n").next().expect("a line");
        assert_eq!(line.text, "A:\u{fffd}");
        assert_eq!(line.damage, Some(Damage::NotUtf8));
    }
}
