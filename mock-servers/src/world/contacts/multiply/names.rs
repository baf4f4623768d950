//! Invented people, in several languages.

use calamity_base::entropy::Stream;
use fake::{
    Fake,
    faker::name::raw::{FirstName, LastName},
    locales::{DE_DE, EN, FR_FR, IT_IT, JA_JP, PT_BR},
};

/// A name in its parts.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) given: String,
    pub(super) family: String,
}

impl Person {
    /// What a mail address of theirs begins with.
    pub(super) fn local_part(&self) -> String {
        let letters = |name: &str| -> String {
            name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect()
        };
        match (letters(&self.given), letters(&self.family)) {
            (given, family) if given.is_empty() && family.is_empty() => "contact".to_owned(),
            (given, family) if given.is_empty() => family,
            (given, family) if family.is_empty() => given,
            (given, family) => format!("{given}.{family}"),
        }
    }
}

/// Somebody.
pub(super) fn person(stream: &mut Stream) -> Person {
    macro_rules! of {
        ($locale:expr) => {
            Person {
                given: FirstName($locale).fake_with_rng(stream),
                family: LastName($locale).fake_with_rng(stream),
            }
        };
    }
    match stream.below(6) {
        0 => of!(DE_DE),
        1 => of!(FR_FR),
        2 => of!(IT_IT),
        3 => of!(JA_JP),
        4 => of!(PT_BR),
        _ => of!(EN),
    }
}
