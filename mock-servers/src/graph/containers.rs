//! What holds items, calendars, their groups and folders of contacts, as filters and orders see it: by its
//! properties as they are answered.

use serde_json::{Map, Value};

use super::failure::Failure;
use super::odata::{Filter, Literal, Order, Path, Paths, Query, Row};
use super::stored::value_of;

/// See the module.
#[derive(Debug)]
pub(super) struct Container<'a> {
    /// All its properties, as they are answered.
    pub(super) members: Map<String, Value>,
    /// Where its extended properties are.
    pub(super) stored: Option<&'a Map<String, Value>>,
}

impl Row for Container<'_> {
    fn value(&self, path: Path) -> Option<Literal> {
        let name = match path {
            Path::Id => "id",
            Path::Member(name) => name,
            _ => return None,
        };
        match self.members.get(name)? {
            Value::String(text) => Some(Literal::Text(text.clone())),
            Value::Bool(flag) => Some(Literal::Bool(*flag)),
            _ => None,
        }
    }

    fn extended(&self, id: &str) -> Option<&str> {
        value_of(self.stored?, id)?.get("value")?.as_str()
    }

    fn has_extension(&self, _id: &str) -> bool {
        false
    }

    fn has_category(&self, _category: &str) -> bool {
        false
    }
}

/// Those of a listing that its `$filter` lets through, in the order of its `$orderby` or as they come.
pub(super) fn chosen<'a, T: Copy>(
    query: &Query,
    paths: Paths,
    all: Vec<T>,
    shown: impl Fn(T) -> Container<'a>,
) -> Result<Vec<T>, Failure> {
    let filter = query.get("$filter").map(|text| Filter::parse(text, paths)).transpose()?;
    let order = query.get("$orderby").map(|text| Order::parse(text, filter.as_ref(), paths));
    let order = order.transpose()?;
    if filter.is_none() && order.is_none() {
        return Ok(all);
    }
    let mut rows: Vec<_> = all.into_iter().map(|one| (shown(one), one)).collect();
    rows.retain(|(row, _)| filter.as_ref().is_none_or(|filter| filter.fits(row)));
    if let Some(order) = &order {
        rows.sort_by(|(left, _), (right, _)| order.compare(left, right));
    }
    Ok(rows.into_iter().map(|(_, one)| one).collect())
}
