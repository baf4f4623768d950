//! The token endpoint, as far as stock client libraries log in with it: discovery, client
//! credentials, device code, user name and password, refresh.
//!
//! Any application may sign in, in any tenant: ids are taken as they are given, the secret is the
//! credential of a user. What the server calls its own is made from its seed. Tokens are made from the seed too and carry what
//! they say; nothing is kept of them, and they end by the server's clock.

mod approve;
mod claims;
mod device;
mod discovery;
mod exchange;
mod form;
mod grant;
mod refusal;
mod registration;
mod token;

use approve::approve_page;
pub(crate) use device::Devices;
pub(crate) use exchange::LoginCall;
pub use registration::SignIn;
pub(crate) use registration::{Registration, guid};
pub(crate) use token::Token;
