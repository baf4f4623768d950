//! Time: what it is now, and waiting for it.
//!
//! Server behaviour, schedules and back-off wait here; only transport deadlines use tokio timers.
//! Four forms: the system's time, simulated time (a constant epoch plus paused tokio time, with a
//! skew for each process), a frozen clock that a test advances, and a steered clock, which follows
//! another one until a control API freezes it or moves it on. A clock never makes time pass by itself.

mod steered;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::{sync::watch, time::Instant};

use crate::sync::lock;

use steered::Steering;
pub use steered::{Course, SteeredClock};

/// Where simulated time begins: 2026-04-16T08:00:00Z, as seconds since the Unix epoch.
pub const EPOCH_SECONDS: i64 = 1_776_326_400;

/// How long a production clock sleeps at most before it looks at the system's time again, so that
/// a wait for a moment notices when somebody sets the clock.
const RECHECK: Duration = Duration::from_secs(30);

/// The moment at which every simulation begins.
#[must_use]
pub fn epoch() -> Timestamp {
    Timestamp::from_second(EPOCH_SECONDS).expect("the epoch is a valid moment")
}

/// The time of a process. Cheap to clone; clones share skew and jumps.
#[derive(Clone, Debug)]
pub struct Clock(Form);

#[derive(Clone, Debug)]
enum Form {
    System,
    Simulated { started: Instant, skew: Skew },
    Manual(watch::Receiver<Timestamp>),
    Steered(Steering),
}

/// How far a process's clock is off, shared by its owner and the simulation that shifts it.
#[derive(Clone, Debug)]
pub(crate) struct Skew(Arc<watch::Sender<SignedDuration>>);

impl Skew {
    pub(crate) fn none() -> Skew {
        Skew(Arc::new(watch::Sender::new(SignedDuration::ZERO)))
    }

    pub(crate) fn shift(&self, by: SignedDuration) {
        self.0.send_modify(|skew| *skew = skew.saturating_add(by));
    }
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Clock {
        Clock(Form::System)
    }

    /// A frozen clock that starts at `start`, and the handle that moves it. Sleepers wake when the
    /// handle moves time past their moment; the handle's end leaves them asleep.
    #[must_use]
    pub fn manual(start: Timestamp) -> (Clock, ManualClock) {
        let (sender, receiver) = watch::channel(start);
        let handle = ManualClock { now: Arc::new(Mutex::new(sender)) };
        (Clock(Form::Manual(receiver)), handle)
    }

    /// A clock that follows `under` until it is frozen or moved on, and the handle that does so.
    /// Whoever sleeps on it wakes when its time has come, by itself or by the handle.
    #[must_use]
    pub fn steered(under: Clock) -> (Clock, SteeredClock) {
        let (steering, handle) = steered::start(under);
        (Clock(Form::Steered(steering)), handle)
    }

    /// Paused tokio time since `started`, counted from the epoch.
    pub(crate) fn virtual_since(started: Instant, skew: Skew) -> Clock {
        Clock(Form::Simulated { started, skew })
    }

    /// The moment that it is.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the production form of the clock seam")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Form::System => Timestamp::now(),
            Form::Simulated { started, skew } => {
                let passed = SignedDuration::try_from(Instant::now() - *started)
                    .unwrap_or(SignedDuration::MAX);
                add(epoch(), passed.saturating_add(*skew.0.borrow()))
            }
            Form::Manual(now) => *now.borrow(),
            Form::Steered(steering) => steering.now(),
        }
    }

    /// Waits for `duration`. A jump of the wall clock neither shortens nor lengthens this wait,
    /// except on a manual or steered clock, which has no other time.
    pub async fn sleep(&self, duration: Duration) {
        match &self.0 {
            Form::System | Form::Simulated { .. } => tokio::time::sleep(duration).await,
            Form::Manual(_) | Form::Steered(_) => {
                let wait = SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
                self.sleep_until(add(self.now(), wait)).await;
            }
        }
    }

    /// Waits until it is `moment` or later, through jumps of the clock in either direction.
    pub async fn sleep_until(&self, moment: Timestamp) {
        match &self.0 {
            Form::System => loop {
                let Some(wait) = until(self.now(), moment) else { return };
                tokio::time::sleep(wait.min(RECHECK)).await;
            },
            Form::Simulated { skew, .. } => {
                let mut jumps = skew.0.subscribe();
                loop {
                    jumps.mark_unchanged();
                    let Some(wait) = until(self.now(), moment) else { return };
                    tokio::select! {
                        biased;
                        _ = jumps.changed() => {}
                        () = tokio::time::sleep(wait) => {}
                    }
                }
            }
            Form::Manual(now) => {
                let mut now = now.clone();
                if now.wait_for(|now| *now >= moment).await.is_err() {
                    // Nobody can move this clock any more, so the moment never comes.
                    std::future::pending::<()>().await;
                }
            }
            Form::Steered(steering) => steering.sleep_until(moment).await,
        }
    }
}

/// Moves a frozen [`Clock`]. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ManualClock {
    now: Arc<Mutex<watch::Sender<Timestamp>>>,
}

impl ManualClock {
    /// Moves the clock forward and returns the new moment.
    pub fn advance(&self, by: Duration) -> Timestamp {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        let sender = lock(&self.now);
        sender.send_modify(|now| *now = add(*now, by));
        *sender.borrow()
    }

    /// Sets the clock, backwards too.
    pub fn set(&self, now: Timestamp) {
        lock(&self.now).send_replace(now);
    }

    /// The moment at which the clock stands.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        *lock(&self.now).borrow()
    }
}

/// What is left to wait, or nothing when the moment has come.
fn until(now: Timestamp, moment: Timestamp) -> Option<Duration> {
    if now >= moment {
        return None;
    }
    Some(now.duration_until(moment).unsigned_abs())
}

/// Adds, and stays at the end of representable time rather than beyond it.
fn add(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.checked_add(by).unwrap_or(if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX })
}

#[cfg(test)]
mod tests;
