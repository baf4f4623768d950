//! `GET /me/contactFolders/delta`.

use serde_json::json;

use super::feed::{self, Next, Told, Unit};
use super::serve::{Feed, serve};
use super::token::{Place, Token, Tracked};
use crate::account::{Account, Calendar};
use crate::graph::call::Call;
use crate::graph::contacts;
use crate::graph::failure::Failure;
use crate::graph::odata::{Expand, Select};
use crate::native::{Host, Reply};
use crate::turn::Turn;

const FEED: Feed = Feed {
    resource: "ContactFolders",
    context: "Collection(contactFolder)",
    refused: &["$orderby", "$filter", "$expand", "$search"],
};

/// Changes of the folders of contacts, the default one included.
pub(in crate::graph) fn of_folders(call: &Call, turn: &mut Turn<'_>) -> Result<Reply, Failure> {
    serve(call, turn, &FEED, Ok(String::new()), |_| Ok(Tracked::Folders))
}

/// The page at a token.
pub(super) fn page(account: &Account, host: &Host, token: &Token, size: usize) -> Told {
    let unit = |folder: &Calendar| {
        let mut row = contacts::render_folder(folder, host, &Select::default(), &Expand::default());
        row.insert("@odata.type".to_owned(), json!(token.tracked.kind()));
        Unit { item: folder.id.clone(), rows: vec![row] }
    };
    match &token.place {
        Place::Since(since) => {
            let stretch = feed::stretch(account.calendar_changes(), *since, size, |_| true);
            stretch.into_told(|id, fresh| match account.calendar(id) {
                Some(folder) => Some(unit(folder)),
                None if fresh => None,
                None => Some(feed::removed(id, &token.tracked)),
            })
        }
        Place::Listing { began, after } => {
            let mut rest = account
                .calendars()
                .filter(|folder| folder.id > *after && folder.created_modseq <= *began)
                .peekable();
            let units: Vec<Unit> = rest.by_ref().take(size).map(unit).collect();
            let next = match (rest.peek(), units.last()) {
                (Some(_), Some(last)) => {
                    Next::Page(Place::Listing { began: *began, after: last.item.clone() })
                }
                _ => Next::Round(*began),
            };
            Told { units, next }
        }
    }
}
