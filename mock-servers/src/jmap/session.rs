//! The Session object (RFC 8620 section 2).

use serde_json::{Value, json};

use super::dispatch::{CALENDARS, account_id};
use super::request::CORE;
use crate::account::derive;
use crate::native::Host;

/// Where the API is.
pub(super) const API: &str = "/jmap/api";

/// Where the Session object is.
pub(super) const SESSION: &str = "/jmap/session";

/// The session as a client sees it that reached the server at `origin`.
pub(super) fn session(host: &Host, origin: &str) -> Value {
    let account = account_id(host);
    let limits = &host.profile.jmap;
    json!({
        "capabilities": {
            CORE: {
                "maxSizeUpload": 50_000_000,
                "maxConcurrentUpload": 4,
                "maxSizeRequest": limits.max_size_request,
                "maxConcurrentRequests": limits.max_concurrent_requests,
                "maxCallsInRequest": limits.max_calls_in_request,
                "maxObjectsInGet": limits.max_objects_in_get,
                "maxObjectsInSet": limits.max_objects_in_set,
                "collationAlgorithms": ["i;ascii-casemap", "i;unicode-casemap"],
            },
            CALENDARS: {},
        },
        "accounts": {
            account.as_str(): {
                "name": host.owner,
                "isPersonal": true,
                "isReadOnly": false,
                "accountCapabilities": {
                    CORE: {},
                    CALENDARS: {
                        "maxCalendarsPerEvent": limits.max_calendars_per_event,
                        "minDateTime": "1900-01-01T00:00:00Z",
                        "maxDateTime": "2200-01-01T00:00:00Z",
                        "maxExpandedQueryDuration": "P400D",
                        "maxParticipantsPerEvent": null,
                        "mayCreateCalendar": true,
                    },
                },
            },
        },
        "primaryAccounts": { CALENDARS: account },
        "username": host.owner,
        "apiUrl": format!("{origin}{API}"),
        "downloadUrl": format!("{origin}/jmap/download/{{accountId}}/{{blobId}}/{{name}}?type={{type}}"),
        "uploadUrl": format!("{origin}/jmap/upload/{{accountId}}"),
        "eventSourceUrl": format!(
            "{origin}/jmap/eventsource?types={{types}}&closeafter={{closeafter}}&ping={{ping}}"
        ),
        "state": state(host),
    })
}

/// The session's state; it never changes, as nothing in the session does.
pub(super) fn state(host: &Host) -> String {
    derive(host.seed, "session", &host.owner, 0)
}
