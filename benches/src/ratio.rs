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
    /// Asks both so often, in turns, and returns the time that the mock took.
    pub fn take(
        &mut self,
        turns: u64,
        mut floor: impl FnMut(),
        mut mock: impl FnMut(),
    ) -> Duration {
        let timed = |act: &mut dyn FnMut()| {
            let begin = Instant::now();
            act();
            begin.elapsed()
        };
        let mut all = Duration::ZERO;
        for _ in 0..turns {
            self.floor.push(timed(&mut floor));
            let took = timed(&mut mock);
            self.mock.push(took);
            all += took;
        }
        all
    }

    /// What they come to.
    #[must_use]
    pub fn ratio(&self, name: &str) -> Ratio {
        Ratio {
            name: name.to_owned(),
            floor_us: median_us(&self.floor),
            mock_us: median_us(&self.mock),
        }
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

fn median_us(times: &[Duration]) -> f64 {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1e6)
}

#[cfg(test)]
mod tests {
    use super::Pairs;

    #[test]
    fn both_are_asked_in_turns() {
        let order = std::cell::RefCell::new(String::new());
        let mut pairs = Pairs::default();
        pairs.take(2, || order.borrow_mut().push('f'), || order.borrow_mut().push('m'));
        assert_eq!(*order.borrow(), "fmfm");
        assert_eq!((pairs.floor.len(), pairs.mock.len()), (2, 2));
        assert_eq!(pairs.ratio("x").name, "x");
    }
}
