//! Sign-ins on another device (RFC 8628): codes that wait for a user to enter them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::refusal::Refusal;
use super::token::Grant;
use crate::account::derive;

/// How long a code waits, in seconds.
const WAITS_S: i64 = 900;
/// How long a client has to wait between two questions, in seconds.
const INTERVAL_S: i64 = 5;
/// How long it is told of a code that it has ended, in seconds.
const REMEMBERED_S: i64 = 900;
/// How many codes are kept.
const CODES_MAX: usize = 1_000;

/// The codes that were given out, by the code of the device.
#[derive(Clone, Debug, Default)]
pub(crate) struct Devices {
    waiting: BTreeMap<String, Waiting>,
    made: u64,
}

#[derive(Clone, Debug)]
struct Waiting {
    user_code: String,
    scope: String,
    ends: Timestamp,
    asked: Option<Timestamp>,
    answer: Answer,
    /// Its place among all that were given out.
    number: u64,
}

/// What the user said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Nothing yet.
    None,
    /// This user signed in.
    SignedIn(String),
    /// The user does not want to.
    Declined,
}

impl Devices {
    /// Gives out codes.
    pub(in crate::graph) fn begin(
        &mut self,
        seed: u64,
        scope: &str,
        origin: &str,
        now: Timestamp,
    ) -> Value {
        let since = after(now, -REMEMBERED_S);
        self.waiting.retain(|_, waiting| waiting.ends > since);
        if self.waiting.len() >= CODES_MAX {
            let oldest = self.waiting.iter().min_by_key(|(_, waiting)| waiting.number);
            if let Some(code) = oldest.map(|(code, _)| code.clone()) {
                self.waiting.remove(&code);
            }
        }
        self.made += 1;
        let device_code = derive(seed, "device-code", "", self.made);
        let user_code = derive(seed, "user-code", "", self.made)[..9].to_uppercase();
        let ends = after(now, WAITS_S);
        let url = format!("{origin}/devicelogin");
        let message = format!(
            "To sign in, use a web browser to open the page {url} and enter the code {user_code} to \
             authenticate."
        );
        let answer = json!({
            "user_code": user_code, "device_code": device_code, "verification_uri": url,
            "expires_in": WAITS_S, "interval": INTERVAL_S, "message": message,
        });
        let scope = scope.to_owned();
        let (answered, number) = (Answer::None, self.made);
        let waiting = Waiting { user_code, scope, ends, asked: None, answer: answered, number };
        self.waiting.insert(device_code, waiting);
        answer
    }

    /// What the user said to a device's code. A code is good for one sign-in.
    pub(in crate::graph) fn ask(
        &mut self,
        device_code: &str,
        now: Timestamp,
    ) -> Result<Grant, Refusal> {
        let waiting = self.waiting.get_mut(device_code).ok_or_else(Refusal::unknown_code)?;
        if waiting.ends <= now {
            return Err(Refusal::code_ended());
        }
        let since = waiting.asked.replace(now).map(|asked| now.duration_since(asked));
        match &waiting.answer {
            Answer::None if since.is_some_and(|since| since.as_secs() < INTERVAL_S - 1) => {
                Err(Refusal::too_fast())
            }
            Answer::None => Err(Refusal::pending()),
            Answer::Declined => Err(Refusal::declined()),
            Answer::SignedIn(user) => {
                let grant = Grant { user: Some(user.clone()), scope: waiting.scope.clone() };
                self.waiting.remove(device_code);
                Ok(grant)
            }
        }
    }

    /// Notes what a user says to the code that was shown; says whether it is one that waits.
    pub(crate) fn answer(&mut self, user_code: &str, answer: &Answer, now: Timestamp) -> bool {
        let code = user_code.trim();
        let found = self.waiting.values_mut().find(|waiting| {
            waiting.user_code.eq_ignore_ascii_case(code)
                && waiting.ends > now
                && waiting.answer == Answer::None
        });
        match found {
            Some(waiting) => {
                waiting.answer = answer.clone();
                true
            }
            None => false,
        }
    }
}

fn after(now: Timestamp, seconds: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(now)
}
