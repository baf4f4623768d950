//! Hashes of trees, by which an unchanged subtree is passed over.
//!
//! A leaf is hashed over its id and fingerprint, a container over its own id and the sorted hashes
//! of its leaves, so that order is irrelevant and two containers with equal leaves still differ.

use sha2::{Digest as _, Sha256};

use crate::model::Hash;

use super::SideTree;

/// Digits of a tree hash.
const DIGITS: usize = 16;

fn digest(text: &str) -> Hash {
    let mut hex = String::with_capacity(DIGITS);
    for byte in Sha256::digest(text.as_bytes()).iter().take(DIGITS / 2) {
        for nibble in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(nibble), 16).expect("a nibble is a hex digit"));
        }
    }
    Hash(hex)
}

/// The hash of a leaf; a missing fingerprint counts as empty.
#[must_use]
pub fn leaf_hash(id: &str, fingerprint: &str) -> Hash {
    digest(&format!("{id}|{fingerprint}"))
}

/// The hash of one side's container.
#[must_use]
pub fn container_hash(tree: &SideTree) -> Hash {
    let mut leaves: Vec<Hash> =
        tree.items.values().map(|leaf| leaf_hash(leaf.id.as_str(), leaf.hash.as_str())).collect();
    leaves.sort_unstable();
    let mut text = tree.container.as_ref().map_or("", |id| id.as_str()).to_owned();
    for leaf in leaves {
        text.push('|');
        text.push_str(leaf.as_str());
    }
    digest(&text)
}

/// The hash of a container pair: of both sides, a first.
#[must_use]
pub fn pair_hash(a: &SideTree, b: &SideTree) -> Hash {
    digest(&format!("{}|{}", container_hash(a), container_hash(b)))
}
