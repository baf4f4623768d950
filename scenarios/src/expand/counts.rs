//! How many: as the scenario says, or as a share of it when a file takes the place of its world.
//!
//! A count that a user's act has made real is real everywhere: where forty creates became four, an
//! expectation of forty is one of four. A count that no act names is expected to be within one of
//! its share, because the roundings of its parts do not add up.

use std::collections::BTreeMap;

use crate::language::{Amount, Expect, Held};

/// The guard rule that holds what a side cannot hold.
const INEXPRESSIBLE: &str = "inexpressible";
/// Exit codes of a run in which nothing failed.
const DONE: u8 = 0;
const HELD: u8 = 3;

/// How counts of a scenario become counts of a script.
#[derive(Clone, Debug)]
pub(super) struct Counts {
    share: Option<Share>,
    real: BTreeMap<u64, u64>,
    inexpressible: u64,
}

#[derive(Clone, Copy, Debug)]
struct Share {
    of: u64,
    world: u64,
}

impl Share {
    fn rounded(self, count: u64) -> u64 {
        let (count, of, world) = (u128::from(count), u128::from(self.of), u128::from(self.world));
        let rounded = (2 * count * of + world) / (2 * world);
        u64::try_from(rounded).unwrap_or(u64::MAX)
    }

    fn least(self, count: u64) -> u64 {
        let exact = u128::from(count) * u128::from(self.of) / u128::from(self.world);
        u64::try_from(exact).unwrap_or(u64::MAX)
    }
}

impl Counts {
    /// As the scenario says.
    pub(super) fn exact() -> Counts {
        Counts { share: None, real: BTreeMap::new(), inexpressible: 0 }
    }

    /// In proportion: `of` events stand where the scenario has `world`, and `inexpressible` of them
    /// wait for ever.
    pub(super) fn scaled(world: u64, of: u64, inexpressible: u64) -> Counts {
        // A world without events of its own has nothing to be in proportion to.
        let share = Some(if world > 0 { Share { of, world } } else { Share { of: 1, world: 1 } });
        Counts { share, real: BTreeMap::new(), inexpressible }
    }

    /// Whether they are shares of what the scenario says.
    pub(super) fn are_shares(&self) -> bool {
        self.share.is_some()
    }

    /// How many items an act is to have: at least 1, unless it is 0.
    pub(super) fn wanted(&self, count: u64) -> u64 {
        match self.share {
            Some(share) if count > 0 => share.rounded(count).max(1),
            _ => count,
        }
    }

    /// What a count stands for that the last act of this count has made real.
    pub(super) fn count(&self, count: u64) -> u64 {
        self.real.get(&count).copied().unwrap_or_else(|| self.wanted(count))
    }

    /// From now on this count of the scenario is that one of the script.
    pub(super) fn made_real(&mut self, count: u64, real: u64) {
        if self.share.is_some() {
            self.real.insert(count, real);
        }
    }

    /// How many are let through before a fault fires: it fires at the same one.
    pub(super) fn skip(&self, skip: u64) -> u64 {
        self.count(skip + 1).saturating_sub(1)
    }

    /// How many are expected.
    pub(super) fn amount(&self, amount: Amount) -> Amount {
        let Some(share) = self.share else { return amount };
        if amount.to == Some(amount.from) {
            let count = amount.from;
            if count == 0 || self.real.contains_key(&count) {
                return Amount::exactly(self.count(count));
            }
            let least = share.least(count);
            return Amount { from: least.saturating_sub(1), to: Some(least + 2) };
        }
        Amount {
            from: share.least(amount.from).min(amount.from),
            to: amount.to.map(|to| share.rounded(to).max(to) + 1),
        }
    }

    /// What is expected of a run.
    pub(super) fn expect(&self, expect: &Expect) -> Expect {
        let mut expect = expect.clone();
        if self.share.is_none() {
            return expect;
        }
        for amount in [
            &mut expect.created,
            &mut expect.updated,
            &mut expect.deleted,
            &mut expect.conflicts,
            &mut expect.errors,
            &mut expect.healed,
            &mut expect.deferred,
        ] {
            *amount = amount.map(|amount| self.amount(amount));
        }
        let waited = expect.held.as_ref().map(|held| least(&held.value) > 0);
        if let Some(held) = &mut expect.held {
            held.value = self.held(&held.value);
        }
        let waits = self.inexpressible > 0
            || expect.held.as_ref().is_some_and(|held| least(&held.value) > 0);
        if self.inexpressible > 0 {
            // A calendar in which something waits is never passed over as unchanged.
            expect.skipped = None;
        }
        let aborts = expect.aborted == Some(true);
        expect.exit = expect.exit.map(|exit| match exit {
            DONE if waits && !aborts => HELD,
            HELD if waited == Some(true) && !waits => DONE,
            exit => exit,
        });
        expect
    }

    fn held(&self, held: &Held) -> Held {
        match held {
            Held::All(amount) => {
                let Amount { from, to } = self.amount(*amount);
                // Whoever does not see an item does not hold it either.
                Held::All(Amount { from, to: to.map(|to| to + self.inexpressible) })
            }
            Held::ByRule(rules) => {
                let mut rules: BTreeMap<String, Amount> = rules
                    .iter()
                    .map(|(rule, amount)| (rule.clone(), self.amount(*amount)))
                    .filter(|(_, amount)| amount.to != Some(0))
                    .collect();
                if self.inexpressible > 0 {
                    rules.insert(INEXPRESSIBLE.to_owned(), Amount::exactly(self.inexpressible));
                }
                Held::ByRule(rules)
            }
        }
    }
}

/// The fewest operations that are held.
fn least(held: &Held) -> u64 {
    match held {
        Held::All(amount) => amount.from,
        Held::ByRule(rules) => rules.values().map(|amount| amount.from).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_of_an_act_is_real_everywhere() {
        let mut counts = Counts::scaled(300, 20, 2);
        assert_eq!(counts.count(40), 3, "a fifteenth of forty, rounded");
        assert_eq!(counts.count(1), 1, "never none");
        counts.made_real(40, 3);
        assert_eq!(counts.amount(Amount::exactly(40)), Amount::exactly(3));
        assert_eq!(counts.amount(Amount::exactly(0)), Amount::exactly(0));
        assert_eq!(counts.amount(Amount::exactly(50)), Amount { from: 2, to: Some(5) });
        assert_eq!(counts.skip(39), 2, "the last of forty is the last of three");
    }

    #[test]
    fn what_waits_for_ever_is_held_and_changes_the_exit_code() {
        let mut counts = Counts::scaled(300, 20, 2);
        counts.made_real(10, 1);
        let expect =
            Expect { exit: Some(0), deleted: Some(Amount::exactly(10)), ..Expect::default() };
        let scaled = counts.expect(&expect);
        assert_eq!((scaled.exit, scaled.deleted), (Some(3), Some(Amount::exactly(1))));
        let none = Counts::scaled(300, 20, 0).expect(&expect);
        assert_eq!(none.exit, Some(0));
    }
}
