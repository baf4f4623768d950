//! Where a user enters the code that a device shows: a page for people, and an act for tests.

use bytes::Bytes;
use calamity_evidence::Actor;
use http::{HeaderValue, Response, StatusCode, header};

use super::device::Answer;
use super::form::Form;
use crate::native::Reply;
use crate::server::Server;
use crate::turn::Turn;
use crate::wire::Login;

const FORM: &str = "<form method=\"post\"><label>Code <input name=\"otc\"></label>\
    <label>User <input name=\"login\"></label>\
    <label>Password <input name=\"passwd\" type=\"password\"></label>\
    <button>Sign in</button><button name=\"decline\" value=\"1\">Decline</button></form>";

/// The page, and what came of sending its form.
pub(crate) fn approve_page(turn: &mut Turn<'_>, form: Option<&Form>) -> Reply {
    let Some(form) = form else { return page(StatusCode::OK, FORM) };
    let get = |name: &str| form.get(name).unwrap_or_default().to_owned();
    let answer = if form.get("decline").is_some() {
        Answer::Declined
    } else {
        let login = Login::Basic { name: get("login"), password: get("passwd") };
        match turn.directory().authenticate(&login) {
            Some(user) => Answer::SignedIn(turn.directory().host(user).owner.clone()),
            None => return page(StatusCode::FORBIDDEN, "Wrong user name or password."),
        }
    };
    let now = turn.now();
    if turn.graph().devices.answer(&get("otc"), &answer, now) {
        page(StatusCode::OK, "You can close this window.")
    } else {
        page(StatusCode::NOT_FOUND, "There is no such code.")
    }
}

fn page(status: StatusCode, body: &str) -> Reply {
    let html = format!("<!doctype html><title>Sign in</title><body>{body}</body>");
    let mut reply = Response::new(Bytes::from(html));
    *reply.status_mut() = status;
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    reply.headers_mut().insert(header::CONTENT_TYPE, kind);
    reply
}

impl Server {
    /// The user of that address enters the code which a device shows; says whether such a code
    /// waits. Does nothing on other servers than Graph's.
    pub fn enter_device_code(&self, user_code: &str, address: &str) -> bool {
        self.act(Actor::User(address.to_owned()), |turn, _| {
            let Some(user) = turn.directory().find(address) else { return false };
            let answer = Answer::SignedIn(turn.directory().host(user).owner.clone());
            let now = turn.now();
            turn.graph().devices.answer(user_code, &answer, now)
        })
    }
}
