//! `PATCH /me/contacts/{id}`.

use http::StatusCode;

use super::find::find;
use super::{render, stored};
use crate::graph::call::Call;
use crate::graph::failure::Failure;
use crate::graph::odata::{Expand, Select};
use crate::graph::schema;
use crate::native::Reply;
use crate::turn::Turn;

/// Changes what the body names.
pub(in crate::graph) fn update(
    call: &Call,
    turn: &mut Turn<'_>,
    path: Option<&[String]>,
    id: &str,
) -> Result<Reply, Failure> {
    let target = call.target();
    call.write(turn, &target, |turn, patch| {
        let item = find(turn, path, id)?;
        call.matches(&render::etag(&item))?;
        let mut body = stored::change(&item.body, &call.body(&schema::CONTACT)?)?;
        patch.apply_to(&mut body);
        let item = turn.update(&item.id, call.marker(), |stored| stored.body = body);
        let item = item.ok_or_else(Failure::not_found)?;
        let changed = render::contact(&item, &Select::default(), &Expand::default());
        Ok(call.entity(StatusCode::OK, "me/contacts", changed))
    })
}
