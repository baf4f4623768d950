//! Tests of process life.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use hyper::rt::Executor as _;

use super::{Process, Stopped};
use crate::Sim;

#[test]
fn a_task_gives_its_result_and_may_be_aborted_alone() {
    Sim::run(1, async |sim| {
        let process = sim.process("engine").process;
        assert_eq!(process.spawn("two", async { 2 }).await.unwrap(), 2);
        let task = process.spawn("forever", std::future::pending::<()>());
        assert!(!task.is_finished());
        task.abort();
        assert!(matches!(task.await, Err(Stopped::Aborted)));
        assert!(process.is_alive());
        process.drained().await;
    });
}

/// Counts its drops.
struct Dropped(Arc<AtomicU32>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn death_takes_every_task_also_those_that_tasks_and_hyper_spawned() {
    Sim::run(1, async |sim| {
        let process = sim.process("engine").process;
        let drops = Arc::new(AtomicU32::new(0));
        let steps = Arc::new(AtomicU32::new(0));
        let worker = || {
            let (dropped, steps) = (Dropped(drops.clone()), steps.clone());
            async move {
                let _dropped = dropped;
                loop {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    steps.fetch_add(1, Ordering::Relaxed);
                }
            }
        };
        process.executor().execute(worker());
        let (inner, child) = (process.clone(), worker());
        let parent = process.spawn("parent", async move {
            drop(inner.spawn("child", child));
            std::future::pending::<()>().await;
        });
        sim.advance(Duration::from_millis(2500)).await;
        assert_eq!(steps.load(Ordering::Relaxed), 4);

        process.kill();
        process.killed().await;
        process.drained().await;
        assert_eq!(drops.load(Ordering::Relaxed), 2);
        assert!(matches!(parent.await, Err(Stopped::Killed { process }) if process == "engine"));
        sim.advance(Duration::from_secs(60)).await;
        assert_eq!(steps.load(Ordering::Relaxed), 4);
        // The dead spawn nothing.
        let late = process.spawn("late", worker());
        assert!(matches!(late.await, Err(Stopped::Killed { .. })));
        assert_eq!(drops.load(Ordering::Relaxed), 3);
    });
}

#[test]
fn a_process_that_kills_itself_goes_no_further_than_its_next_wait() {
    Sim::run(1, async |sim| {
        let process = sim.process("engine").process;
        let reached = Arc::new(AtomicU32::new(0));
        let (me, steps) = (process.clone(), reached.clone());
        let task = process.spawn("suicide", async move {
            me.kill();
            steps.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            steps.fetch_add(10, Ordering::Relaxed);
        });
        assert!(matches!(task.await, Err(Stopped::Killed { .. })));
        assert_eq!(reached.load(Ordering::Relaxed), 1);
    });
}

#[test]
fn a_panic_that_nobody_looks_at_fails_the_run() {
    let run = |look: bool| {
        catch_unwind(AssertUnwindSafe(|| {
            Sim::run(1, async |sim| {
                let process = sim.process("engine").process;
                let task = process.spawn("broken", async { panic!("a bug") });
                if look {
                    let stopped: Result<(), Stopped> = task.await;
                    let Err(Stopped::Panicked { message }) = stopped else { panic!("{stopped:?}") };
                    assert_eq!(message, "a bug");
                } else {
                    drop(task);
                    process.drained().await;
                }
            });
        }))
    };
    assert!(run(true).is_ok());
    let panic = run(false).unwrap_err();
    assert_eq!(super::task::message(panic.as_ref()), "tasks panicked: engine: broken");
}

#[tokio::test]
async fn a_process_of_the_machine_kills_its_tasks_too() {
    let process = Process::production("mock");
    let task = process.spawn("forever", std::future::pending::<()>());
    assert_eq!(process.name(), "mock");
    process.kill();
    assert!(matches!(task.await, Err(Stopped::Killed { process }) if process == "mock"));
    process.drained().await;
    assert!(process.is(&process.clone()) && !process.is(&Process::production("mock")));
}
