//! A UID in the style of another one, because identity rules look at the style.

use calamity_base::entropy::Stream;
use uuid::Uuid;

/// Letters and digits from the end that are drawn anew.
const DRAWN: usize = 26;
/// Letters and digits that a UID needs so that drawing them anew makes it unique.
const ENOUGH: usize = 16;

/// A UID of the same form, random in its last letters and digits before an `@`.
pub(in super::super) fn similar(uid: &str, stream: &mut Stream) -> String {
    let (name, domain) = match uid.rsplit_once('@') {
        Some((name, domain)) => (name, Some(domain)),
        None => (uid, None),
    };
    let drawn = redraw(name, stream);
    domain.map_or_else(|| drawn.clone(), |domain| format!("{drawn}@{domain}"))
}

fn redraw(name: &str, stream: &mut Stream) -> String {
    const HYPHENATED: usize = 36;
    if name.len() == HYPHENATED && Uuid::try_parse(name).is_ok() {
        let uuid = stream.uuid().hyphenated().to_string();
        let upper = name.chars().any(|sign| sign.is_ascii_uppercase());
        return if upper { uuid.to_uppercase() } else { uuid };
    }
    let usable = name.chars().filter(char::is_ascii_alphanumeric).count();
    if usable < ENOUGH {
        return format!("{name}-{}", stream.hex(ENOUGH));
    }
    let kept = usable.saturating_sub(DRAWN);
    let mut seen = 0;
    name.chars()
        .map(|sign| {
            if !sign.is_ascii_alphanumeric() {
                return sign;
            }
            seen += 1;
            if seen <= kept { sign } else { alike(sign, stream) }
        })
        .collect()
}

/// A character of the same kind; hexadecimal digits stay hexadecimal.
fn alike(sign: char, stream: &mut Stream) -> char {
    let from: &[u8] = match sign {
        '0'..='9' => b"0123456789",
        'a'..='f' => b"abcdef",
        'A'..='F' => b"ABCDEF",
        'g'..='z' => b"ghijklmnopqrstuvwxyz",
        _ => b"GHIJKLMNOPQRSTUVWXYZ",
    };
    let at = stream.below(from.len() as u64);
    char::from(from[usize::try_from(at).unwrap_or(0)])
}
