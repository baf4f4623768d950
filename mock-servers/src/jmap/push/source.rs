//! The parameters of an event source (RFC 8620 section 7.3).

use std::time::Duration;

use calamity_base::http::Incoming;
use http::{Response, StatusCode, header};

use super::states::{States, Types, by_event_id};
use crate::directory::UserId;
use crate::jmap::blob::decoded;
use crate::native::Reply;

/// The shortest and the longest time between pings, in seconds; section 7.3 wants no more than 30
/// for the one and no less than 300 for the other.
const PING_SECONDS: [u64; 2] = [1, 3600];

/// What a client wants to watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Watch {
    pub(super) user: UserId,
    pub(super) types: Types,
    /// Whether the first event is the last.
    pub(super) once: bool,
    pub(super) ping: Option<Duration>,
    /// What the client was told last on another connection.
    pub(super) told: Option<States>,
}

impl Watch {
    /// Reads the request; what is wrong with it, if it cannot be read.
    pub(in crate::jmap) fn read(incoming: &Incoming) -> Result<Self, &'static str> {
        let mut watch =
            Self { user: UserId::OWNER, types: None, once: false, ping: None, told: None };
        let query = incoming.uri.query().unwrap_or_default();
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            let value = decoded(value).ok_or("the query is no text")?;
            match (name, value.as_str()) {
                ("types", "*") => watch.types = None,
                ("types", "") => return Err("`types` is empty"),
                ("types", types) => {
                    watch.types = Some(types.split(',').map(str::to_owned).collect());
                }
                ("closeafter", "state") => watch.once = true,
                ("closeafter", "no") => watch.once = false,
                ("closeafter", _) => return Err("`closeafter` is `state` or `no`"),
                ("ping", seconds) => {
                    let seconds: u64 = seconds.parse().map_err(|_| "`ping` is no number")?;
                    let [least, most] = PING_SECONDS;
                    let seconds = (seconds > 0).then(|| seconds.clamp(least, most));
                    watch.ping = seconds.map(Duration::from_secs);
                }
                _ => {}
            }
        }
        let last = incoming.headers.get("last-event-id").and_then(|value| value.to_str().ok());
        watch.told = last.map(by_event_id);
        Ok(watch)
    }

    /// The same for the user who asks.
    pub(in crate::jmap) fn of(mut self, user: UserId) -> Self {
        self.user = user;
        self
    }

    /// The head of the answer.
    pub(in crate::jmap) fn head() -> Reply {
        let head = Response::builder()
            .status(StatusCode::OK)
            .header(header::CONTENT_TYPE, "text/event-stream")
            .header(header::CACHE_CONTROL, "no-store");
        head.body(bytes::Bytes::new()).unwrap_or_default()
    }
}
