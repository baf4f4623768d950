//! Locations, and the address of an online meeting.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The `locations` of an event's members: names and coordinates, in an order that follows from
/// what they say.
pub(super) fn write(members: &Map<String, Value>) -> Value {
    let locations = members.get("locations").and_then(Value::as_object);
    let written = locations.into_iter().flatten().filter_map(|(_, location)| one(location));
    let sorted: BTreeMap<String, Value> =
        written.map(|location| (location.to_string(), location)).collect();
    sorted.into_values().collect()
}

/// The location members of a body. What only Graph can say of a place (its address, its type) is
/// not read, and stays until the places change.
pub(super) fn read(body: &Map<String, Value>, members: &mut Map<String, Value>) {
    let all = body.get("locations").and_then(Value::as_array).filter(|all| !all.is_empty());
    let main = body.get("location").filter(|main| main.is_object());
    let listed =
        all.map_or_else(|| main.into_iter().collect::<Vec<_>>(), |all| all.iter().collect());
    let places = listed.into_iter().filter_map(place).enumerate();
    let locations: Map<String, Value> =
        places.map(|(number, place)| (number.to_string(), place)).collect();
    members.insert("locations".to_owned(), Value::Object(locations));

    let meeting = body.get("onlineMeeting").and_then(|meeting| meeting.get("joinUrl"));
    let meeting = meeting.or_else(|| body.get("onlineMeetingUrl")).and_then(Value::as_str);
    if let Some(uri) = meeting.filter(|uri| !uri.is_empty()) {
        members.insert("virtualLocations".to_owned(), json!({"1": {"uri": uri}}));
    }
}

fn one(location: &Value) -> Option<Value> {
    let name = location.get("name").and_then(Value::as_str).unwrap_or_default();
    let coordinates = location.get("coordinates").and_then(Value::as_str).and_then(coordinates);
    if name.is_empty() && coordinates.is_none() {
        return None;
    }
    let mut written = Map::from_iter([("displayName".to_owned(), Value::from(name))]);
    if let Some(coordinates) = coordinates {
        written.insert("coordinates".to_owned(), coordinates);
    }
    Some(Value::Object(written))
}

fn place(location: &Value) -> Option<Value> {
    let name = location.get("displayName").and_then(Value::as_str).unwrap_or_default();
    let mut place = Map::new();
    if !name.is_empty() {
        place.insert("name".to_owned(), Value::from(name));
    }
    let number = |name: &str| {
        location.get("coordinates").and_then(|all| all.get(name)).and_then(Value::as_f64)
    };
    if let (Some(latitude), Some(longitude)) = (number("latitude"), number("longitude")) {
        let mut uri = format!("geo:{latitude},{longitude}");
        if let Some(altitude) = number("altitude") {
            uri.push_str(&format!(",{altitude}"));
        }
        place.insert("coordinates".to_owned(), Value::from(uri));
    }
    (!place.is_empty()).then_some(Value::Object(place))
}

/// The numbers of a `geo:` URI (RFC 5870), without its parameters.
fn coordinates(uri: &str) -> Option<Value> {
    let scheme = uri.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("geo:"))?;
    let numbers = uri[scheme.len()..].split(';').next()?.split(',');
    let numbers: Option<Vec<f64>> = numbers.map(|number| number.trim().parse().ok()).collect();
    let numbers = numbers.filter(|numbers| numbers.iter().all(|number| number.is_finite()))?;
    match numbers.as_slice() {
        [latitude, longitude] => Some(json!({"latitude": latitude, "longitude": longitude})),
        [latitude, longitude, altitude] => {
            Some(json!({"latitude": latitude, "longitude": longitude, "altitude": altitude}))
        }
        _ => None,
    }
}
