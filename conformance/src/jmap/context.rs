//! What the checks of a JMAP server share: the session, and calls of methods.

use std::sync::{Arc, Mutex};

use calamity_base::entropy::Stream;
use calamity_base::{BoxFuture, Env};
use serde_json::{Value, json};

use super::guard::Inside;
use crate::PREFIX;
use crate::check::{Stop, fail, not_applicable, skip};
use crate::client::{Ask, Client, Reply, lock};
use crate::run::Bench;
use crate::target::Target;

/// The capability of the core.
pub(crate) const CORE: &str = "urn:ietf:params:jmap:core";
/// The capability of calendars.
const CALENDARS: &str = "urn:ietf:params:jmap:calendars";
/// The capability of contacts.
const CONTACTS: &str = "urn:ietf:params:jmap:contacts";
/// Capabilities with a data type that has all the standard methods.
const TYPES: [(&str, &str); 3] =
    [(CALENDARS, "Calendar"), (CONTACTS, "AddressBook"), ("urn:ietf:params:jmap:mail", "Mailbox")];
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
    /// The place of each kind of container, to clean up in.
    inside: Arc<Inside>,
    names: Mutex<Stream>,
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
        let inside = Arc::new(Inside::default());
        let client = Client::new(env, target, inside.clone());
        let names = Mutex::new(env.entropy.stream("conformance", target.protocol.name()));
        let (mut at, mut session) = (None, Value::Null);
        let given = target.path.clone();
        for start in [given.as_str(), "/.well-known/jmap"] {
            let Some((found, reply)) = follow(&client, start).await else { continue };
            let read: Value = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
            if read.get("apiUrl").is_some() {
                (at, session) = (Some(found), read);
                break;
            }
        }
        Jmap { client, at, session, inside, names }
    }

    /// A text that nobody else has.
    pub(crate) fn fresh(&self) -> String {
        lock(&self.names).hex(16)
    }

    /// Where calendars are.
    pub(crate) fn calendars(&self) -> Result<Place, Stop> {
        self.place_of(CALENDARS, "Calendar")
    }

    /// Where contacts are.
    pub(crate) fn contacts(&self) -> Result<Place, Stop> {
        self.place_of(CONTACTS, "AddressBook")
    }

    /// The path of the API.
    fn api(&self) -> Result<String, Stop> {
        let url = self.session()?["apiUrl"].as_str().unwrap_or_default();
        match super::session::path(url, &self.client.target().origin) {
            Some(path) => Ok(path),
            None => skip(format!(
                "the API is at {}, another origin than the session's: no credentials are sent there",
                calamity_base::redact::url(url)
            )),
        }
    }

    fn place_of(&self, capability: &'static str, kind: &'static str) -> Result<Place, Stop> {
        let (session, api) = (self.session()?, self.api()?);
        match session["primaryAccounts"][capability].as_str() {
            Some(account) => Ok(Place { api, capability, kind, account: account.to_owned() }),
            None => not_applicable(format!("no primary account with {capability}")),
        }
    }

    /// One call by its whole name: name and arguments of the response.
    pub(crate) async fn invoke(
        &self,
        place: &Place,
        name: &str,
        mut arguments: Value,
    ) -> Result<(String, Value), Stop> {
        arguments["accountId"] = json!(place.account);
        let answer = self.request(place, json!([[name, arguments, "c0"]])).await?;
        let response = &answer["methodResponses"][0];
        match response[0].as_str() {
            Some(name) => Ok((name.to_owned(), response[1].clone())),
            None => fail("a response to the call", answer.to_string()),
        }
    }

    /// One call that has to be carried out.
    pub(crate) async fn done(
        &self,
        place: &Place,
        name: &str,
        arguments: Value,
    ) -> Result<Value, Stop> {
        let (answered, found) = self.invoke(place, name, arguments).await?;
        if answered == name {
            return Ok(found);
        }
        fail(format!("a response {name}"), format!("{answered} {found}"))
    }

    /// A new calendar or address book: its id.
    pub(crate) async fn container(&self, place: &Place) -> Result<String, Stop> {
        let object = json!({ "name": self.name() });
        let name = format!("{}/set", place.kind);
        let (_, found) = self.invoke(place, &name, json!({"create": {"n": object}})).await?;
        match found["created"]["n"]["id"].as_str() {
            Some(id) => Ok(id.to_owned()),
            None => skip("no collection could be made: set.created tells why"),
        }
    }

    /// The name of a new collection.
    pub(crate) fn name(&self) -> String {
        format!("{PREFIX}{}", self.fresh())
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
        let (session, api) = (self.session()?, self.api()?);
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
            300..400 => {
                path = super::session::path(reply.header("location")?, &client.target().origin)?;
            }
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
        Box::pin(async {
            let mut left = Vec::new();
            for (kind, id) in self.inside.take_containers() {
                let (place, remove) = match kind.as_str() {
                    "Calendar" => (self.calendars(), "onDestroyRemoveEvents"),
                    _ => (self.contacts(), "onDestroyRemoveContents"),
                };
                let Ok(place) = place else { continue };
                // Still what the run made, until it is gone.
                self.inside.claim(&kind, &id);
                let arguments = json!({ "destroy": [id], remove: true });
                let found = self.invoke(&place, &format!("{kind}/set"), arguments).await;
                let error = |found: &Value| found["notDestroyed"][&id]["type"].clone();
                match found {
                    Ok((_, found))
                        if found["destroyed"].as_array().is_some_and(|gone| !gone.is_empty()) => {}
                    Ok((_, found)) if error(&found) == "notFound" => {}
                    Ok((_, found)) => left.push(format!("{kind} {id}: {found}")),
                    Err(stop) => left.push(format!("{kind} {id}: {stop:?}")),
                }
            }
            self.inside.take_containers();
            left
        })
    }
}
