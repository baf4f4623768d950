//! Small values with a form of their own: how many, and how long.

use std::{borrow::Cow, fmt, time::Duration};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Visitor},
};

/// How many: `40`, `1..6` (both included) or `1..` (at least).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The least.
    pub from: u64,
    /// The most; none where there is no limit.
    pub to: Option<u64>,
}

impl Amount {
    /// Exactly this many.
    #[must_use]
    pub fn exactly(count: u64) -> Amount {
        Amount { from: count, to: Some(count) }
    }

    /// At least this many.
    #[must_use]
    pub fn at_least(count: u64) -> Amount {
        Amount { from: count, to: None }
    }

    /// Whether a count is meant by it.
    #[must_use]
    pub fn holds(self, count: u64) -> bool {
        self.from <= count && self.to.is_none_or(|to| count <= to)
    }

    fn parse(text: &str) -> Option<Amount> {
        let (from, to) = text.split_once("..")?;
        let from = from.trim().parse().ok()?;
        let to = match to.trim() {
            "" => None,
            to => Some(to.parse().ok().filter(|to| *to >= from)?),
        };
        Some(Amount { from, to })
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to {
            Some(to) if to == self.from => write!(f, "{to}"),
            Some(to) => write!(f, "{}..{to}", self.from),
            None => write!(f, "{}..", self.from),
        }
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.to {
            Some(to) if to == self.from => serializer.serialize_u64(to),
            _ => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AmountVisitor;

        impl Visitor<'_> for AmountVisitor {
            type Value = Amount;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a count like `40`, `1..6` or `1..`")
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Amount, E> {
                Ok(Amount::exactly(value))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Amount, E> {
                let count = u64::try_from(value);
                count.map(Amount::exactly).map_err(|_| E::custom("a count is not negative"))
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Amount, E> {
                Amount::parse(value).ok_or_else(|| {
                    E::custom(format!("`{value}` is no count: write `40`, `1..6` or `1..`"))
                })
            }
        }

        deserializer.deserialize_any(AmountVisitor)
    }
}

impl JsonSchema for Amount {
    fn schema_name() -> Cow<'static, str> {
        "Amount".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "how many: `40`, `1..6` (both included) or `1..` (at least)",
            "oneOf": [
                { "type": "integer", "minimum": 0 },
                { "type": "string", "pattern": "^[0-9]+\\.\\.[0-9]*$" },
            ],
        })
    }
}

/// How long: `500ms`, `30s`, `10m`, `1h30m`, `2d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub Duration);

/// The units of a [`Span`], longest first, in milliseconds.
const UNITS: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

impl Span {
    /// The whole span in milliseconds.
    #[must_use]
    pub fn as_millis(self) -> u64 {
        u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX)
    }

    fn parse(text: &str) -> Option<Span> {
        let mut rest = text.trim();
        let mut total: u64 = 0;
        while !rest.is_empty() {
            let digits = rest.find(|character: char| !character.is_ascii_digit())?;
            let number: u64 = rest[..digits].parse().ok()?;
            rest = &rest[digits..];
            let letters = rest.find(|character: char| character.is_ascii_digit());
            let (unit, after) = rest.split_at(letters.unwrap_or(rest.len()));
            let (_, size) = UNITS.iter().find(|(name, _)| *name == unit)?;
            total = total.checked_add(number.checked_mul(*size)?)?;
            rest = after;
        }
        (!text.trim().is_empty()).then_some(Span(Duration::from_millis(total)))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.as_millis();
        if rest == 0 {
            return f.write_str("0s");
        }
        for (unit, size) in UNITS {
            if rest >= size {
                write!(f, "{}{unit}", rest / size)?;
                rest %= size;
            }
        }
        Ok(())
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SpanVisitor;

        impl Visitor<'_> for SpanVisitor {
            type Value = Span;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time like `500ms`, `10m` or `1h30m`")
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Span, E> {
                Span::parse(value).ok_or_else(|| {
                    E::custom(format!("`{value}` is no time: write `500ms`, `10m` or `1h30m`"))
                })
            }
        }

        deserializer.deserialize_any(SpanVisitor)
    }
}

impl JsonSchema for Span {
    fn schema_name() -> Cow<'static, str> {
        "Span".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "how long: `500ms`, `30s`, `10m`, `1h30m`, `2d`",
            "type": "string",
            "pattern": "^([0-9]+(ms|s|m|h|d))+$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_print_as_they_are_written() {
        for (text, amount) in
            [("1..6", Amount { from: 1, to: Some(6) }), ("3..", Amount::at_least(3))]
        {
            assert_eq!(Amount::parse(text), Some(amount));
            assert_eq!(amount.to_string(), text);
        }
        for wrong in ["6..1", "..", "a..b", "5", "-1..2"] {
            assert_eq!(Amount::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn spans_print_as_they_are_written() {
        for (text, millis) in [("500ms", 500), ("1h30m", 5_400_000), ("2d", 172_800_000)] {
            let span = Span::parse(text).expect("the text is a span");
            assert_eq!((span.as_millis(), span.to_string().as_str()), (millis, text));
        }
        for wrong in ["", "10", "m", "10x", "1h 30m", "99999999999999999999d"] {
            assert_eq!(Span::parse(wrong), None, "{wrong}");
        }
    }
}
