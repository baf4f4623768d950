//! Texts as they are compared: without markup, and without caring for white space.

/// Runs of white space become one space; none stays at the ends. Zero-width signs that mail
/// programs strew in are dropped.
pub(crate) fn squash(text: &str) -> String {
    let visible: String = text.chars().filter(|sign| !"\u{200b}\u{feff}".contains(*sign)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Elements whose content is no text.
const SILENT: [&str; 4] = ["head", "style", "script", "title"];

/// Elements that do not part words.
const INLINE: [&str; 15] = [
    "a", "abbr", "b", "big", "code", "em", "font", "i", "mark", "s", "small", "span", "strong",
    "sub", "u",
];

/// The text of an HTML document or fragment, squashed.
pub(crate) fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        decode_into(&mut text, &rest[..open]);
        let tag = &rest[open..];
        let starts_tag =
            tag[1..].starts_with(|sign: char| sign.is_ascii_alphabetic() || "/!?".contains(sign));
        if !starts_tag {
            text.push('<');
            rest = &tag[1..];
            continue;
        }
        if let Some(comment) = tag.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let Some(end) = tag.find('>') else {
            rest = "";
            break;
        };
        let name: String = tag[1..end]
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        rest = &tag[end + 1..];
        if SILENT.contains(&name.as_str()) && !tag.starts_with("</") {
            rest = after_end_tag(rest, &name);
        }
        if !INLINE.contains(&name.as_str()) {
            text.push(' ');
        }
    }
    decode_into(&mut text, rest);
    squash(&text)
}

fn after_end_tag<'a>(rest: &'a str, name: &str) -> &'a str {
    let lower = rest.to_ascii_lowercase();
    let end = lower.find(&format!("</{name}")).and_then(|at| Some(at + rest[at..].find('>')? + 1));
    end.map_or("", |end| &rest[end..])
}

fn decode_into(text: &mut String, raw: &str) {
    let mut rest = raw;
    while let Some(amp) = rest.find('&') {
        text.push_str(&rest[..amp]);
        let entity = &rest[amp + 1..];
        let end = entity.find(';').filter(|end| *end <= 10);
        match end.and_then(|end| Some((end, character(&entity[..end])?))) {
            Some((end, decoded)) => {
                text.push(decoded);
                rest = &entity[end + 1..];
            }
            None => {
                text.push('&');
                rest = entity;
            }
        }
    }
    text.push_str(rest);
}

fn character(entity: &str) -> Option<char> {
    let number =
        |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    if let Some(hex) = entity.strip_prefix("#x").or_else(|| entity.strip_prefix("#X")) {
        return number(hex, 16);
    }
    if let Some(decimal) = entity.strip_prefix('#') {
        return number(decimal, 10);
    }
    Some(match entity {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "szlig" => 'ß',
        "eacute" => 'é',
        "euro" => '€',
        "copy" => '©',
        "bull" => '•',
        _ => return None,
    })
}
