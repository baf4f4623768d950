//! Each check is red when just what it looks for is broken, and green when nothing is.
//!
//! The tables in `red/` have a line a check. A check without a line fails here, and so does a line
//! without a check.

use std::collections::BTreeMap;

use calamity_conformance::{Failure, Outcome, Protocol, Row, catalogue};

use crate::damage::{Damage, parse};
use crate::mock::{lenient, look, not_applicable};

const DAV: &str = include_str!("red/dav.txt");
const CALDAV: &str = include_str!("red/caldav.txt");
const CARDDAV: &str = include_str!("red/carddav.txt");
const JMAP: &str = include_str!("red/jmap.txt");
const GRAPH: &str = include_str!("red/graph.txt");

/// The lines of some tables by check; one of a later table takes the place of an earlier one's.
fn rows(tables: &[&str]) -> BTreeMap<String, Damage> {
    let mut rows = BTreeMap::new();
    for table in tables {
        let mut seen = BTreeMap::new();
        for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (id, damage) = parse(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert!(seen.insert(id, damage).is_none(), "two lines for one check: {line}");
        }
        rows.extend(seen);
    }
    rows
}

/// How a check ends, in a line.
fn ended(protocol: Protocol, id: &str, damage: Option<&Damage>) -> Result<(), String> {
    let report = look(protocol, Some(id), damage);
    let [Row { outcome, .. }] = report.rows.as_slice() else { panic!("one check is named {id}") };
    match outcome {
        Outcome::Pass => Ok(()),
        Outcome::Fail(Failure { expected, found, .. }) => {
            Err(format!("expected {expected}, found {found}"))
        }
        Outcome::NotApplicable { reason } => Err(format!("n/a: {reason}")),
        Outcome::Skipped { reason } => Err(format!("skipped: {reason}")),
    }
}

fn every_check_is_red_once(protocol: Protocol, tables: &[&str]) {
    let rows = rows(tables);
    let checks = catalogue(protocol);
    let mut wrong = Vec::new();
    for check in &checks {
        let Some(damage) = rows.get(check.id) else {
            wrong.push(format!("{}: no line breaks it", check.id));
            continue;
        };
        // What the mock does not claim cannot be broken.
        if not_applicable(protocol).contains(&check.id) {
            continue;
        }
        let (mut whole, mut damaged) =
            (ended(protocol, check.id, None), ended(protocol, check.id, Some(damage)));
        if lenient(protocol).contains(&check.id) {
            // Where the mock is lenient, the line mends what is wrong.
            std::mem::swap(&mut whole, &mut damaged);
        }
        if let Err(why) = whole {
            wrong.push(format!("{}: does not hold without damage: {why}", check.id));
        }
        match damaged {
            Ok(()) => wrong.push(format!("{}: holds in spite of {damage:?}", check.id)),
            // Without an answer the check has seen nothing.
            Err(why)
                if ["n/a: ", "skipped: ", "expected an answer, "]
                    .iter()
                    .any(|other| why.starts_with(other)) =>
            {
                wrong.push(format!("{}: not looked at any more ({why})", check.id));
            }
            Err(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), checks.len(), wrong.join("\n"));
}

#[test]
fn every_check_of_caldav_is_red_once() {
    every_check_is_red_once(Protocol::Caldav, &[DAV, CALDAV]);
}

#[test]
fn every_check_of_carddav_is_red_once() {
    every_check_is_red_once(Protocol::Carddav, &[DAV, CARDDAV]);
}

#[test]
fn every_check_of_jmap_is_red_once() {
    every_check_is_red_once(Protocol::Jmap, &[JMAP]);
}

#[test]
fn every_check_of_graph_is_red_once() {
    every_check_is_red_once(Protocol::Graph, &[GRAPH]);
}

#[test]
fn every_line_of_the_tables_is_about_a_check() {
    let ids = |protocols: &[Protocol]| -> Vec<&str> {
        protocols.iter().flat_map(|protocol| catalogue(*protocol)).map(|check| check.id).collect()
    };
    let dav = ids(&[Protocol::Caldav, Protocol::Carddav]);
    for (table, ids) in [
        (DAV, &dav),
        (CALDAV, &ids(&[Protocol::Caldav])),
        (CARDDAV, &ids(&[Protocol::Carddav])),
        (JMAP, &ids(&[Protocol::Jmap])),
        (GRAPH, &ids(&[Protocol::Graph])),
    ] {
        for id in rows(&[table]).keys() {
            assert!(ids.contains(&id.as_str()), "no check is named {id}");
        }
    }
}
