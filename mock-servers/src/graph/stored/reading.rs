//! Reading what is stored: a single instance, a master, or an instance of a series with its
//! master's properties behind its own.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::extended;
use crate::account::Item;
use crate::graph::extensions;
use crate::graph::ids;
use crate::graph::moment::{self, Moment};
use crate::graph::odata::{Literal, Path, Row};
use crate::graph::recurrence::{Instance, Series};

/// `type` of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Single,
    Occurrence,
    Exception,
    Master,
}

impl Kind {
    /// Graph's name for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Single => "singleInstance",
            Self::Occurrence => "occurrence",
            Self::Exception => "exception",
            Self::Master => "seriesMaster",
        }
    }
}

/// An event as it is read.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    /// The item that is stored: the event itself, or its master.
    pub(crate) item: &'a Item,
    /// Which instance of the series it is.
    pub(crate) instance: Option<Instance<'a>>,
    /// What kind of event it is.
    pub(crate) kind: Kind,
}

impl<'a> Reading<'a> {
    /// An item as it stands in a list: a single instance or a master.
    pub(crate) fn of(item: &'a Item) -> Self {
        let recurs = item.body.get("recurrence").is_some_and(|value| !value.is_null());
        let kind = if recurs { Kind::Master } else { Kind::Single };
        Self { item, instance: None, kind }
    }

    /// An instance of a series.
    pub(crate) fn instance(item: &'a Item, instance: Instance<'a>) -> Self {
        let kind = if instance.own.is_some() { Kind::Exception } else { Kind::Occurrence };
        Self { item, instance: Some(instance), kind }
    }

    /// A property as it is stored.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        let own = self.own().and_then(|own| own.get(name));
        let inherited = || match (name, &self.instance) {
            ("recurrence" | extended::SINGLE | extended::MULTI | extensions::PROPERTY, Some(_)) => {
                None
            }
            _ => self.item.body.get(name),
        };
        own.or_else(inherited).filter(|value| !value.is_null())
    }

    fn own(&self) -> Option<&'a Map<String, Value>> {
        self.instance.as_ref().and_then(|instance| instance.own)
    }

    /// Its open extensions; an instance has its own only.
    pub(crate) fn extensions(&self) -> Vec<Value> {
        extensions::list(match &self.instance {
            Some(instance) => instance.own,
            None => Some(&self.item.body),
        })
    }

    /// A text.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.get(name).and_then(Value::as_str)
    }

    /// A flag; false where there is none.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The id by which it is fetched.
    pub(crate) fn id(&self) -> String {
        match &self.instance {
            Some(instance) => ids::instance(&self.item.id, instance.original),
            None => self.item.id.clone(),
        }
    }

    /// The version.
    pub(crate) fn change_key(&self) -> String {
        match (&self.instance, self.own()) {
            (Some(instance), Some(own)) => {
                ids::exception_change_key(self.item, instance.original, own)
            }
            _ => ids::change_key(self.item),
        }
    }

    /// The `iCalUId`.
    pub(crate) fn ical_uid(&self) -> String {
        match (&self.instance, Series::of(self.item)) {
            (Some(instance), Some(series)) => {
                ids::instance_ical_uid(&self.item.uid, series.day(instance.original))
            }
            _ => self.item.uid.clone(),
        }
    }

    /// When it starts; for all-day events midnight UTC of its day.
    pub(crate) fn start(&self) -> Option<Timestamp> {
        self.instance.as_ref().map(|instance| instance.start).or_else(|| self.stated("start"))
    }

    /// When it ends.
    pub(crate) fn end(&self) -> Option<Timestamp> {
        self.instance.as_ref().map(|instance| instance.end).or_else(|| self.stated("end"))
    }

    fn stated(&self, name: &str) -> Option<Timestamp> {
        let moment = self.moment(name)?;
        Some(if self.flag("isAllDay") {
            moment::instant(moment.local, &TimeZone::UTC)
        } else {
            moment.instant()
        })
    }

    /// Start or end as it is stored, of an occurrence its master's.
    pub(crate) fn moment(&self, name: &str) -> Option<Moment> {
        Moment::stored(self.get(name))
    }

    /// Whether it overlaps a window.
    pub(crate) fn overlaps(&self, from: Timestamp, upto: Timestamp) -> bool {
        match (self.start(), self.end()) {
            (Some(start), Some(end)) => start < upto && (end > from || start >= from),
            _ => false,
        }
    }
}

impl Row for Reading<'_> {
    fn value(&self, path: Path) -> Option<Literal> {
        let text = |name: &str| self.text(name).map(|text| Literal::Text(text.to_owned()));
        match path {
            Path::Created => Some(Literal::Instant(moment::ticks(self.item.created))),
            Path::LastModified => Some(Literal::Instant(moment::ticks(self.item.updated))),
            Path::Start => self.start().map(Literal::Instant),
            Path::End => self.end().map(Literal::Instant),
            Path::ICalUId => Some(Literal::Text(self.ical_uid())),
            Path::Subject => text("subject"),
            Path::Type => Some(Literal::Text(self.kind.name().to_owned())),
            Path::IsAllDay => Some(Literal::Bool(self.flag("isAllDay"))),
            Path::IsCancelled => Some(Literal::Bool(self.flag("isCancelled"))),
            Path::IsOrganizer => Some(Literal::Bool(self.flag("isOrganizer"))),
            Path::SeriesMasterId => {
                self.instance.as_ref().map(|_| Literal::Text(self.item.id.clone()))
            }
            Path::Id => Some(Literal::Text(self.id())),
            Path::HasAttachments => Some(Literal::Bool(false)),
            Path::Member(name) => text(name),
        }
    }

    fn has_category(&self, category: &str) -> bool {
        has_category(self.get("categories"), category)
    }

    fn has_extension(&self, id: &str) -> bool {
        self.extensions().iter().any(|one| extensions::is_named(one, id))
    }

    fn extended(&self, id: &str) -> Option<&str> {
        let properties = match &self.instance {
            Some(_) => self.own()?,
            None => &self.item.body,
        };
        extended::value_of(properties, id)?.get("value")?.as_str()
    }
}

/// Whether a category is one of the `categories` of an event or a contact.
pub(crate) fn has_category(categories: Option<&Value>, category: &str) -> bool {
    let names = categories.and_then(Value::as_array).into_iter().flatten();
    names.filter_map(Value::as_str).any(|name| name.eq_ignore_ascii_case(category))
}
