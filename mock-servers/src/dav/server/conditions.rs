//! Conditional requests: If-Match, If-None-Match, If-Unmodified-Since, If-Modified-Since (RFC 9110
//! section 13) and If-Schedule-Tag-Match (RFC 6638 section 8.3).

use http::{Method, StatusCode};
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::call::Call;
use super::resource::{etag, schedule_tag};
use crate::account::Item;
use crate::dav::xml::Refusal;
use crate::profiles::DavQuirks;

/// Checks the conditions of a request that writes.
///
/// # Errors
/// 412 when one does not hold.
pub(super) fn check(quirks: &DavQuirks, call: &Call, stored: Option<&Item>) -> Result<(), Refusal> {
    let failed = || Refusal::plain(StatusCode::PRECONDITION_FAILED);
    let tag = stored.map(etag);
    let literal = call.method == Method::PUT && !quirks.any_match.it();
    match call.header("if-match") {
        Some(wanted) => {
            let matched = tag.as_ref().is_some_and(|tag| strongly(wanted, tag));
            if !matched || (literal && wanted == "*") {
                return Err(failed());
            }
        }
        None => {
            let changed = |since| stored.is_some_and(|stored| is_newer(stored, since));
            if date(call, "if-unmodified-since").is_some_and(changed) {
                return Err(failed());
            }
        }
    }
    if let Some(unwanted) = call.header("if-none-match")
        && tag.as_ref().is_some_and(|tag| weakly(unwanted, tag))
    {
        return Err(failed());
    }
    let tagged = call.header("if-schedule-tag-match").filter(|_| quirks.schedule_tags.it());
    if let Some(wanted) = tagged {
        let own = stored.and_then(|stored| schedule_tag(quirks, stored));
        if own.as_deref() != Some(wanted) {
            return Err(failed());
        }
    }
    Ok(())
}

/// What becomes of a GET.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// It is answered.
    Whole,
    /// 304: the client has it.
    Unchanged,
}

/// Checks the conditions of a request that reads (section 13.2.2).
///
/// # Errors
/// 412 when one does not hold.
pub(super) fn read(call: &Call, stored: &Item) -> Result<Read, Refusal> {
    let tag = etag(stored);
    let unwanted = match call.header("if-match") {
        Some(wanted) => !strongly(wanted, &tag),
        None => date(call, "if-unmodified-since").is_some_and(|since| is_newer(stored, since)),
    };
    if unwanted {
        return Err(Refusal::plain(StatusCode::PRECONDITION_FAILED));
    }
    let known = match call.header("if-none-match") {
        Some(known) => weakly(known, &tag),
        None => date(call, "if-modified-since").is_some_and(|since| !is_newer(stored, since)),
    };
    Ok(if known { Read::Unchanged } else { Read::Whole })
}

/// The date in a header; none where it is no date, which is passed over (sections 13.1.3, 13.1.4).
fn date(call: &Call, name: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(call.header(name)?).ok()
}

/// Whether it was changed after that second, which is all that a date in a header tells.
fn is_newer(stored: &Item, since: Timestamp) -> bool {
    stored.updated.as_second() > since.as_second()
}

fn strongly(list: &str, tag: &str) -> bool {
    list == "*" || list.split(',').any(|one| one.trim() == tag)
}

fn weakly(list: &str, tag: &str) -> bool {
    let bare = |one: &str| one.trim().trim_start_matches("W/").to_owned();
    list == "*" || list.split(',').any(|one| bare(one) == tag)
}
