//! The floor and the mock, asked in turns, as a ratio: 1 is as fast as the floor, 0.5 takes twice as
//! long.
//!
//! A machine that is shared is fast at one time and slow at another. Two series one after the other
//! would measure that; requests that take turns meet the same machine.

use std::time::{Duration, Instant};

/// Times of requests to the floor and to the mock.
#[derive(Clone, Debug, Default)]
pub struct Pairs {
    floor: Vec<Duration>,
    mock: Vec<Duration>,
}

impl Pairs {
    /// Asks the floor, then the mock, and returns the time that the mock took.
    pub fn take(&mut self, floor: impl FnOnce(), mock: impl FnOnce()) -> Duration {
        let begin = Instant::now();
        floor();
        self.floor.push(begin.elapsed());
        let begin = Instant::now();
        mock();
        let took = begin.elapsed();
        self.mock.push(took);
        took
    }

    /// What they come to; none where nobody was asked.
    #[must_use]
    pub fn ratio(&self, name: &str) -> Option<Ratio> {
        Some(Ratio {
            name: name.to_owned(),
            floor_us: median_us(&self.floor)?,
            mock_us: median_us(&self.mock)?,
        })
    }
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Ratio {
    /// The operation.
    pub name: String,
    /// The median of the floor, in microseconds.
    pub floor_us: f64,
    /// The median of the mock, in microseconds.
    pub mock_us: f64,
}

impl Ratio {
    /// How much of the floor's speed is left.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.floor_us / self.mock_us
    }
}

fn median_us(times: &[Duration]) -> Option<f64> {
    let mut times = times.to_vec();
    times.sort_unstable();
    Some(times.get(times.len() / 2)?.as_secs_f64() * 1e6)
}

#[cfg(test)]
mod tests {
    use super::Pairs;

    #[test]
    fn both_are_asked_in_turns() {
        let order = std::cell::RefCell::new(String::new());
        let mut pairs = Pairs::default();
        assert!(pairs.ratio("x").is_none());
        for _ in 0..2 {
            pairs.take(|| order.borrow_mut().push('f'), || order.borrow_mut().push('m'));
        }
        assert_eq!(*order.borrow(), "fmfm");
        assert_eq!((pairs.floor.len(), pairs.mock.len()), (2, 2));
        assert_eq!(pairs.ratio("x").unwrap().name, "x");
    }
}
