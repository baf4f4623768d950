//! Paths: decoded on the way in, encoded on the way out.

use crate::dav::xml::href::{Href, Path, Reason, Slash, encode};

fn reason(href: &str) -> Reason {
    let error = Href::parse(href).unwrap_err();
    assert_eq!(error.href, href);
    error.reason
}

#[track_caller]
fn check(href: &str, authority: Option<&str>, segments: &[&str], slash: Slash, shown: &str) {
    let found = Href::parse(href).unwrap();
    assert_eq!(found.authority.as_deref(), authority);
    assert_eq!(found.path, Path::new(segments.iter().copied(), slash));
    assert_eq!(found.path.to_string(), shown);
}

#[test]
fn an_href_is_an_absolute_path_or_a_uri() {
    check("/a/b.ics", None, &["a", "b.ics"], Slash::Absent, "/a/b.ics");
    check(" \n/a/b/ ", None, &["a", "b"], Slash::Present, "/a/b/");
    let authority = Some("dav.example:8443");
    check("https://dav.example:8443/a/?q#f", authority, &["a"], Slash::Present, "/a/");
    check("HTTP://dav.example", Some("dav.example"), &[], Slash::Present, "/");
    check("http://dav.example?q", Some("dav.example"), &[], Slash::Present, "/");
    check("/", None, &[], Slash::Present, "/");
    check("/a//b///", None, &["a", "b"], Slash::Present, "/a/b/");
}

#[test]
fn segments_are_decoded_and_encoded_again() {
    check("/a%20b%2Fc/%C3%BC", None, &["a b/c", "ü"], Slash::Absent, "/a%20b%2Fc/%C3%BC");
    // Sloppy clients send them plain.
    check("/a b/ü+&;", None, &["a b", "ü+&;"], Slash::Absent, "/a%20b/%C3%BC%2B%26%3B");
    check("/%7euser%40host/x:y", None, &["~user@host", "x:y"], Slash::Absent, "/~user@host/x:y");
    check("/100%25", None, &["100%"], Slash::Absent, "/100%25");
}

#[test]
fn an_href_that_can_mean_no_resource_says_why() {
    for href in ["", "a", "a/b", "//host/a", "ftp://host/a", "https:///a", "mailto:a@b"] {
        assert_eq!(reason(href), Reason::Form, "{href}");
    }
    for href in ["/%", "/%4", "/%zz", "/%+1", "/a%"] {
        assert_eq!(reason(href), Reason::Percent, "{href}");
    }
    assert_eq!(reason("/%ff"), Reason::Encoding);
    for href in ["/a/../b", "/./a", "/a/%2e%2E"] {
        assert_eq!(reason(href), Reason::Dots, "{href}");
    }
    assert_eq!(reason("/a%00"), Reason::Control);
    let odd = Href::parse("/a%0A%09%7F.ics").unwrap().path;
    assert_eq!(odd.to_string(), "/a%0A%09%7F.ics");
}

#[test]
fn a_path_is_written_by_segments() {
    let home = Path::new(["calendars".to_owned()], Slash::Present);
    let item = Path::new(["calendars".to_owned(), "a/b".to_owned()], Slash::Absent);
    assert_eq!(
        (home.to_string(), item.to_string()),
        ("/calendars/".into(), "/calendars/a%2Fb".into())
    );
    assert_eq!(item.segments().len(), 2);
    assert_eq!(Path::new([""], Slash::Absent), Path::root());
}

#[test]
fn one_segment_is_encoded_whole() {
    assert_eq!(encode("ab-._~09@:=,!$()*"), "ab-._~09@:=,!$()*");
    assert_eq!(
        encode("/?#[]&'+;%\" <>^`{|}\\"),
        "%2F%3F%23%5B%5D%26%27%2B%3B%25%22%20%3C%3E%5E%60%7B%7C%7D%5C"
    );
}
