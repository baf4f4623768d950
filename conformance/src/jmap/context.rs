//! What the checks of a JMAP server share: the session, and calls of methods.

use std::sync::Arc;

use calamity_base::{BoxFuture, Env};
use serde_json::{Value, json};

use super::guard::ReadOnly;
use crate::check::{Stop, fail, skip};
use crate::client::{Ask, Client, Reply};
use crate::run::Bench;
use crate::target::Target;

/// The capability of the core.
pub(crate) const CORE: &str = "urn:ietf:params:jmap:core";
/// Capabilities with a data type that has all the standard methods.
const TYPES: [(&str, &str); 3] = [
    ("urn:ietf:params:jmap:calendars", "Calendar"),
    ("urn:ietf:params:jmap:contacts", "AddressBook"),
    ("urn:ietf:params:jmap:mail", "Mailbox"),
];
/// How many redirects are followed.
const REDIRECTS_MAX: usize = 4;

/// The context of a run.
#[derive(Debug)]
pub(crate) struct Jmap {
    pub(crate) client: Client,
    /// The path of the session.
    pub(crate) at: Option<String>,
    /// The session, or null.
    pub(crate) session: Value,
}

/// Something to call methods of.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) api: String,
    pub(crate) capability: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) account: String,
}

impl Jmap {
    pub(crate) async fn open(env: &Env, target: &Target) -> Jmap {
        let client = Client::new(env, target, Arc::new(ReadOnly));
        let given = target.path.clone();
        for start in [given.as_str(), "/.well-known/jmap"] {
            let Some((at, reply)) = follow(&client, start).await else { continue };
            let session = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
            if session.get("apiUrl").is_some() {
                return Jmap { client, at: Some(at), session };
            }
        }
        Jmap { client, at: None, session: Value::Null }
    }

    /// The session; without it there is nothing to check.
    pub(crate) fn session(&self) -> Result<&Value, Stop> {
        if self.session.is_null() {
            return skip("no session was found: session.found tells why");
        }
        Ok(&self.session)
    }

    /// The session, asked for again, so that the exchange is evidence.
    pub(crate) async fn again(&self) -> Result<(Reply, Value), Stop> {
        let Some(at) = &self.at else {
            return skip("no session was found: session.found tells why");
        };
        let reply = self.client.send(Ask::new("GET", at)).await?;
        reply.status("GET of the session", &[200])?;
        let session = serde_json::from_slice(&reply.body).unwrap_or_default();
        Ok((reply, session))
    }

    /// The path of the API, and a data type with an account that has it.
    pub(crate) fn place(&self) -> Result<Place, Stop> {
        let session = self.session()?;
        let api = super::session::path(session["apiUrl"].as_str().unwrap_or_default());
        for (capability, kind) in TYPES {
            if let Some(account) = session["primaryAccounts"][capability].as_str() {
                let account = account.to_owned();
                return Ok(Place { api, capability, kind, account });
            }
        }
        skip("no primary account with calendars, contacts or mail")
    }

    pub(crate) async fn post(&self, api: &str, body: impl Into<String>) -> Result<Reply, Stop> {
        let ask = Ask::new("POST", api).header("accept", "application/json");
        Ok(self.client.send(ask.body("application/json", body.into())).await?)
    }

    /// Makes calls and returns the answer.
    pub(crate) async fn request(&self, place: &Place, calls: Value) -> Result<Value, Stop> {
        let body = json!({"using": [CORE, place.capability], "methodCalls": calls});
        let reply = self.post(&place.api, body.to_string()).await?;
        reply.status("a request", &[200])?;
        match serde_json::from_slice::<Value>(&reply.body) {
            Ok(found) if found["methodResponses"].is_array() => Ok(found),
            Ok(_) => fail("methodResponses", reply.text()),
            Err(error) => fail("a body of JSON", error.to_string()),
        }
    }

    /// Makes one call of the data type and returns the name and the arguments of its response.
    pub(crate) async fn call(
        &self,
        place: &Place,
        method: &str,
        mut arguments: Value,
    ) -> Result<(String, Value), Stop> {
        if arguments.get("accountId").is_none() {
            arguments["accountId"] = json!(place.account);
        }
        let name = format!("{}/{method}", place.kind);
        let answer = self.request(place, json!([[name, arguments, "c0"]])).await?;
        let response = &answer["methodResponses"][0];
        match response[0].as_str() {
            Some(name) => Ok((name.to_owned(), response[1].clone())),
            None => fail("a response to the call", answer.to_string()),
        }
    }
}

/// Gets a resource, following redirects on the same host.
async fn follow(client: &Client, start: &str) -> Option<(String, Reply)> {
    let mut path = start.to_owned();
    for _ in 0..=REDIRECTS_MAX {
        let reply = client.send(Ask::new("GET", &path)).await.ok()?;
        match reply.status {
            300..400 => path = super::session::path(reply.header("location")?),
            _ => return Some((path, reply)),
        }
    }
    None
}

impl Bench for Jmap {
    fn client(&self) -> &Client {
        &self.client
    }

    fn tidy(&self) -> BoxFuture<'_, Vec<String>> {
        Box::pin(async { Vec::new() })
    }
}
