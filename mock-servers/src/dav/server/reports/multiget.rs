//! calendar-multiget (RFC 4791 section 7.9) and addressbook-multiget (RFC 6352 section 8.7): each
//! href has its own answer.

use http::StatusCode;

use super::super::answer::{Outcome, multistatus};
use super::super::call::Call;
use super::super::faults;
use super::super::props::{self, Data};
use super::super::resource::{self, Resource};
use crate::dav::xml::Response;
use crate::dav::xml::request::Asked;
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
    let mut all = call.multistatus(&turn.host().profile.dav);
    for href in hrefs {
        let found = call.named(href).and_then(|place| resource::find(turn, &place));
        let member = match found {
            Ok(member @ Resource::Object(..)) => member,
            Ok(_) => {
                all.respond(&Response::status(href, StatusCode::NOT_FOUND));
                continue;
            }
            Err(refused) => {
                let mut response = Response::status(href, refused.status);
                response.error = refused.condition;
                all.respond(&response);
                continue;
            }
        };
        if let Resource::Object(focus, item) = &member {
            turn.turn_to(*focus);
            match turn.fault_item(Op::EventGet, &faults::target(item)) {
                Verdict::Omit => continue,
                Verdict::Error(error) => {
                    let refused = faults::refusal(&error);
                    let mut response = Response::status(href, refused.status);
                    response.error = refused.condition;
                    all.respond(&response);
                    continue;
                }
                _ => {}
            }
        }
        all.check_size()?;
        let stats = props::propstats(turn, &member, &asked.properties, &data)?;
        all.respond(&Response::properties(member.place(turn).href(), stats));
    }
    Ok(multistatus(all))
}
