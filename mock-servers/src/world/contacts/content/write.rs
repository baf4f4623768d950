//! Content lines as text: parameters quoted and encoded (RFC 6868), lines folded at 75 octets
//! (RFC 6350, section 3.2), never inside a character.

/// Octets of a physical line, its end not counted.
const LINE_OCTETS_MAX: usize = 75;

/// A property as an unfolded line without its end. The value is written as it is.
#[must_use]
pub fn content_line(
    group: Option<&str>,
    name: &str,
    params: &[(String, Vec<String>)],
    value: &str,
) -> String {
    let mut line = String::with_capacity(name.len() + value.len() + 16);
    if let Some(group) = group {
        line.push_str(group);
        line.push('.');
    }
    line.push_str(name);
    for (name, values) in params {
        line.push(';');
        line.push_str(name);
        for (nth, value) in values.iter().enumerate() {
            line.push(if nth == 0 { '=' } else { ',' });
            param_value(&mut line, value);
        }
    }
    line.push(':');
    line.push_str(value);
    line
}

fn param_value(line: &mut String, value: &str) {
    // The last two are read as something else when they stand without quotes.
    let quoted = value.contains([':', ';', ','])
        || value.trim() != value
        || value.starts_with('(')
        || value.eq_ignore_ascii_case("mailto");
    if quoted {
        line.push('"');
    }
    for sign in value.chars() {
        match sign {
            '"' => line.push_str("^'"),
            '\n' => line.push_str("^n"),
            '^' => line.push_str("^^"),
            sign if sign.is_control() => {}
            sign => line.push(sign),
        }
    }
    if quoted {
        line.push('"');
    }
}

/// Appends the line folded, each physical line with this end.
pub fn fold(line: &str, end: &str, into: &mut String) {
    let mut used = 0;
    for sign in line.chars() {
        if used + sign.len_utf8() > LINE_OCTETS_MAX {
            into.push_str(end);
            into.push(' ');
            used = 1;
        }
        into.push(sign);
        used += sign.len_utf8();
    }
    into.push_str(end);
}
