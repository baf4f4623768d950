//! Events of the mailbox and of its calendars: single instances, masters, instances of series.

mod create;
mod delete;
mod get;
mod instances;
mod list;
pub(super) mod rows;
mod update;
mod view;

pub(super) use create::create;
pub(super) use delete::delete;
pub(super) use get::get;
pub(super) use instances::instances;
pub(super) use list::list;
pub(super) use update::update;
pub(super) use view::{readings, view};
