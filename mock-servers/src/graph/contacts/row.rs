//! A contact as filters and orders see it.

use serde_json::Value;

use crate::account::Item;
use crate::graph::odata::{Literal, Path, Row};
use crate::graph::stored::{has_category, value_of};
use crate::graph::{extensions, moment};

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contact<'a>(pub(super) &'a Item);

impl Row for Contact<'_> {
    fn value(&self, path: Path) -> Option<Literal> {
        let item = self.0;
        match path {
            Path::Created => Some(Literal::Instant(moment::ticks(item.created))),
            Path::LastModified => Some(Literal::Instant(moment::ticks(item.updated))),
            Path::Id => Some(Literal::Text(item.id.clone())),
            Path::Member("parentFolderId") => {
                item.calendars.first().map(|id| Literal::Text(id.clone()))
            }
            Path::Member(name) => {
                let text = item.body.get(name).and_then(Value::as_str)?;
                Some(Literal::Text(text.to_owned()))
            }
            _ => None,
        }
    }

    fn extended(&self, id: &str) -> Option<&str> {
        value_of(&self.0.body, id)?.get("value")?.as_str()
    }

    fn has_extension(&self, id: &str) -> bool {
        extensions::list(Some(&self.0.body)).iter().any(|one| extensions::is_named(one, id))
    }

    fn has_category(&self, category: &str) -> bool {
        has_category(self.0.body.get("categories"), category)
    }

    fn has_address(&self, address: &str) -> bool {
        let list = self.0.body.get("emailAddresses").and_then(Value::as_array);
        let mut addresses = list.into_iter().flatten().filter_map(|one| one["address"].as_str());
        addresses.any(|known| known.eq_ignore_ascii_case(address))
    }
}
