//! A request for a subscription, as far as it can be judged by itself.

use std::collections::BTreeSet;

use http::Uri;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::resource::Watched;
use crate::account::Kind;
use crate::graph::call::Call;
use crate::graph::failure::Failure;
use crate::graph::schema;

/// The longest life of a subscription to Outlook's resources, in minutes ("subscription resource
/// type", Subscription lifetime).
const MINUTES_MAX: i64 = 10_080;
/// "Any expirationDateTime under 45 minutes from the request is raised to 45 minutes" (ibid.).
const MINUTES_MIN: i64 = 45;
/// The longest `clientState` (ibid.).
const STATE_MAX: usize = 128;

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) watched: Watched,
    /// The resource as it was written.
    pub(super) resource: String,
    pub(super) changes: BTreeSet<Kind>,
    /// `changeType` as it was written.
    pub(super) change_type: String,
    pub(super) url: String,
    pub(super) lifecycle_url: Option<String>,
    pub(super) state: Option<String>,
    pub(super) tls: Option<String>,
    pub(super) ends: Timestamp,
}

impl Wanted {
    /// Reads the body of a create.
    pub(super) fn read(call: &Call, now: Timestamp) -> Result<Self, Failure> {
        let body = call.body(&schema::SUBSCRIPTION)?;
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        let required = |name: &str| {
            let given = text(name).filter(|given| !given.is_empty());
            given.ok_or_else(|| {
                invalid(format!("{name} is a required property for subscription creation."))
            })
        };
        let change_type = required("changeType")?;
        let resource = required("resource")?;
        let url = reachable(required("notificationUrl")?)?;
        let lifecycle_url = text("lifecycleNotificationUrl").map(reachable).transpose()?;
        let state = text("clientState");
        if state.as_ref().is_some_and(|state| state.chars().count() > STATE_MAX) {
            return Err(invalid("clientState exceeds the maximum length of 128 characters."));
        }
        if body.get("includeResourceData").and_then(Value::as_bool) == Some(true) {
            return Err(invalid("Notifications with resource data are not supported."));
        }
        Ok(Self {
            watched: Watched::parse(&resource)?,
            resource,
            changes: changes(&change_type)?,
            change_type,
            url,
            lifecycle_url,
            state,
            tls: text("latestSupportedTlsVersion"),
            ends: ends(&body, now)?,
        })
    }
}

/// Until when a subscription shall live.
pub(super) fn ends(body: &Map<String, Value>, now: Timestamp) -> Result<Timestamp, Failure> {
    let given = body.get("expirationDateTime").and_then(Value::as_str).ok_or_else(|| {
        invalid("expirationDateTime is a required property for subscription creation.")
    })?;
    let given: Timestamp =
        given.parse().map_err(|_| invalid("Could not process subscription creation payload."))?;
    let after = |minutes: i64| {
        now.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(Timestamp::MAX)
    };
    if given <= now {
        return Err(invalid("Subscription expiration must be in the future."));
    }
    if given > after(MINUTES_MAX) {
        return Err(invalid(format!(
            "Subscription expiration can only be {MINUTES_MAX} minutes in the future."
        )));
    }
    Ok(given.max(after(MINUTES_MIN)))
}

fn changes(text: &str) -> Result<BTreeSet<Kind>, Failure> {
    let kind = |name: &str| match name.trim().to_ascii_lowercase().as_str() {
        "created" => Ok(Kind::Created),
        "updated" => Ok(Kind::Updated),
        "deleted" => Ok(Kind::Destroyed),
        other => Err(invalid(format!("The changeType '{other}' is not supported."))),
    };
    text.split(',').map(kind).collect()
}

/// An absolute URL. The real service wants https; a mock's clients listen on loopback.
fn reachable(url: String) -> Result<String, Failure> {
    let parsed: Option<Uri> = url.parse().ok();
    let fits = parsed.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.authority().is_some()
    });
    if fits { Ok(url) } else { Err(invalid("The notification URL is not a valid URL.")) }
}

pub(super) fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Failure {
    Failure::of("InvalidRequest").saying(message)
}
