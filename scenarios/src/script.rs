//! A scenario expanded from its seed: explicit, stably named steps, the only thing that a runner
//! executes.
//!
//! A script carries the body of every event and the name of every item that a step touches, so that
//! a replay needs nothing else. Its JSON form is versioned.

use std::fmt;

use calamity_evidence::{Lineage, Refused, Side};
use calamity_mock_servers::world::SourceEvent;
use calamity_mock_servers::{Drift, Edit, Protocol, faults};
use serde::{Deserialize, Serialize};

use crate::language::{
    Amount, Attendees, Axis, Expect, Mode, Outbox, Reply, Restart, Thresholds, Writes,
};

mod reading;

pub use reading::Unreadable;

/// The version of the form of scripts that is read and written here.
pub const VERSION: u32 = 1;

/// A world, steps, and what must hold at the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// [`VERSION`] of the writer.
    pub script: u32,
    /// The drill's name: its file name without ending.
    pub drill: String,
    /// What it shows, as a sentence.
    pub title: String,
    /// Words by which it can be chosen.
    pub tags: Vec<String>,
    /// The public incident that it reproduces.
    pub reproduces: Option<u32>,
    /// The seed of the simulation, and of everything that was drawn for this script.
    pub seed: u64,
    /// The servers and the pair's settings.
    pub world: World,
    /// What happens, in order.
    pub steps: Vec<Step>,
    /// What must hold at the end, on top of the global invariants.
    pub must: Vec<Must>,
    /// Run the steps once for each point at which one of them can be killed.
    pub sweep: Option<Sweep>,
    /// Items that one of the two sides cannot hold; they are expected to wait for ever.
    pub inexpressible: Vec<Inexpressible>,
    /// What of the user's own file takes no part, each with its line and reason.
    pub refused: Vec<Refused>,
}

/// The servers and the pair's settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// The first provider.
    pub a: Account,
    /// The second provider.
    pub b: Account,
    /// What the pair does with guests.
    pub attendees: Attendees,
    /// Limits of the guard.
    pub thresholds: Thresholds,
    /// Names of the calendars that are synced; all of them when there are none.
    pub filter: Option<Vec<String>>,
    /// Sides whose server was proven to mail nobody.
    pub proven: Vec<Side>,
}

impl World {
    /// The account of a side.
    #[must_use]
    pub fn account(&self, side: Side) -> &Account {
        match side {
            Side::A => &self.a,
            Side::B => &self.b,
        }
    }
}

/// One user's account on a mock server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// What the server speaks.
    pub protocol: Protocol,
    /// The real server that it behaves like.
    pub profile: String,
    /// The user's address.
    pub owner: String,
    /// The user's calendars.
    pub calendars: Vec<String>,
}

/// A step with its name, which stays when other steps go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name, used once in a script.
    pub name: String,
    /// What is done.
    pub act: Act,
}

/// What is done in a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// The harness puts items where the story finds them.
    Seed(Vec<NewItem>),
    /// The system under test runs, without faults, until it writes nothing more.
    Baseline(Baseline),
    /// A user makes items.
    Create(Vec<NewItem>),
    /// A user deletes items.
    Delete(Acted<ItemRef>),
    /// A user changes items.
    Edit(Acted<EditedItem>),
    /// A fault begins.
    Fault(Fault),
    /// A fault ends.
    Clear(Clear),
    /// What a fault holds back goes on.
    Release(Clear),
    /// A server is in another state.
    State(State),
    /// The system under test syncs.
    Sync(Sync),
    /// Somebody approves what is held.
    Approve(Approve),
    /// Time passes.
    Wait(Wait),
    /// A server gives items new ids.
    DriftIds(DriftIds),
    /// A server forgets every token that it has handed out.
    ExpireTokens(ExpireTokens),
    /// Something is stopped and started again.
    Restart(Restart),
    /// Every fault ends, and the system under test runs until it writes nothing more.
    Settle(Settle),
}

/// A new item with its body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewItem {
    /// Its name in the script.
    pub name: String,
    /// Its token.
    pub lineage: Lineage,
    /// The side on which it is made.
    pub on: Side,
    /// The calendar in which it is made.
    pub calendar: String,
    /// Its body.
    pub event: SourceEvent,
}

/// An item that exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemRef {
    /// Its name in the script.
    pub name: String,
    /// Its token.
    pub lineage: Lineage,
}

/// An item that a user changes, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditedItem {
    /// Its name in the script.
    pub name: String,
    /// Its token.
    pub lineage: Lineage,
    /// The change.
    pub edit: Edit,
}

/// What a user does to items on one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acted<T> {
    /// The side.
    pub on: Side,
    /// The items.
    pub items: Vec<T>,
}

/// The bounds of the runs before the story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The most runs that it may take.
    pub runs_max: u64,
}

/// A fault as rules of one server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Its id.
    pub id: String,
    /// The server.
    pub on: Side,
    /// Its rules: one, or one for each item that it is limited to.
    pub rules: Vec<faults::Rule>,
    /// How often they have to fire, together.
    pub expect_hits: Amount,
}

/// A server is in the state of this name from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The server.
    pub on: Side,
    /// The name.
    pub is: String,
}

/// The end of a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clear {
    /// Its id.
    pub id: String,
}

/// A run of the system under test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sync {
    /// Whether somebody watches.
    pub mode: Mode,
    /// The answer to the question, where one is asked.
    pub answer: Option<Reply>,
    /// What is expected of it.
    pub expect: Expect,
}

/// An approval of everything that is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approve {
    /// How many operations are approved.
    pub count: u64,
    /// What is expected of it.
    pub expect: Expect,
}

/// A wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// How long, in virtual milliseconds.
    pub ms: u64,
}

/// New ids for items that did not change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DriftIds {
    /// The server.
    pub on: Side,
    /// Whether its change feed says so.
    pub how: Drift,
    /// The share of the items.
    pub share: f64,
}

/// Every token handed out so far is refused from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpireTokens {
    /// The server.
    pub on: Side,
}

/// The bounds of the runs after the story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settle {
    /// The most runs that it may take.
    pub runs_max: u64,
    /// Virtual time between two runs, in milliseconds.
    pub pause_ms: u64,
}

/// What must hold at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Must {
    /// Both sides hold the same, and one more run writes nothing.
    Converged,
    /// Which mail the system under test may have caused.
    Outbox(Outbox),
    /// How many writes it made since the story began.
    Writes(Writes),
}

/// Run the steps once for each point at which one of them can be killed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// The kinds of points.
    pub kill: Vec<Axis>,
    /// The name of the step that is killed.
    pub step: String,
}

/// An item that one of the two sides cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inexpressible {
    /// Its name in the script.
    pub name: String,
    /// Its token.
    pub lineage: Lineage,
    /// The side that cannot hold it.
    pub on: Side,
    /// Its title.
    pub title: String,
    /// Why.
    pub reason: String,
}

impl Script {
    /// The JSON form, with a line feed at its end.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self)
            .expect("a script consists of maps with text keys, lists, texts and finite numbers");
        text.push('\n');
        text
    }

    /// The place of a step of this name.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.name == name)
    }

    /// Every item that the script makes, with the step that makes it.
    pub fn made(&self) -> impl Iterator<Item = (usize, &NewItem)> {
        self.steps.iter().enumerate().flat_map(|(number, step)| {
            let items = match &step.act {
                Act::Seed(items) | Act::Create(items) => items.as_slice(),
                _ => &[],
            };
            items.iter().map(move |item| (number, item))
        })
    }
}

impl fmt::Display for Act {
    /// In a few words, as reports show it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Act::Seed(items) => write!(f, "seed {}", items.len()),
            Act::Baseline(_) => f.write_str("baseline"),
            Act::Create(items) => {
                let side = items.first().map_or(Side::A, |item| item.on);
                write!(f, "user {side} create {}", items.len())
            }
            Act::Delete(acted) => write!(f, "user {} delete {}", acted.on, acted.items.len()),
            Act::Edit(acted) => write!(f, "user {} edit {}", acted.on, acted.items.len()),
            Act::Fault(fault) => write!(f, "fault {}", fault.id),
            Act::Clear(clear) => write!(f, "clear {}", clear.id),
            Act::Release(fault) => write!(f, "release {}", fault.id),
            Act::State(state) => write!(f, "state of {}: {}", state.on, state.is),
            Act::Sync(sync) => match (sync.mode, sync.answer) {
                (Mode::NonInteractive, _) => f.write_str("sync"),
                (Mode::DryRun, _) => f.write_str("sync dry-run"),
                (Mode::Interactive, Some(Reply::Y)) => f.write_str("sync interactive, yes"),
                (Mode::Interactive, _) => f.write_str("sync interactive, no"),
            },
            Act::Approve(approve) => write!(f, "approve {}", approve.count),
            Act::Wait(wait) => {
                let span = std::time::Duration::from_millis(wait.ms);
                write!(f, "wait {}", crate::language::Span(span))
            }
            Act::DriftIds(drift) => match drift.how {
                Drift::Silent => write!(f, "drift ids on {}, silently", drift.on),
                Drift::Announced => write!(f, "drift ids on {}, announced", drift.on),
            },
            Act::ExpireTokens(expire) => write!(f, "expire tokens on {}", expire.on),
            Act::Restart(Restart::Sut) => f.write_str("restart sut"),
            Act::Settle(_) => f.write_str("settle"),
        }
    }
}
