//! A mock Microsoft Graph server: the calendar API of v1.0.
//!
//! Stateful and to the documentation: resource types from the published metadata, behaviour from
//! the reference pages, and where these are silent from public reports. Recurring events are stored
//! as a master with exceptions and cancellations beside it; occurrences are computed. What a
//! profile changes is data ([`crate::profiles::GraphQuirks`]).
//!
//! Not served: `$batch`, subscriptions, attachments, extensions, multi-value extended properties,
//! groups, other users' calendars, actions such as `cancel` and `accept`.

mod answer;
mod calendars;
mod call;
mod delta;
mod events;
mod failure;
mod html;
mod ids;
mod moment;
mod native;
mod odata;
mod recurrence;
mod render;
mod route;
mod schema;
mod stored;
mod transaction;

#[cfg(test)]
mod tests;

pub(crate) use native::Graph;
