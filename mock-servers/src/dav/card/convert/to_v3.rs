//! From vCard 4.0 (RFC 6350) to 3.0 (RFC 2426).

use super::{Converted, params::for_v3};
use crate::world::contacts::content::{Card, Params, Property};

/// What stands for the year of a day without one; Apple's address books write it.
const NO_YEAR: &str = "1604";

/// Its properties in the new version.
pub(super) fn lines(card: &Card) -> Vec<Converted> {
    let mut lines: Vec<Converted> = Vec::new();
    for property in card.properties.iter().filter(|p| p.name != "VERSION") {
        lines.extend(line(property));
    }
    // RFC 2426, section 3.1.2, wants a name in parts; RFC 6350 does not, and nobody can guess them.
    if card.property("N").is_none() {
        lines.push(Converted {
            group: None,
            name: "N".to_owned(),
            params: Params::new(),
            value: ";;;;".to_owned(),
        });
    }
    lines
}

fn line(property: &Property) -> Option<Converted> {
    let kept = Converted::of(property, for_v3(property));
    let bare = || Converted::of(property, Params::new());
    Some(match property.name.as_str() {
        "PHOTO" | "LOGO" | "SOUND" | "KEY" => binary(property, kept),
        "TEL" => {
            let number = property.value.strip_prefix("tel:").map(str::to_owned);
            let number = number.unwrap_or_else(|| property.value.clone());
            kept.valued(number)
        }
        "BDAY" => day(property, kept),
        "ANNIVERSARY" => day(property, bare()).named("X-ANNIVERSARY"),
        "REV" => kept.valued(extended(&property.value)),
        "GEO" => kept.valued(property.value.strip_prefix("geo:")?.replacen(',', ";", 1)),
        "KIND" => match property.value.to_ascii_lowercase().as_str() {
            "org" => bare().named("X-ABShowAs").valued("COMPANY"),
            "group" => bare().named("X-ADDRESSBOOKSERVER-KIND").valued("group"),
            "individual" => return None,
            _ => bare().named("X-KIND"),
        },
        "MEMBER" => bare().named("X-ADDRESSBOOKSERVER-MEMBER"),
        "CLIENTPIDMAP" => return None,
        _ => kept,
    })
}

/// A data: URI as the binary value that RFC 2426, section 2.4.1, has; other URIs stay such.
fn binary(property: &Property, mut kept: Converted) -> Converted {
    let data = property.value.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,"));
    let Some((media, data)) = data else {
        kept.params.push(("VALUE".to_owned(), vec!["uri".to_owned()]));
        return kept;
    };
    kept.params.push(("ENCODING".to_owned(), vec!["b".to_owned()]));
    if let Some((_, subtype)) = media.split_once('/') {
        let subtype = subtype.split([';', '+']).next().unwrap_or_default().to_ascii_uppercase();
        kept.params.retain(|(name, _)| name != "TYPE");
        kept.params.push(("TYPE".to_owned(), vec![subtype]));
    }
    kept.valued(data)
}

/// A date in the extended form; a missing year becomes Apple's.
fn day(property: &Property, mut kept: Converted) -> Converted {
    let value = property.value.trim();
    if let Some(rest) = value.strip_prefix("--").filter(|rest| rest.len() == 4 && rest.is_ascii()) {
        let (month, day) = rest.split_at(2);
        kept.params.push(("X-APPLE-OMIT-YEAR".to_owned(), vec![NO_YEAR.to_owned()]));
        return kept.valued(format!("{NO_YEAR}-{month}-{day}"));
    }
    kept.valued(extended(value))
}

/// A date, or date and time, in the extended form; what does not look like one stays.
fn extended(value: &str) -> String {
    let (date, time) = match value.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (value, None),
    };
    let digits = |text: &str| text.bytes().all(|octet| octet.is_ascii_digit());
    if date.len() != 8 || !digits(date) {
        return value.to_owned();
    }
    let date = format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]);
    match time {
        Some(time) if time.len() >= 6 && time.is_ascii() && digits(&time[..6]) => {
            format!("{date}T{}:{}:{}{}", &time[..2], &time[2..4], &time[4..6], &time[6..])
        }
        Some(time) => format!("{date}T{time}"),
        None => date,
    }
}
