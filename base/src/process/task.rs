//! The handle of a task of a process.

use std::{
    any::Any,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::task::JoinHandle;

use crate::Process;

/// A task of a process. Awaiting it gives what the task returned; dropping it lets the task run on.
#[derive(Debug)]
#[must_use = "dropping a task's handle loses its result; say drop(..) to mean it"]
pub struct Task<T> {
    /// Nothing when the process was dead already.
    handle: Option<JoinHandle<T>>,
    process: Process,
    number: u64,
}

/// Why a task gave no result.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// Its process died.
    #[error("the process {process} was killed")]
    Killed {
        /// The process's name.
        process: String,
    },
    /// Somebody aborted the task alone.
    #[error("the task was aborted")]
    Aborted,
    /// The task panicked: a bug.
    #[error("the task panicked: {message}")]
    Panicked {
        /// What it panicked with.
        message: String,
    },
}

impl<T> Task<T> {
    pub(crate) fn new(handle: Option<JoinHandle<T>>, process: Process, number: u64) -> Task<T> {
        Task { handle, process, number }
    }

    /// Stops this task alone, at the next point where it waits.
    pub fn abort(&self) {
        if let Some(handle) = &self.handle {
            handle.abort();
        }
    }

    /// Whether the task has ended, by whatever way.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.handle.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl<T> Future for Task<T> {
    type Output = Result<T, Stopped>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let killed = |process: &Process| Stopped::Killed { process: process.name().to_owned() };
        let Some(handle) = &mut self.handle else {
            return Poll::Ready(Err(killed(&self.process)));
        };
        let error = match std::task::ready!(Pin::new(handle).poll(context)) {
            Ok(value) => return Poll::Ready(Ok(value)),
            Err(error) => error,
        };
        Poll::Ready(Err(match error.try_into_panic() {
            Ok(panic) => {
                self.process.panic_seen(self.number);
                Stopped::Panicked { message: message(panic.as_ref()) }
            }
            Err(_) if self.process.is_alive() => Stopped::Aborted,
            Err(_) => killed(&self.process),
        }))
    }
}

/// The text of a panic.
pub(crate) fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a value that is no text".to_owned())
}
