//! The parts of OData that the calendar API uses: query options, `$filter`, `$select`, `$expand`,
//! `$orderby`, paging, and the `Prefer` header.
//!
//! What Graph does not support for events is refused with its own codes, not ignored.

mod compare;
mod filter;
mod lexer;
mod order;
mod page;
mod prefer;
mod query;
mod select;
#[cfg(test)]
mod tests;

pub(crate) use filter::{Filter, Literal, Path, Paths, Row};
pub(crate) use order::Order;
pub(crate) use page::Page;
pub(crate) use prefer::Prefer;
pub(crate) use query::{Query, decode, encode};
pub(crate) use select::{Expand, Select};
