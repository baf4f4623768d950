//! A user's calendars.

mod create;
mod delete;
mod get;
mod list;
mod update;

pub(super) use create::create;
pub(super) use delete::delete;
pub(super) use get::get;
pub(super) use list::{in_order, list};
pub(super) use update::update;
