//! When a server tells people, and how a message is handed to the outbox: the part of scheduling
//! that all protocols share. Who is told what is decided by each protocol's [`crate::native`].

use calamity_evidence::Method;

use crate::world::When;

/// What a request says about telling people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marker {
    /// Nothing.
    Unsaid,
    /// Do not: `sendSchedulingMessages: false`, `Prefer: outlook.send-notifications=false`.
    Silent,
    /// Do: `sendSchedulingMessages: true`, or a user's own act in the server's interface.
    Send,
    /// Nobody is ever told of this, whatever the server's policy: JMAP's `onDestroyRemoveEvents`.
    Never,
}

/// What a server makes of a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MarkerPolicy {
    /// Obeys it; without one the protocol's default holds.
    Honours,
    /// Tells people whatever it says.
    Ignores,
    /// Refuses a request that carries one; without one the protocol's default holds.
    Rejects,
    /// Obeys it; without one people are told.
    NotifiesByDefault,
}

impl MarkerPolicy {
    /// The policy of a name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "honours" => Self::Honours,
            "ignores" => Self::Ignores,
            "rejects" => Self::Rejects,
            "notifies-by-default" => Self::NotifiesByDefault,
            _ => return None,
        })
    }

    /// Whether people are told, where `default` says whether the protocol tells them unasked.
    pub(crate) fn tells(self, marker: Marker, default: bool) -> bool {
        match (self, marker) {
            (_, Marker::Never) => false,
            (_, Marker::Send) | (Self::Ignores, _) => true,
            (_, Marker::Silent) => false,
            (Self::NotifiesByDefault, Marker::Unsaid) => true,
            (Self::Honours | Self::Rejects, Marker::Unsaid) => default,
        }
    }
}

/// A message before it is put into the outbox; the sender, the title and the cause are added there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Draft {
    /// What kind of message.
    pub(crate) method: Method,
    /// The recipient's address, without `mailto:`.
    pub(crate) to: String,
    /// The occurrences that it is about, by their original starts; none for the whole event.
    pub(crate) about: Vec<When>,
    /// The message, where the protocol has written it and delivers it to other users of the server.
    pub(crate) letter: Option<ItipText>,
}

impl Draft {
    /// A message about the whole event, yet to be written.
    pub(crate) fn new(method: Method, to: &str) -> Self {
        Self { method, to: to.to_owned(), about: Vec::new(), letter: None }
    }
}

/// A message as it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ItipText {
    /// The iCalendar object (RFC 5546).
    pub(crate) text: String,
    /// Its `SEQUENCE`.
    pub(crate) sequence: u64,
}

/// A calendar address as it is compared: without `mailto:`, in lower case.
pub(crate) fn address(uri: &str) -> String {
    let trimmed = uri.trim();
    let bare = trimmed
        .get(..7)
        .filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"))
        .map_or(trimmed, |_| &trimmed[7..]);
    bare.to_lowercase()
}
