//! Cards of old forms as lenient servers take them: parameters without a name get theirs (`TEL;HOME`
//! of vCard 2.1, `PHOTO;BASE64` of old address books), and a card without a UID gets one.
//!
//! Values and all other lines stay as they are. What is no card after that is not made one.

use super::object::line_end;

/// Values by which a parameter without a name is an `ENCODING`.
const ENCODINGS: [&str; 5] = ["7BIT", "8BIT", "QUOTED-PRINTABLE", "BASE64", "B"];
/// Values by which it is a `VALUE`.
const VALUES: [&str; 4] = ["INLINE", "URL", "CONTENT-ID", "CID"];

/// The card with names for its parameters and with a UID, which is `uid` where it has none.
pub(crate) fn repaired(octets: &[u8], uid: &str) -> Vec<u8> {
    let end = line_end(octets);
    let mut made = Vec::with_capacity(octets.len() + 64);
    let mut known = false;
    for line in octets.split_inclusive(|octet| *octet == b'\n') {
        let Ok(text) = std::str::from_utf8(line) else {
            made.extend_from_slice(line);
            continue;
        };
        let upper = text.trim_end().to_ascii_uppercase();
        known |= upper.starts_with("UID:") || upper.starts_with("UID;");
        if upper == "END:VCARD" && !known {
            made.extend_from_slice(format!("UID:{uid}{end}").as_bytes());
        }
        // What continues a line has no parameters of its own.
        let folded = text.starts_with([' ', '\t']);
        let line = if folded { text.to_owned() } else { with_names(text) };
        made.extend_from_slice(line.as_bytes());
    }
    made
}

/// A content line whose parameters all have names.
fn with_names(line: &str) -> String {
    let Some((head, value)) = head(line) else { return line.to_owned() };
    let mut parts = head.split(';');
    let mut made = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        made.push(';');
        let upper = part.to_ascii_uppercase();
        match () {
            () if part.contains('=') || part.contains('"') => {}
            () if ["B", "BASE64"].contains(&upper.as_str()) => {
                made.push_str("ENCODING=b");
                continue;
            }
            () if ENCODINGS.contains(&upper.as_str()) => made.push_str("ENCODING="),
            () if VALUES.contains(&upper.as_str()) => made.push_str("VALUE="),
            () => made.push_str("TYPE="),
        }
        made.push_str(part);
    }
    made + value
}

/// A line in front of the colon that begins its value, and from there on; none where a `;` may stand
/// in quotes, which the old forms do not have.
fn head(line: &str) -> Option<(&str, &str)> {
    let (head, _) = line.split_once(':')?;
    (head.contains(';') && !head.contains('"')).then(|| line.split_at(head.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::repaired;
    use crate::dav::card::object::AddressObject;

    const OLD: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A; B\r\nTEL;HOME;TYPE=cell:1;2\r\n\
        PHOTO;BASE64:\r\n  AAAA\r\nNOTE;X=\"a;b\":c\r\nEND:VCARD\r\n";

    #[test]
    fn old_forms_get_their_names_and_a_uid() {
        let made = repaired(OLD.as_bytes(), "u1");
        let expect = OLD
            .replace("TEL;HOME;", "TEL;TYPE=HOME;")
            .replace("PHOTO;BASE64", "PHOTO;ENCODING=b")
            .replace("END:", "UID:u1\r\nEND:");
        assert_eq!(String::from_utf8(made.clone()).unwrap(), expect);
        assert!(AddressObject::read(OLD.as_bytes()).is_err());
        assert_eq!(AddressObject::read(&made).unwrap().uid(), "u1");
        assert_eq!(repaired(&made, "u2"), made);
    }

    proptest! {
        #[test]
        fn anything_is_repaired_in_one_go(octets in prop::collection::vec(any::<u8>(), 0..200)) {
            let once = repaired(&octets, "u");
            prop_assert_eq!(repaired(&once, "u"), once);
        }
    }
}
