//! The metadata's own words, for tests: a table of names, types and nullability, and the check of an
//! answered value against it.

use std::collections::BTreeMap;

use serde_json::Value;

/// See its own head for where it is from.
const TABLE: &str = include_str!("v1.0.txt");

/// A property's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Declared {
    /// The type's name, `Edm` left out.
    pub(crate) kind: String,
    /// Whether it is a collection of these.
    pub(crate) many: bool,
    /// Whether it can be null.
    pub(crate) nullable: bool,
}

/// The types by name.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// Structured types: properties by name.
    pub(crate) structures: BTreeMap<String, BTreeMap<String, Declared>>,
    /// Members of enumerations.
    pub(crate) enums: BTreeMap<String, Vec<String>>,
}

impl Table {
    /// The table as it is checked in.
    pub(crate) fn read() -> Self {
        let mut table = Self::default();
        let mut current = String::new();
        for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(property) = line.strip_prefix("  ") {
                let (name, kind) = property.split_once(' ').expect("a name and a type");
                let nullable = !kind.ends_with('!');
                let kind = kind.trim_end_matches('!');
                let many = kind.ends_with("[]");
                let kind = kind.trim_end_matches("[]").to_owned();
                let members = table.structures.entry(current.clone()).or_default();
                members.insert(name.to_owned(), Declared { kind, many, nullable });
            } else if let Some((name, members)) = line.split_once(" = ") {
                let members = members.split(' ').map(str::to_owned).collect();
                table.enums.insert(name.to_owned(), members);
            } else {
                line.clone_into(&mut current);
            }
        }
        table
    }

    /// What in a resource is not as its type says; empty where all is.
    pub(crate) fn wrong(&self, kind: &str, value: &Value, at: &str) -> Vec<String> {
        if let Some(members) = self.enums.get(kind) {
            let fits = value.as_str().is_some_and(|text| members.iter().any(|one| one == text));
            return if fits { Vec::new() } else { vec![format!("{at}: {value} is no {kind}")] };
        }
        let Some(properties) = self.structures.get(kind) else {
            let fits = primitive(kind, value);
            return if fits { Vec::new() } else { vec![format!("{at}: {value} is no {kind}")] };
        };
        let Some(members) = value.as_object() else {
            return vec![format!("{at}: {value} is no {kind}")];
        };
        let mut wrong = Vec::new();
        for (name, value) in members.iter().filter(|(name, _)| !name.starts_with('@')) {
            let at = format!("{at}/{name}");
            let Some(declared) = properties.get(name) else {
                wrong.push(format!("{at}: {kind} has no such property"));
                continue;
            };
            match value {
                Value::Null if declared.many || !declared.nullable => {
                    wrong.push(format!("{at}: cannot be null"));
                }
                Value::Null => {}
                Value::Array(elements) if declared.many => {
                    let each = elements.iter().flat_map(|one| self.wrong(&declared.kind, one, &at));
                    wrong.extend(each);
                }
                _ if declared.many => wrong.push(format!("{at}: is no collection")),
                one => wrong.extend(self.wrong(&declared.kind, one, &at)),
            }
        }
        wrong
    }
}

fn primitive(kind: &str, value: &Value) -> bool {
    match kind {
        "Boolean" => value.is_boolean(),
        "Int32" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        "Double" => value.is_number(),
        "TimeOfDay" => value.as_str().is_some_and(|text| text.parse::<jiff::civil::Time>().is_ok()),
        "DateTimeOffset" => {
            value.as_str().is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok())
        }
        "Date" => value.as_str().is_some_and(|text| text.parse::<jiff::civil::Date>().is_ok()),
        "extension" => value.is_object(),
        _ => value.is_string(),
    }
}
