//! A clock that follows another one until somebody freezes it or moves it on: the time of a
//! stand-alone mock, steered by its control API. Sockets keep their own time.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::{Clock, add};
use crate::BoxFuture;

/// How a steered clock goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// With the clock that it follows.
    Running {
        /// By how much it is ahead of that; negative for behind.
        ahead: SignedDuration,
    },
    /// Not at all.
    Frozen {
        /// The moment at which it stands.
        at: Timestamp,
    },
}

impl Course {
    fn now(self, under: &Clock) -> Timestamp {
        match self {
            Course::Running { ahead } => add(under.now(), ahead),
            Course::Frozen { at } => at,
        }
    }
}

/// What a steered clock reads.
#[derive(Clone, Debug)]
pub(super) struct Steering {
    under: Arc<Clock>,
    course: watch::Receiver<Course>,
}

/// Steers a [`Clock`]. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SteeredClock {
    under: Arc<Clock>,
    course: Arc<watch::Sender<Course>>,
}

pub(super) fn start(under: Clock) -> (Steering, SteeredClock) {
    let under = Arc::new(under);
    let (sender, course) = watch::channel(Course::Running { ahead: SignedDuration::ZERO });
    let handle = SteeredClock { under: under.clone(), course: Arc::new(sender) };
    (Steering { under, course }, handle)
}

impl SteeredClock {
    /// The moment that it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.course().now(&self.under)
    }

    /// How it goes.
    #[must_use]
    pub fn course(&self) -> Course {
        *self.course.borrow()
    }

    /// Stops it where it is.
    pub fn freeze(&self) {
        self.course.send_modify(|course| *course = Course::Frozen { at: course.now(&self.under) });
    }

    /// Stops it at a moment, earlier ones too.
    pub fn freeze_at(&self, at: Timestamp) {
        self.course.send_replace(Course::Frozen { at });
    }

    /// Moves it on, frozen or not, and returns the new moment.
    pub fn advance(&self, by: Duration) -> Timestamp {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        self.course.send_modify(|course| match course {
            Course::Running { ahead } => *ahead = ahead.saturating_add(by),
            Course::Frozen { at } => *at = add(*at, by),
        });
        self.now()
    }

    /// Lets it go on from where it stands.
    pub fn resume(&self) {
        self.course.send_modify(|course| {
            let ahead = self.under.now().duration_until(course.now(&self.under));
            *course = Course::Running { ahead };
        });
    }

    /// Lets it be the time that it follows again.
    pub fn reset(&self) {
        self.course.send_replace(Course::Running { ahead: SignedDuration::ZERO });
    }
}

impl Steering {
    pub(super) fn now(&self) -> Timestamp {
        self.course.borrow().now(&self.under)
    }

    /// Waits until it is `moment` or later. Boxed, because the clock below has the same wait.
    pub(super) fn sleep_until(&self, moment: Timestamp) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let mut course = self.course.clone();
            loop {
                let seen = *course.borrow_and_update();
                if seen.now(&self.under) >= moment {
                    return;
                }
                // What is left on the clock below; forever while this one stands still.
                let waited = async {
                    match seen {
                        Course::Running { ahead } => {
                            let below = add(moment, ahead.checked_neg().unwrap_or_default());
                            self.under.sleep_until(below).await;
                        }
                        Course::Frozen { .. } => std::future::pending().await,
                    }
                };
                tokio::select! {
                    biased;
                    steered = course.changed() => {
                        if steered.is_err() {
                            // Nobody steers any more: it goes on as it does.
                            return self.left_alone(seen, moment).await;
                        }
                    }
                    () = waited => {}
                }
            }
        })
    }

    async fn left_alone(&self, seen: Course, moment: Timestamp) {
        match seen {
            Course::Running { ahead } => {
                let below = add(moment, ahead.checked_neg().unwrap_or_default());
                self.under.sleep_until(below).await;
            }
            Course::Frozen { .. } => std::future::pending().await,
        }
    }
}
