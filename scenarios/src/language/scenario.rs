//! The root of the language: what stands at the top of a scenario file, and its world.
//!
//! Keys are in snake case; names of things (kinds of steps, of effects, of modes) in kebab case.
//! Types only: what serde cannot say about them is in `check`.

use calamity_evidence::Side;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::amount::Amount;
use super::placed::Placed;
use super::story::{Must, Step};

/// A scenario: a world, a story, and what must hold at its end.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The version of the language: 1.
    #[schemars(extend("const" = 1))]
    pub scenario: Placed<u32>,
    /// What it shows, as a sentence.
    pub name: Placed<String>,
    /// Why it exists and what to look at, in as many words as it takes.
    #[serde(default)]
    pub about: Option<String>,
    /// Words by which it can be chosen.
    #[serde(default)]
    pub tags: Vec<Placed<String>>,
    /// The public incident that it reproduces, by its number in the list of incidents.
    #[serde(default)]
    pub reproduces: Option<u32>,
    /// What there is when the story begins.
    pub world: World,
    /// What happens, in order.
    pub story: Vec<Placed<Step>>,
    /// What must hold at the end, on top of the global invariants.
    #[serde(default)]
    pub must: Vec<Placed<Must>>,
    /// Run the story once for each point at which a step can be killed.
    #[serde(default)]
    pub sweep: Option<Sweep>,
}

/// What there is when the story begins: two servers with users and data, and the pair's settings.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// Where every random choice comes from.
    pub seed: u64,
    /// The first provider.
    pub a: Placed<Provider>,
    /// The second provider.
    pub b: Placed<Provider>,
    /// How the two sides stand to each other when the story begins.
    #[serde(default)]
    pub baseline: Baseline,
    /// What the pair does with the guests of an event.
    #[serde(default)]
    pub attendees: Attendees,
    /// Limits of the pair's guard, where they differ from the defaults.
    #[serde(default)]
    pub thresholds: Thresholds,
    /// Names of the calendars that are synced; all of them when it is left out.
    #[serde(default)]
    pub filter: Option<Vec<String>>,
    /// Sides whose server was proven to mail nobody.
    #[serde(default)]
    pub proven: Vec<On>,
}

/// An account on a mock server, by its protocol.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Provider {
    /// A JMAP server.
    Jmap(Account),
    /// Microsoft Graph.
    Graph(Account),
}

impl Provider {
    /// The account, whatever its protocol.
    #[must_use]
    pub fn account(&self) -> &Account {
        match self {
            Provider::Jmap(account) | Provider::Graph(account) => account,
        }
    }
}

/// One user's account.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The real server that the mock behaves like.
    #[serde(default)]
    pub profile: Option<Placed<String>>,
    /// The user's address.
    #[serde(default)]
    pub owner: Option<Placed<String>>,
    /// The user's calendars.
    pub calendars: Vec<Placed<Calendar>>,
}

/// One calendar, and what lies in it before the story begins.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Its name; calendars of the two sides belong together by it.
    pub name: Placed<String>,
    /// How many events it holds.
    #[serde(default)]
    pub events: u64,
    /// How many guests each of them has; none when it is left out.
    #[serde(default)]
    pub attendees: Option<Placed<Amount>>,
}

/// How the two sides stand to each other when the story begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Baseline {
    /// The system under test has run without faults until it wrote nothing more.
    #[default]
    InSync,
    /// It has never run.
    None,
}

/// What a pair does with the guests of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Attendees {
    /// Copies carry no guests.
    #[default]
    Strip,
    /// Guests are copied, and what could mail one waits for a decision.
    Hold,
    /// Guests are copied and mailed.
    Send,
}

/// Limits of the guard; what is left out keeps its default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Up to so many deletes of a container always pass the ceiling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletes_free: Option<u64>,
    /// The most deletes of a container in a run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletes_container_max: Option<u64>,
    /// The largest share of a container that may go in a run, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletes_container_share_max: Option<f64>,
    /// The most deletes of a run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletes_run_max: Option<u64>,
    /// The most deletes within 24 hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletes_window_max: Option<u64>,
}

/// A side, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum On {
    /// The first provider.
    A,
    /// The second provider.
    B,
}

impl From<On> for Side {
    fn from(on: On) -> Side {
        match on {
            On::A => Side::A,
            On::B => Side::B,
        }
    }
}

/// Run the story once for each point at which a step can be killed, and converge afterwards.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// The kinds of points.
    pub kill: Vec<Placed<Axis>>,
    /// The sync that is killed: the `as` of its step.
    pub step: Placed<String>,
}

/// A kind of points at which a process can be killed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Axis {
    /// Before each durable operation: every write, sync, truncate and delete of its disk.
    DurableOperations,
    /// At each request: before it is sent, after the server's commit without an answer, after the
    /// answer before anything of it is stored.
    Requests,
}
