//! The protocol as the core knows it.

use std::collections::BTreeSet;

use calamity_base::http::Incoming;
use calamity_evidence::Lineage;
use jiff::Timestamp;
use serde_json::Value;

use super::{copy, edit, facts, schedule, source, write};
use crate::account::{Item, NewItem};
use crate::directory::{Directory, UserId};
use crate::facts::Facts;
use crate::graph::batch::{Batch, is_batch};
use crate::graph::call::Call;
use crate::graph::login::{LoginCall, Token};
use crate::graph::stored::{address_of, attendees};
use crate::native::{Brief, Dialect, Exchange, Host, Letter, Native};
use crate::scheduling::Draft;
use crate::users::{Edit, NoSuchItem};
use crate::wire::Login;
use crate::world::contacts::SourceContact;
use crate::world::{SourceEvent, Unwritable};

/// Microsoft Graph.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Graph;

impl Native for Graph {
    fn facts(&self, item: &Item) -> Facts {
        facts::of(item)
    }

    fn brief(&self, item: &Item, host: &Host) -> Brief {
        let text = |name: &str| item.body.get(name).and_then(Value::as_str);
        let title = text("subject").or_else(|| text("displayName")).unwrap_or_default();
        let own = item.exceptions.values().flat_map(attendees);
        let invited: BTreeSet<String> = attendees(&item.body)
            .chain(own)
            .filter_map(address_of)
            .filter(|address| *address != host.owner)
            .collect();
        Brief { title: title.to_owned(), attendees: invited }
    }

    fn write(
        &self,
        event: &SourceEvent,
        lineage: &Lineage,
        host: &Host,
        _now: Timestamp,
    ) -> Result<NewItem, Unwritable> {
        write::write(event, lineage, host)
    }

    fn write_contact(
        &self,
        contact: &SourceContact,
        lineage: &Lineage,
        host: &Host,
        _now: Timestamp,
    ) -> Option<Result<NewItem, Unwritable>> {
        Some(write::contact(contact, lineage, host))
    }

    fn edit(
        &self,
        item: &mut Item,
        edit: &Edit,
        _host: &Host,
        _now: Timestamp,
    ) -> Result<(), NoSuchItem> {
        edit::edit(item, edit)
    }

    fn schedule(
        &self,
        before: Option<&Item>,
        after: Option<&Item>,
        host: &Host,
        _now: Timestamp,
    ) -> Vec<Draft> {
        schedule::drafts(before, after, host)
    }

    fn source(&self, item: &Item, _host: &Host) -> Option<SourceEvent> {
        source::source(item)
    }

    fn tells_by_default(&self) -> bool {
        true
    }

    fn copy(&self, letter: &Letter<'_>, stored: Option<&Item>, host: &Host) -> Option<NewItem> {
        copy::copy(letter, stored, host)
    }
}

impl Dialect for Graph {
    fn open(&self, request: Incoming, host: &Host) -> Box<dyn Exchange> {
        if let Some(login) = LoginCall::open(&request, host) {
            return Box::new(login);
        }
        if is_batch(request.uri.path()) {
            return Box::new(Batch::open(&request, host));
        }
        Box::new(Call::open(&request, host))
    }

    fn authenticate(&self, login: &Login, directory: &Directory, now: Timestamp) -> Option<UserId> {
        let by_token = || match login {
            Login::Bearer(token) => {
                let seed = directory.host(UserId::OWNER).seed;
                Token::read(seed, token)?.user(directory, now)
            }
            Login::Basic { .. } => None,
        };
        directory.authenticate(login).or_else(by_token)
    }
}
