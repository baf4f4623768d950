//! `ATTENDEE` and `ORGANIZER`.

use super::super::{Attendee, AttendeeStatus, Organizer, properties::Property};

/// The attendee that a property names; none without an address.
pub(super) fn attendee(property: &Property) -> Option<Attendee> {
    let upper = |name: &str, default: &str| {
        let value = property.param(name).filter(|value| !value.is_empty());
        value.unwrap_or(default).to_ascii_uppercase()
    };
    Some(Attendee {
        address: address(property)?,
        name: name(property),
        email: property.param("EMAIL").map(bare).filter(|email| email.contains('@')),
        kind: upper("CUTYPE", "INDIVIDUAL"),
        role: upper("ROLE", "REQ-PARTICIPANT"),
        status: status(property.param("PARTSTAT").unwrap_or_default()),
        rsvp: property.is("RSVP", "TRUE"),
        delegated_from: uris(property, "DELEGATED-FROM"),
        delegated_to: uris(property, "DELEGATED-TO"),
        member_of: uris(property, "MEMBER"),
        sent_by: uris(property, "SENT-BY").into_iter().next(),
    })
}

/// The organizer that a property names; none without an address.
pub(super) fn organizer(property: &Property) -> Option<Organizer> {
    Some(Organizer {
        address: address(property)?,
        name: name(property),
        email: property.param("EMAIL").map(bare).filter(|email| email.contains('@')),
        sent_by: uris(property, "SENT-BY").into_iter().next(),
    })
}

fn name(property: &Property) -> Option<String> {
    property.param("CN").map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned)
}

fn address(property: &Property) -> Option<String> {
    Some(uri(&property.value)).filter(|address| !address.is_empty() && address != "mailto:")
}

fn uris(property: &Property, name: &str) -> Vec<String> {
    property.values(name).iter().map(|value| uri(value)).filter(|uri| !uri.is_empty()).collect()
}

/// A calendar address with its scheme in lower case; a bare mail address gets one.
fn uri(text: &str) -> String {
    let text = text.trim();
    match text.split_at_checked("mailto:".len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto:") => {
            format!("mailto:{}", rest.trim())
        }
        _ if text.contains('@') && !text.contains(':') && !text.contains('/') => {
            format!("mailto:{text}")
        }
        _ => text.to_owned(),
    }
}

/// A mail address without a scheme.
fn bare(text: &str) -> String {
    let uri = uri(text);
    uri.strip_prefix("mailto:").unwrap_or(&uri).to_owned()
}

fn status(value: &str) -> AttendeeStatus {
    match value.to_ascii_uppercase().as_str() {
        "ACCEPTED" => AttendeeStatus::Accepted,
        "DECLINED" => AttendeeStatus::Declined,
        "TENTATIVE" => AttendeeStatus::Tentative,
        "DELEGATED" => AttendeeStatus::Delegated,
        _ => AttendeeStatus::NeedsAction,
    }
}
