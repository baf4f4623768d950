//! Tests of redaction.

use ::http::{HeaderMap, HeaderName};

use super::{Secret, headers, is_secret_header, url};

#[test]
fn a_secret_prints_as_redacted_and_is_there_when_asked_for() {
    let secret = Secret::new("hunter2");
    assert_eq!(format!("{secret} {secret:?} {:?}", Some(&secret)), {
        "[REDACTED] [REDACTED] Some([REDACTED])"
    });
    assert_eq!(secret.expose(), "hunter2");
    let read: Secret = serde_json::from_str("\"hunter2\"").unwrap();
    assert_eq!(read, secret);
}

#[test]
fn a_url_loses_user_password_query_and_fragment() {
    for (text, expect) in [
        ("http://ann:pw@dav.test:8080/cal/?token=x#y", "http://dav.test:8080/cal/"),
        ("https://dav.test", "https://dav.test/"),
        ("/delta?$skiptoken=secret", "/delta"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("http://bad host/", "[unreadable URL]"),
    ] {
        assert_eq!(url(text), expect, "{text}");
    }
}

#[test]
fn headers_that_carry_secrets_are_known_by_name() {
    let mut map = HeaderMap::new();
    map.insert("authorization", "Bearer abc".parse().unwrap());
    map.insert("x-api-key", "abc".parse().unwrap());
    map.insert("etag", "\"1\"".parse().unwrap());
    let mut marked: http::HeaderValue = "abc".parse().unwrap();
    marked.set_sensitive(true);
    map.insert("x-other", marked);
    let mut shown = headers(&map);
    shown.sort();
    assert_eq!(
        shown,
        [
            ("authorization", "[REDACTED]"),
            ("etag", "\"1\""),
            ("x-api-key", "[REDACTED]"),
            ("x-other", "[REDACTED]"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    assert!(is_secret_header(&HeaderName::from_static("set-cookie")));
    assert!(is_secret_header(&HeaderName::from_static("webhook-signature")));
    assert!(!is_secret_header(&HeaderName::from_static("content-type")));
}
