//! The language as JSON Schema, for editors.

use serde_json::Value;

use super::scenario::Scenario;

/// Where the schema of this version is published.
const ID: &str = "scenario-1.json";

/// The schema of the language (JSON Schema, draft 2020-12).
#[must_use]
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Scenario);
    schema.insert("$id".to_owned(), ID.into());
    schema.insert("title".to_owned(), "Calamity scenario, version 1".into());
    schema.to_value()
}
