//! The calendars that ship with the program: `mock-servers/calendars/*.ics`, each with one
//! peculiarity that its name tells, in the style of a widespread product. The folder's README says
//! what each is for.

use std::borrow::Cow;

use rust_embed::RustEmbed;

use super::{SourceEvent, read};

#[derive(RustEmbed)]
#[folder = "calendars/"]
struct Files;

/// Their file names and octets, by name.
#[must_use]
pub fn calendars() -> Vec<(String, Cow<'static, [u8]>)> {
    let mut calendars: Vec<(String, Cow<'static, [u8]>)> = Files::iter()
        .filter(|name| name.ends_with(".ics"))
        .filter_map(|name| Some((name.to_string(), Files::get(&name)?.data)))
        .collect();
    calendars.sort_by(|(left, _), (right, _)| left.cmp(right));
    calendars
}

/// All their events, file by file.
#[must_use]
pub fn embedded_events() -> Vec<SourceEvent> {
    calendars()
        .iter()
        .filter_map(|(_, octets)| read(octets).ok())
        .flat_map(|read| read.events)
        .collect()
}

#[cfg(test)]
mod tests;
