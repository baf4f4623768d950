//! `Calendar/changes`.

use serde_json::{Map, Value};

use super::changes::{self, Kind};
use super::dispatch::Run;
use super::errors::MethodError;
use crate::operation::Op;

pub(super) fn run(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    changes::run(run, arguments, Kind::Calendar, Op::CalendarList)
}
