//! Drafts joined by their UID: a series with its exceptions, wherever they stand in the file.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{SourceEvent, Status, properties::Fault},
    event::{Draft, Instance, exception},
    split::split,
    texts::extra,
};

/// What was passed over, with the UID that it belongs to.
pub(super) type Passed = (Fault, String);

/// Changed occurrences of one series beyond which the rest is dropped.
const EXCEPTIONS_MAX: usize = 20_000;

/// The events of these drafts, in the order of the first component of each.
pub(super) fn join(drafts: Vec<Draft>, passed: &mut Vec<Passed>) -> Vec<SourceEvent> {
    let mut order: Vec<String> = Vec::new();
    let mut groups: BTreeMap<String, Vec<Draft>> = BTreeMap::new();
    for draft in drafts {
        let group = groups.entry(draft.event.uid.clone()).or_default();
        if group.is_empty() {
            order.push(draft.event.uid.clone());
        }
        group.push(draft);
    }
    let mut taken: BTreeSet<String> = order.iter().cloned().collect();
    let mut events = Vec::new();
    for uid in order {
        let group = groups.remove(&uid).unwrap_or_default();
        events.extend(one(group, &mut taken, passed));
    }
    events
}

/// The events of one UID.
fn one(
    group: Vec<Draft>,
    taken: &mut BTreeSet<String>,
    passed: &mut Vec<Passed>,
) -> Vec<SourceEvent> {
    let (instances, masters): (Vec<_>, Vec<_>) = group
        .into_iter()
        .map(|mut draft| (draft.instance.take(), draft))
        .partition(|(instance, _)| instance.is_some());
    let mut instances: Vec<(Instance, Draft)> =
        instances.into_iter().filter_map(|(instance, draft)| Some((instance?, draft))).collect();
    let masters = masters.into_iter().map(|(_, draft)| draft).collect();
    match newest(masters, passed) {
        Some(master) if master.event.recurs() => series(master, instances, taken, passed),
        master => {
            // Instances of what does not recur, or is not here, stand for themselves.
            let mut events: Vec<SourceEvent> =
                master.into_iter().map(|draft| draft.event).collect();
            let alone = events.is_empty() && instances.len() == 1;
            instances.sort_by_key(|(_, draft)| draft.place);
            events.extend(instances.into_iter().map(|(instance, draft)| {
                let uid = (!alone).then(|| unused(&draft.event.uid, &instance, taken));
                on_its_own(instance, draft, uid)
            }));
            events
        }
    }
}

/// Of several components without RECURRENCE-ID the newest; the others are passed over.
fn newest(mut masters: Vec<Draft>, passed: &mut Vec<Passed>) -> Option<Draft> {
    // A stable sort from new to old: of equals the first in the file stays first.
    masters.sort_by_key(|draft| std::cmp::Reverse((draft.event.sequence, draft.event.modified)));
    let mut masters = masters.into_iter();
    let newest = masters.next();
    passed.extend(masters.map(|draft| {
        let what = "a second event with this UID that is not newer".to_owned();
        (Fault { place: draft.place, what }, draft.event.uid)
    }));
    newest
}

fn on_its_own(instance: Instance, draft: Draft, uid: Option<String>) -> SourceEvent {
    // With RANGE=THISANDFUTURE it may say itself which occurrences follow.
    let mut event = if instance.and_future {
        draft.event
    } else {
        exception(instance.original, draft.event).event
    };
    event.extra.push(extra(&instance.property));
    if let Some(uid) = uid {
        event.uid = uid;
    }
    event
}

/// A UID for an instance that shares its own with others: with the original start at its end, as
/// Google does it.
pub(super) fn unused(uid: &str, instance: &Instance, taken: &mut BTreeSet<String>) -> String {
    let original = &instance.original;
    let stamp = match original.instant() {
        Some(instant) => instant.strftime("%Y%m%dT%H%M%SZ").to_string(),
        None if original.is_date() => original.local().strftime("%Y%m%d").to_string(),
        None => original.local().strftime("%Y%m%dT%H%M%S").to_string(),
    };
    let (name, domain) = match uid.rsplit_once('@') {
        Some((name, domain)) => (name, format!("@{domain}")),
        None => (uid, String::new()),
    };
    let mut found = format!("{name}_R{stamp}{domain}");
    let mut nth = 2_u32;
    while !taken.insert(found.clone()) {
        found = format!("{name}_R{stamp}_{nth}{domain}");
        nth += 1;
    }
    found
}

/// A series with its changed occurrences; more than one where it is split.
fn series(
    master: Draft,
    mut instances: Vec<(Instance, Draft)>,
    taken: &mut BTreeSet<String>,
    passed: &mut Vec<Passed>,
) -> Vec<SourceEvent> {
    let mut event = master.event;
    for (instance, _) in &mut instances {
        instance.original = instance.original.stated_as(&event.start);
    }
    // From the newest of one original start to its oldest; of equals the last in the file wins.
    instances.sort_by(|(one, left), (two, right)| {
        let newer = |draft: &Draft| (draft.event.sequence, draft.place);
        one.original.cmp(&two.original).then_with(|| newer(right).cmp(&newer(left)))
    });
    instances.dedup_by(|(late, older), (kept, _)| {
        let same = late.original == kept.original;
        if same {
            let what = "a second form of one occurrence".to_owned();
            passed.push((Fault { place: older.place, what }, older.event.uid.clone()));
        }
        same
    });
    if instances.len() > EXCEPTIONS_MAX {
        let what = "more changed occurrences than are read".to_owned();
        passed.push((Fault { place: master.place, what }, event.uid.clone()));
        instances.truncate(EXCEPTIONS_MAX);
    }
    let mut splits = Vec::new();
    for (instance, draft) in instances {
        if instance.and_future {
            splits.push((instance, draft));
        } else if draft.event.status == Some(Status::Cancelled) {
            event.exdates.push(instance.original);
        } else {
            // What is stated in full outweighs the mark that it is left out.
            event.exdates.retain(|date| *date != instance.original);
            event.exceptions.push(exception(instance.original, draft.event));
        }
    }
    event.exdates.sort();
    event.exdates.dedup();
    let mut events = vec![event];
    for (instance, draft) in splits {
        let Some(last) = events.pop() else { break };
        let uid = unused(&draft.event.uid, &instance, taken);
        let (place, owner) = (draft.place, draft.event.uid.clone());
        match split(last, &instance.original, draft.event, uid) {
            Ok(parts) => events.extend(parts),
            Err(refused) => {
                let what = format!("RANGE=THISANDFUTURE: {}", refused.what);
                passed.push((Fault { place, what }, owner));
                events.push(*refused.whole);
            }
        }
    }
    events
}
