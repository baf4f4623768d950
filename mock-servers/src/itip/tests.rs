//! An event with guests is made, moved and deleted through each protocol and profile: who is told,
//! and in which bytes.

mod client;
mod matrix;
mod series;
mod texts;
