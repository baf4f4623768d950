//! The answers to LOCK and UNLOCK.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::super::answer::{Outcome, empty, with_named, xml};
use super::super::call::{Call, Depth};
use super::super::options;
use super::super::resource::{self, Resource};
use super::condition::{holds, tokens};
use super::property::active;
use super::table::Lock;
use crate::dav::xml::names::dav;
use crate::dav::xml::{Element, Refusal, document};
use crate::turn::Turn;

/// The longest time of a lock, which is also the usual one, in seconds.
const SECONDS_MAX: u32 = 3_600;

/// Answers a LOCK: a new lock, or with an empty body a lock that goes on (section 9.10.2).
pub(in super::super) fn lock(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    let found = match resource::find(turn, call.place()) {
        // See the module: there is nothing that could be locked.
        Err(refused) if refused.status == StatusCode::NOT_FOUND => {
            return Err(Refusal::plain(StatusCode::FORBIDDEN));
        }
        found => found?,
    };
    if !matches!(found, Resource::Collection(..) | Resource::Object(..)) {
        return Ok(options::not_allowed(call.place(), &turn.host().profile.dav));
    }
    let now = turn.now();
    turn.locks_mut().expire(now);
    let (href, seconds) = (call.place().href(), seconds(call.header("timeout")));
    let Some(info) = call.xml()? else { return refresh(turn, call, &href, seconds) };
    holds(turn, call)?;
    let (exclusive, owner) = read(info)?;
    let deep = match call.depth()? {
        None | Some(Depth::Infinity) => found.is_collection(),
        Some(Depth::Zero) => false,
        Some(Depth::One) => return Err(Refusal::plain(StatusCode::BAD_REQUEST)),
    };
    if let Some(other) = turn.locks().against(&href, deep, exclusive) {
        let root = Element::new(dav::HREF).with_text(other.root.clone());
        let condition = Element::new(dav::NO_CONFLICTING_LOCK).with_child(root);
        return Err(Refusal::with(StatusCode::LOCKED, condition));
    }
    let name = turn.new_id("lock", &href);
    let token = format!("urn:uuid:{}", Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()));
    let holder = turn.focus().user;
    let until = after(now, seconds);
    let lock = Lock { token, root: href, deep, exclusive, owner, holder, seconds, until };
    let reply = discovered(&lock);
    let header = format!("<{}>", lock.token);
    if !turn.locks_mut().add(lock) {
        return Err(Refusal::plain(StatusCode::INSUFFICIENT_STORAGE));
    }
    Ok(with_named(reply, "lock-token", &header))
}

fn refresh(turn: &mut Turn<'_>, call: &Call, href: &str, seconds: u32) -> Outcome {
    let failed = || {
        let condition = Element::new(dav::LOCK_TOKEN_MATCHES_REQUEST_URI);
        Refusal::with(StatusCode::PRECONDITION_FAILED, condition)
    };
    let (now, user) = (turn.now(), turn.focus().user);
    let [token] = &tokens(call)[..] else { return Err(Refusal::plain(StatusCode::BAD_REQUEST)) };
    let lock = turn.locks_mut().named(token, href).filter(|lock| lock.holder == user);
    let lock = lock.ok_or_else(failed)?;
    (lock.seconds, lock.until) = (seconds, after(now, seconds));
    Ok(discovered(lock))
}

/// Answers an UNLOCK.
pub(in super::super) fn unlock(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    let given = call.header("lock-token").ok_or_else(|| Refusal::plain(StatusCode::BAD_REQUEST))?;
    let token = given.trim_start_matches('<').trim_end_matches('>').to_owned();
    resource::find(turn, call.place())?;
    let (now, href, user) = (turn.now(), call.place().href(), turn.focus().user);
    turn.locks_mut().expire(now);
    match turn.locks_mut().named(&token, &href) {
        Some(lock) if lock.holder != user => Err(Refusal::plain(StatusCode::FORBIDDEN)),
        Some(_) => {
            turn.locks_mut().remove(&token);
            Ok(empty(StatusCode::NO_CONTENT))
        }
        None => {
            let condition = Element::new(dav::LOCK_TOKEN_MATCHES_REQUEST_URI);
            Err(Refusal::with(StatusCode::CONFLICT, condition))
        }
    }
}

/// Whether the lock is exclusive, and whose it is (section 14.11).
fn read(info: &Element) -> Result<(bool, Option<Element>), Refusal> {
    let bad = || Refusal::plain(StatusCode::BAD_REQUEST);
    if info.name != dav::LOCKINFO {
        return Err(bad());
    }
    let scope = info.first(&dav::LOCKSCOPE).ok_or_else(bad)?;
    let exclusive = match (scope.first(&dav::EXCLUSIVE), scope.first(&dav::SHARED)) {
        (Some(_), None) => true,
        (None, Some(_)) => false,
        _ => return Err(bad()),
    };
    let kind = info.first(&dav::LOCKTYPE).ok_or_else(bad)?;
    kind.first(&dav::WRITE).ok_or_else(bad)?;
    Ok((exclusive, info.first(&dav::OWNER).cloned()))
}

/// The first time of a Timeout header that is one (section 10.7), bounded.
fn seconds(header: Option<&str>) -> u32 {
    let one = |text: &str| text.trim().strip_prefix("Second-")?.parse::<u64>().ok();
    let asked = header.and_then(|header| header.split(',').find_map(one));
    asked.and_then(|asked| u32::try_from(asked).ok()).unwrap_or(SECONDS_MAX).clamp(1, SECONDS_MAX)
}

fn after(now: Timestamp, seconds: u32) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(i64::from(seconds))).unwrap_or(Timestamp::MAX)
}

fn discovered(lock: &Lock) -> crate::native::Reply {
    let discovery = Element::new(dav::LOCKDISCOVERY).with_child(active(lock));
    xml(StatusCode::OK, document(&Element::new(dav::PROP).with_child(discovery)))
}
