//! The session resource (RFC 8620 section 2).

use http::{HeaderMap, Method, Uri};
use serde_json::Value;

use crate::provider::Error;
use crate::provider::http::Call;

use super::Jmap;

pub(super) const CORE: &str = "urn:ietf:params:jmap:core";
pub(super) const CALENDARS: &str = "urn:ietf:params:jmap:calendars";
const WHAT: &str = "session";

/// What is needed of a session.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) api: Uri,
    pub(super) account: String,
    pub(super) objects_in_get_max: usize,
    pub(super) objects_in_set_max: usize,
    pub(super) request_bytes_max: usize,
}

impl Session {
    pub(super) async fn read(jmap: &Jmap) -> Result<Session, Error> {
        let call = Call {
            what: WHAT,
            method: Method::GET,
            uri: jmap.session_uri.clone(),
            headers: HeaderMap::new(),
            body: bytes::Bytes::new(),
            reads: true,
        };
        let reply = jmap.http.send(&call).await?;
        if reply.status != 200 {
            return Err(jmap.refused(&reply));
        }
        let body: Value = serde_json::from_slice(&reply.body)
            .map_err(|_| jmap.http.malformed(WHAT, "the answer is no JSON".to_owned()))?;
        let account = account(&body)
            .ok_or_else(|| jmap.http.malformed(WHAT, "no account has calendars".to_owned()))?;
        let api = body.get("apiUrl").and_then(Value::as_str);
        let api = api.ok_or_else(|| jmap.http.malformed(WHAT, "has no apiUrl".to_owned()))?;
        let limit = |name: &str| {
            let limit = body.pointer("/capabilities").and_then(|all| all.get(CORE)?.get(name));
            let limit = limit.and_then(Value::as_u64).unwrap_or(u64::MAX);
            usize::try_from(limit).unwrap_or(usize::MAX)
        };
        Ok(Session {
            api: jmap.http.link(WHAT, api)?,
            account,
            objects_in_get_max: limit("maxObjectsInGet"),
            objects_in_set_max: limit("maxObjectsInSet"),
            request_bytes_max: limit("maxSizeRequest"),
        })
    }
}

/// The primary account for calendars, else the first that has any.
fn account(session: &Value) -> Option<String> {
    let primary = session.get("primaryAccounts").and_then(|all| all.get(CALENDARS)?.as_str());
    if let Some(id) = primary {
        return Some(id.to_owned());
    }
    let accounts = session.get("accounts")?.as_object()?;
    let able = accounts.iter().find(|(_, account)| {
        account.get("accountCapabilities").is_some_and(|all| all.get(CALENDARS).is_some())
    });
    able.map(|(id, _)| id.clone())
}
