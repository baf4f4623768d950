//! Binary data of one user: bytes under an id that is a function of them (RFC 8620 section 6).
//!
//! Bounded: what nothing refers to is dropped, oldest first, when there is no room for more; what
//! something refers to stays and has a bound of its own.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::account::derive;

/// Octets that nothing refers to, at most; room for several uploads of the largest size.
const LOOSE_OCTETS_MAX: usize = 256 * 1024 * 1024;

/// Octets that something refers to, at most.
const KEPT_OCTETS_MAX: usize = 256 * 1024 * 1024;

/// Blobs, at most; half of them may be referred to.
const BLOBS_MAX: usize = 10_000;

/// One piece of binary data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blob {
    /// The data.
    pub(crate) octets: Bytes,
    /// The media type that came with it.
    pub(crate) media_type: String,
    /// Whether an object refers to it, or did.
    kept: bool,
    /// The place in the order of uploads.
    nth: u64,
}

/// One piece of binary data as it is written to a file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoredBlob {
    /// The data, in base64.
    octets: String,
    /// The media type that came with it.
    media_type: String,
    /// Whether an object refers to it, or did.
    kept: bool,
}

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Blobs {
    seed: u64,
    loose_max: usize,
    kept_max: usize,
    uploads: u64,
    loose: usize,
    kept: usize,
    kept_count: usize,
    all: BTreeMap<String, Blob>,
}

/// There is no room for more that must stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no room is left for binary data")]
pub(crate) struct Full;

impl Blobs {
    /// None so far.
    pub(crate) fn new(seed: u64) -> Self {
        Self::bounded(seed, LOOSE_OCTETS_MAX, KEPT_OCTETS_MAX)
    }

    fn bounded(seed: u64, loose_max: usize, kept_max: usize) -> Self {
        let all = BTreeMap::new();
        Self { seed, loose_max, kept_max, uploads: 0, loose: 0, kept: 0, kept_count: 0, all }
    }

    /// The id that some bytes have or would have.
    pub(crate) fn id_of(&self, octets: &[u8]) -> String {
        let hash = blake3::hash(octets).to_hex();
        // Ids do not begin with a digit or a dash (RFC 8620 section 1.2).
        format!("b{}", derive(self.seed, "blob", &hash, 0))
    }

    /// The data under an id.
    pub(crate) fn find(&self, id: &str) -> Option<&Blob> {
        self.all.get(id)
    }

    /// Takes data in and returns its id. The same data again is as new.
    pub(crate) fn add(&mut self, octets: Bytes, media_type: &str) -> String {
        let id = self.id_of(&octets);
        self.uploads += 1;
        if let Some(known) = self.all.get_mut(&id) {
            known.nth = self.uploads;
            return id;
        }
        let size = octets.len();
        while (self.loose + size > self.loose_max || self.all.len() >= BLOBS_MAX)
            && self.drop_oldest()
        {}
        let media_type = media_type.to_owned();
        self.all.insert(id.clone(), Blob { octets, media_type, kept: false, nth: self.uploads });
        self.loose += size;
        id
    }

    /// An object refers to the data from now on; says whether there is any under that id.
    ///
    /// # Errors
    /// When too much is referred to already.
    pub(crate) fn keep(&mut self, id: &str) -> Result<bool, Full> {
        let Some(blob) = self.all.get_mut(id) else { return Ok(false) };
        if blob.kept {
            return Ok(true);
        }
        let size = blob.octets.len();
        if self.kept + size > self.kept_max || self.kept_count >= BLOBS_MAX / 2 {
            return Err(Full);
        }
        blob.kept = true;
        self.loose -= size;
        self.kept += size;
        self.kept_count += 1;
        Ok(true)
    }

    /// All of it as it is written to a file, the oldest first.
    pub(crate) fn stored(&self) -> Vec<StoredBlob> {
        let mut all: Vec<&Blob> = self.all.values().collect();
        all.sort_by_key(|blob| blob.nth);
        let stored = |blob: &Blob| StoredBlob {
            octets: BASE64.encode(&blob.octets),
            media_type: blob.media_type.clone(),
            kept: blob.kept,
        };
        all.into_iter().map(stored).collect()
    }

    /// What was written to a file, under the ids of a user of the same seed; none where it is no
    /// base64 or too much.
    pub(crate) fn recall(&self, stored: Vec<StoredBlob>) -> Option<Self> {
        let mut blobs = Self::bounded(self.seed, self.loose_max, self.kept_max);
        for blob in stored {
            let octets = BASE64.decode(&blob.octets).ok()?;
            let id = blobs.add(octets.into(), &blob.media_type);
            if blob.kept {
                blobs.keep(&id).ok()?;
            }
        }
        Some(blobs)
    }

    fn drop_oldest(&mut self) -> bool {
        let loose = self.all.iter().filter(|(_, blob)| !blob.kept);
        let Some(id) = loose.min_by_key(|(_, blob)| blob.nth).map(|(id, _)| id.clone()) else {
            return false;
        };
        if let Some(blob) = self.all.remove(&id) {
            self.loose -= blob.octets.len();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_first_and_what_is_referred_to_stays() {
        let mut blobs = Blobs::bounded(1, 20, 20);
        let big = |fill: u8| Bytes::from(vec![fill; 10]);
        let ids = [1, 2].map(|fill| blobs.add(big(fill), "a/b"));
        assert_eq!(blobs.add(big(1), "a/b"), ids[0], "the same data has the same id");
        let third = blobs.add(big(3), "a/b");
        let there = |blobs: &Blobs| [&ids[0], &ids[1], &third].map(|id| blobs.find(id).is_some());
        assert_eq!(there(&blobs), [true, false, true], "an upload that is repeated is younger");
        assert_eq!(blobs.keep(&ids[0]), Ok(true));
        assert_eq!(blobs.keep("x"), Ok(false));
        for fill in 4..8 {
            blobs.add(big(fill), "a/b");
        }
        assert_eq!(there(&blobs), [true, false, false]);
        assert_eq!((blobs.loose, blobs.kept), (20, 10));
        let last = blobs.add(big(9), "a/b");
        assert_eq!(blobs.keep(&last), Ok(true));
        let one = blobs.add(Bytes::from_static(b"x"), "a/b");
        assert_eq!(blobs.keep(&one), Err(Full));
    }

    #[test]
    fn there_is_always_room_for_something_new() {
        let mut blobs = Blobs::new(1);
        let mut one = |nth: u64| {
            let id = blobs.add(Bytes::copy_from_slice(&nth.to_be_bytes()), "a/b");
            blobs.keep(&id)
        };
        let kept = (0..6_000).take_while(|nth| one(*nth) == Ok(true)).count();
        assert_eq!(kept, BLOBS_MAX / 2);
    }
}
