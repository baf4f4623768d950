//! What a Graph server keeps beside mailboxes: part of its state, and of its snapshots.

use super::login::Devices;
use super::subscriptions::Subscriptions;
use super::throttle::Throttle;

/// See the module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    /// Requests in the last span of time.
    pub(crate) throttle: Throttle,
    /// Sign-ins that wait for a user.
    pub(crate) devices: Devices,
    /// Who wants to be told of changes.
    pub(crate) subscriptions: Subscriptions,
}
