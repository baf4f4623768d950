//! How many: `3`, or `1..6` with both ends included.

use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// The most guests that an event is made up with.
const MOST: u64 = 1_000;

/// A number or a range of numbers, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub from: u64,
    /// The most.
    pub to: u64,
}

impl Range {
    fn new(from: u64, to: u64) -> Option<Self> {
        (from <= to && to <= MOST).then_some(Self { from, to })
    }
}

impl From<Range> for RangeInclusive<u64> {
    fn from(range: Range) -> Self {
        range.from..=range.to
    }
}

impl<'de> Deserialize<'de> for Range {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RangeVisitor;

        impl Visitor<'_> for RangeVisitor {
            type Value = Range;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a count like `3` or `1..6`, at most {MOST}")
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Range, E> {
                let range = Range::new(value, value);
                range.ok_or_else(|| E::custom(format!("`{value}` is more than {MOST}")))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Range, E> {
                let ends = text.split_once("..");
                let number = |text: &str| text.trim().parse().ok();
                let ends = ends.and_then(|(from, to)| Some((number(from)?, number(to)?)));
                ends.and_then(|(from, to)| Range::new(from, to)).ok_or_else(|| {
                    E::custom(format!("`{text}` is no count: write `3` or `1..6`, at most {MOST}"))
                })
            }
        }

        deserializer.deserialize_any(RangeVisitor)
    }
}

impl JsonSchema for Range {
    fn schema_name() -> Cow<'static, str> {
        "Range".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "how many: `3`, or `1..6` with both ends included",
            "oneOf": [
                { "type": "integer", "minimum": 0, "maximum": MOST },
                { "type": "string", "pattern": "^ *[0-9]+ *\\.\\. *[0-9]+ *$" },
            ],
        })
    }
}
