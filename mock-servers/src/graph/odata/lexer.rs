//! Words of an OData expression.

use crate::graph::failure::Failure;

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A name, a path, a keyword, a number, an instant.
    Bare(String),
    /// A text in single quotes, a doubled quote standing for one; with the name of an enumeration before
    /// it, one of its members.
    Text(String),
    /// One of `( ) , : = ;`.
    Sign(char),
}

/// The words of an expression.
pub(super) fn words(text: &str) -> Result<Vec<Word>, Failure> {
    let mut words = Vec::new();
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            sign if sign.is_whitespace() => {}
            '(' | ')' | ',' | '=' | ';' | ':' => words.push(Word::Sign(sign)),
            '\'' => words.push(Word::Text(quoted(&mut signs)?)),
            sign => {
                let mut bare = String::from(sign);
                while let Some(next) = signs.peek() {
                    // A colon belongs to a time of day, and otherwise ends a lambda's variable.
                    let ends = *next == ':' && !sign.is_ascii_digit();
                    if ends || next.is_whitespace() || "(),=';".contains(*next) {
                        break;
                    }
                    bare.push(*next);
                    signs.next();
                }
                // `microsoft.graph.eventType'occurrence'` (OData ABNF 4.01, rule `enum`).
                if is_qualified(&bare) && signs.next_if_eq(&'\'').is_some() {
                    words.push(Word::Text(quoted(&mut signs)?));
                } else {
                    words.push(Word::Bare(bare));
                }
            }
        }
    }
    Ok(words)
}

/// Whether a word is the name of a type with its namespace.
fn is_qualified(word: &str) -> bool {
    let is_name = |part: &str| part.starts_with(|first: char| first.is_ascii_alphabetic());
    word.contains('.') && word.split('.').all(is_name)
}

fn quoted(signs: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<String, Failure> {
    let mut text = String::new();
    while let Some(sign) = signs.next() {
        if sign != '\'' {
            text.push(sign);
        } else if signs.peek() == Some(&'\'') {
            signs.next();
            text.push('\'');
        } else {
            return Ok(text);
        }
    }
    Err(Failure::of("ErrorInvalidUrlQueryFilter").saying("There is an unterminated literal."))
}
