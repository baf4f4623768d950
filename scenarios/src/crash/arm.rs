//! Arming one point of a stage.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use calamity_base::http::{AFTER_ANSWER, BEFORE_SEND};
use calamity_base::points::{Place, PointAction};

use crate::runner::Stage;
use crate::sut::ENGINE;

use super::point::{Moment, Point};

/// Lets the system under test die at a point of the step that comes next. It must not have sent
/// anything in its present life.
pub(super) fn arm(stage: &mut Stage<'_>, point: Point) {
    match point {
        Point::DurableOp(number) => {
            let disk = stage.sim().disk(ENGINE);
            disk.stop_at(disk.durable_ops() + number);
        }
        Point::Request(number, Moment::Unsent) => at_point(stage, BEFORE_SEND, number),
        Point::Request(number, Moment::Answered) => at_point(stage, AFTER_ANSWER, number),
        Point::Request(number, Moment::Committed) => {
            let Some(process) = stage.sut().process() else { return };
            let answers = AtomicU64::new(0);
            let hook = Arc::new(move |_: &_| {
                if answers.fetch_add(1, Ordering::Relaxed) + 1 == number {
                    process.kill();
                }
            });
            for server in stage.servers() {
                server.on_answer(Some(hook.clone()));
            }
        }
    }
}

fn at_point(stage: &mut Stage<'_>, site: &str, number: u64) {
    let place = Place { site: site.to_owned(), occurrence: number };
    stage.sim().arm(ENGINE, place, PointAction::Kill);
}

/// Takes back what was armed and has not happened.
pub(super) fn disarm(stage: &mut Stage<'_>) {
    stage.sim().disk(ENGINE).disarm();
    for server in stage.servers() {
        server.on_answer(None);
    }
}
