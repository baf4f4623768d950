//! `text-match` (RFC 6352, section 10.5.4) and the collations that it names (section 8.3).
//!
//! `i;unicode-casemap` (RFC 5051) is done by simple case mapping; canonically equal spellings of a
//! letter, of which one is decomposed, stay different.

/// How characters are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Collation {
    /// `i;octet`: exactly.
    Octet,
    /// `i;ascii-casemap`: without the case of ASCII letters (RFC 4790, section 9.2).
    AsciiCasemap,
    /// `i;unicode-casemap`: without case. The default.
    #[default]
    UnicodeCasemap,
}

impl Collation {
    /// All of them, as `supported-collation-set` lists them.
    pub(crate) const NAMES: [&'static str; 3] = ["i;ascii-casemap", "i;octet", "i;unicode-casemap"];

    /// The collation of this name; `default` is the default one. None where it is not supported
    /// (the precondition `supported-collation`, section 8.6).
    #[must_use]
    pub(crate) fn named(name: &str) -> Option<Collation> {
        match name {
            "i;octet" => Some(Collation::Octet),
            "i;ascii-casemap" => Some(Collation::AsciiCasemap),
            "i;unicode-casemap" | "default" => Some(Collation::UnicodeCasemap),
            _ => None,
        }
    }

    fn key(self, text: &str) -> String {
        match self {
            Collation::Octet => text.to_owned(),
            Collation::AsciiCasemap => text.to_ascii_uppercase(),
            Collation::UnicodeCasemap => text.chars().map(simple_uppercase).collect(),
        }
    }
}

/// The upper-case form of a character where that is one character.
fn simple_uppercase(sign: char) -> char {
    let mut upper = sign.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(only), None) => only,
        _ => sign,
    }
}

/// Where the text must stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum MatchType {
    /// It is the whole.
    Equals,
    /// Anywhere. The default.
    #[default]
    Contains,
    /// At the beginning.
    StartsWith,
    /// At the end.
    EndsWith,
}

/// A `text-match`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TextMatch {
    /// What is looked for.
    pub text: String,
    /// How characters are compared.
    pub collation: Collation,
    /// Where it must stand.
    pub match_type: MatchType,
    /// `negate-condition`: whether texts match that do not hold it.
    pub negate: bool,
}

impl TextMatch {
    /// True if the text of a property or parameter matches.
    #[must_use]
    pub(crate) fn matches(&self, text: &str) -> bool {
        let [text, wanted] = [text, &self.text].map(|text| self.collation.key(text));
        let found = match self.match_type {
            MatchType::Equals => text == wanted,
            MatchType::Contains => text.contains(&wanted),
            MatchType::StartsWith => text.starts_with(&wanted),
            MatchType::EndsWith => text.ends_with(&wanted),
        };
        found != self.negate
    }
}
