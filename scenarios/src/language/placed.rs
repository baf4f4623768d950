//! A value of a scenario together with its place, so that a check that comes after the reading can
//! point at it.

use std::{borrow::Cow, fmt, marker::PhantomData, ops::Deref};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, Error as _, IntoDeserializer as _, SeqAccess, Visitor},
};

use super::diagnostic::Place;

/// The name by which a deserializer of ours knows that a place is asked for.
pub(crate) const MARK: &str = "$calamity::placed";

/// A value and where it stood. Equal values are equal wherever they stood.
#[derive(Clone, Debug, Default)]
pub struct Placed<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

impl<T> Deref for Placed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Placed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Placed<T> {}

impl<T: Serialize> Serialize for Placed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<T: JsonSchema> JsonSchema for Placed<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Placed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PlacedVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for PlacedVisitor<T> {
            type Value = Placed<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value with its place")
            }

            /// Read from something that knows no places: a script.
            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Placed<T>, D::Error> {
                Ok(Placed { value: T::deserialize(deserializer)?, place: Place::default() })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Placed<T>, A::Error> {
                let mut number = || {
                    let number: Option<u64> = seq.next_element()?;
                    let number = number.ok_or_else(|| A::Error::custom("a place is missing"))?;
                    usize::try_from(number).map_err(A::Error::custom)
                };
                let place = Place { source: number()?, start: number()?, end: number()? };
                let value =
                    seq.next_element()?.ok_or_else(|| A::Error::custom("a value is missing"))?;
                Ok(Placed { value, place })
            }
        }

        deserializer.deserialize_newtype_struct(MARK, PlacedVisitor(PhantomData))
    }
}

/// Hands over a place, as three numbers, and then the value.
pub(crate) struct PlacedAccess<D> {
    numbers: std::vec::IntoIter<usize>,
    value: Option<D>,
}

impl<D> PlacedAccess<D> {
    pub(crate) fn new(place: Place, value: D) -> PlacedAccess<D> {
        let numbers = vec![place.source, place.start, place.end].into_iter();
        PlacedAccess { numbers, value: Some(value) }
    }
}

impl<'de, D: Deserializer<'de>> SeqAccess<'de> for PlacedAccess<D> {
    type Error = D::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, D::Error> {
        if let Some(number) = self.numbers.next() {
            return seed.deserialize((number as u64).into_deserializer()).map(Some);
        }
        self.value.take().map(|value| seed.deserialize(value)).transpose()
    }
}
