//! `PushSubscription/get` and `/set` (RFC 8620 sections 7.2.1 and 7.2.2).

use std::collections::BTreeSet;

use http::Uri;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::states::{Types, states};
use super::subscriptions::{LIFETIME, SUBSCRIPTIONS_MAX, Subscription};
use crate::account::derive;
use crate::faults::PatchEffect;
use crate::jmap::arguments::Arguments;
use crate::jmap::dispatch::Run;
use crate::jmap::errors::{MethodError, SetError};
use crate::jmap::event_update::invalid_patch;
use crate::jmap::set::{self, Object, Settable};
use crate::jmap::{patch, times};
use crate::operation::{Op, Target};
use crate::turn::Verdict;

const SHOWN: [&str; 5] = ["id", "deviceClientId", "verificationCode", "expires", "types"];

/// What is never said back.
const PRIVATE: [&str; 2] = ["url", "keys"];

/// Types in one subscription, at most.
const TYPES_MAX: usize = 100;

pub(in crate::jmap) fn get(
    run: &mut Run<'_, '_>,
    arguments: Object,
) -> Result<Object, MethodError> {
    let arguments = Arguments::new(arguments, &["ids", "properties"])?;
    let properties = arguments.texts("properties")?;
    for name in properties.iter().flatten() {
        if PRIVATE.contains(&name.as_str()) {
            return Err(MethodError::new("forbidden"));
        }
        if !SHOWN.contains(&name.as_str()) {
            return Err(MethodError::invalid_arguments(format!("no property `{name}`")));
        }
    }
    if let Verdict::Error(error) = run.turn.fault_call(Op::Subscribe, &[]) {
        return Err(MethodError::fault(&error));
    }
    let now = run.turn.now();
    let asked = arguments.texts("ids")?;
    let asked = asked.map(|ids| ids.iter().map(|id| run.real_id(id)).collect::<Vec<_>>());
    let pushes = run.turn.pushes();
    pushes.expire(now);
    let ids = asked.unwrap_or_else(|| pushes.all.keys().cloned().collect());
    let (mut list, mut not_found) = (Vec::new(), Vec::new());
    for id in ids {
        let Some(one) = pushes.all.get(&id) else {
            not_found.push(json!(id));
            continue;
        };
        let mut shown = shown(&id, one);
        if let Some(properties) = &properties {
            shown.retain(|name, _| name == "id" || properties.contains(name));
        }
        list.push(Value::Object(shown));
    }
    Ok(Map::from_iter([
        ("list".to_owned(), Value::Array(list)),
        ("notFound".to_owned(), Value::Array(not_found)),
    ]))
}

fn shown(id: &str, one: &Subscription) -> Object {
    Map::from_iter([
        ("id".to_owned(), json!(id)),
        ("deviceClientId".to_owned(), json!(one.device)),
        // Only what the client itself has said already.
        ("verificationCode".to_owned(), json!(one.verified.then_some(&one.code))),
        ("expires".to_owned(), json!(times::stamp(one.expires))),
        ("types".to_owned(), json!(one.types)),
    ])
}

pub(in crate::jmap) fn set(
    run: &mut Run<'_, '_>,
    arguments: Object,
) -> Result<Object, MethodError> {
    let arguments = Arguments::new(arguments, &["create", "update", "destroy"])?;
    let now = run.turn.now();
    run.turn.pushes().expire(now);
    let mut answer = set::run(run, &arguments, &Subscriptions)?;
    answer.remove("oldState");
    answer.remove("newState");
    Ok(answer)
}

/// Subscriptions, to be set.
struct Subscriptions;

impl Settable for Subscriptions {
    fn ops(&self) -> [Op; 3] {
        [Op::Subscribe; 3]
    }

    fn target(&self, _run: &Run<'_, '_>, creation: &str, _object: &Object) -> Target {
        Target { id: creation.to_owned(), ..Target::default() }
    }

    fn state(&self, _run: &Run<'_, '_>) -> String {
        String::new()
    }

    fn create(
        &self,
        run: &mut Run<'_, '_>,
        object: Object,
        _rewrite: Option<&PatchEffect>,
    ) -> Result<(String, Object), SetError> {
        let now = run.turn.now();
        let (device, url, expires, types) = checked(&object, now)?;
        if run.turn.pushes().all.len() >= SUBSCRIPTIONS_MAX {
            return Err(SetError::new("overQuota", "there are too many subscriptions"));
        }
        let id = format!("P{}", run.turn.new_id("push", &device));
        let seed = run.turn.host().seed;
        let code = derive(seed, "push-code", &id, 0);
        let one = Subscription::new(&device, &url, code, expires, types, now);
        let mut shown = Map::from_iter([("id".to_owned(), json!(id))]);
        for (name, value) in self::shown(&id, &one) {
            if object.get(&name) != Some(&value) {
                shown.insert(name, value);
            }
        }
        shown.insert("keys".to_owned(), Value::Null);
        run.turn.pushes().all.insert(id.clone(), one);
        Ok((id, shown))
    }

    fn update(
        &self,
        run: &mut Run<'_, '_>,
        id: &str,
        changes: &Object,
        _rewrite: Option<&PatchEffect>,
    ) -> Result<Object, SetError> {
        let now = run.turn.now();
        let one = run.turn.pushes().all.get(id).cloned().ok_or_else(SetError::not_found)?;
        let before = shown(id, &one);
        let mut after = before.clone();
        patch::apply(&mut after, changes).map_err(invalid_patch)?;
        let mut wrong: Vec<String> = ["id", "deviceClientId"]
            .iter()
            .filter(|name| before.get(**name) != after.get(**name))
            .map(|name| (*name).to_owned())
            .collect();
        wrong.extend(after.keys().filter(|name| !before.contains_key(*name)).cloned());
        let code = changes.get("verificationCode");
        if code.is_some_and(|code| code.as_str() != Some(one.code.as_str())) {
            wrong.push("verificationCode".to_owned());
        }
        let expires = expires(after.get("expires"), now).unwrap_or_else(|name| {
            wrong.push(name.to_owned());
            one.expires
        });
        let types = types(after.get("types")).unwrap_or_else(|name| {
            wrong.push(name.to_owned());
            None
        });
        if !wrong.is_empty() {
            return Err(SetError::invalid_properties(wrong, "these cannot be set so"));
        }
        let expires = if changes.contains_key("expires") { expires } else { one.expires };
        let (user, directory) = (run.user, run.turn.directory());
        let states = states(run.turn.state(), directory, user, &types);
        let Some(stored) = run.turn.pushes().all.get_mut(id) else {
            return Err(SetError::not_found());
        };
        stored.expires = expires;
        stored.types = types;
        if code.is_some() {
            stored.verify(states);
        }
        let mut shown = Map::new();
        if changes.get("expires").is_some_and(|wish| *wish != json!(times::stamp(expires))) {
            shown.insert("expires".to_owned(), json!(times::stamp(expires)));
        }
        Ok(shown)
    }

    fn destroy(&self, run: &mut Run<'_, '_>, id: &str) -> Result<(), SetError> {
        run.turn.pushes().all.remove(id).map(drop).ok_or_else(SetError::not_found)
    }
}

type Checked = (String, String, Timestamp, Types);

fn checked(object: &Object, now: Timestamp) -> Result<Checked, SetError> {
    let mut wrong: BTreeSet<String> = BTreeSet::new();
    let known = ["deviceClientId", "url", "keys", "verificationCode", "expires", "types"];
    wrong.extend(object.keys().filter(|name| !known.contains(&name.as_str())).cloned());
    let given = |name: &str| object.get(name).filter(|value| !value.is_null());
    let device = given("deviceClientId").and_then(Value::as_str).filter(|id| !id.is_empty());
    let url = given("url").and_then(Value::as_str).filter(|url| may_be_posted_to(url));
    let expires = expires(object.get("expires"), now);
    let types = types(object.get("types"));
    if given("verificationCode").is_some() {
        wrong.insert("verificationCode".to_owned());
    }
    if given("keys").is_some() {
        // Encryption by RFC 8291 is not served, and nothing is sent in the clear that must not be.
        wrong.insert("keys".to_owned());
    }
    for (name, missing) in [("deviceClientId", device.is_none()), ("url", url.is_none())] {
        if missing {
            wrong.insert(name.to_owned());
        }
    }
    wrong.extend(expires.err().into_iter().chain(types.as_ref().err().copied()).map(str::to_owned));
    match (device, url, expires, types) {
        (Some(device), Some(url), Ok(expires), Ok(types)) if wrong.is_empty() => {
            Ok((device.to_owned(), url.to_owned(), expires, types))
        }
        _ => Err(SetError::invalid_properties(wrong, "the subscription is not valid")),
    }
}

/// A `https` URL. In the clear only to the machine itself and to names that are reserved for tests
/// (RFC 6761), where no certificate can be had.
fn may_be_posted_to(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let Some(host) = uri.host() else { return false };
    match uri.scheme_str() {
        Some("https") => true,
        Some("http") => {
            ["localhost", "127.0.0.1", "[::1]"].contains(&host)
                || [".test", ".localhost"].iter().any(|end| host.ends_with(end))
        }
        _ => false,
    }
}

/// The time of expiry that is granted.
fn expires(wish: Option<&Value>, now: Timestamp) -> Result<Timestamp, &'static str> {
    let most = now.checked_add(LIFETIME).unwrap_or(Timestamp::MAX);
    match wish {
        None | Some(Value::Null) => Ok(most),
        Some(value) => {
            let wish = value.as_str().and_then(times::utc).ok_or("expires")?;
            Ok(wish.min(most))
        }
    }
}

fn types(value: Option<&Value>) -> Result<Types, &'static str> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(names)) if names.len() <= TYPES_MAX => {
            let names = names.iter().map(|name| name.as_str().map(str::to_owned));
            names.collect::<Option<BTreeSet<_>>>().map(Some).ok_or("types")
        }
        Some(_) => Err("types"),
    }
}
