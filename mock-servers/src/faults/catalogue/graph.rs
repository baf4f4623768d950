//! Microsoft Graph v1.0.

use super::{Ask, Entry};
use crate::faults::Site;
use crate::server::Protocol;

const fn entry(code: &'static str, ask: Ask) -> Entry {
    Entry::new(Protocol::Graph, code, ask)
}

/// An error of a write.
const fn write(code: &'static str, what: &'static str, shows: &'static [&'static str]) -> Entry {
    entry(code, Ask::Create).at(Site::Item, "event.create").by(what).shows(shows).from(ERRORS)
}

const fn batch(code: &'static str, ask: Ask) -> Entry {
    entry(code, ask).from(BATCH)
}

/// A message to a subscriber.
const fn webhook(code: &'static str, ask: Ask) -> Entry {
    entry(code, ask).at(Site::Push, "push.change").from(WEBHOOKS)
}

/// A message about the subscription itself, which a fault makes up.
const fn lifecycle(
    code: &'static str,
    what: &'static str,
    shows: &'static [&'static str],
) -> Entry {
    webhook(code, Ask::Notified).by(what).shows(shows).from(LIFECYCLE).also_by_state()
}

const ERRORS: &str = "https://learn.microsoft.com/graph/errors";
const THROTTLING: &str = "https://learn.microsoft.com/graph/throttling";
const DELTA: &str = "https://learn.microsoft.com/graph/delta-query-overview";
const BATCH: &str = "https://learn.microsoft.com/graph/json-batching";
const WEBHOOKS: &str = "https://learn.microsoft.com/graph/change-notifications-delivery-webhooks";
const LIFECYCLE: &str = "https://learn.microsoft.com/graph/change-notifications-lifecycle-events";
const CREATE: &str = "https://learn.microsoft.com/graph/api/resources/event";

pub(super) const ENTRIES: &[Entry] = &[
    entry("ApplicationThrottled", Ask::Create)
        .by(r#"{"error":{"code":"ApplicationThrottled","retry_after_s":10}}"#)
        .shows(&["status: 429", "retry-after: ", r#""code":"ApplicationThrottled""#])
        .from(THROTTLING)
        .also_by_state(),
    entry("ApplicationThrottled without Retry-After", Ask::Create)
        .by(r#"{"error":{"code":"ApplicationThrottled"}}"#)
        .shows(&["status: 429", r#""code":"ApplicationThrottled""#, "!retry-after"])
        .from(THROTTLING),
    entry("several 429 in a row", Ask::CreateThrice)
        .by(r#"{"error":{"code":"ApplicationThrottled","retry_after_s":1}}"#)
        .shows(&["status: 429\nstatus: 429\nstatus: 429\n"])
        .from(THROTTLING),
    entry("410 with Location and an empty token", Ask::Changes)
        .at(Site::Feed, "feed.delta")
        .by(r#"{"token":"expire"}"#)
        .shows(&["status: 410", "location: http", "$deltatoken=\n"])
        .from(DELTA)
        .also_by_state(),
    entry("syncStateNotFound", Ask::Changes)
        .at(Site::Feed, "feed.delta")
        .by(r#"{"error":{"code":"syncStateNotFound","status":404}}"#)
        .shows(&["status: 404", r#""code":"syncStateNotFound""#])
        .from(DELTA),
    entry("syncStateNotFound as 410", Ask::Changes)
        .at(Site::Feed, "feed.delta")
        .by(r#"{"error":{"code":"syncStateNotFound"}}"#)
        .shows(&["status: 410", r#""code":"syncStateNotFound""#])
        .from(DELTA)
        .also_by_state(),
    entry("resyncRequired", Ask::Changes)
        .at(Site::Feed, "feed.delta")
        .by(r#"{"error":{"code":"resyncRequired"}}"#)
        .shows(&["status: 410", r#""code":"resyncRequired""#])
        .from(ERRORS),
    write(
        "ErrorDuplicateTransactionId as 400",
        r#"{"error":{"code":"ErrorDuplicateTransactionId","status":400}}"#,
        &["status: 400", r#""code":"ErrorDuplicateTransactionId""#],
    )
    .from(CREATE),
    write(
        "ErrorDuplicateTransactionId as 409",
        r#"{"error":{"code":"ErrorDuplicateTransactionId"}}"#,
        &["status: 409", r#""code":"ErrorDuplicateTransactionId""#],
    )
    .from(CREATE)
    .also_by_state(),
    write(
        "ErrorIrresolvableConflict",
        r#"{"error":{"code":"ErrorIrresolvableConflict"}}"#,
        &["status: 412", r#""code":"ErrorIrresolvableConflict""#],
    )
    .at(Site::Item, "event.update")
    .asking(Ask::Update)
    .also_by_state(),
    write(
        "ErrorIrresolvableConflict without a changeKey",
        r#"{"error":{"code":"ErrorIrresolvableConflict"}}"#,
        &["status: 412", r#""code":"ErrorIrresolvableConflict""#],
    )
    .at(Site::Item, "event.update")
    .asking(Ask::UpdateBlindly)
    .observed("https://github.com/microsoftgraph/msgraph-sdk-dotnet/issues/1195"),
    write("409", r#"{"error":{"code":"Conflict"}}"#, &["status: 409"]).also_by_state(),
    write("423", r#"{"error":{"code":"resourceLocked"}}"#, &["status: 423"]),
    write(
        "insufficient_claims",
        r#"{"error":{"code":"insufficient_claims","headers":{"WWW-Authenticate":
            "Bearer error=\"insufficient_claims\""}}}"#,
        &["status: 403", r#""code":"insufficient_claims""#, "www-authenticate: Bearer error="],
    )
    .from("https://learn.microsoft.com/entra/identity-platform/claims-challenge"),
    write(
        "ErrorInternalServerTransientError",
        r#"{"error":{"code":"ErrorInternalServerTransientError"}}"#,
        &["status: 503", r#""code":"ErrorInternalServerTransientError""#],
    )
    .observed("https://github.com/microsoftgraph/microsoft-graph-explorer-v4/issues/3886"),
    write(
        "UnknownError with an empty message",
        r#"{"error":{"code":"UnknownError"}}"#,
        &["status: 503", r#""code":"UnknownError""#, r#""message":"""#],
    )
    .observed("https://github.com/microsoftgraph/microsoft-graph-docs/issues/6499 (as 504)"),
    write(
        "ErrorConcurrentItemSave",
        r#"{"error":{"code":"ErrorConcurrentItemSave"}}"#,
        &["status: 503", r#""code":"ErrorConcurrentItemSave""#],
    )
    .observed("https://github.com/microsoftgraph/msgraph-sdk-ruby/issues/38"),
    entry("504 on every nextLink", Ask::NextPage)
        .at(Site::Request, "feed.query")
        .by(r#"{"error":{"code":"GatewayTimeout"}}"#)
        .shows(&["status: 504"])
        .observed("https://github.com/microsoftgraph/microsoft-graph-docs/issues/6499"),
    write("507", r#"{"error":{"code":"quotaLimitReached"}}"#, &["status: 507"]).also_by_state(),
    write("509", r#"{"error":{"code":"BandwidthLimitExceeded"}}"#, &["status: 509"]),
    batch("$batch: responses in another order", Ask::Batch)
        .at(Site::Response, "event.create")
        .by(r#"{"sequence":{"reorder":"reverse"}}"#)
        .shows(&["status: 200", "parts: 2 201, 1 201\n"]),
    batch("$batch: 429 for an item", Ask::Batch)
        .at(Site::Item, "event.create")
        .by(r#"{"error":{"code":"ApplicationThrottled","retry_after_s":10}}"#)
        .shows(&["status: 200", "parts: 1 429, 2 429\n"]),
    batch("$batch: 424 for dependents", Ask::BatchDepending)
        .at(Site::Item, "event.create")
        .by(r#"{"error":{"code":"ErrorAccessDenied","status":403}}"#)
        .shows(&["status: 200", " 424\n", r#""code":"FailedDependency""#])
        .also_by_state(),
    batch("$batch: a missing sub-response", Ask::Batch)
        .at(Site::Response, "event.create")
        .by(r#"{"sequence":{"drop":[0]}}"#)
        .shows(&["status: 200", "parts: 2 201\n"])
        .hostile(),
    batch("$batch: 400 on a duplicate id", Ask::BatchTwice)
        .shows(&["status: 400", "has to be unique in a batch"])
        .also_by_state(),
    batch("$batch: more than 20 requests", Ask::BatchTwice)
        .shows(&["status: 400", r#""code":"MaximumValueExceeded""#])
        .also_by_state(),
    entry("delta: replays", Ask::ChangesTwice)
        .at(Site::Feed, "feed.delta")
        .by(r#"{"token":"rewind"}"#)
        .shows(&["status: 200\nstatus: 200\n", r#""@odata.deltaLink":"#, "!rows: 0"])
        .from(DELTA),
    entry("delta: duplicate ids", Ask::Changes)
        .at(Site::Feed, "feed.delta")
        .by(r#"{"sequence":{"duplicate":[0]}}"#)
        .shows(&["status: 200", "rows: 4"])
        .from(DELTA),
    entry("delta: @removed missing", Ask::Changes)
        .at(Site::Feed, "feed.delta")
        .by(r#"{"sequence":{"drop":[2]}}"#)
        .shows(&["status: 200", "!@removed"])
        .hostile(),
    entry("delta: phantom @removed", Ask::Changes)
        .at(Site::Feed, "feed.delta")
        .by(r#"{"sequence":{"inject":[{"id":"outside","@removed":{"reason":"deleted"}}]}}"#)
        .shows(&["status: 200", r#""id":"outside""#])
        .from(DELTA),
    entry("delta: endless nextLink", Ask::Changes)
        .at(Site::Feed, "feed.delta")
        .by(r#"{"token":"loop"}"#)
        .shows(&["status: 200", r#""@odata.nextLink":"#, "!@odata.deltaLink"])
        .hostile(),
    entry("delta: an empty page with nextLink", Ask::Changes)
        .at(Site::Response, "feed.delta")
        .by(r#"{"patch":{"set":{"/value":[]},
            "replace":[{"find":"@odata.deltaLink","with":"@odata.nextLink"}]}}"#)
        .shows(&["status: 200", r#""@odata.nextLink":"#, r#""value":[]"#])
        .from(DELTA),
    entry("delta: reads lag behind writes", Ask::WriteThenChanges)
        .at(Site::Request, "feed.delta")
        .by(r#"{"stale":{"lag_ms":3600000}}"#)
        .shows(&["status: 200", "rows: 3"])
        .from(DELTA),
    webhook("webhook: validationToken handshake", Ask::Subscribe)
        .at(Site::Push, "push.verify")
        .by(r#"{"patch":{"replace":[{"find":"Validation","with":"Another"}]}}"#)
        .shows(&["status: 400", r#""code":"ValidationError""#])
        .also_by_state(),
    webhook("webhook: retried for four hours", Ask::Notified)
        .shows(&["refused at: 0 10 40 100 220 520 1120 2920 6520 10120 13720\n"])
        .also_by_state(),
    webhook("webhook: duplicates", Ask::Notified)
        .by(r#"{"sequence":{"duplicate":[0]}}"#)
        .shows(&["told of: 1 1 2"])
        .also_by_state(),
    webhook("webhook: bursts", Ask::Notified)
        .by(r#"{"sequence":{"duplicate":[0,0,0,0]}}"#)
        .shows(&["status: 10 told", "\nat: 0 0 0 0 0 "]),
    webhook("webhook: delays", Ask::Notified)
        .by(r#"{"delay":{"ms":60000}}"#)
        .shows(&["status: 2 told", "\nat: 60 90\n"]),
    webhook("webhook: out of order", Ask::Notified)
        .by(r#"{"sequence":{"reorder":"reverse"}}"#)
        .shows(&["status: 2 told", "told of: 2 1\n"])
        .also_by_state(),
    webhook("webhook: forged clientState", Ask::Notified)
        .by(r#"{"patch":{"set":{"clientState":"forged"}}}"#)
        .shows(&["2 told", r#""clientState":"forged""#, r#"!"clientState":"secret""#])
        .hostile(),
    lifecycle(
        "lifecycle: reauthorizationRequired",
        r#"{"sequence":{"inject":[{"lifecycleEvent":"reauthorizationRequired"}]}}"#,
        &[r#""lifecycleEvent":"reauthorizationRequired""#],
    ),
    lifecycle(
        "lifecycle: missed",
        r#"{"sequence":{"inject":[{"lifecycleEvent":"missed"}]}}"#,
        &[r#""lifecycleEvent":"missed""#],
    ),
    lifecycle(
        "lifecycle: subscriptionRemoved",
        r#"{"sequence":{"inject":[{"lifecycleEvent":"subscriptionRemoved"}]}}"#,
        &[r#""lifecycleEvent":"subscriptionRemoved""#],
    ),
];
