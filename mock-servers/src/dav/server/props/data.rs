//! The part of a calendar object or card that a report wants (RFC 4791 section 9.6, RFC 6352
//! section 10.4).

use http::StatusCode;

use super::super::bodies;
use super::super::resource::{Resource, split};
use crate::account::Item;
use crate::dav::calendar::filter::TimeRange;
use crate::dav::calendar::{Zone, calendars, expand, limit, select};
use crate::dav::card::{convert, select as card_select};
use crate::dav::xml::names::caldav;
use crate::dav::xml::request::{
    AddressData, Asked, CalendarData, CardProperties, Component, Components, Expansion,
    PropertyNames, Selected, Span,
};
use crate::dav::xml::{Refusal, request::RequestError};
use crate::directory::Realm;
use crate::turn::Turn;

/// What is wanted of bodies; nothing outside of reports.
#[derive(Clone, Debug)]
pub(in super::super) struct Data<'a> {
    calendar: Option<&'a CalendarData>,
    card: Option<&'a AddressData>,
    floating: Option<Zone>,
}

impl<'a> Data<'a> {
    /// No bodies.
    pub(in super::super) fn none() -> Self {
        Self { calendar: None, card: None, floating: None }
    }

    /// What a report asks for.
    pub(in super::super) fn of(asked: &'a Asked) -> Self {
        Self {
            calendar: asked.calendar_data.as_ref(),
            card: asked.address_data.as_ref(),
            floating: None,
        }
    }

    /// The same with the zone of floating times that a query names.
    pub(in super::super) fn with_floating(mut self, zone: Option<Zone>) -> Self {
        self.floating = zone;
        self
    }

    /// Whether what is wanted of an object follows from the object: occurrences also depend on the
    /// zone of floating times.
    pub(in super::super) fn is_fixed(&self) -> bool {
        self.calendar.is_none_or(|wanted| {
            wanted.expansion == Expansion::None && wanted.limit_freebusy_set.is_none()
        })
    }

    /// Whether the media types are those that the server has.
    ///
    /// # Errors
    /// 403 with `supported-calendar-data` or `supported-address-data`.
    pub(in super::super) fn check(&self) -> Result<(), Refusal> {
        let refusal = |error: RequestError| error.refusal();
        if let Some(wanted) = self.calendar {
            wanted.check_type(&[("text/calendar", "2.0")]).map_err(refusal)?;
        }
        if let Some(wanted) = self.card {
            wanted.check_type(&[("text/vcard", "3.0"), ("text/vcard", "4.0")]).map_err(refusal)?;
        }
        Ok(())
    }

    /// The calendar object as it is wanted; none where it is no calendar object.
    pub(super) fn calendar(
        &self,
        turn: &Turn<'_>,
        resource: &Resource,
        item: &Item,
    ) -> Result<Option<String>, Refusal> {
        let Some(text) = item.text.as_ref().filter(|text| text.media_type == "text/calendar")
        else {
            return Ok(None);
        };
        let Some(wanted) = self.calendar else {
            // Outside of a report it is no property.
            return Ok(None);
        };
        let mut octets = text.octets.to_vec();
        if !self.is_fixed()
            && let Some(object) = bodies::object(item)
        {
            let floating = self.floating(turn, resource, item);
            octets = match wanted.expansion {
                Expansion::None => octets,
                Expansion::Expand(span) => match range(span) {
                    Some(range) => expand::expand(&object, &range, &floating)
                        .map_err(|_| Refusal::forbidden(&caldav::MAX_INSTANCES))?,
                    None => octets,
                },
                Expansion::LimitRecurrenceSet(span) => match range(span) {
                    Some(range) => limit::recurrence_set(&object, &range, &floating),
                    None => octets,
                },
            };
            if let Some(range) = wanted.limit_freebusy_set.and_then(range) {
                octets = limit::free_busy_set(&object, &range, &floating);
            }
        }
        if let Some(component) = &wanted.component
            && let Ok(roots) = calendars(&octets)
            && let Some(root) = roots.first()
        {
            octets = select::select(&octets, root, &selection(component));
        }
        Ok(Some(String::from_utf8_lossy(&octets).into_owned()))
    }

    fn floating(&self, turn: &Turn<'_>, resource: &Resource, item: &Item) -> Zone {
        if let Some(zone) = &self.floating {
            return zone.clone();
        }
        let Resource::Object(focus, _) = resource else { return Zone::utc() };
        if focus.realm != Realm::Calendars {
            return Zone::utc();
        }
        let calendar = turn.account_of(*focus).calendar(split(&item.id).0);
        calendar.map_or_else(Zone::utc, bodies::zone)
    }

    /// The card as it is wanted; none where it is no card.
    pub(super) fn card(&self, item: &Item) -> Result<Option<String>, Refusal> {
        let Some(wanted) = self.card else { return Ok(None) };
        let Some(card) = bodies::card(item) else { return Ok(None) };
        let octets = match &wanted.properties {
            CardProperties::All => card.octets().to_vec(),
            CardProperties::Only(names) => {
                let names: Vec<card_select::Selected> = names.iter().map(card_selected).collect();
                card_select::select(&card, &names)
            }
        };
        // A card is handed out in its own version unless 4.0 is asked for by name: the default of
        // the attribute is what clients mean that say nothing.
        let octets = match (wanted.version.as_str(), card.version().number()) {
            ("4.0", "3.0") => {
                let to = convert::asked(Some("text/vcard"), Some("4.0"))
                    .map_err(|_| Refusal::plain(StatusCode::NOT_ACCEPTABLE))?;
                match (to, crate::dav::card::object::AddressObject::read(&octets)) {
                    (Some(to), Ok(part)) => convert::convert(&part, to),
                    _ => octets,
                }
            }
            _ => octets,
        };
        Ok(Some(String::from_utf8_lossy(&octets).into_owned()))
    }
}

fn range(span: Span) -> Option<TimeRange> {
    TimeRange::new(Some(span.start), Some(span.end))
}

fn selection(component: &Component) -> select::Selection {
    let prop = |selected: &Selected| {
        let (name, value) = match selected {
            Selected::Value(name) => (name, select::Value::Wanted),
            Selected::NameOnly(name) => (name, select::Value::Left),
        };
        select::Prop { name: name.clone(), value }
    };
    select::Selection {
        name: component.name.clone(),
        props: match &component.properties {
            PropertyNames::All => select::Props::All,
            PropertyNames::Only(names) => select::Props::Named(names.iter().map(prop).collect()),
        },
        comps: match &component.components {
            Components::All => select::Comps::All,
            Components::Only(inner) => select::Comps::Named(inner.iter().map(selection).collect()),
        },
    }
}

fn card_selected(selected: &Selected) -> card_select::Selected {
    match selected {
        Selected::Value(name) => card_select::Selected::new(name, card_select::Value::Kept),
        Selected::NameOnly(name) => card_select::Selected::new(name, card_select::Value::Dropped),
    }
}
