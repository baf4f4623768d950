//! Refusals as Graph states them: an HTTP status, a code and a text.
//!
//! Codes and statuses are those of the documentation ("Microsoft Graph error responses", the pages
//! of the single operations) and, where these are silent, of public reports. Rendering needs the
//! clock and the request's ids and is done by [`super::answer`].

use std::borrow::Cow;

use crate::faults::ErrorEffect;

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The code, which clients decide by.
    pub(crate) code: Cow<'static, str>,
    /// The text, which they do not.
    pub(crate) message: Cow<'static, str>,
    /// Seconds of a `Retry-After` header.
    pub(crate) retry_after_s: Option<u64>,
    /// A `Location` header.
    pub(crate) location: Option<String>,
    /// An `Allow` header.
    pub(crate) allow: Option<&'static str>,
}

/// A code with its usual status and text.
struct Known {
    code: &'static str,
    status: u16,
    message: &'static str,
}

/// Codes that the server uses itself or that scenarios arm by name.
const KNOWN: [Known; 52] = [
    known("ApplicationThrottled", 429, "Application is over its MailboxConcurrency limit."),
    known("TooManyRequests", 429, "Too many requests."),
    known("activityLimitReached", 429, "The app or user has been throttled."),
    known("ErrorInternalServerTransientError", 503, "The service is unavailable, try again."),
    known("UnknownError", 503, ""),
    known("serviceNotAvailable", 503, "The service is not available."),
    known("ErrorServerBusy", 503, "The server cannot service this request right now."),
    known("ErrorConcurrentItemSave", 503, "The item was saved by another request."),
    known("ErrorInternalServerError", 500, "An internal server error occurred."),
    known("generalException", 500, "An unspecified error has occurred."),
    known("NotImplemented", 501, "This operation target is not yet supported."),
    known("GatewayTimeout", 504, "The upstream server did not answer in time."),
    known("quotaLimitReached", 507, "The user has reached their quota limit."),
    known("ErrorQuotaExceeded", 507, "The mailbox quota is exceeded."),
    known("BandwidthLimitExceeded", 509, "The app is over its bandwidth limit."),
    known("ErrorIrresolvableConflict", 412, STALE),
    known("ErrorItemNotFound", 404, "The specified object was not found in the store."),
    known("itemNotFound", 404, "The resource could not be found."),
    known("ErrorAccessDenied", 403, "Access is denied. Check credentials and try again."),
    known("accessDenied", 403, "The caller does not have permission to perform the action."),
    known("insufficient_claims", 403, "Conditional access asks for more claims."),
    known("InvalidAuthenticationToken", 401, "Access token is empty or not valid."),
    known("syncStateNotFound", 410, "The sync state generation is not found."),
    known("resyncRequired", 410, "Resync required."),
    known("ErrorDuplicateTransactionId", 409, TRANSACTION),
    known("ErrorFolderExists", 409, "A folder with the specified name already exists."),
    known("Conflict", 409, "The current state conflicts with what the request expects."),
    known("FailedDependency", 424, "A request that this one depends on has failed."),
    known(
        "MaximumValueExceeded",
        400,
        "Number of batch request steps exceeds the maximum value of 20.",
    ),
    known("InvalidRequest", 400, "The request is invalid."),
    known("ValidationError", 400, VALIDATION),
    known("ResourceNotFound", 404, "The object was not found."),
    known("Request_ResourceNotFound", 404, "Resource does not exist."),
    known("Request_UnsupportedQuery", 400, "Unsupported or invalid query filter clause."),
    known("ErrorInvalidUser", 404, "The requested user is invalid."),
    known("ImageNotFound", 404, "There is no photo."),
    known("resourceLocked", 423, "The resource that is being accessed is locked."),
    known("ErrorDeleteDistinguishedFolder", 400, "Distinguished folders cannot be deleted."),
    known("ErrorInvalidIdMalformed", 400, "Id is malformed."),
    known("ErrorInvalidRequest", 400, "The request is invalid."),
    known("ErrorInvalidParameter", 400, "A parameter is not valid."),
    known("ErrorInvalidSyncStateData", 400, "The synchronization state data is invalid."),
    known("ErrorInvalidRecipients", 400, "At least one recipient isn't valid."),
    known("ErrorInvalidProperty", 400, "A property is not valid."),
    known("ErrorPropertyValidationFailure", 400, "At least one property failed validation."),
    known("ErrorOccurrenceCrossingBoundary", 400, CROSSING),
    known("ErrorInvalidUrlQuery", 400, "The URL query is not valid."),
    known(
        "ErrorInvalidUrlQueryFilter",
        400,
        "The query filter contains one or more invalid nodes.",
    ),
    known(
        "InefficientFilter",
        400,
        "The restriction or sort order is too complex for this operation.",
    ),
    known("TimeZoneNotSupportedException", 400, "The time zone is not supported."),
    known("RequestBodyRead", 400, "The request body cannot be read."),
    known("BadRequest", 400, "The request is malformed or incorrect."),
];

const STALE: &str = "The send or update operation could not be performed because the change key \
                     passed in the request does not match the current change key for the item.";
const TRANSACTION: &str = "Your request can't be completed. The TransactionId specified in the \
                           request has already been used to create a different event.";
const VALIDATION: &str = "Subscription validation request failed. Response must exactly match \
                          validationToken query parameter.";
const CROSSING: &str = "Modified occurrence is crossing or overlapping adjacent occurrence.";

const fn known(code: &'static str, status: u16, message: &'static str) -> Known {
    Known { code, status, message }
}

impl Failure {
    /// A known code with its usual status and text.
    pub(crate) fn of(code: &'static str) -> Self {
        let known = lookup(code);
        Self {
            status: known.map_or(400, |known| known.status),
            code: Cow::Borrowed(code),
            message: Cow::Borrowed(known.map_or("", |known| known.message)),
            retry_after_s: None,
            location: None,
            allow: None,
        }
    }

    /// The same with another text.
    pub(crate) fn saying(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = message.into();
        self
    }

    /// What a fault rule asks for: its status wins over the code's usual one.
    pub(crate) fn armed(effect: &ErrorEffect) -> Self {
        let known = lookup(&effect.code);
        let message = match (&effect.description, known) {
            (Some(text), _) => Cow::Owned(text.clone()),
            (None, Some(known)) => Cow::Borrowed(known.message),
            (None, None) => Cow::Borrowed("The request was refused."),
        };
        Self {
            status: effect.status.unwrap_or(known.map_or(400, |known| known.status)),
            code: Cow::Owned(effect.code.clone()),
            message,
            retry_after_s: effect.retry_after_s,
            location: None,
            allow: None,
        }
    }

    /// Nothing stored under that id, or a path that names nothing.
    pub(crate) fn not_found() -> Self {
        Self::of("ErrorItemNotFound")
    }

    /// A body that does not fit the metadata.
    pub(crate) fn body(message: impl Into<Cow<'static, str>>) -> Self {
        Self::of("RequestBodyRead").saying(message)
    }

    /// A body that fits the metadata and still makes no sense.
    pub(crate) fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self::of("ErrorInvalidRequest").saying(message)
    }

    /// A body in a content coding.
    pub(crate) fn coded() -> Self {
        Self { status: 415, ..Self::of("BadRequest") }
            .saying("The content encoding of the request is not supported.")
    }

    /// A URL that cannot be served as it stands.
    pub(crate) fn url(message: impl Into<Cow<'static, str>>) -> Self {
        Self::of("ErrorInvalidUrlQuery").saying(message)
    }
}

fn lookup(code: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.code.eq_ignore_ascii_case(code))
}
