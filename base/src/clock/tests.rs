//! Tests of the clock.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};

use super::{Clock, epoch};
use crate::{Sim, process::Process};

#[test]
fn the_epoch_is_the_documented_moment() {
    assert_eq!(epoch().to_string(), "2026-04-16T08:00:00Z");
}

#[test]
fn simulated_time_starts_at_the_epoch_and_passes_only_by_waiting() {
    Sim::run(1, async |sim| {
        let clock = sim.process("engine").clock;
        assert_eq!(clock.now(), epoch());
        clock.sleep(Duration::from_secs(3600)).await;
        assert_eq!(clock.now().to_string(), "2026-04-16T09:00:00Z");
        let moment: Timestamp = "2027-04-16T08:00:00Z".parse().unwrap();
        clock.sleep_until(moment).await;
        assert_eq!(clock.now(), moment);
        clock.sleep_until(epoch()).await;
        assert_eq!(clock.now(), moment);
    });
}

#[test]
fn a_jump_belongs_to_one_process_and_survives_its_restart() {
    Sim::run(1, async |sim| {
        let [engine, server] = ["engine", "server"].map(|name| sim.process(name).clock);
        sim.shift_clock("engine", SignedDuration::from_secs(-90));
        assert_eq!(engine.now().to_string(), "2026-04-16T07:58:30Z");
        assert_eq!(server.now(), epoch());
        assert_eq!(sim.process("engine").clock.now().to_string(), "2026-04-16T07:58:30Z");
        assert_eq!(sim.clock().now(), epoch());
    });
}

#[test]
fn a_wait_for_a_moment_follows_jumps_and_a_wait_for_a_while_does_not() {
    Sim::run(1, async |sim| {
        let env = sim.process("engine");
        let clock = env.clock.clone();
        let moment = epoch() + SignedDuration::from_secs(100);
        let until = env.process.spawn("until", {
            let clock = clock.clone();
            let sim_clock = sim.clock();
            async move {
                clock.sleep_until(moment).await;
                sim_clock.now()
            }
        });
        let during = env.process.spawn("during", {
            let clock = clock.clone();
            let sim_clock = sim.clock();
            async move {
                clock.sleep(Duration::from_secs(100)).await;
                sim_clock.now()
            }
        });
        sim.advance(Duration::from_secs(10)).await;
        sim.shift_clock("engine", SignedDuration::from_secs(50));
        sim.advance(Duration::from_secs(10)).await;
        sim.shift_clock("engine", SignedDuration::from_secs(-20));
        assert_eq!(until.await.unwrap(), epoch() + SignedDuration::from_secs(70));
        assert_eq!(during.await.unwrap(), moment);
    });
}

#[tokio::test]
async fn a_manual_clock_stands_still_until_it_is_moved() {
    let (clock, hand) = Clock::manual(epoch());
    let process = Process::production("mock");
    let woken = Arc::new(tokio::sync::Semaphore::new(0));
    let sleeper = process.spawn("sleeper", {
        let (clock, woken) = (clock.clone(), woken.clone());
        async move {
            clock.sleep(Duration::from_secs(60)).await;
            woken.add_permits(1);
        }
    });
    tokio::task::yield_now().await;
    assert_eq!(hand.advance(Duration::from_secs(59)).to_string(), "2026-04-16T08:00:59Z");
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert_eq!(woken.available_permits(), 0);
    hand.advance(Duration::from_secs(1));
    sleeper.await.unwrap();
    assert_eq!(woken.available_permits(), 1);
    hand.set(epoch());
    assert_eq!((clock.now(), hand.now()), (epoch(), epoch()));
    // A moment that has come by the other clock's reckoning is waited for by this one's.
    clock.sleep_until(epoch()).await;
}

#[tokio::test]
async fn the_system_clock_sleeps_until_a_past_moment_at_once() {
    let clock = Clock::system();
    clock.sleep_until(epoch().min(clock.now())).await;
    assert!(clock.now() > Timestamp::from_second(1_700_000_000).unwrap());
}
