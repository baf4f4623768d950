//! The server's behaviour over the wire, with values. Each test runs on the simulated network with
//! the code that serves on a socket as well.

mod bodies;
mod calendars;
mod delta;
mod events;
mod facts;
mod faults;
mod lists;
mod mails;
mod rig;
mod series;
mod served;
mod users;
