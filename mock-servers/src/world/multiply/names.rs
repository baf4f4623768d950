//! Invented people, places and firms, in several languages.
//!
//! Mail addresses are at `example.com`, `.net` and `.org` only (RFC 2606), so that nobody could be
//! mailed by mistake.

use calamity_base::entropy::Stream;
use fake::{
    Fake,
    faker::{address::raw::CityName, company::raw::CompanyName, name::raw},
    locales::{DE_DE, EN, FR_FR, IT_IT, JA_JP, PT_BR},
};

/// Digits that keep the addresses of two people of one name apart.
const ADDRESS_DIGITS: usize = 6;

/// What tells the title of a copy from that of its original.
pub(in super::super) fn mark(stream: &mut Stream) -> String {
    match stream.below(5) {
        0 => CompanyName(EN).fake_with_rng(stream),
        1 => CityName(DE_DE).fake_with_rng(stream),
        2 => CityName(EN).fake_with_rng(stream),
        3 => raw::LastName(FR_FR).fake_with_rng(stream),
        _ => name(stream),
    }
}

/// A person's name and mail address.
pub(super) fn person(stream: &mut Stream) -> (String, String) {
    let name = name(stream);
    let part: String = name
        .to_lowercase()
        .chars()
        .map(|sign| if sign.is_ascii_alphanumeric() { sign } else { '.' })
        .collect();
    let part: Vec<&str> = part.split('.').filter(|piece| piece.len() > 1).collect();
    let part = if part.is_empty() { "guest".to_owned() } else { part.join(".") };
    let domain = match stream.below(3) {
        0 => "example.com",
        1 => "example.net",
        _ => "example.org",
    };
    let mail = format!("{part}.{}@{domain}", stream.hex(ADDRESS_DIGITS));
    (name, mail)
}

fn name(stream: &mut Stream) -> String {
    match stream.below(6) {
        0 => raw::Name(DE_DE).fake_with_rng(stream),
        1 => raw::Name(FR_FR).fake_with_rng(stream),
        2 => raw::Name(IT_IT).fake_with_rng(stream),
        3 => raw::Name(JA_JP).fake_with_rng(stream),
        4 => raw::Name(PT_BR).fake_with_rng(stream),
        _ => raw::Name(EN).fake_with_rng(stream),
    }
}
