//! Random draws of rules: each from (seed, rule, a stable key, how often the key came), so that
//! concurrency cannot reshuffle them. Only additions, multiplications and divisions are used, which
//! are the same on every machine.

use crate::account::derive;

/// 52 bits are exact in a double.
const UNIT: f64 = (1_u64 << 52) as f64;

/// How many uniform draws make one of a normal distribution.
const SUMMANDS: u64 = 12;

/// Halvings by which an exponent is brought close to 0.
const HALVINGS: u32 = 24;

/// Draws of one rule for one key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draw<'a> {
    /// The server's seed.
    pub(super) seed: u64,
    /// The rule's id.
    pub(super) rule: &'a str,
    /// What the draw is about.
    pub(super) key: &'a str,
    /// How often that came.
    pub(super) ordinal: u64,
}

impl Draw<'_> {
    /// A number from 0 up to but not including 1.
    pub(super) fn unit(self) -> f64 {
        let digits = derive(self.seed, self.rule, self.key, self.ordinal);
        let drawn = u64::from_str_radix(&digits[..13], 16).unwrap_or(0);
        (drawn as f64) / UNIT
    }

    /// A whole number between two bounds, which it may be.
    pub(super) fn between(self, from: u64, upto: u64) -> u64 {
        let span = upto.saturating_sub(from).saturating_add(1);
        from.saturating_add((self.unit() * span as f64) as u64).min(upto.max(from))
    }

    /// A number whose logarithm is spread normally around that of the median.
    pub(super) fn lognormal(self, median: u64, sigma: f64, most: u64) -> u64 {
        let one = |nth: u64| Draw { ordinal: self.ordinal * SUMMANDS + nth, ..self }.unit();
        // The sum of twelve has a variance of one and a mean of six.
        let normal = (0..SUMMANDS).map(one).sum::<f64>() - 6.0;
        let drawn = median as f64 * exp(sigma * normal);
        if drawn < most as f64 { drawn as u64 } else { most }
    }
}

/// The exponential function, to six digits: the one of the platform may differ in the last.
fn exp(exponent: f64) -> f64 {
    let mut power = 1.0 + exponent / f64::from(1_u32 << HALVINGS);
    for _ in 0..HALVINGS {
        power *= power;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draws(count: u64) -> Vec<Draw<'static>> {
        (0..count).map(|ordinal| Draw { seed: 1, rule: "r", key: "k", ordinal }).collect()
    }

    #[test]
    fn draws_stay_in_their_bounds_and_fill_them() {
        let drawn: Vec<u64> = draws(400).iter().map(|draw| draw.between(10, 14)).collect();
        for wanted in 10..=14 {
            let count = drawn.iter().filter(|one| **one == wanted).count();
            assert!((40..=120).contains(&count), "{wanted}: {count}");
        }
        assert!(drawn.iter().all(|one| (10..=14).contains(one)));
        assert_eq!(draws(1)[0].between(7, 7), 7);
        assert_eq!(draws(1)[0].between(9, 3), 9);
    }

    #[test]
    fn half_of_the_lognormal_draws_are_below_the_median() {
        let drawn: Vec<u64> = draws(600).iter().map(|one| one.lognormal(1000, 1.0, 9000)).collect();
        let below = drawn.iter().filter(|one| **one < 1000).count();
        assert!((250..350).contains(&below), "{below}");
        // One standard deviation around the median: e times as little and as much.
        let near = drawn.iter().filter(|one| (367..=2718).contains(*one)).count();
        assert!((370..450).contains(&near), "{near}");
        assert!(drawn.iter().all(|one| *one <= 9000));
        assert_eq!(draws(1)[0].lognormal(1000, 0.0, 9000), 1000);
    }

    #[test]
    fn the_exponential_is_one() {
        for exponent in [-3.0, -0.5, 0.0, 1.0, 2.5] {
            assert!((exp(exponent) / f64::exp(exponent) - 1.0).abs() < 1e-6, "{exponent}");
        }
    }
}
