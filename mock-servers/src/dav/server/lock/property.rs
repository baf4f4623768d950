//! `DAV:lockdiscovery` and `DAV:supportedlock` (RFC 4918 sections 15.8 and 15.10).

use super::super::resource::Resource;
use super::table::Lock;
use crate::dav::xml::names::dav;
use crate::dav::xml::{Element, Value};
use crate::turn::Turn;

/// The value of one of the two; none for another property, or where there are no locks.
pub(in super::super) fn value(
    turn: &Turn<'_>,
    resource: &Resource,
    key: (&str, &str),
) -> Option<Value<'static>> {
    if !turn.host().profile.dav.locks.it()
        || !matches!(resource, Resource::Collection(..) | Resource::Object(..))
    {
        return None;
    }
    match key {
        ("DAV:", "lockdiscovery") => {
            let href = resource.place(turn).href();
            let now = turn.now();
            let locks = turn.locks().on(&href).filter(|lock| lock.until > now);
            Some(Value::Elements(locks.map(active).collect()))
        }
        ("DAV:", "supportedlock") => {
            let entry = |scope| {
                Element::new(dav::LOCKENTRY)
                    .with_child(Element::new(dav::LOCKSCOPE).with_child(Element::new(scope)))
                    .with_child(write())
            };
            Some(Value::Elements([dav::EXCLUSIVE, dav::SHARED].map(entry).to_vec()))
        }
        _ => None,
    }
}

fn write() -> Element {
    Element::new(dav::LOCKTYPE).with_child(Element::new(dav::WRITE))
}

/// One lock (section 14.1).
pub(super) fn active(lock: &Lock) -> Element {
    let scope = if lock.exclusive { dav::EXCLUSIVE } else { dav::SHARED };
    let href = |text: &str| Element::new(dav::HREF).with_text(text);
    let depth = if lock.deep { "infinity" } else { "0" };
    Element::new(dav::ACTIVELOCK)
        .with_child(write())
        .with_child(Element::new(dav::LOCKSCOPE).with_child(Element::new(scope)))
        .with_child(Element::new(dav::DEPTH).with_text(depth))
        .with_children(lock.owner.clone())
        .with_child(Element::new(dav::TIMEOUT).with_text(format!("Second-{}", lock.seconds)))
        .with_child(Element::new(dav::LOCKTOKEN).with_child(href(&lock.token)))
        .with_child(Element::new(dav::LOCKROOT).with_child(href(&lock.root)))
}
