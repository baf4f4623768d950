//! Paths of resources: percent-encoding (RFC 3986, section 2.1), and when two name the same.

/// Encodes one segment of a path: everything but unreserved characters.
pub(crate) fn encode(segment: &str) -> String {
    let mut encoded = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Decodes percent-encoding; what is none stays as it is.
pub(crate) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let digits = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// The path of an href, which may be a whole URL.
pub(crate) fn path(href: &str) -> &str {
    let href = href.trim();
    match href.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => href,
    }
}

/// The decoded segments of an href. A slash at the end and doubled ones make no difference.
pub(crate) fn segments(href: &str) -> Vec<String> {
    let path = path(href);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.split('/').filter(|segment| !segment.is_empty()).map(decode).collect()
}

/// Whether two hrefs name the same resource.
pub(crate) fn same(one: &str, other: &str) -> bool {
    segments(one) == segments(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_same_resource_has_several_hrefs() {
        assert!(same("http://host:1/a%20b/c/", "/a b/c"));
        assert!(!same("/a/b", "/a/B"));
        assert_eq!(segments("/a%2Fb/%zz"), ["a/b", "%zz"]);
        assert_eq!(path("http://host"), "/");
    }

    proptest! {
        #[test]
        fn encoding_is_undone_and_decoding_never_panics(text in "\\PC{0,60}") {
            prop_assert_eq!(decode(&encode(&text)), text.clone());
            drop(segments(&text));
        }
    }
}
