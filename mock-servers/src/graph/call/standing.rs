//! Who asks, and for whose mailbox.
//!
//! A user who signed in reaches the mailbox of their own. An application with permissions of its own
//! has no mailbox, so there is no `/me` for it, and reaches everybody's.

use calamity_base::http::Incoming;

use super::Call;
use crate::directory::{Directory, UserId};
use crate::graph::failure::Failure;
use crate::graph::login;
use crate::graph::route::{Mailbox, Resource};
use crate::graph::users;
use crate::wire::{self, Login};

/// Who sent a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// A user, by the application of that id.
    User {
        /// Empty for a credential that was not given out by the token endpoint.
        app: String,
    },
    /// An application by itself.
    App {
        /// Its id.
        app: String,
    },
}

impl Caller {
    /// The caller of a request, by the token that it carries.
    pub(super) fn of(request: &Incoming, seed: u64) -> Self {
        let token = match wire::login(request) {
            Some(Login::Bearer(token)) => login::Token::read(seed, &token),
            _ => None,
        };
        match token {
            None => Self::User { app: String::new() },
            Some(token) => match token.user {
                Some(_) => Self::User { app: token.app },
                None => Self::App { app: token.app },
            },
        }
    }

    /// The application's id.
    pub(crate) fn app(&self) -> &str {
        match self {
            Self::User { app } | Self::App { app } => app,
        }
    }
}

impl Call {
    /// Finds out whose mailbox the request is about, and whether it may be.
    pub(crate) fn stand(&mut self, directory: &Directory, signed_in: UserId) -> UserId {
        self.standing = self.resolve(directory, signed_in);
        self.standing.clone().unwrap_or(signed_in)
    }

    /// Whose mailbox it is about, once that was found out.
    pub(crate) fn subject_user(&self) -> Option<UserId> {
        self.standing.as_ref().ok().copied()
    }

    fn resolve(&self, directory: &Directory, signed_in: UserId) -> Result<UserId, Failure> {
        match (&self.route.mailbox, &self.caller) {
            (Mailbox::Nobodys, _) | (Mailbox::Me, Caller::User { .. }) => Ok(signed_in),
            (Mailbox::Me, Caller::App { .. }) => Err(Failure::of("BadRequest")
                .saying("/me request is only valid with delegated authentication flow.")),
            (Mailbox::User(name), caller) => {
                let profile = self.resource == Resource::User;
                let user = users::find(directory, name);
                let user = user.ok_or_else(|| users::unknown(name, profile))?;
                let may = user == signed_in || matches!(caller, Caller::App { .. }) || profile;
                if may { Ok(user) } else { Err(Failure::of("ErrorAccessDenied")) }
            }
        }
    }
}
