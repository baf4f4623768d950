//! One fault: whether it can happen where it is put.

use calamity_evidence::Lineage;
use calamity_mock_servers::faults::Forbidden;

use super::super::diagnostic::{Diagnostic, Place};
use super::super::fault::{Effect, Failure, Fault, Origin, Sequence, Site, Token};
use super::super::scenario::World;
use super::{codes, provider, unknown};

pub(super) fn check(fault: &Fault, world: &World, found: &mut Vec<Diagnostic>) {
    if fault.id.is_empty() || fault.id.contains('/') {
        found.push(Diagnostic::new(fault.id.place, "a fault's id is a name without `/`"));
    }
    if let Some(calendar) = &fault.place.calendar {
        let known: Vec<&str> = provider(world, fault.place.on)
            .account()
            .calendars
            .iter()
            .map(|calendar| calendar.name.as_str())
            .collect();
        if !known.contains(&calendar.as_str()) {
            found.push(unknown(calendar.place, "calendar", calendar, &known));
        }
    }
    if let (Some(item), Some(_)) = (&fault.place.item, &fault.place.items) {
        found.push(
            Diagnostic::new(item.place, "`item` and `items` exclude each other")
                .help("`items` are those of the scenario, `item` is one that the server has"),
        );
    }
    if let Effect::Error(failure) = &fault.what.value {
        check_failure(fault, failure, world, found);
    }
    check_origin(fault, found);
    if let Some(hits) = &fault.expect_hits
        && hits.to == Some(0)
    {
        found.push(
            Diagnostic::new(hits.place, "a fault that is to fire 0 times proves nothing")
                .help("leave the fault out, or expect at least one hit"),
        );
    }
    check_form(fault, found);
}

fn check_failure(fault: &Fault, failure: &Failure, world: &World, found: &mut Vec<Diagnostic>) {
    let Some(code) = &failure.code else {
        if failure.status.is_none() {
            found.push(
                Diagnostic::new(fault.what.place, "an error needs a `code` or a `status`")
                    .help("for example: `error: {code: serverUnavailable}`"),
            );
        }
        return;
    };
    let known = codes::known(provider(world, fault.place.on), fault.place.site);
    if fault.origin == Origin::Spec && !known.contains(&code.as_str()) {
        found.push(
            unknown(code.place, "error code", code, &known)
                .help("a code that no specification has needs `origin: observed` or `hostile`"),
        );
    }
}

/// Answers that look complete and are not, and items that an answer passes over in silence, are
/// allowed by no specification.
fn check_origin(fault: &Fault, found: &mut Vec<Diagnostic>) {
    let lie = match &fault.what.value {
        Effect::Empty => "an empty answer that looks complete",
        Effect::Cut(_) => "a cut answer that looks complete",
        Effect::Omit => "an answer that passes over an item in silence",
        Effect::Token(Token::Rewind | Token::Loop) => "a token that goes backwards",
        Effect::Token(Token::Skip | Token::Truncate) => "a token that is not true",
        Effect::Sequence(Sequence::Drop(_)) if fault.place.site != Site::Push => {
            "an answer that passes over rows in silence"
        }
        Effect::Error(_) if fault.place.site == Site::Response => "an error after the commit",
        _ => return,
    };
    if fault.origin == Origin::Spec {
        found.push(
            Diagnostic::new(fault.what.place, format!("{lie} is against every specification"))
                .help("say `origin: observed` (name the source in `about`) or `origin: hostile`"),
        );
    }
}

/// What the mock servers themselves say of it.
fn check_form(fault: &Fault, found: &mut Vec<Diagnostic>) {
    // The items are not known yet; their number does not matter for the form.
    let items = [(String::new(), Lineage::from_number(0))];
    for rule in super::super::rules(fault, &fault.when.value, &items) {
        let place = match rule.check() {
            Ok(()) | Err(Forbidden::AgainstTheSpecification { .. }) => continue,
            Err(Forbidden::NoSuchOperation { op, .. }) => {
                let place = fault.place.op.as_ref().map_or(fault.place.place, |op| op.place);
                found.push(no_such_operation(place, &op, fault.place.site));
                continue;
            }
            Err(Forbidden::NotThere { effect, site, .. }) => {
                found.push(Diagnostic::new(
                    fault.what.place,
                    format!("`{effect}` cannot happen at the site `{site}`"),
                ));
                continue;
            }
            Err(Forbidden::Unsourced { .. }) => {
                Diagnostic::new(fault.what.place, "an error after the commit needs a `source`")
                    .help("name the public report in which it was observed: `source: https://...`")
            }
            Err(Forbidden::OutOfRange { what, range, .. }) => {
                let place = match what {
                    "every" | "probability" | "hold" | "quota" | "limit" | "window_ms" | "when" => {
                        fault.when.place
                    }
                    "path" => fault.place.place,
                    _ => fault.what.place,
                };
                Diagnostic::new(place, format!("`{what}` must be {range}"))
            }
        };
        found.push(place);
    }
}

/// An operation that does not exist, or not there.
fn no_such_operation(place: Place, op: &str, site: Site) -> Diagnostic {
    let here = |known: &&str| match site {
        Site::Feed => known.starts_with("feed."),
        Site::Push => known.starts_with("push."),
        _ => !known.starts_with("push."),
    };
    let known: Vec<&str> = codes::OPERATIONS.into_iter().filter(here).collect();
    if !codes::OPERATIONS.contains(&op) {
        return unknown(place, "operation", op, &known);
    }
    let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    Diagnostic::new(place, format!("`{op}` does not happen at this site"))
        .help(format!("known here: {}", names.join(", ")))
}
