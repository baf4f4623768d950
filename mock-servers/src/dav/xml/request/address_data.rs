//! Which parts of a card a report wants (RFC 6352 section 10.4).

use super::calendar_data::Selected;
use super::error::RequestError;
use super::fields;
use crate::dav::xml::names::carddav::{ADDRESS_DATA, ALLPROP, PROP};
use crate::dav::xml::tree::Element;

/// A `CARDDAV:address-data` of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AddressData {
    /// The media type; `text/vcard` if not given.
    pub content_type: String,
    /// Its version; `3.0` if not given.
    pub version: String,
    /// Which properties.
    pub properties: CardProperties,
}

/// Which properties of a card are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CardProperties {
    /// All; also when the request names none.
    All,
    /// These.
    Only(Vec<Selected>),
}

impl AddressData {
    /// Reads a `CARDDAV:address-data`.
    pub(super) fn read(element: &Element) -> Result<Self, RequestError> {
        let properties = match (element.first(&ALLPROP), element.first(&PROP)) {
            (Some(all), Some(one)) => return Err(fields::conflict(element, all, one)),
            (_, None) => CardProperties::All,
            (None, Some(_)) => {
                let read = element.all(PROP).map(Selected::read);
                CardProperties::Only(read.collect::<Result<_, _>>()?)
            }
        };
        let attribute = |name, default: &str| element.attribute(name).unwrap_or(default).to_owned();
        Ok(Self {
            content_type: attribute("content-type", "text/vcard"),
            version: attribute("version", "3.0"),
            properties,
        })
    }

    /// Checks the media type.
    ///
    /// # Errors
    ///
    /// If it is none of these pairs of type and version: answered with
    /// `CARDDAV:supported-address-data`.
    pub(crate) fn check_type(&self, supported: &[(&str, &str)]) -> Result<(), RequestError> {
        let same = |(content_type, version): &(&str, &str)| {
            content_type.eq_ignore_ascii_case(&self.content_type) && *version == self.version
        };
        if supported.iter().any(same) {
            return Ok(());
        }
        Err(RequestError::DataType {
            element: ADDRESS_DATA,
            content_type: self.content_type.clone(),
            version: self.version.clone(),
        })
    }
}
