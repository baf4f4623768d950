//! `GET .../calendarView/delta`, `GET .../events/delta`, and what all feeds have in common.

use std::collections::BTreeSet;

use serde_json::Value;

use super::feed::{self, Next, Told};
use super::folders;
use super::token::{self, Place, Token, Tracked};
use crate::account::TokenError;
use crate::faults::TokenEffect;
use crate::graph::call::{self, Call};
use crate::graph::failure::Failure;
use crate::graph::odata::Page;
use crate::graph::render::View;
use crate::graph::route::InCalendar;
use crate::native::Reply;
use crate::operation::{Op, Target};
use crate::turn::{Turn, Verdict};

/// What sets one kind of feed apart from the others.
#[derive(Debug)]
pub(super) struct Feed {
    /// What is tracked, in the words of refusals.
    pub(super) resource: &'static str,
    /// The context annotation of its pages.
    pub(super) context: &'static str,
    /// Options that it does not take.
    pub(super) refused: &'static [&'static str],
}

const OF_EVENTS: [&str; 5] = ["$orderby", "$filter", "$select", "$expand", "$search"];
const VIEW: Feed =
    Feed { resource: "CalendarView", context: "Collection(event)", refused: &OF_EVENTS };
const EVENTS: Feed = Feed { resource: "Events", context: "Collection(event)", refused: &OF_EVENTS };

/// Changes in a window of a calendar.
pub(in crate::graph) fn of_view(
    call: &Call,
    turn: &mut Turn<'_>,
    which: &InCalendar,
) -> Result<Reply, Failure> {
    let calendar = call::calendar(turn, which).map(|calendar| calendar.id.clone());
    serve(call, turn, &VIEW, calendar, |call| {
        let (from, upto) = call.query.window()?;
        Ok(Tracked::View { from, upto })
    })
}

/// Changes of all events of a calendar.
pub(in crate::graph) fn of_events(
    call: &Call,
    turn: &mut Turn<'_>,
    which: &InCalendar,
) -> Result<Reply, Failure> {
    let calendar = call::calendar(turn, which).map(|calendar| calendar.id.clone());
    serve(call, turn, &EVENTS, calendar, |call| {
        Ok(Tracked::Events { from: call.query.instant("startDateTime")? })
    })
}

/// A page of a feed: from the token that was sent, or from the beginning of a collection.
pub(super) fn serve(
    call: &Call,
    turn: &mut Turn<'_>,
    feed: &Feed,
    collection: Result<String, Failure>,
    tracked: impl Fn(&Call) -> Result<Tracked, Failure>,
) -> Result<Reply, Failure> {
    check_options(call, feed)?;
    let sent = call.query.get("$deltatoken").or_else(|| call.query.get("$skiptoken"));
    let sent = sent.filter(|token| !token.is_empty());
    let token = match sent {
        Some(text) => Token::open(turn.account(), text)
            .map_err(|error| token::refused(error, restart(call, text)))?,
        None => Token {
            calendar: collection?,
            tracked: tracked(call)?,
            place: Place::Listing { began: turn.account().modseq(), after: String::new() },
        },
    };
    let of_folders = token.tracked == Tracked::Folders;
    if !of_folders && turn.account().calendar(&token.calendar).is_none() {
        return Err(Failure::not_found());
    }
    let view = View::new(&call.prefer, Default::default(), Default::default())?;
    let size = Page::preferred(&call.prefer);
    let mut told = if of_folders {
        folders::page(turn.account(), turn.host(), &token, size)
    } else {
        feed::page(turn.account(), &token, &view, size)
    };
    let calendars: BTreeSet<String> =
        Some(token.calendar.clone()).filter(|_| !of_folders).into_iter().collect();
    if let Place::Since(modseq) = token.place {
        turn.carries_token(Some(modseq));
    }
    match turn.fault_page(Op::FeedDelta, &calendars, sent.is_some()) {
        Verdict::Error(error) => return Err(Failure::armed(&error)),
        Verdict::Token(TokenEffect::Expire) => {
            let restart = anew(call, &token.tracked);
            return Err(token::refused(TokenError::Expired, restart));
        }
        Verdict::Token(TokenEffect::Rewind) => told.next = Next::Round(earlier(&token.place)),
        Verdict::Empty => cut(&mut told, 0.0, turn.account().modseq()),
        Verdict::Cut(keep) => cut(&mut told, keep, turn.account().modseq()),
        _ => {}
    }
    Ok(answer(call, turn, feed, &token, told))
}

/// Leaves a share of the rows, and a token that skips the rest.
fn cut(told: &mut Told, keep: f64, now: u64) {
    let total: usize = told.units.iter().map(|unit| unit.rows.len()).sum();
    let mut left = ((total as f64) * keep.clamp(0.0, 1.0)) as usize;
    for unit in &mut told.units {
        unit.rows.truncate(left);
        left -= unit.rows.len();
    }
    told.next = Next::Round(now);
}

/// A place in the log before the one that was sent.
fn earlier(place: &Place) -> u64 {
    match place {
        Place::Listing { began, .. } => began / 2,
        Place::Since(modseq) => modseq / 2,
    }
}

fn answer(call: &Call, turn: &mut Turn<'_>, feed: &Feed, token: &Token, told: Told) -> Reply {
    let mut rows: Vec<Value> = Vec::new();
    for mut unit in told.units {
        // A rule hits an item once, however many rows it has.
        let target = Target { id: unit.item, ..Target::default() };
        match turn.fault_row(Op::FeedDelta, &target) {
            Verdict::Omit => continue,
            Verdict::Patch(patch) => unit.rows.iter_mut().for_each(|row| patch.apply_to(row)),
            _ => {}
        }
        rows.extend(unit.rows.into_iter().map(Value::Object));
    }
    let (link, option, next) = match told.next {
        Next::Page(place) => ("@odata.nextLink", "$skiptoken", token.at(place)),
        Next::Round(modseq) => ("@odata.deltaLink", "$deltatoken", token.at(Place::Since(modseq))),
    };
    let url = call.link(&format!("{option}={}", next.seal(turn.account())));
    call.collection(feed.context, rows.into_iter().collect(), Some((link, url)))
}

fn check_options(call: &Call, feed: &Feed) -> Result<(), Failure> {
    let resource = feed.resource;
    if call.query.get("$top").is_some() {
        return Err(Failure::url(format!(
            "The '$top' parameter is not supported with change tracking over the '{resource}' \
             resource as page size cannot be guaranteed. Express page size preferences using the \
             Prefer: odata.maxpagesize= header instead."
        )));
    }
    if feed.refused.iter().any(|name| call.query.get(name).is_some()) {
        return Err(Failure::url(format!(
            "The following parameters are not supported with change tracking over the '{resource}' \
             resource: '{}'.",
            feed.refused.join(", ")
        )));
    }
    Ok(())
}

/// Where a client whose token is lost begins anew: the feed that the token was of, as far as an
/// expired token can still be read.
fn restart(call: &Call, text: &str) -> String {
    match Token::peek(text) {
        Some(token) => anew(call, &token.tracked),
        None => call.link("$deltatoken="),
    }
}

fn anew(call: &Call, tracked: &Tracked) -> String {
    match tracked {
        Tracked::View { from, upto } => {
            call.link(&format!("startDateTime={from}&endDateTime={upto}&$deltatoken="))
        }
        Tracked::Events { from: Some(from) } => {
            call.link(&format!("startDateTime={from}&$deltatoken="))
        }
        Tracked::Contacts { select } if !select.is_empty() => {
            call.link(&format!("$select={}&$deltatoken=", select.join(",")))
        }
        _ => call.link("$deltatoken="),
    }
}
