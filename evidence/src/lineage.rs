//! The token by which the harness knows an item, whatever any engine or server calls it.
//!
//! Every item that the harness seeds or edits carries its token in its title, which survives every
//! protocol and every client. Joins go by lineage, never by anybody's identity rules.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What opens a token inside a title.
const MARK: &str = "~L";
/// Digits after the mark.
const DIGITS: usize = 10;

/// The lineage of one item: `~L` and ten lower-case base-32 digits. It never changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lineage(String);

impl Lineage {
    /// The token for a number; equal numbers give equal tokens. The number is cut to 50 bits.
    #[must_use]
    pub fn from_number(number: u64) -> Self {
        const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let digits = (0..DIGITS).rev().map(|place| {
            let digit = (number >> (5 * place)) & 31;
            char::from(ALPHABET[digit as usize])
        });
        Self(MARK.chars().chain(digits).collect())
    }

    /// The token of what nobody follows: it leaves titles as they are, and is found in none.
    #[must_use]
    pub fn unmarked() -> Self {
        Self(String::new())
    }

    /// The first token in a title, if it holds one.
    #[must_use]
    pub fn find(title: &str) -> Option<Self> {
        title.match_indices(MARK).find_map(|(at, _)| {
            let token = title.get(at..at + MARK.len() + DIGITS)?;
            let digits = &token[MARK.len()..];
            digits
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
                .then(|| Self(token.to_owned()))
        })
    }

    /// The title with this token at its end, in place of any token that it held before.
    #[must_use]
    pub fn mark(&self, title: &str) -> String {
        if self.0.is_empty() {
            return title.to_owned();
        }
        let bare = Self::strip(title);
        if bare.is_empty() { self.0.clone() } else { format!("{bare} {}", self.0) }
    }

    /// The title without its token.
    #[must_use]
    pub fn strip(title: &str) -> String {
        match Self::find(title) {
            Some(token) => title.replacen(&token.0, "", 1).trim().to_owned(),
            None => title.to_owned(),
        }
    }

    /// The token's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Lineage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_again_in_the_title_that_it_marked() {
        let token = Lineage::from_number(0x1234_5678_9abc);
        let title = token.mark("Büro: Planung 🗓");
        assert_eq!(Lineage::find(&title), Some(token.clone()));
        assert_eq!(Lineage::strip(&title), "Büro: Planung 🗓");
        assert_eq!(token.mark(&title), title, "marking twice changes nothing");
    }

    #[test]
    fn what_nobody_follows_keeps_its_title() {
        let title = " Büro ";
        assert_eq!(Lineage::unmarked().mark(title), title);
        assert_eq!(Lineage::find(title), None);
    }

    #[test]
    fn a_title_that_ends_inside_a_token_holds_none() {
        assert_eq!(Lineage::find("x ~L012"), None);
        assert_eq!(Lineage::find("~Lü23456789é"), None);
    }
}
