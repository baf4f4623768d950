//! What a path names. Segments are compared without regard to case, ids are not.

use http::Method;

use super::odata::decode;
use crate::operation::Op;

/// Which calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InCalendar {
    /// The user's default one: `/me/calendar`, `/me/calendarView`.
    Default,
    /// The one of that id.
    Id(String),
}

/// A resource of the calendar API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    /// `/me`
    User,
    /// `/me/calendars`
    Calendars,
    /// `/me/calendar`, `/me/calendars/{id}`
    Calendar(InCalendar),
    /// `/me/events`: the default calendar, or the whole mailbox for some filters.
    MailboxEvents,
    /// `/me/calendar/events`, `/me/calendars/{id}/events`
    Events(InCalendar),
    /// `/me/events/{id}`, `/me/calendars/{id}/events/{id}`
    Event(Option<InCalendar>, String),
    /// `.../events/{id}/instances`
    Instances(Option<InCalendar>, String),
    /// `.../calendarView`
    View(InCalendar),
    /// `.../calendarView/delta`
    ViewDelta(InCalendar),
    /// `.../events/delta`
    EventsDelta(InCalendar),
    /// Nothing that this server serves.
    Unknown,
}

impl Resource {
    /// The resource of a path.
    pub(crate) fn parse(path: &str, owner: &str) -> Self {
        let segments: Vec<String> =
            path.split('/').filter(|segment| !segment.is_empty()).map(decode).collect();
        let mut rest = segments.iter().map(String::as_str).collect::<Vec<_>>();
        if !rest.first().is_some_and(|version| version.eq_ignore_ascii_case("v1.0")) {
            return Self::Unknown;
        }
        rest.remove(0);
        match rest.as_slice() {
            [me, rest @ ..] if is(me, "me") => Self::of_user(rest),
            [users, user, rest @ ..] if is(users, "users") && is(user, owner) => {
                Self::of_user(rest)
            }
            _ => Self::Unknown,
        }
    }

    fn of_user(segments: &[&str]) -> Self {
        match segments {
            [] => Self::User,
            [calendars] if is(calendars, "calendars") => Self::Calendars,
            [calendars, id, rest @ ..] if is(calendars, "calendars") => {
                Self::of_calendar(InCalendar::Id((*id).to_owned()), rest)
            }
            [calendar, rest @ ..] if is(calendar, "calendar") => {
                Self::of_calendar(InCalendar::Default, rest)
            }
            [events] if is(events, "events") => Self::MailboxEvents,
            [events, rest @ ..] if is(events, "events") => Self::of_events(None, rest),
            [view, ..] if is(view, "calendarView") => {
                Self::of_calendar(InCalendar::Default, segments)
            }
            _ => Self::Unknown,
        }
    }

    fn of_calendar(calendar: InCalendar, segments: &[&str]) -> Self {
        match segments {
            [] => Self::Calendar(calendar),
            [events] if is(events, "events") => Self::Events(calendar),
            [events, rest @ ..] if is(events, "events") => Self::of_events(Some(calendar), rest),
            [view] if is(view, "calendarView") => Self::View(calendar),
            [view, delta] if is(view, "calendarView") && is_delta(delta) => {
                Self::ViewDelta(calendar)
            }
            _ => Self::Unknown,
        }
    }

    fn of_events(calendar: Option<InCalendar>, segments: &[&str]) -> Self {
        match segments {
            [delta] if is_delta(delta) => {
                Self::EventsDelta(calendar.unwrap_or(InCalendar::Default))
            }
            [id] => Self::Event(calendar, (*id).to_owned()),
            [id, instances] if is(instances, "instances") => {
                Self::Instances(calendar, (*id).to_owned())
            }
            _ => Self::Unknown,
        }
    }

    /// What a method does with it, in the words of the fault model.
    pub(crate) fn op(&self, method: &Method) -> Op {
        match (self, method) {
            (Self::User, &Method::GET) => Op::Session,
            (Self::Calendars | Self::Calendar(_), &Method::GET) => Op::CalendarList,
            (Self::Calendars, &Method::POST) => Op::CalendarCreate,
            (Self::Calendar(_), &Method::PATCH) => Op::CalendarUpdate,
            (Self::Calendar(_), &Method::DELETE) => Op::CalendarDelete,
            (Self::MailboxEvents | Self::Events(_), &Method::POST) => Op::EventCreate,
            (
                Self::MailboxEvents | Self::Events(_) | Self::View(_) | Self::Instances(..),
                &Method::GET,
            ) => Op::FeedQuery,
            (Self::Event(..), &Method::GET) => Op::EventGet,
            (Self::Event(..), &Method::PATCH) => Op::EventUpdate,
            (Self::Event(..), &Method::DELETE) => Op::EventDelete,
            (Self::ViewDelta(_) | Self::EventsDelta(_), &Method::GET) => Op::FeedDelta,
            _ => Op::Other,
        }
    }

    /// The calendar that the path names by id.
    pub(crate) fn calendar(&self) -> Option<&str> {
        let calendar = match self {
            Self::Calendar(calendar)
            | Self::Events(calendar)
            | Self::View(calendar)
            | Self::ViewDelta(calendar)
            | Self::EventsDelta(calendar) => Some(calendar),
            Self::Event(calendar, _) | Self::Instances(calendar, _) => calendar.as_ref(),
            _ => None,
        };
        match calendar {
            Some(InCalendar::Id(id)) => Some(id),
            _ => None,
        }
    }
}

fn is(segment: &str, name: &str) -> bool {
    segment.eq_ignore_ascii_case(name)
}

/// `delta`, `delta()`, and the same with the namespace that some client libraries write.
fn is_delta(segment: &str) -> bool {
    let name = segment.strip_suffix("()").unwrap_or(segment);
    is(name, "delta") || is(name, "microsoft.graph.delta")
}
