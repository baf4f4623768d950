//! Servers, calendars and settings.

use calamity_mock_servers::Protocol;

use super::super::diagnostic::Diagnostic;
use super::super::placed::Placed;
use super::super::scenario::{Provider, World};
use super::unknown;

/// Profiles of the mock servers, by protocol.
const JMAP_PROFILES: [&str; 3] = ["strict", "stalwart", "hostile"];
const GRAPH_PROFILES: [&str; 3] = ["strict", "m365", "hostile"];
const DAV_PROFILES: [&str; 5] = ["strict", "radicale", "xandikos", "nextcloud", "hostile"];

/// What may follow a profile's name: what the server makes of a request not to notify anybody.
const VARIANTS: [&str; 4] =
    ["honours-marker", "ignores-marker", "rejects-marker", "notifies-by-default"];

/// The most events of one calendar: what a desk can hold.
const EVENTS_MAX: u64 = 1_000_000;

/// The most guests of one event.
const GUESTS_MAX: u64 = 500;

pub(super) fn check(world: &World, found: &mut Vec<Diagnostic>) {
    for provider in [&world.a, &world.b] {
        check_provider(provider, found);
    }
    let share = world.thresholds.deletes_container_share_max;
    if share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
        found.push(Diagnostic::new(
            world.a.place,
            "`thresholds.deletes_container_share_max` is a share, from 0 to 1",
        ));
    }
}

/// The profiles of a protocol, without their variants.
fn bases(protocol: Protocol) -> &'static [&'static str] {
    match protocol {
        Protocol::Jmap => &JMAP_PROFILES,
        Protocol::Graph => &GRAPH_PROFILES,
        Protocol::Dav => &DAV_PROFILES,
    }
}

/// Whether a mock server of this protocol has a profile of this name.
pub(crate) fn profile_exists(protocol: Protocol, name: &str) -> bool {
    match name.split_once('+') {
        Some((base, variant)) => bases(protocol).contains(&base) && VARIANTS.contains(&variant),
        None => bases(protocol).contains(&name),
    }
}

fn check_provider(provider: &Placed<Provider>, found: &mut Vec<Diagnostic>) {
    let account = provider.account();
    if let Some(profile) = &account.profile {
        let bases = bases(match provider.value {
            Provider::Jmap(_) => Protocol::Jmap,
            Provider::Graph(_) => Protocol::Graph,
        });
        let (base, variant) = match profile.split_once('+') {
            Some((base, variant)) => (base, Some(variant)),
            None => (profile.as_str(), None),
        };
        if !bases.contains(&base) {
            found.push(unknown(profile.place, "profile", base, bases));
        } else if let Some(variant) = variant.filter(|variant| !VARIANTS.contains(variant)) {
            found.push(unknown(profile.place, "variant of a profile", variant, &VARIANTS));
        }
    }
    if let Some(owner) = &account.owner
        && !owner.contains('@')
    {
        let message = format!("`{}` is no address", owner.value);
        found.push(Diagnostic::new(owner.place, message).help("for example: me@example.com"));
    }
    if account.calendars.is_empty() {
        let message = "an account needs at least one calendar";
        found.push(Diagnostic::new(provider.place, message));
    }
    for (number, calendar) in account.calendars.iter().enumerate() {
        let name = &calendar.name;
        let earlier = account.calendars[..number]
            .iter()
            .find(|other| other.name.to_lowercase() == name.to_lowercase());
        if let Some(earlier) = earlier {
            found.push(
                Diagnostic::new(name.place, format!("a second calendar `{}`", name.value))
                    .label("the same name again")
                    .also(earlier.name.place, "first used here"),
            );
        }
        if calendar.events > EVENTS_MAX {
            found.push(Diagnostic::new(
                calendar.place,
                format!("a calendar holds at most {EVENTS_MAX} events"),
            ));
        }
        if let Some(attendees) = &calendar.attendees
            && attendees.to.is_none_or(|most| most > GUESTS_MAX)
        {
            found.push(
                Diagnostic::new(attendees.place, "the number of guests needs an upper end")
                    .help(format!("write `1..6`; at most {GUESTS_MAX}")),
            );
        }
    }
}
