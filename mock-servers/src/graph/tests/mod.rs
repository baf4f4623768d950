//! The server's behaviour over the wire, with values. Each test runs on the simulated network with
//! the code that serves on a socket as well.

mod actions;
mod batch;
mod bodies;
mod calendars;
mod clients;
mod contact_delta;
mod contact_folders;
mod contacts;
mod copies;
mod delta;
mod directory;
mod events;
mod extensions;
mod facts;
mod faults;
mod kept;
mod limits;
mod lists;
mod login;
mod mails;
mod requests;
mod rig;
mod series;
mod served;
mod subscriptions;
mod users;
