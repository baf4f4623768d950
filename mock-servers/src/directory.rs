//! Who has an account on a server, by which credential they are known, and which of their accounts
//! something is about.

use calamity_base::redact::Secret;

use crate::native::Host;
use crate::wire::Login;

/// One more user of a server.
#[derive(Clone, Debug)]
pub struct UserConfig {
    /// The address, which is also the name to log in with.
    pub address: String,
    /// The bearer token and the password.
    pub credential: Secret,
}

/// A user of a server: the place in its directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct UserId(usize);

impl UserId {
    /// The user whose account the server mainly is.
    pub(crate) const OWNER: Self = Self(0);

    /// The place in the directory.
    pub(crate) fn place(self) -> usize {
        self.0
    }
}

/// What an account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Realm {
    /// Calendars with events.
    Calendars,
    /// Address books with contacts.
    Contacts,
    /// The messages that other users' servers and this one delivered (RFC 6638 section 2.2).
    Inbox,
    /// JMAP: what others did to the user's events.
    Notifications,
    /// JMAP: the addresses that stand for the user.
    Identities,
}

impl Realm {
    /// Whether the write log tells of it: what a user keeps, not what the server keeps for them.
    pub(crate) fn is_logged(self) -> bool {
        matches!(self, Self::Calendars | Self::Contacts)
    }
}

/// One account of one user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Focus {
    /// Whose.
    pub(crate) user: UserId,
    /// Of what.
    pub(crate) realm: Realm,
}

impl Focus {
    /// The calendars of a user.
    pub(crate) fn calendars(user: UserId) -> Self {
        Self { user, realm: Realm::Calendars }
    }
}

/// Everybody with an account; there is at least the owner.
#[derive(Debug)]
pub(crate) struct Directory {
    owner: Host,
    others: Vec<Host>,
    secrets: Vec<Secret>,
}

impl Directory {
    /// The directory of a server: its owner and the others, each with a credential.
    pub(crate) fn new(owner: Host, credential: Secret, others: &[UserConfig]) -> Self {
        let mut secrets = vec![credential];
        secrets.extend(others.iter().map(|user| user.credential.clone()));
        let host = |user: &UserConfig| Host {
            owner: crate::scheduling::address(&user.address),
            ..owner.clone()
        };
        let others = others.iter().map(host).collect();
        Self { owner, others, secrets }
    }

    /// The server as one user sees it.
    pub(crate) fn host(&self, user: UserId) -> &Host {
        user.0.checked_sub(1).and_then(|place| self.others.get(place)).unwrap_or(&self.owner)
    }

    /// Everybody.
    pub(crate) fn users(&self) -> impl Iterator<Item = (UserId, &Host)> {
        std::iter::once(&self.owner)
            .chain(&self.others)
            .enumerate()
            .map(|(at, it)| (UserId(at), it))
    }

    /// The user of an address.
    pub(crate) fn find(&self, address: &str) -> Option<UserId> {
        let address = crate::scheduling::address(address);
        self.users().find(|(_, host)| host.owner == address).map(|(user, _)| user)
    }

    /// Who a request is from; none when nobody is known by what it carries.
    pub(crate) fn authenticate(&self, login: &Login) -> Option<UserId> {
        let knows = |user: &UserId, secret: &str| {
            self.secrets.get(user.0).is_some_and(|known| known.expose() == secret)
        };
        match login {
            Login::Bearer(token) => {
                self.users().map(|(user, _)| user).find(|user| knows(user, token))
            }
            Login::Basic { name, password } => {
                let named = |host: &Host| {
                    host.owner.eq_ignore_ascii_case(name)
                        || host.owner.split('@').next().is_some_and(|local| local == name)
                };
                let mut users = self.users().filter(|(_, host)| named(host)).map(|(user, _)| user);
                users.find(|user| knows(user, password))
            }
        }
    }
}
