//! The contacts that ship with the program: `mock-servers/contacts/*.vcf`, each with one peculiarity
//! that its name tells, in the style of a widespread product. The folder's README says what each is
//! for.

use std::borrow::Cow;

use rust_embed::RustEmbed;

use super::{SourceContact, read};

#[derive(RustEmbed)]
#[folder = "contacts/"]
struct Files;

/// Their file names and octets, by name.
#[must_use]
pub fn contact_files() -> Vec<(String, Cow<'static, [u8]>)> {
    let mut files: Vec<(String, Cow<'static, [u8]>)> = Files::iter()
        .filter(|name| name.ends_with(".vcf"))
        .filter_map(|name| Some((name.to_string(), Files::get(&name)?.data)))
        .collect();
    files.sort_by(|(left, _), (right, _)| left.cmp(right));
    files
}

/// All their contacts, file by file.
#[must_use]
pub fn embedded_contacts() -> Vec<SourceContact> {
    contact_files()
        .iter()
        .filter_map(|(_, octets)| read(octets).ok())
        .flat_map(|read| read.contacts)
        .collect()
}
