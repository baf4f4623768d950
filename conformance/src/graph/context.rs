//! What the checks of a Graph server share: the client, calendars to work in, and short ways to ask.

use std::sync::{Arc, Mutex};

use calamity_base::entropy::Stream;
use calamity_base::{BoxFuture, Env};
use serde_json::{Value, json};

use super::guard::Inside;
use crate::PREFIX;
use crate::check::{Stop, Verdict, expect, fail, same, skip};
use crate::client::{Ask, Client, Error, Reply, lock};
use crate::run::Bench;
use crate::target::Target;

/// The window that checks look through.
pub(crate) const MAY: &str = "startDateTime=2026-05-01T00:00:00Z&endDateTime=2026-06-01T00:00:00Z";

/// The context of a run.
#[derive(Debug)]
pub(crate) struct Graph {
    pub(crate) client: Client,
    base: String,
    names: Mutex<Stream>,
    made: Mutex<Vec<String>>,
}

/// An answer with its body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) reply: Reply,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn status(&self, what: &str, wanted: &[u16]) -> Verdict {
        self.reply.status(what, wanted)
    }

    /// The code of an error.
    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    /// Fails unless it is an error of this status, with one of these codes (compared without case).
    pub(crate) fn error(&self, what: &str, statuses: &[u16], codes: &[&str]) -> Verdict {
        self.status(what, statuses)?;
        let known = codes.iter().any(|code| code.eq_ignore_ascii_case(self.code()));
        let found = format!("code `{}`", self.code());
        expect(known, format!("{what}: code {}", codes.join(" or ")), found)
    }

    /// The rows of a collection.
    pub(crate) fn rows(&self) -> Result<&[Value], Stop> {
        self.status("a collection", &[200])?;
        match self.body["value"].as_array() {
            Some(rows) => Ok(rows),
            None => fail("a member `value` with rows", self.reply.text()),
        }
    }

    /// One member of every row, in order.
    pub(crate) fn column(&self, name: &str) -> Result<Vec<String>, Stop> {
        Ok(column(self.rows()?, name))
    }

    /// The id of what was made or read.
    pub(crate) fn id(&self) -> Result<String, Stop> {
        match self.body["id"].as_str() {
            Some(id) => Ok(id.to_owned()),
            None => fail("an id", self.reply.text()),
        }
    }

    pub(crate) fn etag(&self) -> Result<String, Stop> {
        match self.body["@odata.etag"].as_str() {
            Some(etag) => Ok(etag.to_owned()),
            None => fail("an @odata.etag", self.reply.text()),
        }
    }
}

/// One member of rows, in order.
pub(crate) fn column(rows: &[Value], name: &str) -> Vec<String> {
    rows.iter().map(|row| row[name].as_str().unwrap_or_default().to_owned()).collect()
}

impl Graph {
    pub(crate) fn open(env: &Env, target: &Target) -> Graph {
        let base = target.path.trim_end_matches('/').to_owned();
        let client = Client::new(env, target, Arc::new(Inside::new(&base)));
        let names = Mutex::new(env.entropy.stream("conformance", target.protocol.name()));
        Graph { client, base, names, made: Mutex::default() }
    }

    /// A text that nobody else has.
    pub(crate) fn fresh(&self) -> String {
        lock(&self.names).hex(16)
    }

    /// A request of a path below the base, or of a link that the server gave.
    pub(crate) fn ask(&self, method: &str, at: &str) -> Ask {
        let target = match at.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]).to_owned(),
            None => format!("{}{at}", self.base),
        };
        Ask::new(method, target)
    }

    pub(crate) async fn send(&self, ask: Ask) -> Result<Answer, Stop> {
        let reply = self.client.send(ask).await?;
        let body = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
        Ok(Answer { reply, body })
    }

    pub(crate) async fn get(&self, at: &str) -> Result<Answer, Stop> {
        self.send(self.ask("GET", at)).await
    }

    /// As `get`, with a `Prefer` header.
    pub(crate) async fn prefer(&self, at: &str, wish: &str) -> Result<Answer, Stop> {
        self.send(self.ask("GET", at).header("prefer", wish)).await
    }

    pub(crate) async fn post(&self, at: &str, body: &Value) -> Result<Answer, Stop> {
        self.send(self.ask("POST", at).body("application/json", body.to_string())).await
    }

    pub(crate) async fn patch(&self, at: &str, body: &Value) -> Result<Answer, Stop> {
        self.send(self.ask("PATCH", at).body("application/json", body.to_string())).await
    }

    pub(crate) async fn delete(&self, at: &str) -> Result<Answer, Stop> {
        self.send(self.ask("DELETE", at)).await
    }

    /// Asks for a new calendar.
    pub(crate) async fn make(&self, name: &str) -> Result<Answer, Stop> {
        let made = self.post("/me/calendars", &json!({ "name": name })).await?;
        if let (true, Some(id)) = (made.reply.is_success(), made.body["id"].as_str()) {
            lock(&self.made).push(format!("/me/calendars/{id}"));
        }
        Ok(made)
    }

    /// The name of a new collection.
    pub(crate) fn name(&self) -> String {
        format!("{PREFIX}{}", self.fresh())
    }

    /// A new calendar to work in: its path.
    pub(crate) async fn calendar(&self) -> Result<String, Stop> {
        let made = self.make(&self.name()).await?;
        match made.body["id"].as_str() {
            Some(id) if made.reply.is_success() => Ok(format!("/me/calendars/{id}")),
            _ => skip("no calendar could be made: calendar.created tells why"),
        }
    }

    /// Removes a path after the check.
    pub(crate) fn remove_later(&self, path: String) {
        lock(&self.made).push(path);
    }

    /// Makes an event and returns it. Without it there is nothing to check.
    pub(crate) async fn event(&self, calendar: &str, event: &Value) -> Result<Answer, Stop> {
        let made = self.post(&format!("{calendar}/events"), event).await?;
        match (made.reply.status, made.body["id"].as_str()) {
            (201, Some(_)) => Ok(made),
            (status, _) => {
                skip(format!("an event that is needed was refused ({status}): event.created"))
            }
        }
    }

    /// Makes an event and returns its path.
    pub(crate) async fn stored(&self, calendar: &str, event: &Value) -> Result<String, Stop> {
        Ok(format!("/me/events/{}", self.event(calendar, event).await?.id()?))
    }

    /// Reads something that has to be there.
    pub(crate) async fn read(&self, at: &str) -> Result<Value, Stop> {
        let answer = self.get(at).await?;
        answer.status("GET of what was made", &[200])?;
        Ok(answer.body)
    }

    /// All rows of a collection, page by page, and the last page.
    pub(crate) async fn pages(&self, first: &str, wish: &str) -> Result<Pages, Stop> {
        let (mut rows, mut sizes, mut at) = (Vec::new(), Vec::new(), first.to_owned());
        while sizes.len() < PAGES_MAX {
            let page = self.prefer(&at, wish).await?;
            sizes.push(page.rows()?.len());
            rows.extend_from_slice(page.rows()?);
            match page.body["@odata.nextLink"].as_str() {
                Some(next) => at = next.to_owned(),
                None => return Ok(Pages { rows, sizes, last: page.body }),
            }
        }
        fail(format!("a last page within {PAGES_MAX}"), "another @odata.nextLink")
    }
}

/// How many pages are read.
const PAGES_MAX: usize = 60;

/// What pages hold.
#[derive(Debug)]
pub(crate) struct Pages {
    pub(crate) rows: Vec<Value>,
    pub(crate) sizes: Vec<usize>,
    pub(crate) last: Value,
}

impl Bench for Graph {
    fn client(&self) -> &Client {
        &self.client
    }

    fn tidy(&self) -> BoxFuture<'_, Vec<String>> {
        Box::pin(async {
            let made = std::mem::take(&mut *lock(&self.made));
            let mut left = Vec::new();
            for path in made {
                let answer: Result<Reply, Error> =
                    self.client.send(self.ask("DELETE", &path)).await;
                match answer {
                    Ok(reply) if reply.is_success() || matches!(reply.status, 404 | 410) => {}
                    Ok(reply) => left.push(format!("{path}: {}", reply.status)),
                    Err(error) => left.push(format!("{path}: {error}")),
                }
            }
            left
        })
    }
}

/// An event of an hour in May 2026.
pub(crate) fn timed(subject: &str, day: u8, hour: u8) -> Value {
    json!({
        "subject": subject,
        "start": moment(&format!("2026-05-{day:02}T{hour:02}:00:00"), "UTC"),
        "end": moment(&format!("2026-05-{day:02}T{:02}:00:00", hour + 1), "UTC"),
    })
}

pub(crate) fn moment(local: &str, zone: &str) -> Value {
    json!({ "dateTime": local, "timeZone": zone })
}

/// The same with more members.
pub(crate) fn and(mut body: Value, more: Value) -> Value {
    if let (Value::Object(members), Value::Object(more)) = (&mut body, more) {
        members.extend(more);
    }
    body
}

/// Fails unless a time is this one; digits of seconds that are zero do not count.
pub(crate) fn time(what: &str, found: &Value, local: &str, zone: &str) -> Verdict {
    let text = found["dateTime"].as_str().unwrap_or_default();
    let text = text.split_once('.').map_or(text, |(whole, _)| whole);
    same(what, &(text, found["timeZone"].as_str().unwrap_or_default()), &(local, zone))
}
