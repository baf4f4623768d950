//! Bodies of events: Exchange keeps them as HTML, answers them as HTML unless asked for text, and
//! previews them as text.

/// The most characters of a `bodyPreview`.
const PREVIEW: usize = 255;

const HEAD: &str = "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\"></head><body>";
const TAIL: &str = "</body></html>";

/// A text as a whole HTML document.
pub(crate) fn from_text(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let mut html = String::with_capacity(text.len() + HEAD.len() + TAIL.len());
    html.push_str(HEAD);
    for sign in text.replace("\r\n", "\n").chars() {
        match sign {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '\n' => html.push_str("<br>"),
            sign => html.push(sign),
        }
    }
    html.push_str(TAIL);
    html
}

/// A fragment as a whole HTML document; a document stays as it is.
pub(crate) fn document(html: &str) -> String {
    let is_document = html.trim_start().get(..5).is_some_and(|s| s.eq_ignore_ascii_case("<html"))
        || html.trim_start().get(..9).is_some_and(|s| s.eq_ignore_ascii_case("<!doctype"));
    if is_document || html.is_empty() { html.to_owned() } else { format!("{HEAD}{html}{TAIL}") }
}

/// The text of a document: tags gone, entities resolved, blocks on lines of their own.
pub(crate) fn to_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(sign) = rest.chars().next() {
        match sign {
            '<' => rest = tag(rest, &mut text),
            '&' => rest = entity(rest, &mut text),
            sign => {
                text.push(sign);
                rest = &rest[sign.len_utf8()..];
            }
        }
    }
    text.trim().to_owned()
}

/// The beginning of a text, for `bodyPreview`.
pub(crate) fn preview(text: &str) -> String {
    text.chars().take(PREVIEW).collect()
}

/// Takes one tag off the front; what it stands for goes into the text.
fn tag<'a>(rest: &'a str, text: &mut String) -> &'a str {
    if let Some(after) = rest.strip_prefix("<!--") {
        return after.find("-->").map_or("", |end| &after[end + 3..]);
    }
    let Some(end) = rest.find('>') else { return "" };
    let inside = &rest[1..end];
    let after = &rest[end + 1..];
    let name: String = inside
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    let closes = inside.starts_with('/');
    match name.as_str() {
        "br" => text.push('\n'),
        "p" | "div" | "li" | "tr" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "ul"
        | "ol"
            if closes =>
        {
            text.push('\n');
        }
        "td" | "th" if closes => text.push(' '),
        // What stands in these is not text.
        "style" | "script" | "title" | "head" if !closes => {
            let closing = format!("</{name}");
            let lower = after.to_ascii_lowercase();
            return lower.find(&closing).map_or("", |at| &after[at..]);
        }
        _ => {}
    }
    after
}

/// Takes one entity off the front; an unknown one stays as it is written.
fn entity<'a>(rest: &'a str, text: &mut String) -> &'a str {
    let end = rest.bytes().take(12).position(|byte| byte == b';');
    let resolved = end.and_then(|end| {
        let name = &rest[1..end];
        let sign = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some('\u{a0}'),
            _ => numeric(name),
        };
        Some((sign?, end))
    });
    match resolved {
        Some((sign, end)) => {
            text.push(sign);
            &rest[end + 1..]
        }
        None => {
            text.push('&');
            &rest[1..]
        }
    }
}

fn numeric(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_survives_the_way_through_html() {
        for text in ["", "plain", "a < b && c > d", "one\ntwo\n\nthree", "Büro 🗓 — &amp; <p>"]
        {
            assert_eq!(to_text(&from_text(text)), text);
        }
    }

    #[test]
    fn documents_are_read_as_text() {
        let html = "<html><head><style>p{}</style><title>t</title></head><body><!-- c --><p>One</p>\
                    <p>two&nbsp;&#8211;&#x41;&bogus; <b>bold</b></p><br>x<td>y</td></body></html>";
        assert_eq!(to_text(html), "One\ntwo\u{a0}–A&bogus; bold\n\nxy");
        assert_eq!(to_text("a<b"), "a");
        assert_eq!(to_text("<!-- open"), "");
        assert_eq!(preview(&"ü".repeat(300)).chars().count(), 255);
    }

    #[test]
    fn fragments_become_documents_and_documents_stay() {
        assert_eq!(document("<p>x</p>"), format!("{HEAD}<p>x</p>{TAIL}"));
        assert_eq!(document(" <HTML><body>x</body></HTML>"), " <HTML><body>x</body></HTML>");
        assert_eq!(document(""), "");
    }
}
