//! A mock Microsoft Graph server: users, calendars and contacts of v1.0, with the endpoint that gives
//! out tokens.
//!
//! Stateful and to the documentation: resource types from the published metadata, behaviour from
//! the reference pages, and where these are silent from public reports. Recurring events are stored
//! as a master with exceptions and cancellations beside it; occurrences are computed. What a
//! profile changes is data ([`crate::profiles::GraphQuirks`]).
//!
//! Not served: contents of attachments, photos, groups, more than one group of calendars, their
//! permissions, writing mailbox settings, `$search`, logins on a page (tokens are had with a device code,
//! a password or an application's secret).

mod actions;
mod answer;
mod batch;
mod calendars;
mod call;
mod contacts;
mod containers;
mod delta;
mod events;
mod extensions;
mod failure;
mod html;
mod ids;
mod kept;
mod login;
mod mailbox;
mod moment;
mod native;
mod odata;
mod recurrence;
mod render;
mod route;
mod schedules;
mod schema;
mod stored;
mod subscriptions;
mod throttle;
mod transaction;
mod users;

#[cfg(test)]
mod tests;

pub(crate) use kept::Kept;
pub use login::SignIn;
pub(crate) use native::Graph;
pub(crate) use subscriptions::Errand;

/// The id of the directory of a server's users.
pub(crate) fn tenant(seed: u64) -> String {
    login::Registration::of(seed).tenant
}
