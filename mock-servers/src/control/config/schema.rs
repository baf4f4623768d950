//! The configuration as JSON Schema, for editors.

use serde_json::Value;

use super::Config;

/// Where the schema of this version is published.
const ID: &str = "mock-1.json";

/// The schema of the configuration (JSON Schema, draft 2020-12).
#[must_use]
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Config);
    schema.insert("$id".to_owned(), ID.into());
    schema.insert("title".to_owned(), "Calamity mock servers, version 1".into());
    schema.to_value()
}
