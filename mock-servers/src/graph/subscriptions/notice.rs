//! What a subscriber is told: a `changeNotification`.

use serde_json::{Value, json};

use super::store::Subscription;
use crate::account::{Account, Change, Kind};
use crate::directory::Realm;
use crate::graph::{ids, moment, users};
use crate::native::Host;

/// That something changed.
pub(super) fn of_change(
    subscription: &Subscription,
    host: &Host,
    tenant: &str,
    account: &Account,
    change: &Change,
) -> Value {
    let (set, kind) = match subscription.watched.realm {
        Realm::Contacts => ("Contacts", "#Microsoft.Graph.Contact"),
        _ => ("Events", "#Microsoft.Graph.Event"),
    };
    let change_type = match change.kind {
        Kind::Created => "created",
        Kind::Updated => "updated",
        Kind::Destroyed => "deleted",
    };
    let user = users::id(host.seed, &host.owner);
    let resource = format!("Users/{user}/{set}/{}", change.id);
    let mut data = json!({ "@odata.type": kind, "@odata.id": resource, "id": change.id });
    if let Some(item) = account.item(&change.id) {
        data["@odata.etag"] = json!(format!("W/\"{}\"", ids::change_key(item)));
    }
    json!({
        "subscriptionId": subscription.id,
        "subscriptionExpirationDateTime": moment::stamp(subscription.ends),
        "changeType": change_type,
        "resource": resource,
        "resourceData": data,
        "clientState": subscription.state,
        "tenantId": tenant,
    })
}

/// That something is the matter with the subscription.
pub(super) fn of_lifecycle(subscription: &Subscription, tenant: &str, event: &str) -> Value {
    json!({
        "subscriptionId": subscription.id,
        "subscriptionExpirationDateTime": moment::stamp(subscription.ends),
        "clientState": subscription.state,
        "tenantId": tenant,
        "lifecycleEvent": event,
    })
}
