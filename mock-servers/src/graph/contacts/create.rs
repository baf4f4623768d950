//! `POST /me/contacts`, `POST /me/contactFolders/{id}/contacts`.

use std::collections::BTreeSet;

use http::StatusCode;

use super::find::folder;
use super::{render, stored};
use crate::account::NewItem;
use crate::graph::call::Call;
use crate::graph::failure::Failure;
use crate::graph::odata::{Expand, Select};
use crate::graph::{schema, transaction};
use crate::native::Reply;
use crate::turn::Turn;

/// Makes a contact. There is no `transactionId`: a repeated request makes another one.
pub(in crate::graph) fn create(
    call: &Call,
    turn: &mut Turn<'_>,
    path: Option<&[String]>,
) -> Result<Reply, Failure> {
    let folder = folder(turn, path).map(|folder| folder.id.clone());
    let mut target = call.target();
    target.calendars.extend(folder.as_ref().ok().cloned());
    call.write(turn, &target, |turn, patch| {
        let given = call.body(&schema::CONTACT)?;
        let folder = folder?;
        let mut body = stored::create(&given)?;
        patch.apply_to(&mut body);
        let uid = turn.new_id("contact", &transaction::hash(&given));
        let new = NewItem { uid, body, ..NewItem::default() };
        let item = turn.create(new, BTreeSet::from([folder]), call.marker());
        let expand = Expand { extensions: Some(Vec::new()), ..Expand::default() };
        let made = render::contact(&item, &Select::default(), &expand);
        Ok(call.entity(StatusCode::CREATED, "me/contacts", made))
    })
}
