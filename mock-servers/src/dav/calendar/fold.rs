//! Content lines as octets: folded at 75 octets (RFC 5545 section 3.1), never inside a character,
//! with the line ends that the body has.

/// Octets of one line without its end.
const OCTETS_MAX: usize = 75;

/// The line end that a body uses first; CRLF for a body without any.
pub(super) fn line_end(octets: &[u8]) -> &'static str {
    match octets.iter().position(|octet| matches!(octet, b'\r' | b'\n')) {
        Some(at) if octets[at] == b'\n' => "\n",
        Some(at) if octets.get(at + 1) != Some(&b'\n') => "\r",
        _ => "\r\n",
    }
}

/// A content line with its end, folded. Characters that would end it are left out.
pub(super) fn fold(line: &str, end: &str) -> String {
    let mut folded = String::with_capacity(line.len() + line.len() / 20 + end.len());
    let mut octets = 0;
    for sign in line.chars().filter(|sign| !matches!(sign, '\r' | '\n')) {
        if octets + sign.len_utf8() > OCTETS_MAX {
            folded.push_str(end);
            folded.push(' ');
            octets = 1;
        }
        folded.push(sign);
        octets += sign.len_utf8();
    }
    folded.push_str(end);
    folded
}

/// A text as a property's value (RFC 5545 section 3.3.11).
pub(super) fn escape(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' | ';' | ',' => value.extend(['\\', sign]),
            '\n' => value.push_str("\\n"),
            '\r' => {
                signs.next_if_eq(&'\n');
                value.push_str("\\n");
            }
            _ => value.push(sign),
        }
    }
    value
}

/// A parameter's value, quoted where it has to be (RFC 5545 section 3.2, RFC 6868).
pub(super) fn param_value(value: &str) -> String {
    let encoded = value.replace('^', "^^").replace('\n', "^n").replace('"', "^'");
    if encoded.contains([':', ';', ',']) { format!("\"{encoded}\"") } else { encoded }
}
