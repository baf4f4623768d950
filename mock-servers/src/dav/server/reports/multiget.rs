//! calendar-multiget (RFC 4791 section 7.9) and addressbook-multiget (RFC 6352 section 8.7): each
//! href has its own answer.

use http::StatusCode;

use super::super::answer::{Outcome, multistatus};
use super::super::call::Call;
use super::super::faults;
use super::super::kept::Wanted;
use super::super::props::Data;
use super::super::resource::{self, Resource};
use crate::dav::xml::request::Asked;
use crate::dav::xml::{Multistatus, Response};
use crate::faults::Site;
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
    let wanted = Wanted::new(&asked.properties, &data);
    let mut all = Multistatus::new();
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
            let verdict = if turn.is_asked(Site::Item) {
                turn.fault_item(Op::EventGet, &faults::target(item))
            } else {
                Verdict::Pass
            };
            match verdict {
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
        wanted.respond(turn, &member, &mut all)?;
    }
    Ok(multistatus(all))
}
