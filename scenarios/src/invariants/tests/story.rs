//! Stories as text, told on two real mock servers without any client: what a client would do is
//! done in its name.
//!
//! ```text
//! seed a 1                 the harness makes item 1 on a
//! seed a 2 guests          ... with a guest
//! user b - 1               a user deletes it; `+` makes it, `~` gives it a new title
//! user a @ 1               a user invites somebody
//! run                      a run begins; also `run yes`, `run no`, `run dry`, `run settle`
//!   b + 1                  the client makes the copy; `~` copies the title, `-` deletes
//!   b ! + 2                the client is refused
//!   a request 503          a request of that status; `-` for one without an answer
//! exit 0 created=1         it ends, with these counters; or `killed`
//! approve 2                a person approves it
//! lose b, recover b        rows vanish, and come back
//! ```
//! A run stands for a step, as does each line outside of one. What a client does mails as the servers
//! mail.

use std::collections::BTreeMap;
use std::path::Path;

use calamity_base::disk::DiskImage;
use calamity_base::redact::Secret;
use calamity_base::{Clock, Env};
use calamity_evidence::{
    Actor, Intent, IntentKind, Lineage, Mail, Refusal, Request, RequestId, Side, Summary,
    Violation, Write, WriteOp, WriteResult, WriteSeq,
};
use calamity_mock_servers::world::{self, SourceEvent};
use calamity_mock_servers::{Edit, Protocol, Server, ServerConfig};

use crate::invariants::{Invariant, Judge};
use crate::language::{Amount, Expect, Mode, Reply};
use crate::script::{Act, Acted, Approve, EditedItem, Script, Settle, Step, Sync};
use crate::sut::Ending;
use crate::view::{FaultRecord, Held, Marks, RunKind, RunRecord, StoreImage, View};

const SECRETS: &[&str] = &["hush-hush"];

/// What an invariant finds in a story, as `step: found`.
#[track_caller]
pub(super) fn check(invariant: &dyn Invariant, story: &str, found: &[&str]) {
    let mut told = Story::new(invariant);
    told.tell(story);
    let violations = told.end();
    for violation in &violations {
        assert_eq!(violation.invariant, invariant.name());
    }
    let lines: Vec<String> = violations
        .iter()
        .map(|violation| format!("{}: {}", violation.step, violation.found))
        .collect();
    assert_eq!(lines, found);
}

pub(super) struct Story {
    judge: Box<dyn Judge>,
    pub(super) script: Script,
    pub(super) servers: [Server; 2],
    writes: Vec<Write>,
    mails: Vec<Mail>,
    requests: Vec<Request>,
    intents: Vec<Intent>,
    runs: Vec<RunRecord>,
    pub(super) faults: Vec<FaultRecord>,
    pub(super) disk: Option<DiskImage>,
    /// What the next run prints beside its last line.
    pub(super) prints: String,
    /// The run that has begun: what it is told, and where the logs stood.
    open: Option<(RunKind, Marks)>,
    titles: BTreeMap<String, String>,
    edits: usize,
    found: Vec<Violation>,
}

impl Story {
    pub(super) fn new(invariant: &dyn Invariant) -> Self {
        let env = Env::production("story", Path::new("/nowhere"));
        let env = env.with_clock(Clock::manual(calamity_base::clock::epoch()).0);
        let server = |side, protocol, profile: &str| {
            let config = ServerConfig {
                side,
                protocol,
                profile: profile.to_owned(),
                owner: "owner@example.com".to_owned(),
                credential: Secret::new(SECRETS[0]),
                seed: 7,
                others: Vec::new(),
            };
            Server::new(&env, config).expect("the profiles exist")
        };
        let servers =
            [server(Side::A, Protocol::Graph, "m365"), server(Side::B, Protocol::Jmap, "stalwart")];
        for server in &servers {
            server.create_calendar(Actor::Seed, "Work");
        }
        Self {
            judge: invariant.start(),
            script: script(),
            servers,
            writes: Vec::new(),
            mails: Vec::new(),
            requests: Vec::new(),
            intents: Vec::new(),
            runs: Vec::new(),
            faults: Vec::new(),
            disk: None,
            prints: String::new(),
            open: None,
            titles: BTreeMap::new(),
            edits: 0,
            found: Vec::new(),
        }
    }

    pub(super) fn tell(&mut self, story: &str) {
        for line in story.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if !words.is_empty() {
                self.line(&words);
            }
        }
    }

    pub(super) fn end(mut self) -> Vec<Violation> {
        let (mut judge, mut found) = (self.judge.fork(), std::mem::take(&mut self.found));
        found.extend(self.look(|view| judge.at_end(view)));
        found
    }

    fn line(&mut self, words: &[&str]) {
        match words {
            ["seed", on, number, more @ ..] => {
                self.make(&Actor::Seed, side(on), number, !more.is_empty());
                self.step(Act::Seed(Vec::new()));
            }
            ["user", on, act, number] => self.user(side(on), act, number),
            ["run", more @ ..] => self.begin(more),
            [on, "request", status] => self.request(side(on), status.parse().ok()),
            [on, "!", act, number] => self.refused(side(on), act, number),
            ["exit", code, counters @ ..] => {
                let code = code.parse().expect("an exit code is a number");
                self.exit(Ending::Exited, code, Some(summary(counters)));
            }
            ["killed"] => self.exit(Ending::Killed, 255, None),
            ["approve", number] => {
                self.approve(number);
            }
            ["lose", on] => {
                self.server(side(on)).lose(1.0);
                self.step(Act::Seed(Vec::new()));
            }
            ["recover", on] => {
                self.server(side(on)).recover();
                self.step(Act::Seed(Vec::new()));
            }
            [on, act, number] => self.client(side(on), act, number),
            _ => panic!("{words:?} is no line of a story"),
        }
    }

    fn server(&self, side: Side) -> &Server {
        &self.servers[usize::from(side == Side::B)]
    }

    fn make(&mut self, actor: &Actor, on: Side, number: &str, guests: bool) {
        let title = format!("Item {number}");
        let event = event(number, &title, guests);
        let made = self.server(on).create(actor.clone(), "Work", &event, &lineage(number));
        made.expect("both protocols hold a plain event");
        self.titles.entry(number.to_owned()).or_insert(title);
        self.read();
    }

    fn user(&mut self, on: Side, act: &str, number: &str) {
        let actor = Actor::User("story".to_owned());
        let lineage = lineage(number);
        let edit = |edit: Edit| {
            let item = EditedItem { name: number.to_owned(), lineage: lineage.clone(), edit };
            Act::Edit(Acted { on, items: vec![item] })
        };
        let step = match act {
            "+" => {
                self.make(&actor, on, number, false);
                Act::Create(Vec::new())
            }
            "-" => {
                self.server(on).delete(actor, &lineage).expect("there is such an item");
                Act::Delete(Acted { on, items: Vec::new() })
            }
            "~" => {
                self.edits += 1;
                let title = format!("Edit {}", self.edits);
                let change = Edit::Title(title.clone());
                self.server(on).edit(actor, &lineage, &change).expect("there is such an item");
                self.titles.insert(number.to_owned(), title);
                edit(change)
            }
            "@" => {
                let change = Edit::Invite(vec!["late@example.org".to_owned()]);
                self.server(on).edit(actor, &lineage, &change).expect("there is such an item");
                edit(change)
            }
            _ => panic!("{act:?} is nothing that a user does"),
        };
        self.read();
        self.step(step);
    }

    fn begin(&mut self, more: &[&str]) {
        let sync = |mode, answer| Act::Sync(Sync { mode, answer, expect: Expect::default() });
        let (kind, act) = match more {
            [] => (RunKind::Sync, sync(Mode::NonInteractive, None)),
            ["yes"] => (RunKind::SyncInteractive, sync(Mode::Interactive, Some(Reply::Y))),
            ["no"] => (RunKind::SyncInteractive, sync(Mode::Interactive, Some(Reply::N))),
            ["dry"] => (RunKind::DryRun, sync(Mode::DryRun, None)),
            ["settle"] => (RunKind::Sync, Act::Settle(Settle { runs_max: 1, pause_ms: 0 })),
            _ => panic!("{more:?} is no kind of run"),
        };
        self.script.steps.push(Step { name: "run".to_owned(), act });
        self.open = Some((kind, self.marks()));
    }

    fn client(&mut self, on: Side, act: &str, number: &str) {
        self.request(on, Some(200));
        let actor = Actor::Client(RequestId(self.requests.len() as u64 - 1));
        let (server, lineage) = (self.server(on), lineage(number));
        match act {
            "+" => {
                self.make(&actor, on, number, false);
                let title = Edit::Title(self.titles[number].clone());
                // Nobody sees the copy before it has the title that it copies.
                if self.edits > 0 {
                    let edited = self.server(on).edit(actor, &lineage, &title);
                    edited.expect("it was made just now");
                }
            }
            "-" => server.delete(actor, &lineage).expect("there is such an item"),
            "~" => {
                let title = Edit::Title(self.titles[number].clone());
                server.edit(actor, &lineage, &title).expect("there is such an item");
            }
            _ => panic!("{act:?} is nothing that a client does"),
        }
        self.read();
    }

    fn refused(&mut self, on: Side, act: &str, number: &str) {
        self.request(on, Some(200));
        self.writes.push(Write {
            seq: WriteSeq(1_000_000 + self.writes.len() as u64),
            at: calamity_base::clock::epoch(),
            server: on,
            actor: Actor::Client(RequestId(self.requests.len() as u64 - 1)),
            op: match act {
                "+" => WriteOp::Create,
                "~" => WriteOp::Update,
                _ => WriteOp::Delete,
            },
            container: "Work".to_owned(),
            item: String::new(),
            uid: String::new(),
            lineage: Some(lineage(number)),
            title: format!("Item {number}"),
            attendees: Vec::new(),
            content: String::new(),
            result: WriteResult::Refused(Refusal {
                code: "invalidProperties".to_owned(),
                detail: String::new(),
            }),
        });
    }

    fn request(&mut self, server: Side, status: Option<u16>) {
        self.requests.push(Request {
            id: RequestId(self.requests.len() as u64),
            at: calamity_base::clock::epoch(),
            server,
            method: "POST".to_owned(),
            target: "/api".to_owned(),
            operations: Vec::new(),
            status,
        });
    }

    fn exit(&mut self, ending: Ending, exit: u8, summary: Option<Summary>) {
        let (kind, from) = self.open.take().expect("a run has begun");
        let to = self.marks();
        let last = summary.map(|summary| summary.to_string()).unwrap_or_default();
        self.runs.push(RunRecord {
            step: self.script.steps.len() - 1,
            kind,
            writes: from.writes..to.writes,
            mails: from.mails..to.mails,
            requests: from.requests..to.requests,
            ending,
            exit,
            summary,
            held: BTreeMap::new(),
            printed: format!("{}\n{last}\n", std::mem::take(&mut self.prints)),
        });
        self.judge();
    }

    fn approve(&mut self, number: &str) {
        let act = Act::Approve(Approve { count: 1, expect: Expect::default() });
        self.script.steps.push(Step { name: "approve".to_owned(), act });
        self.intents.push(Intent {
            step: self.script.steps.len() - 1,
            side: Side::A,
            lineage: lineage(number),
            kind: IntentKind::Approve,
            title: String::new(),
        });
        self.open = Some((RunKind::Approve, self.marks()));
        self.exit(Ending::Exited, 0, None);
    }

    fn step(&mut self, act: Act) {
        self.script.steps.push(Step { name: "step".to_owned(), act });
        self.judge();
    }

    fn judge(&mut self) {
        let mut judge = self.judge.fork();
        let found = self.look(|view| judge.after_step(view));
        self.judge = judge;
        self.found.extend(found);
    }

    fn look<T>(&self, see: impl FnOnce(&View<'_>) -> T) -> T {
        let store = self.disk.clone().map(|image| StoreImage::new(image, "drill.db"));
        let [a, b] = &self.servers;
        see(&View {
            script: &self.script,
            step: self.script.steps.len().saturating_sub(1),
            servers: [a, b],
            writes: &self.writes,
            mails: &self.mails,
            requests: &self.requests,
            hits: &[],
            intents: &self.intents,
            runs: &self.runs,
            story: Marks::default(),
            settled: false,
            store: store.as_ref(),
            secrets: SECRETS,
            faults: &self.faults,
            held: Held::default(),
        })
    }

    fn read(&mut self) {
        for server in &self.servers {
            for write in server.writes(0) {
                if !self.writes.iter().any(|known| same(known, &write)) {
                    self.writes.push(write);
                }
            }
            for mail in server.mails(0) {
                if !self.mails.contains(&mail) {
                    self.mails.push(mail);
                }
            }
        }
    }

    fn marks(&self) -> Marks {
        Marks { writes: self.writes.len(), mails: self.mails.len(), requests: self.requests.len() }
    }
}

fn same(one: &Write, other: &Write) -> bool {
    one.server == other.server && one.seq == other.seq
}

fn side(word: &str) -> Side {
    match word {
        "a" => Side::A,
        "b" => Side::B,
        _ => panic!("{word:?} is no side"),
    }
}

/// The token of an item.
pub(super) fn lineage(number: &str) -> Lineage {
    Lineage::from_number(number.parse().expect("items are numbers"))
}

fn event(number: &str, title: &str, guests: bool) -> SourceEvent {
    let people = if guests {
        "ORGANIZER:mailto:owner@example.com\r\nATTENDEE:mailto:guest@example.org\r\n"
    } else {
        ""
    };
    let text = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nBEGIN:VEVENT\r\nUID:{number}@example\r\n\
         DTSTAMP:20260101T000000Z\r\nDTSTART:20260501T080000Z\r\nDTEND:20260501T090000Z\r\n\
         SUMMARY:{title}\r\n{people}END:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    let read = world::read(text.as_bytes()).expect("the text is a calendar");
    read.events.into_iter().next().expect("it holds one event")
}

fn summary(counters: &[&str]) -> Summary {
    let mut summary = Summary::default();
    for counter in counters {
        let (name, count) = counter.split_once('=').expect("a counter is name=count");
        let count = count.parse().expect("a count is a number");
        match name {
            "created" => summary.created = count,
            "updated" => summary.updated = count,
            "deleted" => summary.deleted = count,
            "errors" => summary.errors = count,
            "held" => summary.held = count,
            "deferred" => summary.deferred = count,
            _ => panic!("{name:?} is no counter"),
        }
    }
    summary
}

fn script() -> Script {
    let text = r#"{"script": 1, "drill": "story", "title": "a story", "tags": [], "reproduces": null,
        "seed": 1,
        "world": {
            "a": {"protocol": "graph", "profile": "m365", "owner": "owner@example.com", "calendars": []},
            "b": {"protocol": "jmap", "profile": "stalwart", "owner": "owner@example.com", "calendars": []},
            "attendees": "strip", "thresholds": {}, "filter": null, "proven": []},
        "steps": [], "must": [], "sweep": null, "inexpressible": [], "refused": []}"#;
    Script::parse("test", text).expect("the text is a script")
}

/// A fault that fired so many times and had to fire exactly three times.
pub(super) fn fault(fired: u64) -> FaultRecord {
    FaultRecord { id: "refuse".to_owned(), step: 0, expected: Amount::exactly(3), fired }
}
