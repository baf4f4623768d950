//! The description.
//!
//! Graph answers every body as HTML, also one that was written as text, and wraps fragments into a
//! page. Here the page is taken off, and HTML that says no more than text is read as text, so that
//! neither a text nor a fragment changes by going there and back.

use serde_json::{Map, Value, json};

/// What Exchange writes into a page that it made from text.
const FROM_TEXT: &str = "<!-- converted from text -->";
const HTML: &str = "text/html";

/// The `body` of an event's members.
pub(super) fn write(members: &Map<String, Value>) -> Value {
    let text = members.get("description").and_then(Value::as_str).unwrap_or_default();
    let kind = members.get("descriptionContentType").and_then(Value::as_str);
    let is_html = kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with(HTML));
    match said(text, is_html) {
        Said::Text(content) => json!({"contentType": "text", "content": content}),
        Said::Html(content) => json!({"contentType": "html", "content": content}),
    }
}

/// The description members of a `body`.
pub(super) fn read(body: Option<&Value>, members: &mut Map<String, Value>) {
    let content = |name: &str| body.and_then(|body| body.get(name)).and_then(Value::as_str);
    let text = content("content").unwrap_or_default();
    let is_html = content("contentType").is_none_or(|kind| !kind.eq_ignore_ascii_case("text"));
    match said(text, is_html) {
        Said::Text(text) => {
            members.insert("description".to_owned(), Value::from(text));
        }
        Said::Html(html) => {
            members.insert("description".to_owned(), Value::from(html));
            members.insert("descriptionContentType".to_owned(), Value::from(HTML));
        }
    }
}

/// The `body` that Graph answers for one that was written.
pub(super) fn answered(written: &Value) -> Value {
    let content = written.get("content").and_then(Value::as_str).unwrap_or_default();
    let inner = if written.get("contentType") == Some(&json!("text")) {
        content
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('\n', "<br>\r\n")
    } else {
        content.to_owned()
    };
    let page = format!("<html><head>\r\n</head>\r\n<body>\r\n{inner}\r\n</body>\r\n</html>\r\n");
    json!({"contentType": "html", "content": page})
}

/// What a description says, in normal form.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Text(String),
    Html(String),
}

fn said(text: &str, is_html: bool) -> Said {
    if !is_html {
        return Said::Text(tidy(text));
    }
    let from_text = text.contains(FROM_TEXT);
    let inner = fragment(text);
    match plain(inner, from_text) {
        Some(text) => Said::Text(tidy(&text)),
        None => Said::Html(inner.replace("\r\n", "\n").replace('\r', "\n")),
    }
}

/// Text without what a round trip through HTML does not keep: space around it, and which kind of
/// space it is.
fn tidy(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\u{a0}', " ");
    text.trim().to_owned()
}

/// What is inside of the page.
fn fragment(html: &str) -> &str {
    let mut html = html.trim();
    // A page inside of a page is taken off too; every round shortens the text.
    loop {
        let lower = html.to_ascii_lowercase();
        let Some(start) = opening(&lower, "<body") else { return html };
        let end = lower.rfind("</body").filter(|end| *end >= start).unwrap_or(html.len());
        html = html[start..end].trim();
    }
}

/// Where the tag that begins with `tag` ends.
fn opening(lower: &str, tag: &str) -> Option<usize> {
    let at = lower.find(tag)?;
    let rest = &lower[at + tag.len()..];
    let named = rest.starts_with(|next: char| next == '>' || next.is_ascii_whitespace());
    if named { rest.find('>').map(|end| at + tag.len() + end + 1) } else { None }
}

/// The text that HTML without any formatting stands for. With `strip` all tags are left out.
fn plain(html: &str, strip: bool) -> Option<String> {
    let mut text = String::new();
    let mut rest = html;
    while let Some(next) = rest.find(['<', '&', '\r', '\n']) {
        text.push_str(&rest[..next]);
        rest = &rest[next..];
        if rest.starts_with('<') {
            let end = rest.find('>')?;
            let name = rest[1..end].trim_end_matches('/').trim().to_ascii_lowercase();
            rest = &rest[end + 1..];
            if name == "br" {
                text.push('\n');
                let line = rest.trim_start_matches('\r');
                rest = line.strip_prefix('\n').unwrap_or(line);
            } else if !strip {
                return None;
            }
        } else if rest.starts_with('&') {
            let (character, length) = entity(rest)?;
            text.push(character);
            rest = &rest[length..];
        } else {
            // The end of a line in the source is a space.
            rest = rest.trim_start_matches(['\r', '\n']);
            text.push(' ');
        }
    }
    text.push_str(rest);
    Some(text)
}

/// The character of an entity at the start of a text, and its length there. A lone `&` is itself.
fn entity(text: &str) -> Option<(char, usize)> {
    let name = text[1..].split_once(';').map(|(name, _)| name);
    let name = name.filter(|name| {
        let digits = name.strip_prefix('#').unwrap_or(name);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    let Some(name) = name else { return Some(('&', 1)) };
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let hexadecimal = number.strip_prefix(['x', 'X']);
            let code = match hexadecimal {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((character, name.len() + 2))
}
