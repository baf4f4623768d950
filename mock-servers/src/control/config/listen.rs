//! An address to listen at, as `host:port`.

use std::borrow::Cow;
use std::fmt;

use calamity_base::net::Addr;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// Where a server listens; any free port of the loopback interface unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen(pub Addr);

impl Default for Listen {
    fn default() -> Self {
        Self(Addr::loopback())
    }
}

impl<'de> Deserialize<'de> for Listen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AddressVisitor;

        impl Visitor<'_> for AddressVisitor {
            type Value = Listen;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an address like `127.0.0.1:0` or `[::1]:8080`")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Listen, E> {
                text.parse().map(Listen).map_err(|_| {
                    E::custom(format!(
                        "`{text}` is no host:port: write `127.0.0.1:0` or `[::1]:8080`"
                    ))
                })
            }
        }

        deserializer.deserialize_str(AddressVisitor)
    }
}

impl JsonSchema for Listen {
    fn schema_name() -> Cow<'static, str> {
        "Listen".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "host:port; port 0 is any free one",
            "type": "string",
            "pattern": "^.+:[0-9]{1,5}$",
        })
    }
}
