//! From vCard 3.0 (RFC 2426) to 4.0 (RFC 6350).

use super::{Converted, params::for_v4};
use crate::world::contacts::content::{Card, Property};

/// Properties that RFC 6350 has no more (appendix A.2); SORT-STRING became a parameter.
const GONE: [&str; 7] = ["VERSION", "NAME", "MAILER", "LABEL", "CLASS", "AGENT", "SORT-STRING"];
/// The label by which Apple marks an anniversary.
const ANNIVERSARY: &str = "_$!<Anniversary>!$_";

/// Its properties in the new version.
pub(super) fn lines(card: &Card) -> Vec<Converted> {
    let mut lines: Vec<Converted> = Vec::new();
    for property in card.properties.iter().filter(|p| !GONE.contains(&p.name.as_str())) {
        let Some(line) = line(card, property) else { continue };
        // An anniversary is often written in two extensions at once.
        let again = line.name == "ANNIVERSARY"
            && lines.iter().any(|other| other.name == line.name && other.value == line.value);
        if !again {
            lines.push(line);
        }
    }
    lines
}

fn line(card: &Card, property: &Property) -> Option<Converted> {
    let kept = Converted::of(property, for_v4(property));
    let bare = || Converted::of(property, Vec::new());
    Some(match property.name.as_str() {
        "PHOTO" | "LOGO" | "SOUND" | "KEY" if property.has("ENCODING") => data_uri(property, kept),
        "N" => sorted_by(card, kept),
        "BDAY" | "ANNIVERSARY" => kept.valued(day(property)),
        "X-ANNIVERSARY" => bare().named("ANNIVERSARY").valued(day(property)),
        "X-ABDATE" if label(card, property) == Some(ANNIVERSARY) => {
            Converted { group: None, ..bare() }.named("ANNIVERSARY").valued(day(property))
        }
        "X-ABLABEL" if property.value == ANNIVERSARY => return None,
        "REV" => kept.valued(basic(&property.value)),
        "GEO" => {
            let (latitude, longitude) = property.value.split_once(';')?;
            kept.valued(format!("geo:{},{}", latitude.trim(), longitude.trim()))
        }
        "X-ABSHOWAS" if property.value.eq_ignore_ascii_case("company") => {
            bare().named("KIND").valued("org")
        }
        "X-ADDRESSBOOKSERVER-KIND" => bare().named("KIND").valued(property.value.to_lowercase()),
        "X-ADDRESSBOOKSERVER-MEMBER" => bare().named("MEMBER"),
        _ => kept,
    })
}

/// A binary value as the data: URI that RFC 6350, section 6.2.4, wants.
fn data_uri(property: &Property, kept: Converted) -> Converted {
    let types = property.types();
    let subtype = types.iter().find(|word| *word != "pref").map(String::as_str);
    let media = match (property.name.as_str(), subtype) {
        ("PHOTO" | "LOGO", Some(subtype)) => format!("image/{subtype}"),
        ("SOUND", Some(subtype)) => format!("audio/{subtype}"),
        _ => "application/octet-stream".to_owned(),
    };
    let params = kept.params.iter().filter(|(name, _)| name != "TYPE").cloned().collect();
    let value: String = property.value.split_whitespace().collect();
    Converted { params, ..kept }.valued(format!("data:{media};base64,{value}"))
}

/// N with SORT-AS for the card's SORT-STRING (RFC 6350, section 5.9).
fn sorted_by(card: &Card, mut kept: Converted) -> Converted {
    if let Some(sort) = card.property("SORT-STRING") {
        kept.params.push(("SORT-AS".to_owned(), vec![sort.text()]));
    }
    kept
}

fn label<'a>(card: &'a Card, property: &Property) -> Option<&'a str> {
    let group = property.group.as_ref()?;
    let mut labels = card.all("X-ABLABEL");
    let same =
        |label: &&Property| label.group.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(group));
    labels.find(same).map(|label| label.value.as_str())
}

/// A date in the basic form (RFC 6350, section 4.3.1), without the year that only stands in for none.
fn day(property: &Property) -> String {
    let value = basic(property.value.trim());
    match property.param("X-APPLE-OMIT-YEAR") {
        Some(year) if value.starts_with(year) => format!("--{}", &value[year.len()..]),
        _ => value,
    }
}

/// A date or time in the basic form; what does not look like one stays.
fn basic(value: &str) -> String {
    let (date, time) = match value.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (value, None),
    };
    let digits = |text: &str| text.bytes().all(|octet| octet.is_ascii_digit());
    let parts: Vec<&str> = date.split('-').collect();
    let date = match parts.as_slice() {
        [year, month, day] if [4, 2, 2] == [year.len(), month.len(), day.len()] => {
            if ![year, month, day].into_iter().all(|part| digits(part)) {
                return value.to_owned();
            }
            format!("{year}{month}{day}")
        }
        _ => date.to_owned(),
    };
    let Some(time) = time else { return date };
    // A fraction of a second has no place in 4.0.
    let seconds_end = time.find('.').unwrap_or(time.len());
    let zone =
        time[seconds_end..].trim_start_matches(|sign: char| sign == '.' || sign.is_ascii_digit());
    format!("{date}T{}{}", time[..seconds_end].replace(':', ""), zone.replace(':', ""))
}
