//! calendar-multiget (RFC 4791 section 7.9) and addressbook-multiget (RFC 6352 section 8.7): each
//! href has its own answer.

use std::sync::Arc;

use http::StatusCode;

use super::super::answer::{Outcome, multistatus};
use super::super::call::Call;
use super::super::kept::Wanted;
use super::super::props::Data;
use super::super::resource::{self, Resource};
use super::super::{faults, put};
use crate::account::Item;
use crate::dav::xml::request::Asked;
use crate::dav::xml::{Multistatus, Response};
use crate::faults::{PatchEffect, Site};
use crate::operation::Op;
use crate::turn::{Turn, Verdict};

/// Answers.
pub(super) fn multiget(
    turn: &mut Turn<'_>,
    call: &Call,
    asked: &Asked,
    hrefs: &[String],
) -> Outcome {
    let data = Data::of(asked);
    data.check()?;
    let detail = call.detail(&turn.host().profile.dav);
    let wanted = Wanted::new(&asked.properties, &data, detail);
    let mut all = Multistatus::of(detail);
    for href in hrefs {
        let found = call.named(href).and_then(|place| resource::find(turn, &place));
        let mut member = match found {
            Ok(member @ Resource::Object(..)) => member,
            Ok(_) => {
                all.respond(&Response::status(href, StatusCode::NOT_FOUND));
                continue;
            }
            Err(refused) => {
                all.respond(&Response::refused(href, refused));
                continue;
            }
        };
        if let Resource::Object(focus, item) = member.clone() {
            turn.turn_to(focus);
            let verdict = if turn.is_asked(Site::Item) {
                turn.fault_item(Op::EventGet, &faults::target(&item))
            } else {
                Verdict::Pass
            };
            match verdict {
                Verdict::Omit => continue,
                Verdict::Error(error) => {
                    all.respond(&Response::refused(href, faults::refusal(&error)));
                    continue;
                }
                Verdict::Patch(patch) => {
                    member = Resource::Object(focus, rewritten(&item, &patch));
                }
                _ => {}
            }
        }
        wanted.respond(turn, &member, &mut all)?;
    }
    Ok(multistatus(all))
}

/// An item as it is answered, which is not as it is stored.
fn rewritten(item: &Item, patch: &PatchEffect) -> Arc<Item> {
    let mut item = item.clone();
    if let Some(text) = &mut item.text {
        text.octets = put::rewritten(text.octets.clone(), patch);
    }
    Arc::new(item)
}
