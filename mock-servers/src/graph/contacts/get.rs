//! `GET /me/contacts/{id}`, and its photo.

use http::StatusCode;

use super::find::find;
use super::render;
use crate::account::Form;
use crate::graph::call::Call;
use crate::graph::failure::Failure;
use crate::graph::odata::{Expand, Select};
use crate::graph::schema;
use crate::native::Reply;
use crate::operation::{Op, Target};
use crate::spliced;
use crate::turn::{Turn, Verdict};

/// A contact.
pub(in crate::graph) fn get(
    call: &Call,
    turn: &mut Turn<'_>,
    path: Option<&[String]>,
    id: &str,
) -> Result<Reply, Failure> {
    let select = Select::parse(&call.query, &schema::CONTACT)?;
    let expand = Expand::parse(&call.query, "contact")?;
    let target = Target { id: id.to_owned(), ..Target::default() };
    let patch = match turn.fault_item(Op::ContactGet, &target) {
        Verdict::Error(error) => return Err(Failure::armed(&error)),
        Verdict::Omit => return Err(Failure::not_found()),
        Verdict::Patch(patch) => Some(patch),
        _ => None,
    };
    let item = find(turn, path, id)?;
    let contact = || render::contact(&item, &select, &expand);
    let Some(patch) = patch else {
        let form = Form::of("contact", &(&select, &expand));
        let contact = item.rendered.text(form, || spliced::object(contact()));
        return Ok(call.entity_text("me/contacts", &contact));
    };
    let mut contact = contact();
    patch.apply_to(&mut contact);
    Ok(call.entity(StatusCode::OK, "me/contacts", contact))
}

/// The photo of a contact: no contact has one.
pub(in crate::graph) fn photo(
    turn: &Turn<'_>,
    path: Option<&[String]>,
    id: &str,
) -> Result<Reply, Failure> {
    find(turn, path, id)?;
    Err(Failure::of("ImageNotFound"))
}
