//! `CalendarEvent/set` (draft-ietf-jmap-calendars-27 section 5.9).

use serde_json::{Map, Value};

use super::arguments::Arguments;
use super::changes::Kind;
use super::dispatch::Run;
use super::errors::{MethodError, SetError};
use super::set::{self, Object, Settable};
use super::{event_create, event_destroy, event_update, operations, privacy, schedule};
use crate::faults::PatchEffect;
use crate::operation::{Op, Target};
use crate::scheduling::{Marker, MarkerPolicy};

const MARKER: &str = "sendSchedulingMessages";

pub(super) fn run(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    let mut known = vec!["ifInState", "create", "update", "destroy", MARKER];
    if run.turn.host().profile.marker == MarkerPolicy::Rejects {
        known.pop();
    }
    let arguments = Arguments::new(arguments, &known)?;
    let marker = match (arguments.has(MARKER), arguments.flag(MARKER)?) {
        (false, _) => Marker::Unsaid,
        (true, false) => Marker::Silent,
        (true, true) => Marker::Send,
    };
    set::run(run, &arguments, &Events { marker })
}

/// How events are set in this call.
pub(super) struct Events {
    pub(super) marker: Marker,
}

impl Events {
    /// `noSupportedScheduleMethods`, if messages are to be sent and one cannot be.
    pub(super) fn check_reachable(
        &self,
        run: &Run<'_, '_>,
        event: &Object,
    ) -> Result<(), SetError> {
        let host = run.turn.host();
        if !host.profile.marker.tells(self.marker, false) {
            return Ok(());
        }
        match schedule::unreachable(event, &host.owner) {
            None => Ok(()),
            Some(who) => Err(SetError::new(
                "noSupportedScheduleMethods",
                format!("no message can be sent to `{who}`"),
            )),
        }
    }
}

impl Settable for Events {
    fn ops(&self) -> [Op; 3] {
        [Op::EventCreate, Op::EventUpdate, Op::EventDelete]
    }

    fn target(&self, run: &Run<'_, '_>, creation: &str, object: &Object) -> Target {
        let mut target = operations::event(creation, object);
        target.calendars = target.calendars.iter().map(|id| run.real_id(id)).collect();
        target
    }

    fn state(&self, run: &Run<'_, '_>) -> String {
        Kind::Item.state(run.turn.account())
    }

    fn create(
        &self,
        run: &mut Run<'_, '_>,
        object: Object,
        rewrite: Option<&PatchEffect>,
    ) -> Result<(String, Object), SetError> {
        event_create::create(self, run, object, rewrite)
    }

    fn update(
        &self,
        run: &mut Run<'_, '_>,
        id: &str,
        patch: &Object,
        rewrite: Option<&PatchEffect>,
    ) -> Result<Object, SetError> {
        privacy::check_write(run, id)?;
        event_update::update(self, run, id, patch, rewrite)
    }

    /// A series replaces its single occurrences in one call (section 5.9).
    fn makes_room(&self, run: &Run<'_, '_>, id: &str, creates: &[&Object]) -> bool {
        let item = run.turn.account().item(id);
        item.is_some_and(|item| {
            creates.iter().any(|new| new.get("uid").is_some_and(|uid| *uid == item.uid.as_str()))
        })
    }

    fn destroy(&self, run: &mut Run<'_, '_>, id: &str) -> Result<(), SetError> {
        privacy::check_write(run, id)?;
        event_destroy::destroy(self, run, id)
    }
}
