//! Damage to the token of a finished page: a loop, a token that skips, half a token.

use serde_json::{Value, json};

use super::asker::Asker;
use super::effect::TokenEffect;
use super::rows;
use crate::dav::xml::escaped;
use crate::server::Protocol;

const OPEN: &str = "<D:sync-token>";
const CLOSE: &str = "</D:sync-token>";
const LINKS: [&str; 2] = ["@odata.deltaLink", "@odata.nextLink"];

/// Damages a token in a body.
pub(super) fn apply(
    protocol: Protocol,
    effect: TokenEffect,
    nth: usize,
    body: &[u8],
    asker: Option<&Asker>,
) -> Option<Vec<u8>> {
    if effect == TokenEffect::Skip {
        // What the page does not tell of and the token covers is lost.
        return rows::apply(protocol, nth, body, &mut |rows| drop(rows.pop()));
    }
    if protocol == Protocol::Dav {
        let text = std::str::from_utf8(body).ok()?;
        return in_xml(effect, text, asker).map(String::into_bytes);
    }
    let mut answer: Value = serde_json::from_slice(body).ok()?;
    if protocol == Protocol::Jmap {
        in_call(effect, rows::jmap_call(&mut answer, nth)?);
    } else {
        in_links(effect, &mut answer, asker);
    }
    Some(answer.to_string().into_bytes())
}

fn half(token: &str) -> String {
    let chars = token.chars().count();
    token.chars().take(chars / 2).collect()
}

fn in_call(effect: TokenEffect, arguments: &mut Value) {
    let old = ["oldState", "oldQueryState"].iter().find_map(|name| arguments.get(*name)).cloned();
    for name in ["newState", "queryState", "newQueryState"] {
        let Some(token) = arguments.get_mut(name) else { continue };
        match (effect, &old) {
            (TokenEffect::Truncate, _) => {
                *token = token.as_str().map(half).unwrap_or_default().into();
            }
            (TokenEffect::Loop, Some(old)) => {
                *token = old.clone();
                if let Some(more) = arguments.get_mut("hasMoreChanges") {
                    *more = json!(true);
                }
            }
            _ => {}
        }
    }
}

fn in_links(effect: TokenEffect, answer: &mut Value, asker: Option<&Asker>) {
    let Some(answer) = answer.as_object_mut() else { return };
    let Some((name, link)) = LINKS.iter().find_map(|name| {
        answer.get(*name).and_then(Value::as_str).map(|link| (*name, link.to_owned()))
    }) else {
        return;
    };
    match effect {
        TokenEffect::Truncate => {
            let cut = link.rsplit_once('=').map(|(way, token)| format!("{way}={}", half(token)));
            answer.insert(name.to_owned(), json!(cut.unwrap_or(link)));
        }
        TokenEffect::Loop => {
            // The way to the server stands in its own link, the rest in the request.
            let way = link.split_once("/v1.0").map_or("", |(way, _)| way);
            let Some(target) = asker.and_then(|asker| asker.uri.path_and_query()) else { return };
            answer.remove(name);
            answer.insert("@odata.nextLink".to_owned(), json!(format!("{way}{target}")));
        }
        _ => {}
    }
}

fn in_xml(effect: TokenEffect, text: &str, asker: Option<&Asker>) -> Option<String> {
    let (before, after) = text.split_once(OPEN)?;
    let (token, behind) = after.split_once(CLOSE)?;
    Some(match effect {
        TokenEffect::Truncate => format!("{before}{OPEN}{}{CLOSE}{behind}", half(token)),
        TokenEffect::Loop => {
            let asker = asker?;
            let came = asker.xml()?.elements().find(|it| it.name.local() == "sync-token");
            let came = came.map(|element| element.trimmed()).filter(|came| !came.is_empty());
            let token = came.map_or_else(|| token.to_owned(), |came| escaped(&came));
            let href = escaped(asker.uri.path());
            // RFC 6578 section 3.6: more is to be had with the token.
            let more = format!(
                "<D:response><D:href>{href}</D:href><D:status>HTTP/1.1 507 Insufficient \
                 Storage</D:status><D:error><D:number-of-matches-within-limits/></D:error>\
                 </D:response>"
            );
            format!("{before}{more}{OPEN}{token}{CLOSE}{behind}")
        }
        _ => return None,
    })
}
