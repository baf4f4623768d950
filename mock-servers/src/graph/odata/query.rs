//! Query options of a URL, decoded. Their names are compared without regard to case: the
//! documentation itself writes `startDateTime` and `startdatetime`.

use jiff::Timestamp;

use crate::graph::failure::Failure;
use crate::graph::moment;

/// The options of one request, in the order of the URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// The options of a URL's query part.
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (decode(name), decode(value))
                })
                .collect(),
        )
    }

    /// The value of an option.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// A system query option, which begins with `$`, that is none of these.
    pub(crate) fn other_than(&self, known: &[&str]) -> Option<&str> {
        let is_known = |name: &str| known.iter().any(|known| name.eq_ignore_ascii_case(known));
        let mut names = self.0.iter().map(|(name, _)| name.as_str());
        names.find(|name| name.starts_with('$') && !is_known(name))
    }

    /// Whether an option is `true`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// A whole number.
    pub(crate) fn number(&self, name: &str) -> Result<Option<usize>, Failure> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let number = text.trim().parse().map_err(|_| {
            Failure::url(format!("Invalid value '{text}' for {name} query option found."))
        })?;
        Ok(Some(number))
    }

    /// The window of `startDateTime` and `endDateTime`, both of which must be there.
    pub(crate) fn window(&self) -> Result<(Timestamp, Timestamp), Failure> {
        let [start, end] = ["startDateTime", "endDateTime"].map(|name| self.instant(name));
        match (start?, end?) {
            (Some(start), Some(end)) if start <= end => Ok((start, end)),
            (Some(_), Some(_)) => Err(Failure::of("ErrorInvalidParameter")
                .saying("The parameter 'EndDateTime' lies before 'StartDateTime'.")),
            _ => Err(Failure::of("ErrorInvalidParameter").saying(
                "This request requires a time window specified by the query string parameters \
                 StartDateTime and EndDateTime.",
            )),
        }
    }

    /// An instant; without an offset it is UTC.
    pub(crate) fn instant(&self, name: &str) -> Result<Option<Timestamp>, Failure> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let instant = moment::parameter(text).ok_or_else(|| {
            Failure::of("ErrorInvalidParameter")
                .saying(format!("The value '{text}' of parameter '{name}' is invalid."))
        })?;
        Ok(Some(instant))
    }

    /// The same options without one, and with it at the end where a value is given.
    pub(crate) fn with(&self, name: &str, value: Option<&str>) -> Self {
        let others = self.0.iter().filter(|(known, _)| !known.eq_ignore_ascii_case(name));
        let mut options: Vec<_> = others.cloned().collect();
        options.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        Self(options)
    }

    /// As it stands in a URL.
    pub(crate) fn to_text(&self) -> String {
        let pairs =
            self.0.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        pairs.collect::<Vec<_>>().join("&")
    }
}

/// Undoes percent encoding; what is no valid encoding stays as it is.
pub(crate) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let escaped = bytes.get(at + 1..at + 3).filter(|_| *byte == b'%');
        let value = escaped
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match value {
            Some(value) => {
                out.push(value);
                at += 3;
            }
            None => {
                out.push(if *byte == b'+' { b' ' } else { *byte });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Percent-encodes everything but what RFC 3986 leaves unreserved and the `$` of option names.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~$".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
