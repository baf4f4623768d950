//! What the core must be able to ask of a protocol: to read and write its JSON for the users of the
//! server and for the harness, and to serve requests.

use std::collections::BTreeSet;
use std::fmt::Debug;

use bytes::Bytes;
use calamity_base::http::Incoming;
use calamity_evidence::{Lineage, RequestId};
use http::{Request, Response};
use jiff::Timestamp;

use crate::account::{Account, Item, NewItem};
use crate::directory::{Directory, Realm, UserId};
use crate::facts::Facts;
use crate::faults::ErrorEffect;
use crate::jmap::Watch;
use crate::operation::Operation;
use crate::profiles::Profile;
use crate::scheduling::Draft;
use crate::turn::Turn;
use crate::users::{Edit, NoSuchItem};
use crate::wire::Login;
use crate::world::contacts::SourceContact;
use crate::world::{SourceEvent, Unwritable};

/// A whole HTTP answer.
pub(crate) type Reply = Response<Bytes>;

/// Everything about a server that does not change while it lives.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    /// The user's address, in lower case.
    pub(crate) owner: String,
    /// The seed of all ids.
    pub(crate) seed: u64,
    /// How this server behaves.
    pub(crate) profile: Profile,
}

/// What the write log and the outbox say about an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Brief {
    /// The title with the harness's token.
    pub(crate) title: String,
    /// Addresses of everybody invited but the owner of the account.
    pub(crate) attendees: BTreeSet<String>,
}

/// A protocol's JSON, read and written by the server itself.
pub(crate) trait Native: Debug + Send + Sync {
    /// The facts of a stored item, in the normal form of [`Facts`].
    fn facts(&self, item: &Item) -> Facts;

    /// The title and the people, cheaply.
    fn brief(&self, item: &Item, host: &Host) -> Brief;

    /// A seeded event as this protocol stores it: marked with its token, owned by the account.
    /// `Item::uid` is the protocol's affair (Graph assigns its own).
    fn write(
        &self,
        event: &SourceEvent,
        lineage: &Lineage,
        host: &Host,
        now: Timestamp,
    ) -> Result<NewItem, Unwritable>;

    /// A seeded contact as this protocol stores it, marked with its token. `None` where the server
    /// has no contacts.
    fn write_contact(
        &self,
        _contact: &SourceContact,
        _lineage: &Lineage,
        _host: &Host,
        _now: Timestamp,
    ) -> Option<Result<NewItem, Unwritable>> {
        None
    }

    /// A user's edit in the server's own interface. Titles come without token; the item keeps its
    /// token.
    fn edit(
        &self,
        item: &mut Item,
        edit: &Edit,
        host: &Host,
        now: Timestamp,
    ) -> Result<(), NoSuchItem>;

    /// Whom the server tells about a change, given that it tells anybody.
    fn schedule(
        &self,
        before: Option<&Item>,
        after: Option<&Item>,
        host: &Host,
        now: Timestamp,
    ) -> Vec<Draft>;

    /// What is stored as iCalendar would say it, for the messages about it; alarms may be left out.
    /// `None` where the protocol writes its messages itself, or what is stored is no event.
    fn source(&self, _item: &Item, _host: &Host) -> Option<SourceEvent> {
        None
    }

    /// Whether this protocol tells people when the request does not say.
    fn tells_by_default(&self) -> bool;

    /// The note that the user of an account gets when somebody else changed an item of theirs; none
    /// where the protocol knows no such notes.
    fn notification(
        &self,
        _before: Option<&Item>,
        _after: Option<&Item>,
        _by: &Host,
        _host: &Host,
        _now: Timestamp,
    ) -> Option<NewItem> {
        None
    }

    /// What a user has before anything happens.
    fn furniture(&self, _host: &Host) -> Vec<(Realm, NewItem)> {
        Vec::new()
    }

    /// What becomes of the object of another user of the server when a message is delivered to
    /// them; none where it changes nothing.
    fn receive(
        &self,
        _draft: &Draft,
        _stored: Option<&Item>,
        _host: &Host,
        _now: Timestamp,
    ) -> Option<NewItem> {
        None
    }

    /// What becomes of the copy that another user of the server has of an item, when a message about
    /// it goes to them; none where copies do not follow. The message goes into the outbox all the
    /// same.
    fn copy(&self, _letter: &Letter<'_>, _stored: Option<&Item>, _host: &Host) -> Option<NewItem> {
        None
    }
}

/// A message to another user of the server, with the item that it is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letter<'a> {
    /// The message.
    pub(crate) draft: &'a Draft,
    /// The sender's item as it is now, or as it was when it went.
    pub(crate) item: &'a Item,
    /// Whether the sender still has it.
    pub(crate) kept: bool,
    /// The sender.
    pub(crate) from: &'a Host,
    /// When it was sent.
    pub(crate) now: Timestamp,
}

/// A protocol as it is spoken over HTTP.
pub(crate) trait Dialect: Native {
    /// Parses a request as far as it can be without state. Never fails: what cannot be parsed is an
    /// exchange that answers so.
    fn open(&self, request: Incoming, host: &Host) -> Box<dyn Exchange>;

    /// Who a request is from; none when nobody is known by what it carries.
    fn authenticate(
        &self,
        login: &Login,
        directory: &Directory,
        _now: Timestamp,
    ) -> Option<UserId> {
        directory.authenticate(login)
    }
}

/// One request being answered. The order of calls: `settle`, `operations`, then either `unauthorized`, or
/// `refuse`, or `serve`; after `serve` possibly `damage`.
pub(crate) trait Exchange: Debug + Send {
    /// What it asks for.
    fn operations(&self) -> &[Operation];

    /// Which of the user's accounts it is about.
    fn realm(&self) -> Realm {
        Realm::Calendars
    }

    /// Its place among all requests of the server, and when it came; called before it is answered.
    fn came(&mut self, _id: RequestId, _now: Timestamp) {}

    /// Whose account it is about, given who signed in. Called first.
    fn subject(&mut self, _directory: &Directory, signed_in: UserId) -> UserId {
        signed_in
    }

    /// Requests of one lane are counted together against the limit of concurrent ones.
    fn lane(&self) -> String {
        String::new()
    }

    /// Counts the request against limits that the server keeps account of; the answer where it is
    /// one too many.
    fn admit(&mut self, _turn: &mut Turn<'_>) -> Option<Reply> {
        None
    }

    /// What the server itself asks of others before it carries the request out.
    fn asks(&mut self, _now: Timestamp) -> Vec<Request<Bytes>> {
        Vec::new()
    }

    /// What the others answered, in the order of [`Exchange::asks`]; none where nothing came.
    fn heard(&mut self, _answers: Vec<Option<Response<Bytes>>>) {}

    /// Called before anything else is done, with the account that it is about: what a request asks for can
    /// depend on what is stored.
    fn settle(&mut self, _account: &Account) {}

    /// Whether it is answered to anybody.
    fn is_public(&self) -> bool {
        false
    }

    /// The answer to a request without the credential.
    fn unauthorized(&self) -> Reply;

    /// What is streamed in place of the answer's body, once `serve` has answered.
    fn stream(&self) -> Option<Watch> {
        None
    }

    /// The answer to a request when so many of its lane are already being served that this one is too many.
    /// `None` when the protocol has no such limit.
    fn too_many(&self, _in_flight: usize, _host: &Host) -> Option<Reply> {
        None
    }

    /// A fault at site `request` (or one that replaces a whole answer): the answer in its place.
    /// `None` when the error belongs to one part of the envelope only; `serve` then puts it there.
    fn refuse(&mut self, error: &ErrorEffect, operation: usize) -> Option<Reply>;

    /// Answers. All access to state, faults and logs goes through the turn.
    fn serve(&mut self, turn: &mut Turn<'_>) -> Reply;

    /// A fault at site `response`: everything is committed, the answer says otherwise.
    fn damage(&self, reply: Reply, error: &ErrorEffect, operation: usize) -> Reply;
}
