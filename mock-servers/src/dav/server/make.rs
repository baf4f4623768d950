//! MKCALENDAR (RFC 4791 section 5.3.1) and MKCOL with and without a body (RFC 4918 section 9.3,
//! RFC 5689): all properties are set, or nothing is made.

use http::{StatusCode, header};
use serde_json::Map;

use super::answer::{Outcome, empty, with, xml};
use super::call::Call;
use super::place::{Member, Place};
use super::proppatch::{invalid, note};
use super::{bodies, dead, faults, props, resource};
use crate::dav::xml::names::{caldav, carddav, dav};
use crate::dav::xml::request::{Mkcalendar, Mkcol};
use crate::dav::xml::{Element, Name, Propstats, Refusal};
use crate::directory::{Focus, Realm};
use crate::operation::{Op, Target};
use crate::turn::Turn;

/// MKCALENDAR.
pub(super) fn mkcalendar(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    let asked = match call.xml()? {
        None => Mkcalendar::default(),
        Some(root) => Mkcalendar::read(root).map_err(|error| error.refusal())?,
    };
    let at = free(turn, call, Some(Realm::Calendars), &caldav::CALENDAR_COLLECTION_LOCATION_OK)?;
    make(turn, &at, &asked.set, &caldav::MKCALENDAR_RESPONSE)
}

/// MKCOL. Without a body it makes what belongs where it is made.
pub(super) fn mkcol(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    let is_xml = |kind: &String| kind.ends_with("/xml") || kind.ends_with("+xml");
    if !call.body.is_empty() && !call.media_type().as_ref().is_none_or(is_xml) {
        // RFC 4918 section 9.3: whatever the place, the server does not know what to do with it.
        return Err(Refusal::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let Some(root) = call.xml()? else {
        let at = free(turn, call, None, &caldav::CALENDAR_COLLECTION_LOCATION_OK)?;
        return make(turn, &at, &[], &dav::MKCOL_RESPONSE);
    };
    let asked = Mkcol::read(root).map_err(|error| error.refusal())?;
    let types = asked.resource_types().unwrap_or_default();
    let (realm, condition) = if types.contains(&carddav::ADDRESSBOOK) {
        (Some(Realm::Contacts), carddav::ADDRESSBOOK_COLLECTION_LOCATION_OK)
    } else {
        let calendar = types.contains(&caldav::CALENDAR).then_some(Realm::Calendars);
        (calendar, caldav::CALENDAR_COLLECTION_LOCATION_OK)
    };
    let known = [dav::COLLECTION, caldav::CALENDAR, carddav::ADDRESSBOOK];
    let wrong = types.iter().any(|one| !known.contains(one))
        || (!types.is_empty() && realm.is_none())
        || (types.contains(&caldav::CALENDAR) && types.contains(&carddav::ADDRESSBOOK));
    if wrong {
        let mut stats = Propstats::new();
        for property in &asked.set {
            let refused = (property.name == dav::RESOURCETYPE)
                .then(|| Refusal::forbidden(&dav::VALID_RESOURCETYPE));
            note(&mut stats, &property.name, refused);
        }
        return Ok(xml(StatusCode::FORBIDDEN, stats.document(&dav::MKCOL_RESPONSE)));
    }
    let at = free(turn, call, realm, &condition)?;
    make(turn, &at, &asked.set, &dav::MKCOL_RESPONSE)
}

/// The place of the request, at which nothing is yet.
fn free(
    turn: &Turn<'_>,
    call: &Call,
    realm: Option<Realm>,
    condition: &Name,
) -> Result<Member, Refusal> {
    let place = call.place();
    if resource::find(turn, place).is_ok() {
        // RFC 4918 section 9.3: MKCOL only where nothing is.
        return Err(if realm == Some(Realm::Calendars) {
            Refusal::forbidden(&dav::RESOURCE_MUST_BE_NULL)
        } else {
            Refusal::plain(StatusCode::METHOD_NOT_ALLOWED)
        });
    }
    match place {
        // Ids of members are made of two names and a slash.
        Place::Collection(at) if at.id.contains('/') => Err(Refusal::forbidden(condition)),
        Place::Collection(at) => {
            let home = Place::Home(at.owner.clone(), at.realm);
            resource::find(turn, &home)?;
            let fits = realm.is_none_or(|realm| realm == at.realm);
            if fits && at.realm != Realm::Inbox {
                Ok(at.clone())
            } else {
                Err(Refusal::forbidden(condition))
            }
        }
        Place::Object(at, _) => {
            resource::find(turn, &Place::Home(at.owner.clone(), at.realm))?;
            let parent = Place::Collection(at.clone());
            Err(match resource::find(turn, &parent) {
                Ok(_) => Refusal::forbidden(condition),
                Err(_) => Refusal::plain(StatusCode::CONFLICT),
            })
        }
        Place::Nowhere => Err(Refusal::plain(StatusCode::CONFLICT)),
        _ => Err(Refusal::plain(StatusCode::FORBIDDEN)),
    }
}

fn make(turn: &mut Turn<'_>, at: &Member, set: &[Element], root: &Name) -> Outcome {
    let refused = |property: &Element| {
        let at_birth =
            [dav::RESOURCETYPE, caldav::SUPPORTED_CALENDAR_COMPONENT_SET].contains(&property.name);
        if !at_birth && props::is_protected(&property.name) {
            return Some(Refusal::forbidden(&dav::CANNOT_MODIFY_PROTECTED_PROPERTY));
        }
        unknown_component(property).or_else(|| invalid(property))
    };
    if set.iter().any(|property| refused(property).is_some()) {
        let mut stats = Propstats::new();
        for property in set {
            note(&mut stats, &property.name, refused(property));
        }
        return Ok(xml(StatusCode::FORBIDDEN, stats.document(root)));
    }
    let (mut body, mut name) = (Map::new(), at.id.clone());
    for property in set {
        if property.name == dav::DISPLAYNAME {
            name = property.text();
        }
        if property.name == caldav::SUPPORTED_CALENDAR_COMPONENT_SET {
            bodies::set_components(&mut body, property);
        } else if property.name != dav::RESOURCETYPE {
            dead::set(&mut body, property);
        }
    }
    turn.turn_to(Focus { user: turn.focus().user, realm: at.realm });
    let target = Target { id: at.id.clone(), title: name.clone(), ..Target::default() };
    if !faults::write(turn, Op::CalendarCreate, &target)?.is_skipped() {
        turn.create_collection(&at.id, &name, body);
    }
    Ok(with(empty(StatusCode::CREATED), header::CACHE_CONTROL, "no-cache"))
}

fn unknown_component(property: &Element) -> Option<Refusal> {
    if property.name != caldav::SUPPORTED_CALENDAR_COMPONENT_SET {
        return None;
    }
    let known = |comp: &Element| {
        let name = comp.attribute("name").unwrap_or_default();
        bodies::ALL_COMPONENTS.iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    let mut comps = property.all(caldav::COMP);
    let wrong = property.first(&caldav::COMP).is_none() || !comps.all(known);
    wrong.then(|| Refusal::forbidden(&caldav::SUPPORTED_CALENDAR_COMPONENT))
}
