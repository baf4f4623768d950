//! What a request asks for in the words of the fault model.

use std::collections::BTreeSet;

use super::call::{Call, Depth};
use super::copy_move::Way;
use super::place::Place;
use crate::account::Account;
use crate::dav::calendar::schedule::attendees;
use crate::dav::xml::names::{caldav, carddav, dav};
use crate::dav::xml::{Element, Href};
use crate::directory::Realm;
use crate::operation::{Op, Operation, Target};

/// The operations of a request; `account` is the one that its path leads to, where it is known
/// whose the request is. The bodies of strangers are not looked into.
pub(super) fn of(call: &Call, account: Option<&Account>) -> Vec<Operation> {
    let realm = match call.place() {
        Place::Home(_, realm) => *realm,
        Place::Collection(at) | Place::Object(at, _) => at.realm,
        _ => Realm::Calendars,
    };
    let mut operations = with_events(call, account);
    for operation in &mut operations {
        operation.op = operation.op.within(realm);
    }
    operations
}

fn with_events(call: &Call, account: Option<&Account>) -> Vec<Operation> {
    let place = call.place();
    let one = |op, targets: Vec<Target>| {
        let calendars = targets.iter().flat_map(|target| target.calendars.clone()).collect();
        vec![Operation { op, targets, calendars }]
    };
    match (call.method.as_str(), place) {
        ("PUT", Place::Object(at, name)) => {
            let mut target = member(&at.id, name);
            if account.is_some() {
                describe(call, at.realm, &mut target);
            }
            let exists = account.is_some_and(|account| account.item(&target.id).is_some());
            one(if exists { Op::EventUpdate } else { Op::EventCreate }, vec![target])
        }
        ("DELETE", Place::Object(at, name)) => one(Op::EventDelete, vec![member(&at.id, name)]),
        ("DELETE", Place::Collection(at)) => one(Op::CalendarDelete, vec![collection(&at.id)]),
        ("PROPPATCH", Place::Collection(at)) => one(Op::CalendarUpdate, vec![collection(&at.id)]),
        ("MKCALENDAR" | "MKCOL", Place::Collection(at)) => {
            one(Op::CalendarCreate, vec![collection(&at.id)])
        }
        ("GET" | "HEAD", Place::Object(at, name)) => one(Op::EventGet, vec![member(&at.id, name)]),
        ("COPY", Place::Object(at, name)) => one(op_of(Way::Copy), vec![member(&at.id, name)]),
        ("MOVE", Place::Object(at, name)) => one(op_of(Way::Move), vec![member(&at.id, name)]),
        ("PROPFIND", Place::Root | Place::Principals | Place::Principal(_) | Place::WellKnown) => {
            one(Op::Session, Vec::new())
        }
        ("PROPFIND", Place::Home(..)) => one(Op::CalendarList, Vec::new()),
        ("PROPFIND", Place::Collection(at)) => {
            let deep = call.depth().ok().flatten() == Some(Depth::One);
            let op = if deep { Op::FeedQuery } else { Op::CalendarList };
            vec![Operation { op, targets: Vec::new(), calendars: BTreeSet::from([at.id.clone()]) }]
        }
        ("REPORT", Place::Collection(at)) => {
            let root = account.and_then(|_| call.xml().ok().flatten());
            vec![report(root, &at.id)]
        }
        _ => one(Op::Other, Vec::new()),
    }
}

fn op_of(way: Way) -> Op {
    match way {
        Way::Copy => Op::EventCreate,
        Way::Move => Op::EventUpdate,
    }
}

fn member(collection: &str, name: &str) -> Target {
    Target {
        id: format!("{collection}/{name}"),
        calendars: BTreeSet::from([collection.to_owned()]),
        ..Target::default()
    }
}

fn collection(id: &str) -> Target {
    Target { id: id.to_owned(), calendars: BTreeSet::from([id.to_owned()]), ..Target::default() }
}

fn report(root: Option<&Element>, id: &str) -> Operation {
    let calendars = BTreeSet::from([id.to_owned()]);
    let none = |op| Operation { op, targets: Vec::new(), calendars: calendars.clone() };
    let Some(root) = root else { return none(Op::Other) };
    if root.name == dav::SYNC_COLLECTION {
        none(Op::FeedChanges)
    } else if [caldav::CALENDAR_QUERY, carddav::ADDRESSBOOK_QUERY].contains(&root.name) {
        none(Op::FeedQuery)
    } else if [caldav::CALENDAR_MULTIGET, carddav::ADDRESSBOOK_MULTIGET].contains(&root.name) {
        let named = |href: &Element| match Place::of(&Href::parse(&href.trimmed()).ok()?.path) {
            Place::Object(at, name) => Some(member(&at.id, &name)),
            _ => None,
        };
        let targets = root.all(dav::HREF).filter_map(named).collect();
        Operation { targets, ..none(Op::EventGet) }
    } else {
        none(Op::Other)
    }
}

/// What the body says of itself.
pub(super) fn describe(call: &Call, realm: Realm, target: &mut Target) {
    if realm == Realm::Contacts {
        if let Ok(card) = call.card() {
            card.uid().clone_into(&mut target.uid);
            target.title = card.full_name();
        }
        return;
    }
    let Ok(object) = call.object() else { return };
    object.uid().clone_into(&mut target.uid);
    let component = object.master().or_else(|| object.components().next());
    if let Some(component) = component {
        target.title = component.property("SUMMARY").map(|it| it.text()).unwrap_or_default();
        target.attendees = attendees(component).into_iter().map(|it| it.address).collect();
    }
}
