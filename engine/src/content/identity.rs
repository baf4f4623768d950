//! The two identities that are not a UID: the fallback for first-time pairing, and the UID inside
//! an identifier that Outlook wrapped around it.

use super::Event;

/// The global object id class that every wrapped identifier starts with (MS-OXOCAL 2.2.1.27).
const CLASS: [u8; 16] = [
    0x04, 0x00, 0x00, 0x00, 0x82, 0x00, 0xE0, 0x00, 0x74, 0xC5, 0xB7, 0x10, 0x1A, 0x82, 0xE0, 0x08,
];
/// What marks the data of one as a UID of another application, with its version.
const MARK: &[u8] = b"vCal-Uid\x01\x00\x00\x00";
/// Where the size of the data stands, little-endian; the data follow it.
const SIZE_AT: usize = 36;

/// What pairs two items that carry no common UID: the title, trimmed and case-folded, and the
/// instant of the start. None where either is missing.
#[must_use]
pub fn identity_fallback(event: &Event) -> Option<String> {
    let title = event.title().trim().to_lowercase();
    if title.is_empty() {
        return None;
    }
    let start = event.start_utc()?;
    Some(format!("{title}|{start}"))
}

/// The UID that Outlook wrapped into a global object id, or the text as it is. Hexadecimal digits
/// in either case; anything malformed passes unchanged.
#[must_use]
pub fn unwrap_goid(uid: &str) -> String {
    wrapped(uid).unwrap_or_else(|| uid.to_owned())
}

fn wrapped(uid: &str) -> Option<String> {
    let bytes = from_hex(uid)?;
    if !bytes.starts_with(&CLASS) {
        return None;
    }
    let size = bytes.get(SIZE_AT..SIZE_AT + 4)?;
    let size = u32::from_le_bytes(size.try_into().ok()?);
    let data = bytes.get(SIZE_AT + 4..)?;
    if data.len() != usize::try_from(size).ok()? {
        return None;
    }
    let inner = data.strip_prefix(MARK)?.strip_suffix(&[0])?;
    let inner = std::str::from_utf8(inner).ok()?;
    (!inner.is_empty()).then(|| inner.to_owned())
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    Some(digits?.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}
