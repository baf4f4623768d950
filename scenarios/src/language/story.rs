//! The steps of a story, and what must hold at its end.

use std::{collections::BTreeMap, fmt};

use schemars::JsonSchema;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, Visitor},
};

use super::amount::{Amount, Span};
use super::fault::Fault;
use super::placed::Placed;
use super::scenario::On;

/// One step of a story.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// A user of one of the servers does something.
    User(User),
    /// From now on a server, or the way to it, misbehaves.
    Fault(Box<Fault>),
    /// A fault ends: its id.
    Clear(Placed<String>),
    /// What a fault holds back goes on: its id.
    Release(Placed<String>),
    /// A server is in another state from now on, for the faults that ask for one.
    State(State),
    /// The system under test syncs.
    Sync(Sync),
    /// Somebody approves what is held, naming how many operations that is.
    Approve(Approve),
    /// Time passes.
    Wait(Span),
    /// A server gives its items new ids.
    DriftIds(DriftIds),
    /// A server forgets every token that it has handed out.
    ExpireTokens(ExpireTokens),
    /// Something is stopped and started again.
    Restart(Restart),
}

/// What a user does: exactly one of `create`, `delete` and `edit`, with how many items.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [
    { "required": ["create"] }, { "required": ["delete"] }, { "required": ["edit"] }
]))]
pub struct User {
    /// The side on which the user acts.
    pub on: On,
    /// How many new items.
    #[serde(default)]
    pub create: Option<Placed<u64>>,
    /// How many items go.
    #[serde(default)]
    pub delete: Option<Placed<u64>>,
    /// How many items change.
    #[serde(default)]
    pub edit: Option<Placed<u64>>,
    /// For edits: what changes; several are taken in turn.
    #[serde(default)]
    pub what: Option<Placed<Vec<Aspect>>>,
    /// For creates: how many guests each item has.
    #[serde(default)]
    pub attendees: Option<Placed<Amount>>,
    /// The calendar; the first of the side when it is left out.
    #[serde(default)]
    pub calendar: Option<Placed<String>>,
    /// For deletes and edits: which items; the seeded ones when it is left out.
    #[serde(default)]
    pub items: Option<Placed<Items>>,
    /// A name for the step and its items.
    #[serde(default, rename = "as")]
    pub name: Option<Placed<String>>,
}

/// What of an item changes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Aspect {
    /// Its title.
    Title,
    /// When it takes place.
    Time,
    /// Its description.
    Description,
    /// Where it takes place.
    Location,
    /// One occurrence of a series gets a title of its own.
    Occurrence,
    /// One occurrence of a series is called off.
    Cancellation,
    /// A guest is invited.
    Guests,
}

/// Which items.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Items {
    /// Those that were there before the story began.
    Seeded,
    /// Those that users of the story have created.
    Fresh,
    /// Those of an earlier step: its `as`.
    SameAs(Placed<String>),
}

/// A run of the system under test.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sync {
    /// Whether somebody watches.
    #[serde(default)]
    pub mode: Mode,
    /// For interactive runs: the answer to the question.
    #[serde(default)]
    pub answer: Option<Placed<Reply>>,
    /// How many such runs, one after the other.
    #[serde(default)]
    pub times: Option<Placed<u64>>,
    /// What is expected of it; what is left out is not looked at.
    #[serde(default)]
    pub expect: Expect,
    /// A name for the step.
    #[serde(default, rename = "as")]
    pub name: Option<Placed<String>>,
}

/// Whether somebody watches a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Nobody does.
    #[default]
    NonInteractive,
    /// Somebody is shown the plan and asked.
    Interactive,
    /// Nothing is written.
    DryRun,
}

/// An answer to the question of an interactive run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reply {
    /// Yes.
    Y,
    /// No.
    N,
}

/// What is expected of a run; what is left out is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The exit code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<u8>,
    /// Containers created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub containers: Option<Amount>,
    /// Items created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Amount>,
    /// Items merged with at least one side written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<Amount>,
    /// Items deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Amount>,
    /// Fields on which both sides had changed differently.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflicts: Option<Amount>,
    /// Subtrees skipped as unchanged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<Amount>,
    /// Operations and observations that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors: Option<Amount>,
    /// Mappings silently re-pointed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub healed: Option<Amount>,
    /// Operations held for a decision: how many, or how many by each rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Placed<Held>>,
    /// Operations put off to a later run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferred: Option<Amount>,
    /// Whether the user answered no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aborted: Option<bool>,
}

/// How many operations are held.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
pub enum Held {
    /// In all.
    All(Amount),
    /// By each rule; a rule that is not named holds nothing.
    ByRule(BTreeMap<String, Amount>),
}

impl Serialize for Held {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Held::All(amount) => amount.serialize(serializer),
            Held::ByRule(rules) => rules.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Held {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct HeldVisitor;

        impl<'de> Visitor<'de> for HeldVisitor {
            type Value = Held;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a count like `40`, or a mapping from rules to counts")
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Held, E> {
                Ok(Held::All(Amount::exactly(value)))
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Held, E> {
                let text: serde::de::value::StrDeserializer<'_, E> =
                    serde::de::value::StrDeserializer::new(value);
                Amount::deserialize(text).map(Held::All)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Held, A::Error> {
                let mut rules = BTreeMap::new();
                while let Some((rule, amount)) = map.next_entry()? {
                    rules.insert(rule, amount);
                }
                Ok(Held::ByRule(rules))
            }
        }

        deserializer.deserialize_any(HeldVisitor)
    }
}

/// An approval of everything that is held.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approve {
    /// How many operations are approved; an approval that names another number changes nothing.
    pub count: Placed<u64>,
    /// What is expected of it.
    #[serde(default)]
    pub expect: Expect,
    /// A name for the step.
    #[serde(default, rename = "as")]
    pub name: Option<Placed<String>>,
}

/// New ids for items that did not change.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DriftIds {
    /// The server.
    pub on: On,
    /// Whether its change feed says so.
    pub how: Drift,
    /// Which share of the items, from 0 to 1; all of them when it is left out.
    #[serde(default)]
    pub share: Option<Placed<f64>>,
}

/// Whether a change feed tells of new ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Drift {
    /// Listings simply answer with the new ids.
    Silent,
    /// The old ids are reported destroyed and the new ones created.
    Announced,
}

/// Every token handed out so far is refused from now on.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpireTokens {
    /// The server.
    pub on: On,
}

/// The state of a server, a name of the scenario's own.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The server.
    pub on: On,
    /// The state.
    pub is: Placed<String>,
}

/// What can be restarted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Restart {
    /// The system under test.
    Sut,
}

/// What must hold at the end.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Must {
    /// With every fault gone both sides come to hold the same, and one more run writes nothing.
    Converged,
    /// Which mail the system under test may have caused.
    Outbox(Outbox),
    /// How many writes it made since the story began.
    Writes(Writes),
}

/// Which mail the system under test may have caused. What a user's own act mails is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outbox {
    /// None at all.
    Empty,
    /// Only what this caused.
    OnlyFrom(Cause),
}

/// What may cause mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// An operation that was approved.
    Approve,
}

/// How many writes of the system under test were carried out since the story began.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Writes {
    /// On which side; on both when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<On>,
    /// Items created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creates: Option<Amount>,
    /// Items changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updates: Option<Amount>,
    /// Items deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletes: Option<Amount>,
}
