//! Patterns of check ids: `*` stands for any text; without one, a pattern is a part of the id.

/// Whether an id is meant.
pub(crate) fn matches(pattern: &str, id: &str) -> bool {
    if !pattern.contains('*') {
        return id.contains(pattern);
    }
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = id.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let (last, middle) = parts.split_last().unwrap_or((&"", &[]));
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.len() >= last.len() && rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_pattern_is_a_part_or_has_stars() {
        for (pattern, id, meant) in [
            ("put.", "put.etag", true),
            ("etag", "put.etag", true),
            ("put", "get.body", false),
            ("put.*", "put.etag", true),
            ("*.etag", "put.etag", true),
            ("*.etag", "put.etag-changes", false),
            ("p*e*g", "put.etag", true),
            ("put.etag*etag", "put.etag", false),
            ("*", "", true),
        ] {
            assert_eq!(matches(pattern, id), meant, "{pattern} {id}");
        }
    }
}
