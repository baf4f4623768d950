//! Which properties a request wants: `DAV:allprop`, `DAV:propname` or `DAV:prop` (RFC 4918 section
//! 14.20), with the parts of calendars and cards that reports name inside `DAV:prop`.

use std::collections::BTreeSet;

use super::address_data::AddressData;
use super::calendar_data::CalendarData;
use super::error::RequestError;
use super::fields;
use crate::dav::xml::name::Name;
use crate::dav::xml::names::{caldav, carddav, dav};
use crate::dav::xml::tree::Element;

/// Which properties a request wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Properties {
    /// It does not say; some reports allow that.
    Unspecified,
    /// All that a server gives unasked, and these.
    All {
        /// What is wanted on top.
        include: Vec<Name>,
    },
    /// The names of all.
    Names,
    /// These, each once, in the order of the request.
    Listed(Vec<Name>),
}

/// What a report wants of each resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Which properties, `calendar-data` and `address-data` among them.
    pub properties: Properties,
    /// Which parts of the calendar object, if `CALDAV:calendar-data` is among them.
    pub calendar_data: Option<CalendarData>,
    /// Which parts of the card, if `CARDDAV:address-data` is among them.
    pub address_data: Option<AddressData>,
}

impl Properties {
    /// Reads what the element says; [`Properties::Unspecified`] if nothing.
    pub(super) fn read(inside: &Element) -> Result<Self, RequestError> {
        let alternatives = [dav::ALLPROP, dav::PROPNAME, dav::PROP];
        let include = fields::one(inside, &[dav::INCLUDE])?;
        let said = fields::one(inside, &alternatives)?;
        match (said, include) {
            (None, None) => Ok(Self::Unspecified),
            (Some(all), include) if all.name == dav::ALLPROP => {
                Ok(Self::All { include: include.map(names).unwrap_or_default() })
            }
            (Some(one), Some(include)) => Err(fields::conflict(inside, one, include)),
            (None, Some(_)) => Err(fields::missing(inside, &dav::ALLPROP)),
            (Some(one), None) if one.name == dav::PROPNAME => Ok(Self::Names),
            (Some(prop), None) => Ok(Self::Listed(names(prop))),
        }
    }
}

impl Asked {
    /// Reads what the element says.
    pub(super) fn read(inside: &Element) -> Result<Self, RequestError> {
        let properties = Properties::read(inside)?;
        let prop = inside.first(&dav::PROP);
        let data = |name| match prop {
            Some(prop) => fields::one(prop, &[name]),
            None => Ok(None),
        };
        let calendar_data = data(caldav::CALENDAR_DATA)?.map(CalendarData::read).transpose()?;
        let address_data = data(carddav::ADDRESS_DATA)?.map(AddressData::read).transpose()?;
        Ok(Self { properties, calendar_data, address_data })
    }
}

/// The names of the elements inside, each once.
pub(super) fn names(element: &Element) -> Vec<Name> {
    let mut seen = BTreeSet::new();
    let names = element.elements().map(|property| &property.name);
    names.filter(|name| seen.insert(*name)).cloned().collect()
}
