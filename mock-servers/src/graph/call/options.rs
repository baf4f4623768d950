//! Which query options a request may have: those that nothing here knows are refused, not ignored. "If a
//! data service does not support a system query option, it MUST fail any request that contains the
//! unsupported option" (OData Protocol 4.01 section 11.2.1). That Exchange refuses it in these words is
//! an assumption; they are those of the OData library.

use super::Call;
use crate::graph::failure::Failure;
use crate::graph::route::{Book, Resource};

/// What every resource takes. Which of them mean something for it is for those who serve it.
const KNOWN: [&str; 8] =
    ["$select", "$filter", "$orderby", "$top", "$skip", "$expand", "$count", "$format"];

/// What feeds take too. They have words of their own for `$search`, with other options that they refuse.
const OF_FEEDS: [&str; 3] = ["$deltatoken", "$skiptoken", "$search"];

impl Call {
    /// Refuses system query options that are none of the resource's.
    pub(super) fn check_options(&self) -> Result<(), Failure> {
        let feeds = matches!(
            self.resource,
            Resource::ViewDelta(_)
                | Resource::EventsDelta(_)
                | Resource::Book(Book::ContactsDelta(_) | Book::FoldersDelta)
        );
        let more: &[&str] = if feeds { &OF_FEEDS } else { &[] };
        match self.query.other_than(&[&KNOWN, more].concat()) {
            Some(_) if self.resource == Resource::Unknown => Ok(()),
            Some(name) => {
                Err(Failure::url(format!("The query parameter '{name}' is not supported.")))
            }
            None => Ok(()),
        }
    }
}
