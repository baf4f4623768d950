//! What a container holds, or what changed in it.

use std::collections::BTreeSet;

use crate::model::{ContainerId, ItemId, Observation, Seen, Token};
use crate::provider::{Error, Known};

use super::Jmap;

impl Jmap {
    pub(super) async fn observe_container(
        &self,
        container: &ContainerId,
        since: Option<&Token>,
        known: &Known,
    ) -> Observation {
        let mut seen = BTreeSet::new();
        match self.look(container, since, known, &mut seen).await {
            Ok(observation) => observation,
            Err(error) => Observation::Partial { seen: unread(seen), errors: vec![error] },
        }
    }

    async fn look(
        &self,
        container: &ContainerId,
        since: Option<&Token>,
        known: &Known,
        seen: &mut BTreeSet<ItemId>,
    ) -> Result<Observation, Error> {
        let session = self.session().await?;
        let changes = match since {
            Some(token) => self.changes(&session, token.as_str()).await?,
            None => None,
        };
        let Some(changes) = changes else {
            return Ok(Observation::Listing(self.listing(&session, container, seen).await?));
        };
        seen.extend(changes.changed.iter().cloned());
        let moves = self.moves(&session, container, changes).await?;
        let token = Token(moves.state);
        self.remember(container, token.as_str());
        // What was never here cannot be gone from here.
        let gone = moves.destroyed.into_iter().chain(moves.elsewhere);
        let gone: Vec<ItemId> = gone.filter(|id| known.contains_key(id)).collect();
        if gone.is_empty() && moves.here.is_empty() {
            return Ok(Observation::Unchanged { token });
        }
        Ok(Observation::Delta { changed: unread(moves.here), gone, token })
    }
}

/// Ids of which the feed tells no revision: each is to be read.
fn unread(ids: BTreeSet<ItemId>) -> Vec<Seen> {
    ids.into_iter().map(|id| Seen { id, revision: None }).collect()
}
