//! Conditional requests: If-Match, If-None-Match (RFC 9110 section 13.1) and If-Schedule-Tag-Match
//! (RFC 6638 section 8.3).

use http::{Method, StatusCode};

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
pub(super) fn is_unchanged(call: &Call, tag: &str) -> bool {
    call.header("if-none-match").is_some_and(|known| weakly(known, tag))
}

fn strongly(list: &str, tag: &str) -> bool {
    list == "*" || list.split(',').any(|one| one.trim() == tag)
}

fn weakly(list: &str, tag: &str) -> bool {
    let bare = |one: &str| one.trim().trim_start_matches("W/").to_owned();
    list == "*" || list.split(',').any(|one| bare(one) == tag)
}
