//! GET and HEAD.

use http::{StatusCode, header};

use super::answer::{Outcome, body, empty, with, with_named};
use super::call::Call;
use super::conditions;
use super::props::content_type;
use super::props::http_date;
use super::resource::{self, Resource, etag, schedule_tag};
use super::{faults, options, put};
use crate::operation::Op;
use crate::turn::Turn;

/// Answers.
pub(super) fn get(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    let Resource::Object(focus, item) = resource::find(turn, call.place())? else {
        return Ok(options::not_allowed(call.place(), &turn.host().profile.dav));
    };
    turn.turn_to(focus);
    let patch = faults::read(turn, Op::EventGet, &item)?;
    let tag = etag(&item);
    let reply = if conditions::is_unchanged(&turn.host().profile.dav, call, &item)? {
        empty(StatusCode::NOT_MODIFIED)
    } else {
        let mut octets = item.text.as_ref().map(|text| text.octets.clone()).unwrap_or_default();
        if let Some(patch) = &patch {
            octets = put::rewritten(octets, patch);
        }
        body(StatusCode::OK, &content_type(&item), octets)
    };
    let mut reply = with(reply, header::ETAG, &tag);
    reply = with(reply, header::LAST_MODIFIED, &http_date(item.updated));
    if let Some(tag) = schedule_tag(&turn.host().profile.dav, &item) {
        reply = with_named(reply, "schedule-tag", &tag);
    }
    Ok(reply)
}
