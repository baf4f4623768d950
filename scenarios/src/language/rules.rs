//! A fault of the language as rules of a mock server.

use calamity_evidence::Lineage;
use calamity_mock_servers::faults;

use super::fault::{Abort, Effect, Fault, Origin, Site, Token, Truncate, When};

/// The rules that a fault arms: one, or one for each item that it is limited to. Rules of one fault
/// have ids that begin with the fault's, followed by `/` and the item's name.
pub(crate) fn rules(fault: &Fault, when: When, items: &[(String, Lineage)]) -> Vec<faults::Rule> {
    let place = &fault.place;
    let rule = |id: String, item| faults::Rule {
        id,
        site: match place.site {
            Site::Link => faults::Site::Link,
            Site::Request => faults::Site::Request,
            Site::Item => faults::Site::Item,
            Site::Response => faults::Site::Response,
            Site::Feed => faults::Site::Feed,
        },
        op: place.op.as_ref().map_or_else(|| "*".to_owned(), |op| op.value.clone()),
        item,
        calendar: place.calendar.as_ref().map(|calendar| calendar.value.clone()),
        when: faults::When {
            skip: when.skip.unwrap_or(0),
            times: when.times,
            every: when.every,
            probability: when.probability,
            window: when.window.map(|window| faults::Window {
                after_ms: window.after.as_millis(),
                for_ms: window.length.as_millis(),
            }),
            ..faults::When::default()
        },
        what: effect(&fault.what),
        origin: match fault.origin {
            Origin::Spec => faults::Origin::Spec,
            Origin::Observed => faults::Origin::Observed,
            Origin::Hostile => faults::Origin::Hostile,
        },
        select: None,
        source: fault.source.clone(),
    };
    if place.items.is_none() {
        return vec![rule(fault.id.value.clone(), None)];
    }
    items
        .iter()
        .map(|(name, lineage)| {
            let selector = faults::ItemSelector::Lineage(lineage.clone());
            rule(format!("{}/{name}", fault.id.value), Some(selector))
        })
        .collect()
}

fn effect(effect: &Effect) -> faults::Effect {
    match effect {
        Effect::Error(failure) => faults::Effect::Error(faults::ErrorEffect {
            code: failure.code.as_ref().map_or_else(String::new, |code| code.value.clone()),
            status: failure.status.as_ref().map(|status| status.value),
            description: failure.description.clone(),
            properties: failure.properties.clone(),
            retry_after_s: failure.retry_after.map(|wait| wait.as_millis().div_ceil(1000)),
            ..faults::ErrorEffect::default()
        }),
        Effect::Abort(abort) => faults::Effect::Abort(match abort {
            Abort::Reset => faults::Abort::Reset,
            Abort::Close => faults::Abort::Close,
            Abort::Hang => faults::Abort::Hang,
            Abort::Truncate(Truncate::Bytes(bytes)) => faults::Abort::Truncate(
                faults::After::Bytes(usize::try_from(*bytes).unwrap_or(usize::MAX)),
            ),
            Abort::Truncate(Truncate::Fraction(share)) => {
                faults::Abort::Truncate(faults::After::Fraction(*share))
            }
        }),
        Effect::Delay(span) => faults::Effect::Delay { ms: span.as_millis() },
        Effect::Omit => faults::Effect::Omit,
        Effect::Token(Token::Expire) => faults::Effect::Token(faults::TokenEffect::Expire),
        Effect::Token(Token::Rewind) => faults::Effect::Token(faults::TokenEffect::Rewind),
        Effect::Empty => faults::Effect::Empty,
        Effect::Cut(cut) => faults::Effect::Cut { keep: cut.keep },
        Effect::Patch(patch) => faults::Effect::Patch(faults::PatchEffect {
            set: patch.set.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
            drop: patch.drop.clone(),
            ..faults::PatchEffect::default()
        }),
    }
}
