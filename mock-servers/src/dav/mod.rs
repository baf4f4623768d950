//! What the DAV protocols store and ask for. The parts stand alone: none knows of accounts, requests
//! or the network.

pub mod calendar;
