//! Answers of the API, kept beside the account that they tell of.
//!
//! The rule kept here: an answer is kept where it follows from that account and from the octets of
//! its request alone. That is one call which reads objects of the user's own account, as long as no
//! fault may change what is read.

use bytes::Bytes;

use super::dispatch::account_id;
use super::methods;
use super::request::Api;
use crate::account::Pages;
use crate::directory::Focus;
use crate::faults::Site;
use crate::turn::Turn;

/// Where the answer to a request is kept; none where it is not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place(Focus);

impl Place {
    /// The place of a request's answer.
    pub(super) fn of(turn: &Turn<'_>, api: &Api) -> Option<Self> {
        let [call] = api.calls.as_slice() else { return None };
        let method = methods::find(&call.name).filter(|method| method.is_kept)?;
        let user = turn.home();
        let own = account_id(turn.directory().host(user));
        let asked = call.arguments.get("accountId")?.as_str()?;
        let faulted = turn.is_asked(Site::Item) || turn.is_asked(Site::Feed);
        (asked == own && !faulted).then_some(Self(Focus { user, realm: method.realm? }))
    }

    fn pages<'a>(self, turn: &'a Turn<'_>) -> &'a Pages {
        turn.account_of(self.0).pages()
    }

    /// The answer, where it is there and still holds.
    pub(super) fn find(self, turn: &Turn<'_>, api: &Api) -> Option<Bytes> {
        self.pages(turn).get(api.form)
    }

    /// Keeps the answer.
    pub(super) fn keep(self, turn: &Turn<'_>, api: &Api, answer: &Bytes) {
        self.pages(turn).keep(api.form, answer);
    }
}
