//! A request body held against a type of the metadata: unknown names and values of another type are
//! refused in Graph's words, annotations and what only the server writes are left out.

use serde_json::{Map, Value};

use crate::graph::failure::Failure;

/// A resource or complex type.
#[derive(Debug)]
pub(crate) struct Type {
    /// Its name in the metadata.
    pub(crate) name: &'static str,
    pub(super) properties: &'static [Property],
}

/// A property of a type.
#[derive(Debug)]
pub(super) struct Property {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    access: Access,
    null: Null,
}

/// What becomes of a property in a request body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    /// It is stored.
    Write,
    /// It is the server's: taken note of by type, and otherwise ignored.
    Read,
}

/// Whether a property can be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Null {
    /// It can: the metadata says nothing else.
    Fits,
    /// `Nullable="false"`.
    Never,
}

/// The type of a property.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Text,
    Bool,
    Int,
    Double,
    Instant,
    Date,
    TimeOfDay,
    Guid,
    Enum(&'static [&'static str]),
    Complex(&'static Type),
    List(&'static Kind),
    /// An object with members of the client's own.
    Open,
}

/// A property that clients write.
pub(super) const fn w(name: &'static str, kind: Kind) -> Property {
    Property { name, kind, access: Access::Write, null: Null::Fits }
}

/// A property that clients write and that is never null.
pub(super) const fn n(name: &'static str, kind: Kind) -> Property {
    Property { name, kind, access: Access::Write, null: Null::Never }
}

/// A property that only the server writes.
pub(super) const fn r(name: &'static str, kind: Kind) -> Property {
    Property { name, kind, access: Access::Read, null: Null::Fits }
}

impl Type {
    /// The name of a property in the metadata's spelling; names are compared exactly, as OData does.
    pub(crate) fn property(&self, name: &str) -> Option<&'static str> {
        self.properties.iter().find(|known| known.name == name).map(|known| known.name)
    }

    /// The names of its properties.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.properties.iter().map(|known| known.name)
    }

    /// The name of a property that is a text, in the metadata's spelling.
    pub(crate) fn text(&self, name: &str) -> Option<&'static str> {
        let is = |known: &&Property| {
            matches!(known.kind, Kind::Text) && known.name.eq_ignore_ascii_case(name)
        };
        self.properties.iter().find(is).map(|known| known.name)
    }

    /// The name of a property of one plain value that can be compared, in the metadata's spelling.
    pub(crate) fn plain(&self, name: &str) -> Option<&'static str> {
        let is = |known: &&Property| {
            matches!(known.kind, Kind::Text | Kind::Bool | Kind::Enum(_))
                && known.name.eq_ignore_ascii_case(name)
        };
        self.properties.iter().find(is).map(|known| known.name)
    }

    /// A body that fits the type: annotations and read-only properties are left out, values of
    /// enumerations come in the metadata's spelling.
    pub(crate) fn read(&self, body: &Map<String, Value>) -> Result<Map<String, Value>, Failure> {
        let mut read = Map::new();
        for (name, value) in body {
            // Annotations: `@odata.type`, `calendar@odata.navigationLink`, ...
            if name.contains('@') {
                continue;
            }
            let known = self.properties.iter().find(|known| known.name == name);
            let known = known.ok_or_else(|| self.unknown(name))?;
            if value.is_null() && known.null == Null::Never {
                return Err(known.not_null());
            }
            let value = known.kind.read(value)?;
            if known.access == Access::Write {
                read.insert(name.clone(), value);
            }
        }
        Ok(read)
    }

    fn unknown(&self, name: &str) -> Failure {
        let mut kind = self.name.to_owned();
        if let Some(first) = kind.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        Failure::body(format!(
            "The property '{name}' does not exist on type 'Microsoft.OutlookServices.{kind}'. Make \
             sure to only use property names that are defined by the type or mark the type as open \
             type."
        ))
    }
}

impl Kind {
    fn read(self, value: &Value) -> Result<Value, Failure> {
        if value.is_null() {
            return Ok(Value::Null);
        }
        let converted = value.as_str().and_then(|text| self.convert(text));
        if let Some(converted) = converted {
            return Ok(converted);
        }
        let fits = match self {
            Self::Text => value.is_string(),
            Self::Bool => value.is_boolean(),
            Self::Int => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            Self::Double => value.is_number(),
            Self::Instant => value.as_str().is_some_and(|text| {
                text.parse::<jiff::Timestamp>().is_ok()
                    || text.parse::<jiff::civil::DateTime>().is_ok()
                    || text.is_empty()
            }),
            Self::Date => {
                value.as_str().is_some_and(|text| text.parse::<jiff::civil::Date>().is_ok())
            }
            Self::Enum(names) => {
                let text = value.as_str().unwrap_or_default();
                let known = names.iter().find(|known| known.eq_ignore_ascii_case(text));
                return match known {
                    Some(known) => Ok(Value::from(*known)),
                    None => Err(Failure::body(format!("Requested value '{text}' was not found."))),
                };
            }
            Self::TimeOfDay => {
                value.as_str().is_some_and(|text| text.parse::<jiff::civil::Time>().is_ok())
            }
            Self::Guid => value.is_string(),
            Self::Open => value.is_object(),
            Self::Complex(kind) => {
                let members = value.as_object().ok_or_else(|| unexpected("a StartObject"))?;
                return Ok(Value::Object(kind.read(members)?));
            }
            Self::List(kind) => {
                let elements = value.as_array().ok_or_else(|| unexpected("a StartArray"))?;
                let read: Result<Vec<_>, _> = elements.iter().map(|one| kind.read(one)).collect();
                return Ok(Value::Array(read?));
            }
        };
        if fits {
            return Ok(value.clone());
        }
        let literal = value.to_string();
        Err(Failure::body(format!(
            "Cannot convert the literal '{}' to the expected type 'Edm.{}'.",
            literal.trim_matches('"'),
            self.name()
        )))
    }

    /// A text that stands for a value of a simple type. The OData library of the real service
    /// converts such texts (`ODataJsonLightReaderUtils`, ConvertStringValue), and some clients
    /// write no other; what does not parse is no value.
    fn convert(self, text: &str) -> Option<Value> {
        let text = text.trim();
        match self {
            Self::Bool if text.eq_ignore_ascii_case("true") => Some(Value::Bool(true)),
            Self::Bool if text.eq_ignore_ascii_case("false") => Some(Value::Bool(false)),
            Self::Int => text.parse::<i32>().ok().map(Value::from),
            Self::Double => text.parse::<f64>().ok().filter(|it| it.is_finite()).map(Value::from),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bool => "Boolean",
            Self::Int => "Int32",
            Self::Double => "Double",
            Self::Instant => "DateTimeOffset",
            Self::Date => "Date",
            Self::TimeOfDay => "TimeOfDay",
            Self::Guid => "Guid",
            _ => "String",
        }
    }
}

impl Property {
    /// Whether the metadata says that it is never null.
    #[cfg(test)]
    pub(super) fn never_null(&self) -> bool {
        self.null == Null::Never
    }

    fn not_null(&self) -> Failure {
        let kind = format!("Edm.{}[Nullable=False]", self.kind.name());
        Failure::body(format!(
            "A null value was found for the property named '{}', which has the expected type \
             '{kind}'. The expected type '{kind}' does not allow null values.",
            self.name
        ))
    }
}

fn unexpected(wanted: &str) -> Failure {
    Failure::body(format!(
        "An unexpected node was found when reading from the JSON reader. {wanted} node was expected."
    ))
}
