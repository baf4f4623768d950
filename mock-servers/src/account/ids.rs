//! Ids that are a function of what they name, so that concurrency and retries cannot reorder them.

/// Hexadecimal digits of an id.
const DIGITS: usize = 24;

/// The id of the `nth` thing of a kind that was made for a key on the server of that seed.
pub(crate) fn derive(seed: u64, kind: &str, key: &str, nth: u64) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes());
    for part in [kind, key] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.update(&nth.to_le_bytes());
    let mut hex = hasher.finalize().to_hex().to_string();
    hex.truncate(DIGITS);
    hex
}

/// Sixteen hexadecimal digits over some bytes.
pub(crate) fn short_hash(bytes: &[u8]) -> String {
    let mut hex = blake3::hash(bytes).to_hex().to_string();
    hex.truncate(16);
    hex
}
