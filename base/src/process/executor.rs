//! What hyper spawns with, so that its tasks die with the process as well.

use crate::Process;

/// Spawns into a process. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Executor {
    process: Process,
}

impl Executor {
    pub(crate) fn new(process: Process) -> Executor {
        Executor { process }
    }
}

impl<F> hyper::rt::Executor<F> for Executor
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn execute(&self, future: F) {
        // Dropping the handle lets the task run on.
        drop(self.process.spawn("hyper", future));
    }
}
