//! Faults in the words of DAV: what an armed error, omission or damaged token looks like to a client.

use http::{StatusCode, header};
use serde_json::Value;

use super::answer;
use crate::account::Item;
use crate::dav::xml::names::{caldav, carddav, dav};
use crate::dav::xml::{Element, Name, Propstats, Refusal};
use crate::faults::{ErrorEffect, PatchEffect, Site, TokenEffect};
use crate::native::Reply;
use crate::operation::{Op, Target};
use crate::turn::{Turn, Verdict};

/// How a write goes on.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Write {
    /// As asked.
    Whole,
    /// Not at all, and the answer says nothing of it.
    Skipped,
    /// With something else stored than was sent.
    Rewritten(PatchEffect),
}

impl Write {
    /// Whether nothing is to be written.
    pub(super) fn is_skipped(&self) -> bool {
        matches!(self, Self::Skipped)
    }
}

/// Asks about one write.
///
/// # Errors
/// The refusal that is armed for it.
pub(super) fn write(turn: &mut Turn<'_>, op: Op, target: &Target) -> Result<Write, Refusal> {
    match turn.fault_item(op, target) {
        Verdict::Error(error) => {
            let refused = refusal(&error);
            turn.refused(op, target, &error.code, "refused by a fault");
            Err(refused)
        }
        Verdict::Omit | Verdict::Stop => Ok(Write::Skipped),
        Verdict::Patch(patch) => Ok(Write::Rewritten(patch)),
        _ => Ok(Write::Whole),
    }
}

/// Asks about one resource that is read as a whole: what the answer has otherwise than is stored.
///
/// # Errors
/// The refusal that is armed for it; 404 for one that is left out.
pub(super) fn read(
    turn: &mut Turn<'_>,
    op: Op,
    item: &Item,
) -> Result<Option<PatchEffect>, Refusal> {
    let target = target(item);
    match turn.fault_item(op, &target) {
        Verdict::Error(error) => Err(refusal(&error)),
        Verdict::Omit => Err(Refusal::plain(StatusCode::NOT_FOUND)),
        Verdict::Patch(patch) => Ok(Some(patch)),
        _ => Ok(None),
    }
}

/// What is said of one member in a multistatus.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    /// Nothing but this.
    pub(super) refused: Option<Refusal>,
    /// Its properties with these changes, by their local names.
    patches: Vec<PatchEffect>,
}

impl Row {
    /// Whether nothing is changed.
    pub(super) fn is_whole(&self) -> bool {
        self.refused.is_none() && self.patches.is_empty()
    }

    /// Changes the properties.
    pub(super) fn change(&self, stats: &mut Propstats<'_>) {
        for patch in &self.patches {
            let text = |value: &Value| match value {
                Value::String(text) => text.clone().into(),
                other => other.to_string().into(),
            };
            stats.change(
                |name| patch.set.get(name).map(text),
                |name| patch.drop.iter().any(|gone| gone == name),
            );
        }
    }
}

/// Asks about one member of a listing, as a part of the answer and as a row of the page; none where
/// it is left out.
pub(super) fn row(turn: &mut Turn<'_>, op: Op, item: &Item) -> Option<Row> {
    if !turn.is_asked(Site::Item) && !turn.is_asked(Site::Feed) {
        return Some(Row::default());
    }
    let target = target(item);
    let mut row = part(turn, op, &target)?;
    match turn.fault_row(op, &target) {
        Verdict::Omit | Verdict::Stop => return None,
        Verdict::Patch(patch) => row.patches.push(patch),
        _ => {}
    }
    Some(row)
}

/// The same about a member that is gone.
pub(super) fn gone(turn: &mut Turn<'_>, op: Op, target: &Target) -> Option<Row> {
    let row = part(turn, op, target)?;
    let hidden = matches!(turn.fault_id(op, target), Verdict::Omit | Verdict::Stop);
    (!hidden).then_some(row)
}

/// Asks about one part of an answer: a href.
fn part(turn: &mut Turn<'_>, op: Op, target: &Target) -> Option<Row> {
    match turn.fault_item(op, target) {
        Verdict::Omit | Verdict::Stop => None,
        Verdict::Error(error) => Some(Row { refused: Some(refusal(&error)), patches: Vec::new() }),
        Verdict::Patch(patch) => Some(Row { refused: None, patches: vec![patch] }),
        _ => Some(Row::default()),
    }
}

/// The target that an item is.
pub(super) fn target(item: &Item) -> Target {
    Target { id: item.id.clone(), calendars: item.calendars.clone(), ..Target::default() }
}

/// What a fault makes of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Page {
    /// The share of the rows that stays; the token skips the others.
    pub(super) share: Option<f64>,
    /// What becomes of the token.
    pub(super) token: Option<TokenEffect>,
}

impl Page {
    /// Keeps the rows that stay.
    pub(super) fn keep<T>(&self, rows: &mut Vec<T>) {
        if let Some(share) = self.share {
            let kept = (rows.len() as f64 * share.clamp(0.0, 1.0)).floor();
            rows.truncate(kept as usize);
        }
    }
}

/// Asks about a page of a feed.
///
/// # Errors
/// The refusal that is armed for it.
pub(super) fn page(
    turn: &mut Turn<'_>,
    op: Op,
    calendar: &str,
    token: bool,
) -> Result<Page, Refusal> {
    let calendars = std::iter::once(calendar.to_owned()).collect();
    match turn.fault_page(op, &calendars, token) {
        Verdict::Error(error) => Err(refusal(&error)),
        Verdict::Token(effect) => Ok(Page { token: Some(effect), ..Page::default() }),
        Verdict::Empty => Ok(Page { share: Some(0.0), ..Page::default() }),
        Verdict::Cut(keep) => Ok(Page { share: Some(keep), ..Page::default() }),
        _ => Ok(Page::default()),
    }
}

/// An armed error as a refusal: its code is a status or the name of a condition, which a member
/// `namespace` puts into another namespace than its own, and to which a member `href` gives one.
pub(super) fn refusal(error: &ErrorEffect) -> Refusal {
    let own = error.status.and_then(|status| StatusCode::from_u16(status).ok());
    let code = error.code.as_str();
    let numbered = code.parse().ok().and_then(|status| StatusCode::from_u16(status).ok());
    match condition(code) {
        Some((name, usual)) => {
            let other = error.members.get("namespace").and_then(Value::as_str);
            let name = other.and_then(|space| Name::new(space, name.local()).ok()).unwrap_or(name);
            let href = error.members.get("href").and_then(Value::as_str);
            let href = href.map(|href| Element::new(dav::HREF).with_text(href));
            let condition = Element::new(name).with_children(href);
            Refusal { status: own.unwrap_or(usual), condition: Some(condition) }
        }
        None => Refusal::plain(own.or(numbered).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)),
    }
}

/// The same as a whole answer.
pub(super) fn reply(error: &ErrorEffect) -> Reply {
    let mut reply = answer::refusal(&refusal(error));
    if let Some(seconds) = error.retry_after_s {
        reply = answer::with(reply, header::RETRY_AFTER, &seconds.to_string());
    }
    if reply.body().is_empty()
        && let Some(text) = &error.description
    {
        *reply.body_mut() = text.clone().into();
        reply = answer::with(reply, header::CONTENT_TYPE, "text/plain; charset=utf-8");
    }
    reply
}

/// Conditions that can be armed, each with its usual status.
fn condition(code: &str) -> Option<(Name, StatusCode)> {
    let forbidden = StatusCode::FORBIDDEN;
    let known = [
        (dav::VALID_SYNC_TOKEN, forbidden),
        (dav::NUMBER_OF_MATCHES_WITHIN_LIMITS, StatusCode::INSUFFICIENT_STORAGE),
        (dav::QUOTA_NOT_EXCEEDED, StatusCode::INSUFFICIENT_STORAGE),
        (dav::SUFFICIENT_DISK_SPACE, StatusCode::INSUFFICIENT_STORAGE),
        (dav::LOCK_TOKEN_SUBMITTED, StatusCode::LOCKED),
        (dav::NEED_PRIVILEGES, forbidden),
        (dav::RESOURCE_MUST_BE_NULL, forbidden),
        (caldav::NO_UID_CONFLICT, forbidden),
        (caldav::VALID_CALENDAR_DATA, forbidden),
        (caldav::VALID_CALENDAR_OBJECT_RESOURCE, forbidden),
        (caldav::SUPPORTED_CALENDAR_COMPONENT, forbidden),
        (caldav::SUPPORTED_CALENDAR_DATA, forbidden),
        (caldav::MAX_RESOURCE_SIZE, forbidden),
        (caldav::MAX_INSTANCES, forbidden),
        (caldav::ALLOWED_ATTENDEE_SCHEDULING_OBJECT_CHANGE, forbidden),
        (caldav::ALLOWED_ORGANIZER_SCHEDULING_OBJECT_CHANGE, forbidden),
        (caldav::UNIQUE_SCHEDULING_OBJECT_RESOURCE, forbidden),
        (carddav::VALID_ADDRESS_DATA, forbidden),
        (carddav::SUPPORTED_ADDRESS_DATA, forbidden),
    ];
    known.into_iter().find(|(name, _)| name.local() == code)
}
