//! Text matches: substrings under a collation (RFC 4791 sections 7.5 and 9.7.5).

use super::types::{Collation, Condition, TextMatch};

impl TextMatch {
    /// Whether a text satisfies the match.
    #[must_use]
    pub(crate) fn matches(&self, text: &str) -> bool {
        let found = match self.collation {
            Collation::Octet => text.contains(&self.text),
            Collation::AsciiCasemap => {
                text.to_ascii_uppercase().contains(&self.text.to_ascii_uppercase())
            }
            Collation::UnicodeCasemap => casemap(text).contains(&casemap(&self.text)),
        };
        found == (self.condition == Condition::Matches)
    }
}

/// Upper case first, so that characters with one capital in common become the same.
fn casemap(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}
