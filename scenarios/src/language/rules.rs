//! A fault of the language as rules of a mock server.

use calamity_evidence::Lineage;
use calamity_mock_servers::{Edit, faults};

use super::fault::{
    Abort, Effect, Etag, Fault, Order, Origin, Patch, Race, RaceEdit, Sequence, Site, Token,
    Truncate, When,
};
use super::select::{Body, OneItem, Quota, QuotaKey, Select};

/// The rules that a fault arms: one, or one for each item that it is limited to. Rules of one fault
/// have ids that begin with the fault's, followed by `/` and the item's name.
pub(crate) fn rules(fault: &Fault, when: &When, items: &[(String, Lineage)]) -> Vec<faults::Rule> {
    let place = &fault.place;
    let rule = |id: String, item| faults::Rule {
        id,
        site: site(place.site),
        op: place.op.as_ref().map_or_else(|| "*".to_owned(), |op| op.value.clone()),
        item,
        calendar: place.calendar.as_ref().map(|calendar| calendar.value.clone()),
        when: conditions(when),
        what: effect(&fault.what),
        origin: match fault.origin {
            Origin::Spec => faults::Origin::Spec,
            Origin::Observed => faults::Origin::Observed,
            Origin::Hostile => faults::Origin::Hostile,
        },
        select: place.select.as_deref().map(|it| Box::new(select(it))),
        source: fault.source.clone(),
    };
    if place.items.is_none() {
        let one = place.item.as_deref().map(|item| match &item.value {
            OneItem::Uid(uid) => faults::ItemSelector::Uid(uid.clone()),
            OneItem::Title(pattern) => faults::ItemSelector::Title(pattern.clone()),
            OneItem::Index(index) => faults::ItemSelector::Index(*index),
        });
        return vec![rule(fault.id.value.clone(), one)];
    }
    items
        .iter()
        .map(|(name, lineage)| {
            let selector = faults::ItemSelector::Lineage(lineage.clone());
            rule(format!("{}/{name}", fault.id.value), Some(selector))
        })
        .collect()
}

fn site(site: Site) -> faults::Site {
    match site {
        Site::Link => faults::Site::Link,
        Site::Request => faults::Site::Request,
        Site::Item => faults::Site::Item,
        Site::Response => faults::Site::Response,
        Site::Feed => faults::Site::Feed,
        Site::Push => faults::Site::Push,
    }
}

fn conditions(when: &When) -> faults::When {
    faults::When {
        skip: when.skip.unwrap_or(0),
        times: when.times,
        every: when.every,
        probability: when.probability,
        window: when.window.map(|window| faults::Window {
            after_ms: window.after.as_millis(),
            for_ms: window.length.as_millis(),
        }),
        state: when.state.clone(),
        quota: when.quota.as_ref().map(quota),
        hold: when.hold,
    }
}

fn quota(quota: &Quota) -> faults::Quota {
    let key = |key: &QuotaKey| match key {
        QuotaKey::Client => faults::QuotaKey::Client,
        QuotaKey::Account => faults::QuotaKey::Account,
        QuotaKey::Operation => faults::QuotaKey::Operation,
        QuotaKey::Connection => faults::QuotaKey::Connection,
    };
    faults::Quota {
        key: quota.key.iter().map(key).collect(),
        limit: quota.limit,
        window_ms: quota.window.map(|window| window.as_millis()),
        concurrency: quota.concurrency,
        says_when: quota.says_when,
    }
}

fn select(select: &Select) -> faults::Selector {
    let body =
        |body: &Body| faults::BodySelector { path: body.path.clone(), value: body.value.clone() };
    faults::Selector {
        protocol: None,
        account: select.account.clone(),
        client: select.client.clone(),
        target: select.target.clone(),
        header: select.header.as_ref().map(|header| faults::HeaderSelector {
            name: header.name.clone(),
            value: header.value.clone(),
        }),
        json: select.json.as_ref().map(body),
        xml: select.xml.as_ref().map(body),
        stored: select.stored.as_ref().map(|stored| faults::Stored {
            token_age_ms_min: stored.token_age.map(|age| age.as_millis()),
            has_attendees: stored.has_attendees,
            items_min: stored.items_min,
            items_max: stored.items_max,
        }),
    }
}

fn effect(effect: &Effect) -> faults::Effect {
    match effect {
        Effect::Error(failure) => faults::Effect::Error(faults::ErrorEffect {
            code: failure.code.as_ref().map_or_else(String::new, |code| code.value.clone()),
            status: failure.status.as_ref().map(|status| status.value),
            description: failure.description.clone(),
            properties: failure.properties.clone(),
            retry_after_s: failure.retry_after.map(|wait| wait.as_millis().div_ceil(1000)),
            headers: failure.headers.clone(),
            members: members(&failure.members),
        }),
        Effect::Abort(abort) => faults::Effect::Abort(match abort {
            Abort::Reset => faults::Abort::Reset,
            Abort::Close => faults::Abort::Close,
            Abort::HalfClose => faults::Abort::HalfClose,
            Abort::Hang => faults::Abort::Hang,
            Abort::Refuse => faults::Abort::Refuse,
            Abort::Garbage => faults::Abort::Garbage,
            Abort::Truncate(Truncate::Bytes(bytes)) => faults::Abort::Truncate(
                faults::After::Bytes(usize::try_from(*bytes).unwrap_or(usize::MAX)),
            ),
            Abort::Truncate(Truncate::Fraction(share)) => {
                faults::Abort::Truncate(faults::After::Fraction(*share))
            }
        }),
        Effect::Delay(span) => faults::Effect::Delay { ms: span.as_millis() },
        Effect::Omit => faults::Effect::Omit,
        Effect::DelayUniform(delay) => faults::Effect::DelayUniform {
            from_ms: delay.from.as_millis(),
            upto_ms: delay.upto.as_millis(),
        },
        Effect::DelayLognormal(delay) => faults::Effect::DelayLognormal {
            median_ms: delay.median.as_millis(),
            sigma: delay.sigma,
            most_ms: delay.most.as_millis(),
        },
        Effect::Throttle(throttle) => {
            faults::Effect::Throttle { bytes_per_second: throttle.bytes_per_second }
        }
        Effect::Dribble(dribble) => faults::Effect::Dribble {
            bytes: dribble.bytes as usize,
            every_ms: dribble.every.as_millis(),
        },
        Effect::Token(token) => faults::Effect::Token(match token {
            Token::Expire => faults::TokenEffect::Expire,
            Token::Rewind => faults::TokenEffect::Rewind,
            Token::Loop => faults::TokenEffect::Loop,
            Token::Skip => faults::TokenEffect::Skip,
            Token::Truncate => faults::TokenEffect::Truncate,
        }),
        Effect::Empty => faults::Effect::Empty,
        Effect::Cut(cut) => faults::Effect::Cut { keep: cut.keep },
        Effect::Patch(change) => faults::Effect::Patch(patch(change)),
        Effect::Sequence(rows) => faults::Effect::Sequence(sequence(rows)),
        Effect::Stale(lag) => faults::Effect::Stale { lag_ms: lag.as_millis() },
        Effect::Race(Race::Delete) => faults::Effect::Race(faults::Race::Delete),
        Effect::Race(Race::Edit(edit)) => faults::Effect::Race(faults::Race::Edit(match edit {
            RaceEdit::Title(title) => Edit::Title(title.clone()),
            RaceEdit::Description(text) => Edit::Description(text.clone()),
            RaceEdit::Location(place) => Edit::Location(place.clone()),
            RaceEdit::Later(span) => Edit::Shift {
                minutes: i64::try_from(span.as_millis() / 60_000).unwrap_or(i64::MAX),
            },
        })),
    }
}

fn members(
    members: &std::collections::BTreeMap<String, serde_json::Value>,
) -> serde_json::Map<String, serde_json::Value> {
    members.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn sequence(rows: &Sequence) -> faults::Sequence {
    let places = |places: &[u32]| places.iter().map(|place| *place as usize).collect();
    match rows {
        Sequence::Drop(gone) => faults::Sequence::Drop(places(gone)),
        Sequence::Duplicate(again) => faults::Sequence::Duplicate(places(again)),
        Sequence::Reorder(Order::Reverse) => faults::Sequence::Reorder(faults::Order::Reverse),
        Sequence::Reorder(Order::Shuffle) => faults::Sequence::Reorder(faults::Order::Shuffle),
        Sequence::Inject(rows) => faults::Sequence::Inject(rows.clone()),
    }
}

fn patch(patch: &Patch) -> faults::PatchEffect {
    faults::PatchEffect {
        set: members(&patch.set),
        drop: patch.drop.clone(),
        status: patch.status,
        headers: patch.headers.clone(),
        drop_headers: patch.drop_headers.clone(),
        etag: patch.etag.map(|form| match form {
            Etag::Missing => faults::EtagForm::Missing,
            Etag::Weak => faults::EtagForm::Weak,
            Etag::Unquoted => faults::EtagForm::Unquoted,
            Etag::PercentEncoded => faults::EtagForm::PercentEncoded,
        }),
        replace: patch
            .replace
            .iter()
            .map(|replace| faults::Replace {
                find: replace.find.clone(),
                upto: replace.upto.clone(),
                with: replace.with.clone(),
            })
            .collect(),
    }
}
