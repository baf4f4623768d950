//! Outcomes for the tests of every format: one drill that held, and the incident that did not.

use std::collections::BTreeMap;

use calamity_evidence::{
    Actor, Catalogue, FORMAT, FaultHit, Lineage, Mail, Method, Outcome, Refusal, Refused,
    RequestId, Side, Step, Summary, Verdict, Violation, Write, WriteOp, WriteResult, WriteSeq,
};

/// Both drills.
pub(crate) fn catalogue() -> Catalogue {
    catalogue_of(vec![passed(), failed()])
}

/// A catalogue of these drills.
pub(crate) fn catalogue_of(outcomes: Vec<Outcome>) -> Catalogue {
    Catalogue { format: FORMAT, version: "0.1.0".to_owned(), outcomes }
}

/// A drill that held, with facts and two events that could not be synced.
pub(crate) fn passed() -> Outcome {
    Outcome {
        drill: "crash-at-every-point".to_owned(),
        title: "A crash at any durable operation loses and repeats nothing".to_owned(),
        tags: vec!["degradation".to_owned(), "crash".to_owned()],
        reproduces: None,
        sut: "engine".to_owned(),
        seed: 7,
        verdict: Verdict::Passed,
        digest: "5f1c".to_owned(),
        steps: vec![step(0, "user a create 12", 0), sync(1, 2_500, summary(12, 0, 0))],
        violations: Vec::new(),
        faults: Vec::new(),
        checks: BTreeMap::from([("deletes-are-meant".to_owned(), 230), ("mail".to_owned(), 230)]),
        facts: BTreeMap::from([
            ("crash points".to_owned(), "230".to_owned()),
            ("items".to_owned(), "12".to_owned()),
        ]),
        refused: vec![
            refused("Board: Q3", "no time zone `Atlantis/Central`"),
            refused("Standup", "no time zone `Atlantis/Central`"),
            refused("Party", "a rule with both COUNT and UNTIL"),
        ],
        virtual_ms: 3_723_000,
        requests: 5_174,
        replay: "calamity drill crash-at-every-point --set world.seed=7".to_owned(),
    }
}

/// An event that was not synced.
pub(crate) fn refused(title: &str, reason: &str) -> Refused {
    Refused { title: title.to_owned(), reason: reason.to_owned() }
}

/// The incident: creates were refused, and the run went on to the deletes.
pub(crate) fn failed() -> Outcome {
    let writes: Vec<Write> = (0..12).map(deleted).collect();
    let mails: Vec<Mail> = writes.iter().flat_map(cancelled).collect();
    let refused: Vec<Write> = (0..3).map(not_created).collect();
    Outcome {
        drill: "incident-2026-04-16".to_owned(),
        title: "JMAP refuses creates; the run must not go on to deletes".to_owned(),
        tags: vec!["incidents".to_owned(), "jmap".to_owned()],
        reproduces: Some(1),
        sut: "deletes-after-failed-creates".to_owned(),
        seed: 20_260_416,
        verdict: Verdict::Failed,
        digest: "9c0be1".to_owned(),
        steps: story(),
        violations: vec![
            Violation::new(
                "deletes-are-meant",
                3,
                "every delete joins to a user's intent when it lands",
                "12 events deleted on a that nobody asked to delete",
            )
            .with_writes(&writes)
            .with_mails(&mails),
            Violation::new(
                "expectation",
                3,
                "exit 1, errors 3, deleted 0",
                "exit 1, errors 3, deleted 12",
            )
            .with_writes(&refused),
        ],
        faults: (1..=3).map(hit).collect(),
        checks: BTreeMap::from([("deletes-are-meant".to_owned(), 4)]),
        facts: BTreeMap::new(),
        refused: Vec::new(),
        virtual_ms: 65_250,
        requests: 412,
        replay: "calamity drill incident-2026-04-16 --set world.seed=20260416".to_owned(),
    }
}

fn story() -> Vec<Step> {
    let mut failing = sync(3, 65_250, Summary { errors: 3, held: 2, ..summary(0, 0, 12) });
    failing.exit = Some(1);
    failing.held = BTreeMap::from([("guests would be mailed".to_owned(), 2)]);
    failing.printed = "error: Review: invalidProperties: alerts\n\
                       sync: containers=0 created=0 updated=0 deleted=12 conflicts=0 skipped=0 \
                       errors=3 healed=0\n"
        .to_owned();
    vec![
        step(0, "user a create 3", 0),
        step(1, "fault refuse", 0),
        sync(2, 5_000, Summary::default()),
        failing,
        step(4, "clear refuse", 65_250),
    ]
}

fn step(index: usize, name: &str, ms: u64) -> Step {
    Step {
        index,
        name: name.to_owned(),
        at: at(ms),
        exit: None,
        summary: None,
        held: BTreeMap::new(),
        printed: String::new(),
    }
}

fn sync(index: usize, ms: u64, summary: Summary) -> Step {
    Step { exit: Some(0), summary: Some(summary), ..step(index, "sync", ms) }
}

fn summary(created: u64, updated: u64, deleted: u64) -> Summary {
    Summary { created, updated, deleted, ..Summary::default() }
}

/// So long after eight o'clock on the day of the incident.
fn at<T: std::str::FromStr<Err: std::fmt::Debug>>(ms: u64) -> T {
    let (minutes, seconds, ms) = (ms / 60_000, ms / 1_000 % 60, ms % 1_000);
    format!("2026-04-16T08:{minutes:02}:{seconds:02}.{ms:03}Z").parse().expect("a timestamp")
}

const TITLES: [&str; 12] = [
    "Board meeting",
    "Büro: Planung 🗓",
    "会議",
    "Quarterly review with everybody who ever asked for one, and some who did not",
    "\u{1b}[2J\u{202e}gnitirw",
    "Standup",
    "",
    "Offsite",
    "Interview",
    "Dentist",
    "Retrospective",
    "Lunch",
];

fn deleted(nth: u64) -> Write {
    let title = TITLES[usize::try_from(nth).expect("a small number")];
    let guests = if nth.is_multiple_of(3) { 5 } else { 2 };
    Write {
        seq: WriteSeq(300 + nth),
        at: at(65_000 + nth * 20),
        server: Side::A,
        actor: Actor::Client(RequestId(91 + nth / 4)),
        op: WriteOp::Delete,
        container: "Work".to_owned(),
        item: format!("AAMk{nth}"),
        uid: format!("uid-{nth}@example.org"),
        lineage: Some(Lineage::from_number(nth)),
        title: title.to_owned(),
        attendees: (0..guests)
            .map(|guest| format!("guest{guest}.{}@example.net", nth % 4))
            .collect(),
        content: String::new(),
        result: WriteResult::Applied,
    }
}

fn cancelled(write: &Write) -> Vec<Mail> {
    write
        .attendees
        .iter()
        .map(|to| Mail {
            at: write.at,
            server: write.server,
            method: Method::Cancel,
            from: "owner@example.org".to_owned(),
            to: to.clone(),
            uid: write.uid.clone(),
            lineage: write.lineage.clone(),
            title: write.title.clone(),
            sequence: 1,
            cause: write.seq,
            actor: write.actor.clone(),
            message: String::new(),
        })
        .collect()
}

fn not_created(nth: u64) -> Write {
    Write {
        seq: WriteSeq(nth),
        at: at(64_000),
        server: Side::B,
        actor: Actor::Client(RequestId(40)),
        op: WriteOp::Create,
        item: String::new(),
        attendees: Vec::new(),
        title: format!("Review {nth}"),
        result: WriteResult::Refused(Refusal {
            code: "invalidProperties".to_owned(),
            detail: "alerts".to_owned(),
        }),
        ..deleted(nth)
    }
}

fn hit(occurrence: u64) -> FaultHit {
    FaultHit {
        rule: "refuse".to_owned(),
        site: "item".to_owned(),
        occurrence,
        at: at(64_000),
        server: Side::B,
        request: RequestId(40),
        op: "event.create".to_owned(),
        item: Some(format!("k{occurrence}")),
    }
}
