//! The words of the fault catalogue: operations, and error codes by protocol and site.

use super::super::fault::Site;
use super::super::scenario::Provider;

/// Operations that a fault can be limited to.
pub(super) const OPERATIONS: [&str; 18] = [
    "calendar.list",
    "calendar.create",
    "calendar.update",
    "calendar.delete",
    "event.create",
    "event.update",
    "event.delete",
    "event.get",
    "feed.page",
    "feed.query",
    "feed.changes",
    "feed.delta",
    "session",
    "subscribe",
    "push.verify",
    "push.change",
    "push.lifecycle",
    "push.event",
];

/// RFC 8620 section 3.6.1.
const JMAP_REQUEST: [&str; 4] = ["unknownCapability", "notJSON", "notRequest", "limit"];

/// RFC 8620 sections 3.6.2, 5.1 to 5.6, and the calendars draft.
const JMAP_METHOD: [&str; 19] = [
    "serverUnavailable",
    "serverFail",
    "serverPartialFail",
    "unknownMethod",
    "invalidArguments",
    "invalidResultReference",
    "forbidden",
    "accountNotFound",
    "accountNotSupportedByMethod",
    "accountReadOnly",
    "requestTooLarge",
    "stateMismatch",
    "cannotCalculateChanges",
    "anchorNotFound",
    "unsupportedSort",
    "unsupportedFilter",
    "tooManyChanges",
    "expandDurationTooLarge",
    "cannotCalculateOccurrences",
];

/// RFC 8620 section 5.3, and the calendars draft; `forbidden` is in the list above.
const JMAP_SET: [&str; 11] = [
    "overQuota",
    "tooLarge",
    "rateLimit",
    "notFound",
    "invalidPatch",
    "willDestroy",
    "invalidProperties",
    "singleton",
    "alreadyExists",
    "calendarHasEvent",
    "noSupportedScheduleMethods",
];

/// Codes of Microsoft Graph that clients have met.
const GRAPH: [&str; 25] = [
    "ApplicationThrottled",
    "BadRequest",
    "ErrorAccessDenied",
    "ErrorCalendarIsNotOrganizer",
    "ErrorDuplicateTransactionId",
    "ErrorFolderNotFound",
    "ErrorInternalServerError",
    "ErrorInternalServerTransientError",
    "ErrorInvalidIdMalformed",
    "ErrorInvalidPropertyForOperation",
    "ErrorInvalidRequest",
    "ErrorIrresolvableConflict",
    "ErrorItemNotFound",
    "ErrorPropertyValidationFailure",
    "ErrorQuotaExceeded",
    "ErrorServerBusy",
    "ErrorTimeoutExpired",
    "InvalidAuthenticationToken",
    "MailboxConcurrency",
    "RequestBodyRead",
    "ServiceUnavailable",
    "UnknownError",
    "insufficient_claims",
    "resyncRequired",
    "syncStateNotFound",
];

/// The codes that a server of this kind has for a refusal at this site.
pub(super) fn known(provider: &Provider, site: Site) -> Vec<&'static str> {
    match (provider, site) {
        (Provider::Graph(_), _) => GRAPH.to_vec(),
        // One part of an envelope: a whole call, or one id inside a /set.
        (Provider::Jmap(_), Site::Item) => [&JMAP_SET[..], &JMAP_METHOD].concat(),
        (Provider::Jmap(_), _) => [&JMAP_METHOD[..], &JMAP_REQUEST].concat(),
    }
}
