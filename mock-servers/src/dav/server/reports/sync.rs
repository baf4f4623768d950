//! sync-collection (RFC 6578): what changed in a collection since a token. It costs what changed,
//! not what is stored, but for the first time.

use http::StatusCode;

use super::super::answer::{Outcome, multistatus};
use super::super::call::{Call, Depth};
use super::super::faults::{self, Page};
use super::super::kept::Wanted;
use super::super::place::Place;
use super::super::props::Data;
use super::super::resource::{Resource, split, state};
use crate::account::{Calendar, Item};
use crate::dav::xml::names::dav;
use crate::dav::xml::request::{Level, SyncCollection};
use crate::dav::xml::{Multistatus, Refusal, Response};
use crate::directory::Focus;
use crate::faults::TokenEffect;
use crate::operation::{Op, Target};
use crate::turn::Turn;

/// Every token begins with this, so that it is a URI (RFC 6578 section 6.2).
const SCHEME: &str = "urn:sync:";

/// The token of a collection at a sequence number; of now where none is given.
pub(in super::super) fn sync_token(
    turn: &Turn<'_>,
    focus: Focus,
    calendar: &Calendar,
    at: Option<u64>,
) -> String {
    let account = turn.account_of(focus);
    let at = at.unwrap_or_else(|| state(account, calendar));
    // A collection that was made anew under its name has other tokens.
    let payload = format!("{}-{:x}-{at}", calendar.id, calendar.created_modseq);
    format!("{SCHEME}{}", super::super::place::encoded(&account.seal(&payload)))
}

/// The sequence number of a token; none for a token that is not of this collection or too old.
fn opened(turn: &Turn<'_>, focus: Focus, calendar: &Calendar, token: &str) -> Option<u64> {
    let sealed = super::super::place::decoded(token.strip_prefix(SCHEME)?)?;
    let payload = turn.account_of(focus).unseal(&sealed).ok()?.to_owned();
    let (collection, at) = payload.rsplit_once('-')?;
    let at = at.parse().ok()?;
    let same = collection == format!("{}-{:x}", calendar.id, calendar.created_modseq);
    (same && at <= turn.account_of(focus).modseq()).then_some(at)
}

/// One member that is told of.
#[derive(Debug)]
enum Row {
    There(std::sync::Arc<Item>),
    Gone(String),
}

/// Answers.
pub(super) fn sync(
    turn: &mut Turn<'_>,
    call: &Call,
    resource: &Resource,
    asked: &SyncCollection,
) -> Outcome {
    let Resource::Collection(focus, calendar) = resource else {
        return Err(Refusal::forbidden(&dav::SUPPORTED_REPORT));
    };
    let old_style = asked.level.is_none().then(|| call.depth()).transpose()?.flatten();
    if asked.level == Some(Level::Infinite) || old_style == Some(Depth::Infinity) {
        // There are no collections inside; RFC 6578 section 3.3.
        return Err(Refusal::forbidden(&dav::SYNC_TRAVERSAL_SUPPORTED));
    }
    let data = Data::of(&asked.asked);
    data.check()?;
    turn.turn_to(*focus);
    let since = match &asked.token {
        Some(token) => Some(
            opened(turn, *focus, calendar, token)
                .ok_or_else(|| Refusal::forbidden(&dav::VALID_SYNC_TOKEN))?,
        ),
        None => None,
    };
    turn.carries_token(since);
    let page = faults::page(turn, Op::FeedChanges, &calendar.id, since.is_some())?;
    if page.token == Some(TokenEffect::Expire) && since.is_some() {
        return Err(Refusal::forbidden(&dav::VALID_SYNC_TOKEN));
    }
    let limit = asked.limit.filter(|_| turn.host().profile.dav.sync_limit.it());
    let most = limit.map_or(usize::MAX, |limit| (limit as usize).max(1));
    let (rows, upto, more) = match since {
        None => first(turn, *focus, calendar, most),
        Some(since) => changed(turn, *focus, calendar, since, most),
    };
    let mut all = call.multistatus(&turn.host().profile.dav);
    tell(turn, call, *focus, rows, page, asked, &data, &mut all)?;
    let href = call.place().href();
    let tells = turn.host().profile.dav.tells_of_truncation.it();
    if more && tells {
        all.truncated(&href);
    }
    let upto = if tells { upto } else { state(turn.account_of(*focus), calendar) };
    let token_at = match page.token {
        Some(TokenEffect::Rewind) => Some(since.unwrap_or(0).saturating_sub(1)),
        _ => Some(upto),
    };
    all.sync_token(sync_token(turn, *focus, calendar, token_at));
    Ok(multistatus(all))
}

/// Everything that is there, oldest change first, so that a page can be cut at a sequence number.
fn first(turn: &Turn<'_>, focus: Focus, calendar: &Calendar, most: usize) -> (Vec<Row>, u64, bool) {
    let account = turn.account_of(focus);
    let mut items: Vec<_> = account.items_in(&calendar.id).cloned().collect();
    if items.len() <= most {
        return (items.into_iter().map(Row::There).collect(), state(account, calendar), false);
    }
    items.sort_by_key(|item| item.modseq);
    items.truncate(most);
    let upto = items.last().map_or(0, |item| item.modseq);
    (items.into_iter().map(Row::There).collect(), upto, true)
}

fn changed(
    turn: &Turn<'_>,
    focus: Focus,
    calendar: &Calendar,
    since: u64,
    most: usize,
) -> (Vec<Row>, u64, bool) {
    let account = turn.account_of(focus);
    let found = account.changes().collapse_in(since, most, &calendar.id);
    let there = found.created.iter().chain(&found.updated);
    let there = there.filter_map(|id| account.item(id)).cloned().map(Row::There);
    // What came and went is told too: somebody may have seen it meanwhile (RFC 6578 section 3.5.2).
    let gone = found.destroyed.iter().chain(&found.fleeting);
    let gone = gone.filter(|id| account.item(id).is_none());
    let rows = there.chain(gone.cloned().map(Row::Gone)).collect();
    (rows, found.upto.max(since), found.more)
}

#[expect(clippy::too_many_arguments, reason = "one loop over one page, used once")]
fn tell(
    turn: &mut Turn<'_>,
    call: &Call,
    focus: Focus,
    mut rows: Vec<Row>,
    page: Page,
    asked: &SyncCollection,
    data: &Data<'_>,
    all: &mut Multistatus,
) -> Result<(), Refusal> {
    page.keep(&mut rows);
    let wanted = Wanted::new(&asked.asked.properties, data, call.detail(&turn.host().profile.dav));
    for row in rows {
        match row {
            Row::There(item) => {
                let Some(row) = faults::row(turn, Op::FeedChanges, &item) else { continue };
                let member = Resource::Object(focus, item);
                wanted.respond_row(turn, &member, &row, all)?;
            }
            Row::Gone(id) => {
                let target = Target { id: id.clone(), ..Target::default() };
                let Some(row) = faults::gone(turn, Op::FeedChanges, &target) else { continue };
                let said = row.refused.unwrap_or(Refusal::plain(StatusCode::NOT_FOUND));
                if let Place::Collection(at) = call.place() {
                    let place = Place::Object(at.clone(), split(&id).1.to_owned());
                    all.respond(&Response::refused(place.href(), said));
                }
            }
        }
    }
    Ok(())
}
