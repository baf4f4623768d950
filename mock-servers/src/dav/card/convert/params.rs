//! Parameters as the other version has them.

use crate::world::contacts::content::{Params, Property};

/// Words of TYPE that RFC 6350 has no more; `pref` became a parameter.
const GONE_IN_4: [&str; 8] = ["pref", "internet", "x400", "dom", "intl", "postal", "parcel", "msg"];

/// As RFC 6350 has them: PREF a parameter of its own, no ENCODING or CHARSET, each word of TYPE by
/// itself.
pub(super) fn for_v4(property: &Property) -> Params {
    let mut params = Params::new();
    for (name, values) in &property.params {
        match name.as_str() {
            "ENCODING" | "CHARSET" | "TYPE" | "X-APPLE-OMIT-YEAR" => {}
            "VALUE" => {
                let kept = values.iter().filter(|value| {
                    !["binary", "phone-number", "uri", "url", "date", "vcard"]
                        .contains(&value.to_ascii_lowercase().as_str())
                });
                push(&mut params, "VALUE", kept.cloned().collect());
            }
            _ => params.push((name.clone(), values.clone())),
        }
    }
    let types = property.types();
    let kept = types.iter().filter(|word| !GONE_IN_4.contains(&word.as_str()));
    push(&mut params, "TYPE", kept.cloned().collect());
    if types.contains("pref") && !property.has("PREF") {
        params.push(("PREF".to_owned(), vec!["1".to_owned()]));
    }
    params
}

/// As RFC 2426 has them: the first preference is a word of TYPE, further ones are lost.
pub(super) fn for_v3(property: &Property) -> Params {
    let mut params = Params::new();
    let mut types: Vec<String> = property.types().into_iter().collect();
    for (name, values) in &property.params {
        match name.as_str() {
            "PREF" | "TYPE" | "MEDIATYPE" | "ALTID" | "PID" => {}
            "VALUE" if property.is("VALUE", "uri") => {}
            _ => params.push((name.clone(), values.clone())),
        }
    }
    if property.param("PREF") == Some("1") && !types.iter().any(|word| word == "pref") {
        types.push("pref".to_owned());
    }
    push(&mut params, "TYPE", types.iter().map(|word| word.to_ascii_uppercase()).collect());
    params
}

fn push(params: &mut Params, name: &str, values: Vec<String>) {
    if !values.is_empty() {
        params.push((name.to_owned(), values));
    }
}
