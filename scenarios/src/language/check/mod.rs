//! What no type can say about a scenario: names that must exist, things that exclude each other.
//!
//! Every mistake is collected; each points at its place and names the way out.

mod codes;
mod fault;
mod story;
mod world;

pub(crate) use world::profile_exists;

use super::diagnostic::{Diagnostic, Place};
use super::near::nearest;
use super::scenario::{On, Provider, Scenario, World};

/// The version of the language that is read here.
const VERSION: u32 = 1;

/// Beyond so many names, all of them are listed only when none is near.
const LISTED_MAX: usize = 15;

/// Everything that is wrong with the sense of a scenario.
pub(super) fn check(scenario: &Scenario) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if *scenario.scenario != VERSION {
        let message = format!("version {} of the language is not known here", *scenario.scenario);
        found.push(
            Diagnostic::new(scenario.scenario.place, message)
                .help(format!("write `scenario: {VERSION}`")),
        );
    }
    if scenario.name.trim().is_empty() {
        found.push(Diagnostic::new(scenario.name.place, "a scenario needs a name, as a sentence"));
    }
    for tag in &scenario.tags {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if tag.is_empty() || !tag.bytes().all(plain) {
            found.push(
                Diagnostic::new(tag.place, format!("`{}` cannot be a tag", tag.value))
                    .help("a tag consists of lower-case letters, digits and `-`"),
            );
        }
    }
    world::check(&scenario.world, &mut found);
    story::check(scenario, &mut found);
    found.sort_by_key(|diagnostic| diagnostic.place);
    found
}

/// The provider of a side.
fn provider(world: &World, on: On) -> &Provider {
    match on {
        On::A => &world.a,
        On::B => &world.b,
    }
}

/// A name that does not exist, with the nearest that does.
fn unknown(place: Place, kind: &str, name: &str, known: &[&str]) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::new(place, format!("unknown {kind} `{name}`")).label("no such name");
    let near = nearest(name, known.iter().copied());
    if let Some(near) = near {
        diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
    }
    if known.is_empty() {
        return diagnostic.help(format!("there is no {kind} here"));
    }
    if near.is_some() && known.len() > LISTED_MAX {
        return diagnostic;
    }
    let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    diagnostic.help(format!("known here: {}", names.join(", ")))
}
