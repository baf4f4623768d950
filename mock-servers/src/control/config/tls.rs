//! Whether a server is reached over TLS, and as whom.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

/// How a server is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Tls {
    /// By plain HTTP.
    #[default]
    Off,
    /// Over TLS, with a certificate that is made at the start and signed by an authority that all
    /// servers of the process share.
    Generated,
    /// Over TLS, with a certificate of one's own.
    Files(CertificateFiles),
}

/// A certificate of one's own, as PEM files relative to the configuration.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CertificateFiles {
    /// The certificate and, after it, those that lead to a root.
    pub cert: String,
    /// Its private key.
    pub key: String,
}

impl<'de> Deserialize<'de> for Tls {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TlsVisitor;

        impl<'de> Visitor<'de> for TlsVisitor {
            type Value = Tls;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`off`, `generated` or `{cert: FILE, key: FILE}`")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Tls, E> {
                match text {
                    "off" => Ok(Tls::Off),
                    "generated" => Ok(Tls::Generated),
                    _ => Err(E::custom(format!(
                        "`{text}` is no way of TLS: write `off`, `generated` or \
                         `{{cert: FILE, key: FILE}}`"
                    ))),
                }
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Tls, A::Error> {
                CertificateFiles::deserialize(MapAccessDeserializer::new(map)).map(Tls::Files)
            }
        }

        deserializer.deserialize_any(TlsVisitor)
    }
}

impl JsonSchema for Tls {
    fn schema_name() -> Cow<'static, str> {
        "Tls".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let files = generator.subschema_for::<CertificateFiles>();
        json_schema!({
            "description": "plain HTTP, a certificate made at the start, or one's own",
            "oneOf": [{ "enum": ["off", "generated"] }, files],
        })
    }
}
