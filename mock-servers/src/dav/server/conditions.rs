//! Conditional requests: If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since (RFC 9110
//! section 13.1) and If-Schedule-Tag-Match (RFC 6638 section 8.3).

use http::{Method, StatusCode};
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::fmt::strtime;

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
    if let Some(wanted) = call.header("if-match")
        && (literal && wanted == "*" || !tag.as_ref().is_some_and(|tag| strongly(wanted, tag)))
    {
        return Err(failed());
    }
    if quirks.date_conditions.it() && stored.is_some_and(|stored| is_newer(call, stored)) {
        return Err(failed());
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

/// Whether a GET is answered with 304.
///
/// # Errors
/// 412 when it asks for another version than there is.
pub(super) fn is_unchanged(quirks: &DavQuirks, call: &Call, item: &Item) -> Result<bool, Refusal> {
    let tag = etag(item);
    if quirks.date_conditions.it() {
        let other = call.header("if-match").is_some_and(|wanted| !strongly(wanted, &tag));
        if other || is_newer(call, item) {
            return Err(Refusal::plain(StatusCode::PRECONDITION_FAILED));
        }
    }
    if let Some(known) = call.header("if-none-match") {
        return Ok(weakly(known, &tag));
    }
    let since = call.header("if-modified-since").filter(|_| quirks.date_conditions.it());
    Ok(since.and_then(seconds).is_some_and(|since| item.updated.as_second() <= since))
}

/// Whether something was changed since the date that a request names, which counts where it names no
/// entity tag.
fn is_newer(call: &Call, stored: &Item) -> bool {
    let date = call.header("if-unmodified-since").filter(|_| call.header("if-match").is_none());
    date.and_then(seconds).is_some_and(|date| stored.updated.as_second() > date)
}

/// A date of HTTP in seconds since 1970; none where it is no date, which counts as none.
fn seconds(text: &str) -> Option<i64> {
    let preferred = || DateTimeParser::new().parse_timestamp(text).ok();
    let older = |format| {
        let date = strtime::parse(format, text).and_then(|it| it.to_datetime()).ok()?;
        date.in_tz("UTC").map(|it| it.timestamp()).ok()
    };
    // All three have to be understood (RFC 9110 section 5.6.7).
    let date = match text.strip_suffix(" GMT") {
        Some(_) => preferred().or_else(|| older("%A, %d-%b-%y %H:%M:%S GMT")),
        None => older("%a %b %e %H:%M:%S %Y"),
    };
    date.map(|date| date.as_second())
}

fn strongly(list: &str, tag: &str) -> bool {
    list == "*" || list.split(',').any(|one| one.trim() == tag)
}

fn weakly(list: &str, tag: &str) -> bool {
    let bare = |one: &str| one.trim().trim_start_matches("W/").to_owned();
    list == "*" || list.split(',').any(|one| bare(one) == tag)
}
