//! Descriptions on their way through a page.

use serde_json::{Value, json};

use super::event;
use crate::content::Event;
use crate::provider::graph::convert::{body, project};

/// Checks what a body of Graph says: the description and its type.
#[track_caller]
fn check(content: &str, expected: (&str, Value)) {
    let mut members = serde_json::Map::new();
    body::read(Some(&json!({"contentType": "html", "content": content})), &mut members);
    assert_eq!(members["description"], expected.0);
    let kind = members.get("descriptionContentType").cloned().unwrap_or(Value::Null);
    assert_eq!(kind, expected.1);
}

fn html(text: &str) -> Event {
    event(json!({"description": text, "descriptionContentType": "text/html"}))
}

#[test]
fn a_page_that_says_no_more_than_text_is_text() {
    check("", ("", Value::Null));
    check("<html><head></head><body>\r\n</body></html>", ("", Value::Null));
    check(
        "<html><body>a &lt;b&gt;<br>\r\n&amp; c&nbsp;d</body></html>",
        ("a <b>\n& c d", Value::Null),
    );
    check("<HTML><BODY lang=\"de\">one<BR/>two</BODY></HTML>", ("one\ntwo", Value::Null));
    check("&#228;&#xDF; & co &amp;amp;", ("äß & co &amp;", Value::Null));
    check("one\r\nline", ("one line", Value::Null));
}

#[test]
fn text_that_exchange_wrapped_is_text() {
    check(
        "<html>\r\n<head>\r\n<!-- converted from text -->\r\n</head>\r\n<body>\r\n<font size=\"2\">\
         <span style=\"x\"><div class=\"PlainText\">a<br>\r\nb</div></span></font>\r\n\
         </body>\r\n</html>\r\n",
        ("a\nb", Value::Null),
    );
}

#[test]
fn html_is_the_inside_of_its_page() {
    let kind = json!("text/html");
    check(
        "<html><head><style>p{}</style></head><body dir=\"ltr\">\r\n\
         <p>Hi<br>\r\nyou</p>\r\n</body></html>",
        ("<p>Hi<br>\nyou</p>", kind.clone()),
    );
    check("<div>&eacute;</div>", ("<div>&eacute;</div>", kind.clone()));
    // An entity that is unknown here is no text.
    check("caf&eacute;", ("caf&eacute;", kind.clone()));
    check("<bodyguard>x</bodyguard>", ("<bodyguard>x</bodyguard>", kind.clone()));
    check("<p", ("<p", kind));
}

#[test]
fn descriptions_survive_the_round_trip() {
    let plain = |text: &str| event(json!({"description": text}));
    for text in ["a\n\nb", "<b>&amp;</b> & &lt; \"'", "  x", "1 < 2", "äöü 🎉"] {
        let expected = plain(text.trim());
        assert_eq!(project(&plain(text)), Ok(expected), "{text}");
    }
    assert_eq!(project(&html("<p>Hi</p>")), Ok(html("<p>Hi</p>")));
    assert_eq!(project(&html("<html><body><p>Hi</p></body></html>")), Ok(html("<p>Hi</p>")));
    assert_eq!(project(&html("Hi<br>you &amp; me")), Ok(plain("Hi\nyou & me")));
    assert_eq!(project(&plain(" \n ")), Ok(plain("")));
}
