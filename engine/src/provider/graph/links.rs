//! Pages: following links of the same host until there is none.

use std::collections::BTreeSet;

use http::Uri;
use serde_json::{Map, Value};

use crate::provider::Error;

use super::Graph;

/// Pages of one answer that are followed, and how many of them may be empty in a row: a link that
/// changes with every page leads on for ever.
const PAGES_MAX: usize = 20_000;
const EMPTY_MAX: usize = 100;
const NEXT: &str = "@odata.nextLink";

/// What an answer in pages ends with.
#[derive(Debug)]
pub(super) struct End {
    /// How many pages there were.
    pub(super) pages: usize,
    /// The last page.
    pub(super) last: Map<String, Value>,
}

impl Graph {
    /// Reads all pages, handing over their entries. A page that fails ends it.
    pub(super) async fn pages(
        &self,
        what: &'static str,
        first: Uri,
        preferences: &[&str],
        mut take: impl FnMut(Map<String, Value>) + Send,
    ) -> Result<End, Error> {
        let mut followed = BTreeSet::from([first.to_string()]);
        let (mut uri, mut empty) = (first, 0);
        for pages in 1..=PAGES_MAX {
            let mut page = self.get_object(what, uri, preferences).await?;
            let Some(Value::Array(entries)) = page.remove("value") else {
                return Err(self.http.malformed(what, "a page has no value".to_owned()));
            };
            empty = if entries.is_empty() { empty + 1 } else { 0 };
            for entry in entries {
                let Value::Object(entry) = entry else {
                    return Err(self.http.malformed(what, "an entry is no object".to_owned()));
                };
                take(entry);
            }
            let Some(link) = page.get(NEXT).and_then(Value::as_str) else {
                return Ok(End { pages, last: page });
            };
            uri = self.http.link(what, link)?;
            if !followed.insert(uri.to_string()) {
                return Err(self
                    .http
                    .incomplete(what, "a page links to an earlier one".to_owned()));
            }
            if empty > EMPTY_MAX {
                let problem = format!("{empty} empty pages in a row");
                return Err(self.http.incomplete(what, problem));
            }
        }
        Err(self.http.incomplete(what, format!("more than {PAGES_MAX} pages")))
    }
}
