//! The store: three trees, intents, what is unresolved, what is held.
//!
//! Everything that is written is a list of [`Effect`]s in one transaction, decided beforehand by
//! pure code. Nothing here decides.

mod effect;
mod error;
mod load;
mod mirror;
mod schema;
mod write;

use std::collections::BTreeMap;

use calamity_base::{Db, Env};

use crate::model::Transaction;
use crate::plan::{Key, PairId};

pub use effect::{Effect, HoldRow, IntentRow, IntentState, RunId};
pub use error::Error;
pub use load::Loaded;
pub use mirror::mirror;

/// An open store. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
}

impl Store {
    /// Opens the store of this name on the process's disk, makes it when there is none, and brings
    /// its schema up to date.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be opened or migrated.
    pub async fn open(env: &Env, name: &str) -> Result<Self, Error> {
        let db = Db::open(env, name).await?;
        db.exclusive("store.migrate", |connection| {
            schema::migrations().to_latest(connection).map_err(Error::Schema)
        })
        .await?;
        Ok(Self { db })
    }

    /// Everything that a run starts from. `since` is the start of the window over which deletes are
    /// counted, as text of a timestamp.
    ///
    /// # Errors
    /// [`Error`] when the store cannot be read.
    pub async fn load(&self, since: String) -> Result<Loaded, Error> {
        self.db.read("store.load", move |tx| load::load(tx, &since)).await
    }

    /// The operations that wait.
    ///
    /// # Errors
    /// [`Error`] when the store cannot be read.
    pub async fn holds(&self) -> Result<BTreeMap<(PairId, Key), HoldRow>, Error> {
        self.db.read("store.holds", load::holds).await
    }

    /// Writes effects in one transaction, in their order.
    ///
    /// # Errors
    /// [`Error`]; nothing of them is stored then, unless the commit itself is in doubt.
    pub async fn commit(&self, name: &'static str, effects: Vec<Effect>) -> Result<(), Error> {
        if effects.is_empty() {
            return Ok(());
        }
        self.db
            .tx(name, move |tx| effects.iter().try_for_each(|effect| write::put(tx, effect)))
            .await
    }

    /// Closes the store.
    pub async fn close(&self) {
        self.db.close().await;
    }
}

/// The number of an intent: also the transaction number of a create.
pub type IntentId = Transaction;
