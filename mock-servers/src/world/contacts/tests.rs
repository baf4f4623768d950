//! Every file of ours: what it holds, that its peculiarity is there, and what each form makes of it.

mod arbitrary;
mod forms;
mod peculiar;

use super::{SourceContact, contact_files, read};

/// The octets of one of our files.
#[track_caller]
fn file(name: &str) -> Vec<u8> {
    let files = contact_files();
    let found = files.iter().find(|(known, _)| known == name);
    found.unwrap_or_else(|| panic!("no file {name}")).1.to_vec()
}

/// All contacts of one of our files, nothing passed over.
#[track_caller]
fn all(name: &str) -> Vec<SourceContact> {
    let read = read(&file(name)).expect("readable");
    assert_eq!(read.skipped, []);
    read.contacts
}

/// The only contact of one of our files.
#[track_caller]
fn one(name: &str) -> SourceContact {
    let mut contacts = all(name);
    assert_eq!(contacts.len(), 1, "{name}");
    contacts.remove(0)
}
