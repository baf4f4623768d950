//! The Session object (RFC 8620 section 2).

use serde_json::{Map, Value, json};

use super::dispatch::{account_id, accounts};
use super::methods::{CALENDARS, CONTACTS, CORE};
use super::validate::{EARLIEST, LATEST};
use crate::account::derive;
use crate::directory::{Directory, UserId};
use crate::native::Host;

/// Where the API is.
pub(super) const API: &str = "/jmap/api";

/// Where the Session object is.
pub(super) const SESSION: &str = "/jmap/session";

/// Where binary data goes to; the account follows.
pub(super) const UPLOAD: &str = "/jmap/upload/";

/// Where binary data comes from; account, blob and name follow.
pub(super) const DOWNLOAD: &str = "/jmap/download/";

/// Where events come from.
pub(super) const EVENT_SOURCE: &str = "/jmap/eventsource";

/// The session as a user sees it that reached the server at `origin`.
pub(super) fn session(directory: &Directory, user: UserId, origin: &str) -> Value {
    let host = directory.host(user);
    let own = account_id(host);
    let all = accounts(directory, user).into_iter().map(|other| {
        let shown = account(directory.host(other), other == user);
        (account_id(directory.host(other)), shown)
    });
    let limits = &host.profile.jmap;
    json!({
        "capabilities": {
            CORE: {
                "maxSizeUpload": limits.max_size_upload,
                "maxConcurrentUpload": limits.max_concurrent_upload,
                "maxSizeRequest": limits.max_size_request,
                "maxConcurrentRequests": limits.max_concurrent_requests,
                "maxCallsInRequest": limits.max_calls_in_request,
                "maxObjectsInGet": limits.max_objects_in_get,
                "maxObjectsInSet": limits.max_objects_in_set,
                "collationAlgorithms": ["i;ascii-casemap", "i;unicode-casemap"],
            },
            CALENDARS: {},
            CONTACTS: {},
        },
        "accounts": all.collect::<Map<_, _>>(),
        "primaryAccounts": { CORE: own, CALENDARS: own, CONTACTS: own },
        "username": host.owner,
        "apiUrl": format!("{origin}{API}"),
        "downloadUrl": format!("{origin}{DOWNLOAD}{{accountId}}/{{blobId}}/{{name}}?accept={{type}}"),
        "uploadUrl": format!("{origin}{UPLOAD}{{accountId}}/"),
        "eventSourceUrl": format!(
            "{origin}{EVENT_SOURCE}?types={{types}}&closeafter={{closeafter}}&ping={{ping}}"
        ),
        "state": state(host),
    })
}

fn account(host: &Host, is_personal: bool) -> Value {
    let limits = &host.profile.jmap;
    json!({
        "name": host.owner,
        "isPersonal": is_personal,
        "isReadOnly": false,
        "accountCapabilities": {
            CORE: {},
            CALENDARS: {
                "maxCalendarsPerEvent": limits.max_calendars_per_event,
                "minDateTime": EARLIEST,
                "maxDateTime": LATEST,
                "maxExpandedQueryDuration": "P400D",
                "maxParticipantsPerEvent": null,
                "mayCreateCalendar": true,
            },
            CONTACTS: {
                "maxAddressBooksPerCard": limits.max_address_books_per_card,
                "mayCreateAddressBook": true,
            },
        },
    })
}

/// The session's state; it never changes, as nothing in the session does.
pub(super) fn state(host: &Host) -> String {
    derive(host.seed, "session", &host.owner, 0)
}
