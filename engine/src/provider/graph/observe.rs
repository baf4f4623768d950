//! What a calendar holds, or what changed in it.

use std::collections::BTreeSet;

use crate::model::{ContainerId, ItemId, Listing, Observation, Revision, Seen, Token};
use crate::provider::{Error, Known};

use super::Graph;
use super::delta::{Changes, Round};
use super::listing::Rows;
use super::token::{Mark, Span};

impl Graph {
    pub(super) async fn observe_container(
        &self,
        container: &ContainerId,
        since: Option<&Token>,
        known: &Known,
    ) -> Observation {
        let mut rows = Rows::default();
        match self.look_at(container, since, known, &mut rows).await {
            Ok(observation) => observation,
            Err(error) => Observation::Partial { seen: seen(rows.there), errors: vec![error] },
        }
    }

    async fn look_at(
        &self,
        container: &ContainerId,
        since: Option<&Token>,
        known: &Known,
        rows: &mut Rows,
    ) -> Result<Observation, Error> {
        let now = self.http.now();
        let mark = since.and_then(Mark::read).filter(|mark| mark.span.serves(self.window, now));
        if let Some(mark) = mark
            && let Changes::Round(round) = self.next_round(&mark).await?
        {
            return self.changes(container, mark, round, known, rows).await;
        }
        self.everything(container, known, rows).await
    }

    /// All that a calendar holds. The feed's first round comes before the list, so that what
    /// changes meanwhile comes again with the next.
    async fn everything(
        &self,
        container: &ContainerId,
        known: &Known,
        rows: &mut Rows,
    ) -> Result<Observation, Error> {
        let span = Span::around(self.window, self.http.now());
        let round = self.first_round(container, span).await?;
        self.list(container, None, rows).await?;
        let mut mark = Mark::new(round.link.clone(), span);
        mark.saw(round.latest.max(rows.latest));
        mark.outside = rows.there.keys().any(|id| !round.there.contains_key(id));
        let missing: BTreeSet<ItemId> = known
            .keys()
            .chain(round.there.keys())
            .filter(|id| !rows.there.contains_key(*id))
            .cloned()
            .collect();
        let asked = missing.len();
        let (gone, there) = self.gone(container, missing).await?;
        rows.there.extend(there);
        let proof = format!(
            "all {} pages followed, {} ids; {asked} missing ids asked for, {} of them gone",
            rows.pages,
            rows.there.len(),
            gone.len(),
        );
        let items = seen(std::mem::take(&mut rows.there));
        Ok(Observation::Listing(Listing::proven(items, Some(mark.token()), proof)))
    }

    /// What changed since a token, in the window and outside of it.
    async fn changes(
        &self,
        container: &ContainerId,
        mut mark: Mark,
        round: Round,
        known: &Known,
        rows: &mut Rows,
    ) -> Result<Observation, Error> {
        let since = mark.watermark;
        mark.delta_link = round.link;
        mark.saw(round.latest);
        let mut changed = round.there;
        let (mut gone, left) = self.gone(container, round.removed).await?;
        // An event that is there, and not in the window any more.
        mark.outside |= !left.is_empty();
        changed.extend(left);
        // Outside of the window a change shows in the time of it, a deletion only in a whole list.
        let whole = mark.outside;
        self.list(container, since.filter(|_| !whole), rows).await?;
        mark.saw(rows.latest);
        for (id, revision) in &rows.there {
            let new = !known.contains_key(id);
            if new || revision.is_none() || known.get(id) != revision.as_ref() {
                mark.outside |= new && !changed.contains_key(id);
                changed.entry(id.clone()).or_insert_with(|| revision.clone());
            }
        }
        if whole {
            let missing = known.keys().chain(changed.keys());
            let missing = missing.filter(|id| !rows.there.contains_key(*id) && !gone.contains(*id));
            let missing: BTreeSet<ItemId> = missing.cloned().collect();
            let (absent, there) = self.gone(container, missing).await?;
            changed.retain(|id, _| !absent.contains(id));
            changed.extend(there);
            gone.extend(absent);
        }
        // What was never known cannot be gone, and what was told again in vain has not changed.
        gone.retain(|id| known.contains_key(id));
        changed.retain(|id, revision| is_new(known.get(id), revision.as_ref()));
        let token = mark.token();
        if changed.is_empty() && gone.is_empty() {
            return Ok(Observation::Unchanged { token });
        }
        let gone = gone.into_iter().collect();
        Ok(Observation::Delta { changed: seen(changed), gone, token })
    }
}

fn is_new(known: Option<&Revision>, now: Option<&Revision>) -> bool {
    known.is_none() || now.is_none() || known != now
}

fn seen(rows: impl IntoIterator<Item = (ItemId, Option<Revision>)>) -> Vec<Seen> {
    rows.into_iter().map(|(id, revision)| Seen { id, revision }).collect()
}
