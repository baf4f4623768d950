//! What no type can say about a configuration: names that must differ, profiles that must exist,
//! bounds.
//!
//! Every mistake is collected, with its path in the document and the way out.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::{Config, Control, Server, User, VERSION};
use crate::profiles::Profile;

/// The most servers of a process.
const SERVERS_MAX: usize = 32;
/// The most users of a server.
const USERS_MAX: usize = 100;
/// The most calendars, or address books, of a user.
const COLLECTIONS_MAX: usize = 100;
/// The most events and contacts that are made up for a server.
const ITEMS_MAX: u64 = 1_000_000;

/// One step of a path into a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into the value of a key.
    Key(&'static str),
    /// To an element of a list, counted from 0.
    At(usize),
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where.
    pub path: Vec<Step>,
    /// What is wrong.
    pub message: String,
    /// The way out.
    pub help: String,
}

struct Found(Vec<Mistake>);

impl Found {
    fn add(&mut self, path: &[Step], message: impl Into<String>, help: impl Into<String>) {
        self.0.push(Mistake { path: path.to_vec(), message: message.into(), help: help.into() });
    }
}

impl Config {
    /// Everything that is wrong with its sense, in the order of the document.
    #[must_use]
    pub fn check(&self) -> Vec<Mistake> {
        let mut found = Found(Vec::new());
        if self.mock != VERSION {
            let message = format!("version {} of the configuration is not known here", self.mock);
            found.add(&[Step::Key("mock")], message, format!("write `mock: {VERSION}`"));
        }
        let servers = Step::Key("servers");
        if self.servers.is_empty() {
            found.add(&[servers], "there is no server", "name at least one; --example shows how");
        }
        if self.servers.len() > SERVERS_MAX {
            let message = format!("{} servers are too many", self.servers.len());
            found.add(&[servers], message, format!("at most {SERVERS_MAX}; start more processes"));
        }
        let mut names = BTreeMap::new();
        let mut places = BTreeMap::new();
        if self.log_entries == 0 {
            let help = "write how many entries are kept, or leave it out";
            found.add(&[Step::Key("log-entries")], "a log without entries is none", help);
        }
        check_control(&self.control, &mut found);
        let control = &self.control.listen.0;
        if control.port != 0 {
            places.insert(control.to_string(), "the control API".to_owned());
        }
        for (number, server) in self.servers.iter().enumerate() {
            let at = [servers, Step::At(number)];
            check_name(&at, server, &mut names, &mut found);
            let listen = &server.listen.0;
            let taken = places.get(&listen.to_string()).filter(|_| listen.port != 0);
            if let Some(other) = taken {
                let message = format!("{other} listens on {listen} too");
                let help = "each has a port of its own; port 0 is any free one";
                found.add(&below(&at, &[Step::Key("listen")]), message, help);
            }
            places.insert(listen.to_string(), format!("server `{}`", server.name));
            if let Err(unknown) = Profile::find(server.protocol, &server.profile) {
                let message = format!("unknown profile `{}`", server.profile);
                let help = format!("known for {}: {}", server.protocol, unknown.known);
                found.add(&below(&at, &[Step::Key("profile")]), message, help);
            }
            check_users(&at, server, &mut found);
        }
        found.0
    }
}

fn check_control(control: &Control, found: &mut Found) {
    let host = &control.listen.0.host;
    match &control.token {
        None if !is_loopback(host) => found.add(
            &[Step::Key("control"), Step::Key("listen")],
            format!("others than this machine reach {host}"),
            "write `token: SECRET` beside it, or listen on 127.0.0.1",
        ),
        Some(token) if !is_token(token.expose()) => found.add(
            &[Step::Key("control"), Step::Key("token")],
            "this cannot be a token",
            "it is sent in a header: at least 8 letters, digits and signs without spaces",
        ),
        _ => {}
    }
}

/// Whether only this machine reaches what listens there.
fn is_loopback(host: &str) -> bool {
    let address = host.parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn is_token(token: &str) -> bool {
    token.len() >= 8 && token.chars().all(|sign| sign.is_ascii_graphic())
}

fn check_name<'c>(
    at: &[Step],
    server: &'c Server,
    names: &mut BTreeMap<&'c str, ()>,
    found: &mut Found,
) {
    let name = server.name.as_str();
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let path = below(at, &[Step::Key("name")]);
    if name.is_empty() || !name.bytes().all(plain) {
        let help = "it is part of URLs: lower-case letters, digits and `-`";
        found.add(&path, format!("`{name}` cannot be the name of a server"), help);
    } else if names.insert(name, ()).is_some() {
        let help = "each server has a name of its own";
        found.add(&path, format!("a second server is called `{name}`"), help);
    }
}

fn check_users(at: &[Step], server: &Server, found: &mut Found) {
    let at = below(at, &[Step::Key("users")]);
    if server.users.is_empty() {
        found.add(
            &at,
            "the server has no user",
            "name at least one: {address: ..., password: ...}",
        );
    }
    if server.users.len() > USERS_MAX {
        let message = format!("{} users are too many", server.users.len());
        found.add(&at, message, format!("at most {USERS_MAX}"));
    }
    let mut addresses = BTreeMap::new();
    let mut passwords = BTreeMap::new();
    let mut items = 0;
    for (number, user) in server.users.iter().enumerate() {
        let at = below(&at, &[Step::At(number)]);
        check_address(&at, user, &mut addresses, found);
        let path = below(&at, &[Step::Key("password")]);
        let password = user.password.expose();
        if password.is_empty() || password.chars().any(char::is_control) {
            found.add(&path, "this cannot be a password", "it is sent in a header: plain text");
        } else if let Some(other) = passwords.insert(password, user.address.as_str()) {
            let message = format!("{} has the same password as {other}", user.address);
            found.add(&path, message, "it is the bearer token too, so each user has another one");
        }
        check_collections(&at, user, found);
        items += user.calendars.iter().map(|one| u64::from(one.events)).sum::<u64>();
        items += user.address_books.iter().map(|one| u64::from(one.contacts)).sum::<u64>();
    }
    if items > ITEMS_MAX {
        let message = format!("{items} events and contacts are too many for one server");
        found.add(&at, message, format!("at most {ITEMS_MAX}"));
    }
}

fn check_address<'c>(
    at: &[Step],
    user: &'c User,
    addresses: &mut BTreeMap<String, &'c str>,
    found: &mut Found,
) {
    let path = below(at, &[Step::Key("address")]);
    let address = user.address.as_str();
    let plain = |sign: char| sign.is_ascii_graphic() && !"/:<>\"\\".contains(sign);
    let is_address = address
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    if !is_address || !address.chars().all(plain) {
        let help = "it is a mail address: alice@example.com";
        found.add(&path, format!("`{address}` cannot be a user"), help);
    } else if addresses.insert(address.to_lowercase(), address).is_some() {
        let help = "each user of a server has an address of its own";
        found.add(&path, format!("a second user is called `{address}`"), help);
    }
}

fn check_collections(at: &[Step], user: &User, found: &mut Found) {
    let calendars = user.calendars.iter().map(|one| one.name.as_str());
    let books = user.address_books.iter().map(|one| one.name.as_str());
    check_names(at, "calendars", calendars, found);
    check_names(at, "address-books", books, found);
    for (number, calendar) in user.calendars.iter().enumerate() {
        if calendar.attendees.is_some() && calendar.events == 0 {
            let steps = [Step::Key("calendars"), Step::At(number), Step::Key("attendees")];
            let help = "write `events: 10` beside it, or leave it out";
            found.add(&below(at, &steps), "there are no events that could have guests", help);
        }
    }
}

fn check_names<'c>(
    at: &[Step],
    key: &'static str,
    names: impl ExactSizeIterator<Item = &'c str>,
    found: &mut Found,
) {
    let path = below(at, &[Step::Key(key)]);
    if names.len() > COLLECTIONS_MAX {
        let message = format!("{} {key} are too many for one user", names.len());
        found.add(&path, message, format!("at most {COLLECTIONS_MAX}"));
    }
    let mut known = BTreeMap::new();
    for (number, name) in names.enumerate() {
        let path = below(&path, &[Step::At(number), Step::Key("name")]);
        if name.trim().is_empty() {
            found.add(&path, "a name is missing", "write what the user calls it");
        } else if known.insert(name, ()).is_some() {
            let help = "each has a name of its own";
            found.add(&path, format!("a second one of the {key} is called `{name}`"), help);
        }
    }
}

fn below(at: &[Step], more: &[Step]) -> Vec<Step> {
    at.iter().chain(more).copied().collect()
}
