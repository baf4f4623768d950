//! Ids, as newtypes. Each says when it changes.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The text of it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// A provider's id of a calendar. Stable while the calendar exists, on well-behaved servers.
    ContainerId
}
text_id! {
    /// A provider's id of an item. It is an address, not an identity: servers are known to change
    /// it between two queries.
    ItemId
}
text_id! {
    /// The iCalendar UID: the identity of an item across providers. It never changes.
    Uid
}
text_id! {
    /// What a provider changes with every change of an item: a changeKey, an ETag, `updated`.
    Revision
}
text_id! {
    /// A provider's mark for "up to here I have told you": a state, a delta link. Opaque outside
    /// the adapter that made it.
    Token
}
text_id! {
    /// A content hash in hexadecimal digits. Equal content gives equal hashes.
    Hash
}

impl Hash {
    /// The hash of these bytes: BLAKE3, the first 128 bits.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let hex = blake3::hash(bytes).to_hex();
        Self(hex[..32].to_owned())
    }
}
