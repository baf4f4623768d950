//! The `Prefer` header (RFC 7240) with the preferences that Outlook resources know.

use http::HeaderMap;

use crate::graph::failure::Failure;
use crate::graph::moment::Wanted;
use crate::scheduling::Marker;

/// What the client would like.
#[derive(Clone, Debug)]
pub(crate) struct Prefer {
    /// `outlook.timezone`, where it was asked for.
    zone: Option<Result<Wanted, Failure>>,
    /// `outlook.body-content-type="text"`.
    text: Option<bool>,
    /// `odata.maxpagesize`.
    page: Option<usize>,
    /// `outlook.send-notifications`.
    notifications: Option<bool>,
}

impl Prefer {
    /// The preferences of a request. One that makes no sense is ignored, as RFC 7240 asks, except
    /// for an unknown time zone.
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let mut prefer = Self { zone: None, text: None, page: None, notifications: None };
        let values = headers.get_all("prefer").iter();
        for preference in values.filter_map(|value| value.to_str().ok()).flat_map(split) {
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "outlook.timezone" => prefer.zone = Some(Wanted::named(value)),
                "outlook.body-content-type" => {
                    prefer.text = match value.to_ascii_lowercase().as_str() {
                        "text" => Some(true),
                        "html" => Some(false),
                        _ => None,
                    };
                }
                "odata.maxpagesize" => prefer.page = value.parse().ok(),
                "outlook.send-notifications" => prefer.notifications = value.parse().ok(),
                _ => {}
            }
        }
        prefer
    }

    /// The zone for times in the answer.
    pub(crate) fn zone(&self) -> Result<Wanted, Failure> {
        self.zone.clone().unwrap_or_else(|| Ok(Wanted::default()))
    }

    /// Whether bodies are to be answered as text.
    pub(crate) fn wants_text(&self) -> bool {
        self.text == Some(true)
    }

    /// The page size asked for.
    pub(crate) fn page(&self) -> Option<usize> {
        self.page
    }

    /// What is said about telling people.
    pub(crate) fn marker(&self) -> Marker {
        match self.notifications {
            None => Marker::Unsaid,
            Some(true) => Marker::Send,
            Some(false) => Marker::Silent,
        }
    }

    /// The value of `Preference-Applied`, where anything was.
    pub(crate) fn applied(&self) -> Option<String> {
        let mut applied = Vec::new();
        if let Some(Ok(zone)) = &self.zone {
            applied.push(format!("outlook.timezone=\"{}\"", zone.name));
        }
        if let Some(text) = self.text {
            let kind = if text { "text" } else { "html" };
            applied.push(format!("outlook.body-content-type=\"{kind}\""));
        }
        (!applied.is_empty()).then(|| applied.join(", "))
    }
}

/// Splits at commas outside quotes.
fn split(value: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    value.split(move |sign| {
        quoted ^= sign == '"';
        sign == ',' && !quoted
    })
}
