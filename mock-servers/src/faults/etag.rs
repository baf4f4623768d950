//! The forms of entity tags that servers were seen to use, put into a finished answer: the `ETag`
//! header, `DAV:getetag` in a multistatus, `@odata.etag` in JSON.

use http::{HeaderValue, header};
use serde_json::Value;

use super::effect::EtagForm;
use crate::native::Reply;

/// Rewrites every entity tag of an answer.
pub(super) fn apply(form: EtagForm, reply: &mut Reply) {
    let own = reply.headers().get(header::ETAG).and_then(|value| value.to_str().ok());
    if let Some(tag) = own.map(str::to_owned) {
        reply.headers_mut().remove(header::ETAG);
        if let Some(value) = of(form, &tag).and_then(|tag| HeaderValue::from_str(&tag).ok()) {
            reply.headers_mut().insert(header::ETAG, value);
        }
    }
    if let Ok(mut body) = serde_json::from_slice::<Value>(reply.body()) {
        in_json(form, &mut body);
        *reply.body_mut() = body.to_string().into();
    } else if let Ok(text) = std::str::from_utf8(reply.body())
        && text.contains(OPEN)
    {
        let text = in_xml(form, text);
        *reply.body_mut() = text.into();
    }
}

const OPEN: &str = "<D:getetag>";
const CLOSE: &str = "</D:getetag>";
const MEMBER: &str = "@odata.etag";

fn of(form: EtagForm, tag: &str) -> Option<String> {
    let bare = tag.trim_start_matches("W/").trim_matches('"');
    match form {
        EtagForm::Missing => None,
        EtagForm::Weak => Some(format!("W/\"{bare}\"")),
        EtagForm::Unquoted => Some(bare.to_owned()),
        EtagForm::PercentEncoded => Some(format!("%22{bare}%22")),
    }
}

fn in_xml(form: EtagForm, text: &str) -> String {
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let Some((tag, behind)) = after.split_once(CLOSE) else { break };
        done.push_str(before);
        if let Some(tag) = of(form, &tag.replace("&quot;", "\"")) {
            done.push_str(OPEN);
            done.push_str(&tag);
            done.push_str(CLOSE);
        }
        rest = behind;
    }
    done.push_str(rest);
    done
}

/// The depth is bounded: the value was read by a reader with a bound, or made by this server.
fn in_json(form: EtagForm, value: &mut Value) {
    match value {
        Value::Object(members) => {
            let tag = members.get(MEMBER).and_then(Value::as_str).map(str::to_owned);
            if let Some(tag) = tag {
                match of(form, &tag) {
                    Some(tag) => members.insert(MEMBER.to_owned(), tag.into()),
                    None => members.remove(MEMBER),
                };
            }
            for inside in members.values_mut() {
                in_json(form, inside);
            }
        }
        Value::Array(elements) => {
            for inside in elements {
                in_json(form, inside);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use http::Response;
    use serde_json::json;

    use super::*;

    fn with(form: EtagForm, body: &str) -> (String, String) {
        let mut reply = Response::builder().header("etag", "\"abc\"").body(body.to_owned().into());
        let reply = reply.as_mut().unwrap();
        apply(form, reply);
        let tag = reply.headers().get("etag").map_or("", |value| value.to_str().unwrap());
        (tag.to_owned(), String::from_utf8(reply.body().to_vec()).unwrap())
    }

    #[test]
    fn tags_change_their_form_wherever_they_stand() {
        let xml = "<a><D:getetag>\"x\"</D:getetag><D:getetag>\"y\"</D:getetag><D:getetag>";
        let cases = [
            (EtagForm::Missing, "", "<a><D:getetag>"),
            (
                EtagForm::Weak,
                "W/\"abc\"",
                "<a><D:getetag>W/\"x\"</D:getetag><D:getetag>W/\"y\"</D:getetag><D:getetag>",
            ),
            (
                EtagForm::Unquoted,
                "abc",
                "<a><D:getetag>x</D:getetag><D:getetag>y</D:getetag><D:getetag>",
            ),
            (
                EtagForm::PercentEncoded,
                "%22abc%22",
                "<a><D:getetag>%22x%22</D:getetag><D:getetag>%22y%22</D:getetag><D:getetag>",
            ),
        ];
        for (form, tag, body) in cases {
            assert_eq!(with(form, xml), (tag.to_owned(), body.to_owned()));
        }
        let json = json!({ "value": [{ "@odata.etag": "W/\"k\"" }] }).to_string();
        let (_, body) = with(EtagForm::Unquoted, &json);
        assert_eq!(body, json!({ "value": [{ "@odata.etag": "k" }] }).to_string());
    }
}
