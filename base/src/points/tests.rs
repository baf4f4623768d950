//! Tests of the points.

use std::time::Duration;

use super::{Place, PlaceError, PointAction, Points};
use crate::{Sim, clock::epoch, process::Stopped};

#[test]
fn a_place_is_a_site_and_an_occurrence() {
    let place: Place = "apply.before-send#3".parse().unwrap();
    assert_eq!(place, Place { site: "apply.before-send".to_owned(), occurrence: 3 });
    assert_eq!(place.to_string(), "apply.before-send#3");
    for text in ["apply", "apply#", "#1", "apply#0", "apply#-1"] {
        assert_eq!(text.parse::<Place>(), Err(PlaceError { text: text.to_owned() }));
    }
}

#[tokio::test]
async fn in_production_a_point_does_nothing() {
    assert_eq!(Points::none().reach("anywhere").await, Ok(()));
}

#[test]
fn an_armed_point_delays_fails_or_kills_once_at_its_occurrence() {
    Sim::run(1, async |sim| {
        let at = |text: &str| text.parse::<Place>().unwrap();
        sim.arm("engine", at("send#2"), PointAction::Delay(Duration::from_secs(5)));
        sim.arm("engine", at("send#3"), PointAction::Error("no".to_owned()));
        sim.arm("engine", at("store#1"), PointAction::Kill);
        let env = sim.process("engine");
        assert_eq!(env.points.reach("send").await, Ok(()));
        assert_eq!(sim.clock().now(), epoch());
        assert_eq!(env.points.reach("send").await, Ok(()));
        assert_eq!(sim.clock().now(), epoch() + Duration::from_secs(5));
        let error = env.points.reach("send").await.unwrap_err();
        assert_eq!(error.to_string(), "injected at send#3: no");
        assert_eq!(env.points.reach("send").await, Ok(()));

        let points = env.points.clone();
        let run = env.process.spawn("run", async move {
            points.reach("store").await.unwrap();
            unreachable!("the process is dead");
        });
        assert!(matches!(run.await, Err(Stopped::Killed { process }) if process == "engine"));
        assert!(!env.process.is_alive());
        assert_eq!(
            sim.points().counts("engine").into_iter().collect::<Vec<_>>(),
            [("send".to_owned(), 4), ("store".to_owned(), 1)]
        );
        let fired = sim.points().fired();
        let fired: Vec<_> = fired.iter().map(|(_, place)| place.to_string()).collect();
        assert_eq!(fired, ["send#2", "send#3", "store#1"]);
        assert_eq!(sim.points().armed(), []);

        // The next life counts from one again, and what has fired does not fire again.
        let env = sim.process("engine");
        assert_eq!(env.points.reach("store").await, Ok(()));
        assert_eq!(sim.points().counts("engine").len(), 1);
    });
}
