//! `DELETE /me/contacts/{id}`.

use super::find::find;
use super::render;
use crate::graph::call::Call;
use crate::graph::failure::Failure;
use crate::native::Reply;
use crate::turn::Turn;

/// Deletes a contact.
pub(in crate::graph) fn delete(
    call: &Call,
    turn: &mut Turn<'_>,
    path: Option<&[String]>,
    id: &str,
) -> Result<Reply, Failure> {
    let target = call.target();
    call.write(turn, &target, |turn, _| {
        let item = find(turn, path, id)?;
        call.matches(&render::etag(&item))?;
        turn.delete(&item.id, call.marker());
        Ok(call.names.nothing())
    })
}
