//! Addresses out of answers.

use http::Uri;

/// Whether two addresses have scheme, host and port in common.
pub(in crate::provider) fn same_origin(one: &Uri, other: &Uri) -> bool {
    let scheme = |uri: &Uri| uri.scheme_str().map(str::to_ascii_lowercase);
    let host = |uri: &Uri| uri.host().map(str::to_ascii_lowercase);
    scheme(one) == scheme(other) && host(one) == host(other) && port(one) == port(other)
}

/// An address that may leave out what it has in common with `base`: scheme and host, or host.
pub(in crate::provider) fn relative(base: &Uri, text: &str) -> Option<Uri> {
    let uri: Uri = against(base, text).parse().ok()?;
    uri.host().is_some().then_some(uri)
}

/// The text of an address, with what it leaves out taken from `base`.
pub(super) fn against(base: &Uri, text: &str) -> String {
    let scheme = base.scheme_str().unwrap_or("http");
    let authority = base.authority().map_or("", http::uri::Authority::as_str);
    if text.starts_with("//") {
        format!("{scheme}:{text}")
    } else if text.starts_with('/') {
        format!("{scheme}://{authority}{text}")
    } else if text.contains("://") {
        text.to_owned()
    } else {
        let folder = base.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{scheme}://{authority}{folder}/{text}")
    }
}

fn port(uri: &Uri) -> Option<u16> {
    let default = match uri.scheme_str() {
        Some("https") => Some(443),
        _ => Some(80),
    };
    uri.port_u16().or(default)
}
