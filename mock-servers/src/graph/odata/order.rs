//! `$orderby`, as far as Exchange sorts by it.

use std::cmp::Ordering;

use super::filter::{Filter, Literal, Path, Paths, Row};
use crate::graph::failure::Failure;

/// A parsed order: properties, each with its direction.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Order(Vec<(Path, Direction)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Ascending,
    Descending,
}

impl Order {
    /// Parses an order. With a filter every property of the order must stand in the filter too.
    pub(crate) fn parse(
        text: &str,
        filter: Option<&Filter>,
        paths: Paths,
    ) -> Result<Self, Failure> {
        let mut keys = Vec::new();
        for part in text.split(',') {
            let mut words = part.split_whitespace();
            let name = words.next().unwrap_or_default();
            let path =
                paths.named(name).filter(|path| sortable(*path, paths)).ok_or_else(|| {
                    Failure::url(format!("The property '{name}' does not support sorting."))
                })?;
            let direction = match words.next().map(str::to_ascii_lowercase).as_deref() {
                None | Some("asc") => Direction::Ascending,
                Some("desc") => Direction::Descending,
                Some(_) => return Err(Failure::url("The $orderby expression is not valid.")),
            };
            if filter.is_some_and(|filter| !filter.names(path)) {
                return Err(Failure::of("InefficientFilter"));
            }
            keys.push((path, direction));
        }
        Ok(Self(keys))
    }

    /// How two rows stand to each other.
    pub(crate) fn compare(&self, left: &dyn Row, right: &dyn Row) -> Ordering {
        self.0.iter().fold(Ordering::Equal, |order, (path, direction)| {
            order.then_with(|| {
                let order = compare(left.value(*path), right.value(*path));
                match direction {
                    Direction::Ascending => order,
                    Direction::Descending => order.reverse(),
                }
            })
        })
    }
}

fn sortable(path: Path, paths: Paths) -> bool {
    matches!(path, Path::Created | Path::LastModified | Path::Start | Path::End | Path::Subject)
        || (paths != Paths::Events && matches!(path, Path::Member(_)))
}

fn compare(left: Option<Literal>, right: Option<Literal>) -> Ordering {
    match (left, right) {
        (Some(Literal::Instant(left)), Some(Literal::Instant(right))) => left.cmp(&right),
        (Some(Literal::Text(left)), Some(Literal::Text(right))) => {
            left.to_lowercase().cmp(&right.to_lowercase())
        }
        (Some(Literal::Bool(left)), Some(Literal::Bool(right))) => left.cmp(&right),
        (left, right) => left.is_some().cmp(&right.is_some()),
    }
}
