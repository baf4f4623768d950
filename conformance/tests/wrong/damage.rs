//! A server that is right but for one thing: a handler in front of a mock that changes requests or
//! answers as a line of text says.
//!
//! ```text
//! id | METHOD[,METHOD...] [has "text"]... [nth N] | effect [| effect]...
//! ```
//! `has` looks at request line, headers and body; `nth` lets all matches pass but the N-th. Effects on
//! the request: `ask-drop NAME`, `ask-set NAME VALUE`, `ask-method NAME`, `ask-path "a" -> "b"`,
//! `ask-body "a" -> "b"`. On the answer: `answer STATUS` (in place of asking), `replay` (the first
//! match is asked again in its place), `status STATUS`,
//! `drop NAME`, `set NAME VALUE`, `body "a" -> "b"`, `body = "text"`.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use calamity_base::BoxFuture;
use calamity_base::http::{Answer, Handler, Incoming};
use calamity_mock_servers::Server;
use http::{HeaderName, HeaderValue, Method, Response, StatusCode};

/// What is changed, and where.
#[derive(Clone, Debug)]
pub(crate) struct Damage {
    methods: Vec<String>,
    has: Vec<String>,
    nth: Option<u64>,
    effects: Vec<Effect>,
}

#[derive(Clone, Debug)]
enum Effect {
    AskDrop(HeaderName),
    AskSet(HeaderName, HeaderValue),
    AskMethod(Method),
    AskPath(String, String),
    AskBody(String, String),
    Answer(StatusCode),
    Replay,
    Status(StatusCode),
    Drop(HeaderName),
    Set(HeaderName, HeaderValue),
    Body(String, String),
    Whole(String),
}

/// A line as the id of a check and the damage.
pub(crate) fn parse(line: &str) -> Result<(String, Damage), String> {
    let mut fields = line.split(" | ").map(str::trim);
    let id = fields.next().unwrap_or_default().to_owned();
    let selector = fields.next().ok_or("no selector")?;
    let (methods, mut rest) = selector.split_once(' ').unwrap_or((selector, ""));
    let methods = methods.split(',').map(str::to_owned).collect();
    let (mut has, mut nth) = (Vec::new(), None);
    while !rest.is_empty() {
        if let Some(text) = rest.strip_prefix("has ") {
            let (wanted, after) = quoted(text)?;
            has.push(wanted);
            rest = after.trim_start();
        } else if let Some(text) = rest.strip_prefix("nth ") {
            let (number, after) = text.split_once(' ').unwrap_or((text, ""));
            nth = Some(number.parse().map_err(|_| format!("`{number}` is no number"))?);
            rest = after.trim_start();
        } else {
            return Err(format!("`{rest}` selects nothing"));
        }
    }
    let effects = fields.map(effect).collect::<Result<Vec<_>, _>>()?;
    if effects.is_empty() {
        return Err("no effect".to_owned());
    }
    Ok((id, Damage { methods, has, nth, effects }))
}

fn effect(text: &str) -> Result<Effect, String> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let name = |text: &str| text.parse::<HeaderName>().map_err(|error| error.to_string());
    let status = || rest.parse::<StatusCode>().map_err(|error| error.to_string());
    let header = || {
        let (key, value) = rest.split_once(' ').unwrap_or((rest, ""));
        let value = HeaderValue::from_str(value).map_err(|error| error.to_string())?;
        Ok::<_, String>((name(key)?, value))
    };
    Ok(match word {
        "ask-drop" => Effect::AskDrop(name(rest)?),
        "ask-set" => header().map(|(key, value)| Effect::AskSet(key, value))?,
        "ask-method" => Effect::AskMethod(rest.parse().map_err(|_| "no method".to_owned())?),
        "ask-path" => pair(rest).map(|(from, to)| Effect::AskPath(from, to))?,
        "ask-body" => pair(rest).map(|(from, to)| Effect::AskBody(from, to))?,
        "answer" => Effect::Answer(status()?),
        "replay" => Effect::Replay,
        "status" => Effect::Status(status()?),
        "drop" => Effect::Drop(name(rest)?),
        "set" => header().map(|(key, value)| Effect::Set(key, value))?,
        "body" => match rest.strip_prefix("= ") {
            Some(whole) => Effect::Whole(quoted(whole)?.0),
            None => pair(rest).map(|(from, to)| Effect::Body(from, to))?,
        },
        _ => return Err(format!("`{text}` is no effect")),
    })
}

/// `"a" -> "b"`.
fn pair(text: &str) -> Result<(String, String), String> {
    let (from, rest) = quoted(text)?;
    let rest = rest.trim_start().strip_prefix("->").ok_or("no `->`")?;
    let (to, _) = quoted(rest.trim_start())?;
    Ok((from, to))
}

/// A text in quotes, and what follows it. `\n`, `\r`, `\"` and `\\` are what they look like; `\p` is
/// the bar that parts fields.
fn quoted(text: &str) -> Result<(String, &str), String> {
    let inner = text.strip_prefix('"').ok_or_else(|| format!("no quotes around `{text}`"))?;
    let (mut found, mut escaped) = (String::new(), false);
    for (at, sign) in inner.char_indices() {
        match (escaped, sign) {
            (false, '"') => return Ok((found, &inner[at + 1..])),
            (false, '\\') => escaped = true,
            (false, sign) => found.push(sign),
            (true, sign) => {
                found.push(match sign {
                    'n' => '\n',
                    'r' => '\r',
                    'p' => '|',
                    other => other,
                });
                escaped = false;
            }
        }
    }
    Err(format!("no end of `{text}`"))
}

/// The mock with the damage in front of it.
pub(crate) struct Damaging {
    server: Server,
    damage: Damage,
    seen: AtomicU64,
    first: Mutex<Option<Incoming>>,
}

impl Damaging {
    pub(crate) fn new(server: Server, damage: Damage) -> Damaging {
        Damaging { server, damage, seen: AtomicU64::new(0), first: Mutex::default() }
    }

    fn hits(&self, request: &Incoming) -> bool {
        let method = request.method.as_str();
        if !self.damage.methods.iter().any(|wanted| wanted == "*" || wanted == method) {
            return false;
        }
        let mut text = format!("{method} {}\n", request.uri);
        for (name, value) in &request.headers {
            text.push_str(&format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())));
        }
        text.push_str(&String::from_utf8_lossy(&request.body));
        if !self.damage.has.iter().all(|wanted| text.contains(wanted.as_str())) {
            return false;
        }
        let nth = 1 + self.seen.fetch_add(1, Ordering::SeqCst);
        if nth == 1 {
            *self.first.lock().expect("no panic while it was held") = Some(request.clone());
        }
        self.damage.nth.is_none_or(|wanted| wanted == nth)
    }

    fn ask(&self, mut request: Incoming) -> Incoming {
        for effect in &self.damage.effects {
            match effect {
                Effect::AskDrop(name) => drop(request.headers.remove(name)),
                Effect::AskSet(name, value) => {
                    request.headers.insert(name.clone(), value.clone());
                }
                Effect::AskMethod(method) => request.method = method.clone(),
                Effect::AskPath(from, to) => {
                    let uri = request.uri.to_string().replace(from, to);
                    request.uri = uri.parse().expect("a target after the damage");
                }
                Effect::AskBody(from, to) => {
                    request.body = replaced(&request.body, from, to);
                    request.headers.remove("content-length");
                }
                Effect::Replay => {
                    let first = self.first.lock().expect("no panic while it was held");
                    request = first.clone().expect("the first match");
                }
                _ => {}
            }
        }
        request
    }

    fn answer(&self, mut response: Response<Bytes>) -> Response<Bytes> {
        for effect in &self.damage.effects {
            match effect {
                Effect::Status(status) => *response.status_mut() = *status,
                Effect::Drop(name) => drop(response.headers_mut().remove(name)),
                Effect::Set(name, value) => {
                    response.headers_mut().insert(name.clone(), value.clone());
                }
                Effect::Body(from, to) => {
                    let body = replaced(response.body(), from, to);
                    *response.body_mut() = body;
                    response.headers_mut().remove("content-length");
                }
                Effect::Whole(text) => {
                    *response.body_mut() = Bytes::from(text.clone());
                    response.headers_mut().remove("content-length");
                }
                _ => {}
            }
        }
        response
    }

    async fn damaged(&self, request: Incoming) -> Answer {
        if !self.hits(&request) {
            return self.server.handle(request).await;
        }
        let refusal = self.damage.effects.iter().find_map(|effect| match effect {
            Effect::Answer(status) => Some(*status),
            _ => None,
        });
        let answer = match refusal {
            Some(status) => {
                let response = Response::builder().status(status).body(Bytes::new());
                Answer::Full(response.expect("a response"))
            }
            None => self.server.handle(self.ask(request)).await,
        };
        match answer {
            Answer::Full(response) => Answer::Full(self.answer(response)),
            other => other,
        }
    }
}

impl Handler for Damaging {
    fn handle(&self, request: Incoming) -> BoxFuture<'_, Answer> {
        Box::pin(self.damaged(request))
    }
}

/// Text is replaced in bytes, which need not be text.
fn replaced(bytes: &Bytes, from: &str, to: &str) -> Bytes {
    let (from, mut rest, mut found) = (from.as_bytes(), &bytes[..], Vec::new());
    while let Some(at) = rest.windows(from.len().max(1)).position(|window| window == from) {
        found.extend_from_slice(&rest[..at]);
        found.extend_from_slice(to.as_bytes());
        rest = &rest[at + from.len()..];
    }
    found.extend_from_slice(rest);
    Bytes::from(found)
}
