//! Writes that take long are given up on, and count as not sent.

use std::time::Duration;

use calamity_base::BoxFuture;
use calamity_engine::Assembly;
use calamity_engine::provider::{Answer, Error, Outgoing, Provider};

use super::wrapped::{Alter, both};
use super::{Control, KnownBad};

/// How long it waits for a window of writes.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) const KNOWN_BAD: KnownBad = KnownBad {
    name: "impatient",
    about: "writes that take longer than ten seconds are given up on and reported as not sent, \
            although some of them were carried out",
    breaks: "no-swallowed-error",
    control: Control::Passes,
    build,
};

fn build(assembly: Assembly) -> Assembly {
    both(assembly, Impatient)
}

#[derive(Clone, Copy, Debug)]
struct Impatient;

impl Alter for Impatient {
    fn send<'a>(
        &'a self,
        inner: &'a dyn Provider,
        changes: &'a [Outgoing],
    ) -> BoxFuture<'a, Vec<Answer>> {
        Box::pin(async move {
            let given_up = |_: &Outgoing| {
                Answer::Unsent(Error::Incomplete {
                    provider: inner.name().to_owned(),
                    what: "a window of writes".to_owned(),
                    problem: "it took too long".to_owned(),
                })
            };
            let answers = tokio::time::timeout(PATIENCE, inner.send(changes)).await;
            answers.unwrap_or_else(|_| changes.iter().map(given_up).collect())
        })
    }
}
