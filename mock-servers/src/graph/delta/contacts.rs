//! `GET .../contacts/delta`.

use super::serve::{Feed, serve};
use super::token::Tracked;
use crate::graph::call::Call;
use crate::graph::contacts;
use crate::graph::failure::Failure;
use crate::graph::odata::Select;
use crate::graph::schema;
use crate::native::Reply;
use crate::turn::Turn;

const FEED: Feed = Feed {
    resource: "Contacts",
    context: "Collection(contact)",
    refused: &["$orderby", "$filter", "$expand", "$search"],
};

/// Changes of the contacts of a folder, with the properties that were selected at first.
pub(in crate::graph) fn of_contacts(
    call: &Call,
    turn: &mut Turn<'_>,
    path: Option<&[String]>,
) -> Result<Reply, Failure> {
    let folder = contacts::folder(turn, path).map(|folder| folder.id.clone());
    serve(call, turn, &FEED, folder, |call| {
        let select = Select::parse(&call.query, &schema::CONTACT)?;
        let names = select.asked().map(|names| names.iter().cloned().collect());
        Ok(Tracked::Contacts { select: names.unwrap_or_default() })
    })
}
