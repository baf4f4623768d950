//! `/reset`: everything as it was when it began.

use calamity_base::http::{Answer, Problem};
use http::Method;

use super::call::{Call, nothing};
use super::route::{self, BAD, NO_SERVER, Route, SERVER};
use super::select;
use crate::control::Fleet;

pub(super) const ROUTES: &[Route] = &[Route {
    method: Method::POST,
    path: "/reset",
    name: "reset",
    about: "Puts one server, or all of them and the clock, back to how they were at the start: \
            items as seeded, no faults, empty logs. Snapshots stay.",
    query: &[SERVER],
    body: None,
    answers: &[route::nothing("It is done."), BAD, NO_SERVER],
    serve: reset,
}];

fn reset(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let name = call.text("server");
    if let Some(name) = name {
        select::named(fleet, name)?;
    }
    fleet.reset(name);
    Ok(nothing())
}
