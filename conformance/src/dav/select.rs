//! Queries as data: objects to store, a filter, and the names of those that it selects.

use super::context::{Dav, Kind};
use super::reports::selected;
use super::samples;
use crate::check::{Verdict, same, skip};

/// A name, the component, and the lines of each component of the object, which share a UID. For
/// a card: its version in place of the component.
pub(super) type Object = (&'static str, &'static str, &'static [&'static [&'static str]]);

/// One check which stores objects and asks for some of them.
macro_rules! case {
    ($level:ident, $id:literal, $title:literal, $source:literal, $objects:expr, $filter:expr, $wanted:expr) => {
        $crate::check::Check {
            id: $id,
            title: $title,
            source: $source,
            level: $crate::check::Level::$level,
            function: |dav| Box::pin($crate::dav::select::select(dav, $objects, $filter, $wanted)),
        }
    };
}
pub(super) use case;

/// Stores the objects, queries, and compares what is found. For calendars the filter is what stands
/// in the one for VCALENDAR.
pub(super) async fn select(
    dav: &Dav,
    objects: &'static [Object],
    filter: &'static str,
    wanted: &'static [&'static str],
) -> Verdict {
    let at = dav.collection().await?;
    for object in objects {
        dav.store(&at, object.0, &text(dav, object)).await?;
    }
    let filter = match dav.kind {
        Kind::Calendar => {
            format!(
                "<C:filter><C:comp-filter name=\"VCALENDAR\">{filter}</C:comp-filter></C:filter>"
            )
        }
        Kind::Contacts => filter.to_owned(),
    };
    let body = super::reports::query_xml(dav.kind, "<D:getetag/>", &filter);
    let reply = dav.report_reply(&at, "1", &body).await?;
    // RFC 4791, section 7.8, and RFC 6352, section 8.6: a filter that the server cannot do.
    if reply.status == 403 && reply.text().contains("supported-filter") {
        return skip("the server refuses this filter with supported-filter");
    }
    let found = selected(dav, &at, &filter).await?;
    let wanted: Vec<String> = wanted.iter().map(|name| (*name).to_owned()).collect();
    same("found", &found, &wanted)
}

/// The text of an object, with a UID of its own.
pub(super) fn text(dav: &Dav, (_, kind, components): &Object) -> String {
    let uid = dav.fresh();
    match dav.kind {
        Kind::Calendar => {
            let components = components.iter().map(|lines| samples::component(kind, &uid, lines));
            let components: String = components.collect();
            let zone = if components.contains("TZID=Asia/Tokyo") { samples::TOKYO } else { "" };
            samples::calendar(&format!("{zone}{components}"))
        }
        Kind::Contacts => {
            let cards = components.iter().map(|lines| samples::card_of(kind, &uid, lines));
            cards.collect()
        }
    }
}
