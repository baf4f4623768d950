//! Tests of the clock.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};

use super::{Clock, Course, epoch};
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

#[test]
fn a_steered_clock_follows_another_one_until_it_is_steered() {
    Sim::run(1, async |sim| {
        let (clock, hand) = Clock::steered(sim.process("mock").clock);
        assert_eq!((clock.now(), hand.course()), (epoch(), running(0)));
        sim.advance(Duration::from_secs(5)).await;
        assert_eq!(clock.now(), after(5));
        hand.freeze();
        sim.advance(Duration::from_secs(5)).await;
        assert_eq!((clock.now(), hand.course()), (after(5), Course::Frozen { at: after(5) }));
        assert_eq!(hand.advance(Duration::from_secs(60)), after(65));
        hand.resume();
        sim.advance(Duration::from_secs(1)).await;
        assert_eq!((clock.now(), hand.course()), (after(66), running(55)));
        assert_eq!(hand.advance(Duration::from_secs(10)), after(76));
        hand.freeze_at(epoch());
        assert_eq!(hand.now(), epoch());
        hand.reset();
        assert_eq!((clock.now(), hand.course()), (after(11), running(0)));
    });
}

#[test]
fn who_sleeps_on_a_steered_clock_wakes_when_its_time_comes_in_whatever_way() {
    Sim::run(1, async |sim| {
        let env = sim.process("mock");
        let (clock, hand) = Clock::steered(env.clock.clone());
        let woken_at = |seconds: u64| {
            let (clock, sim_clock) = (clock.clone(), sim.clock());
            env.process.spawn("sleeper", async move {
                clock.sleep(Duration::from_secs(seconds)).await;
                sim_clock.now()
            })
        };
        let [by_itself, by_hand, frozen, last] = [10, 100, 1_000, 2_000].map(woken_at);
        sim.advance(Duration::from_secs(11)).await;
        assert_eq!(by_itself.await.unwrap(), after(10));
        hand.advance(Duration::from_secs(100));
        assert_eq!(by_hand.await.unwrap(), after(11));
        hand.freeze();
        sim.advance(Duration::from_secs(10_000)).await;
        hand.advance(Duration::from_secs(1_000));
        assert_eq!(frozen.await.unwrap(), after(10_011));
        // It stands at 1,111 seconds, and goes on without anybody who steers.
        hand.resume();
        sim.advance(Duration::from_secs(1)).await;
        drop(hand);
        assert_eq!(last.await.unwrap(), after(10_900));
    });
}

fn after(seconds: i64) -> Timestamp {
    epoch() + SignedDuration::from_secs(seconds)
}

fn running(ahead_seconds: i64) -> Course {
    Course::Running { ahead: SignedDuration::from_secs(ahead_seconds) }
}
