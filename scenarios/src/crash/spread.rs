//! Independent runs on as many threads as there are processors.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Does the work for every job. The results come in the order of the jobs, whichever thread did
/// which. The work must not panic.
pub(crate) fn spread<J: Sync, T: Send>(jobs: &[J], work: impl Fn(&J) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(jobs.len());
    let next = AtomicUsize::new(0);
    let one = || {
        let mut done = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(place) else { return done };
            done.push((place, work(job)));
        }
    };
    let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(one)).collect();
        let ended = threads
            .into_iter()
            .map(|thread| thread.join().expect("invariant: the work catches its own panics"));
        ended.flatten().collect()
    });
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, value)| value).collect()
}
