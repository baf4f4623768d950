//! Multistatus answers of the wrong servers.

use bytes::Bytes;
use calamity_base::http::Incoming;
use http::Response;

use crate::server::{Wrong, plain};

/// The reports that the wrong servers announce. Those of the protocols themselves are missing.
const REPORTS: [&str; 5] = [
    "sync-collection",
    "free-busy-query",
    "principal-property-search",
    "principal-search-property-set",
    "expand-property",
];

pub(crate) fn multistatus(responses: &str) -> Response<Bytes> {
    plain(
        207,
        &format!(
            "<D:multistatus xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" \
             xmlns:A=\"urn:ietf:params:xml:ns:carddav\">{responses}</D:multistatus>"
        ),
    )
}

/// Every property of a PROPPATCH refused.
pub(crate) fn refused(request: &Incoming) -> Response<Bytes> {
    let properties: String = asked(request).iter().map(|asked| asked.element("")).collect();
    multistatus(&response(request.uri.path(), &properties, 403))
}

/// The properties that are asked for, as a server of this kind gives them.
pub(crate) fn properties(wrong: Wrong, request: &Incoming, count: u64) -> Response<Bytes> {
    let body = String::from_utf8_lossy(&request.body);
    if body.contains("<!DOCTYPE") {
        return plain(500, "");
    }
    let (mut there, mut missing) = (String::new(), String::new());
    for asked in asked(request) {
        match value(wrong, request.uri.path(), &asked.name, count) {
            Some(value) => there.push_str(&asked.element(&value)),
            None => missing.push_str(&asked.element("")),
        }
    }
    let path = request.uri.path();
    let own = path.trim_end_matches('/');
    let mut responses = response(if own.is_empty() { "/" } else { own }, &there, 200);
    if !missing.is_empty() {
        responses.push_str(&response(own, &missing, 404));
    }
    if wrong == Wrong::Agreeable && path.contains("calamity-conform-") {
        for member in ["x1.ics", "x2.ics", "x3.ics", "x1.vcf", "x2.vcf", "x3.vcf"] {
            responses.push_str(&response(&format!("{own}/{member}"), &there, 200));
        }
        responses.push_str("<D:sync-token>no-uri</D:sync-token>");
    }
    multistatus(&responses)
}

fn response(href: &str, properties: &str, status: u16) -> String {
    format!(
        "<D:response><D:href>{href}</D:href><D:propstat><D:prop>{properties}</D:prop>\
         <D:status>HTTP/1.1 {status} so</D:status></D:propstat></D:response>"
    )
}

/// The value of a property, if there is one.
fn value(wrong: Wrong, path: &str, name: &str, count: u64) -> Option<String> {
    let href = |to: &str| Some(format!("<D:href>{to}</D:href>"));
    let below = path.contains("calamity-conform-");
    match (name, wrong) {
        ("current-user-principal", _) => href("/alice"),
        (_, Wrong::Homeless) => None,
        ("calendar-home-set" | "addressbook-home-set", _) => href("/home/"),
        (_, Wrong::Barren) => None,
        ("supported-report-set", _) => {
            let reports = REPORTS.iter().map(|report| {
                format!(
                    "<D:supported-report><D:report><D:{report}/></D:report></D:supported-report>"
                )
            });
            Some(reports.collect())
        }
        ("displayname", _) => Some("Half".to_owned()),
        ("getctag", Wrong::Agreeable) => Some("1".to_owned()),
        ("getctag", _) => Some(count.to_string()),
        ("max-resource-size", Wrong::Agreeable) => Some("1000".to_owned()),
        ("max-resource-size", _) => Some("many".to_owned()),
        (_, Wrong::Agreeable) if below || !name.ends_with("URL") => Some(String::new()),
        _ => None,
    }
}

/// A property that a request names.
struct Asked {
    name: String,
    namespace: String,
}

impl Asked {
    fn element(&self, value: &str) -> String {
        let Asked { name, namespace } = self;
        format!("<p:{name} xmlns:p=\"{namespace}\">{value}</p:{name}>")
    }
}

/// The properties in the `DAV:prop` elements of a request.
fn asked(request: &Incoming) -> Vec<Asked> {
    let body = String::from_utf8_lossy(&request.body).into_owned();
    let Ok(document) = roxmltree::Document::parse(&body) else { return Vec::new() };
    let properties = document.descendants().filter(|node| {
        node.parent().is_some_and(|parent| parent.has_tag_name(("DAV:", "prop")))
            && node.is_element()
    });
    let asked = properties.map(|node| Asked {
        name: node.tag_name().name().to_owned(),
        namespace: node.tag_name().namespace().unwrap_or_default().to_owned(),
    });
    let mut asked: Vec<Asked> = asked.collect();
    if body.contains("propname") {
        asked.push(Asked { name: "getetag".to_owned(), namespace: "DAV:x".to_owned() });
    }
    asked
}

/// A session that says little, and no response to any call; something is always made.
pub(crate) fn hollow(request: &Incoming) -> Response<Bytes> {
    if request.method != "GET" {
        let made = "\"id\": \"x\", \"@odata.etag\": \"y\"";
        return plain(201, &format!("{{{made}, \"methodResponses\": [], \"sessionState\": 7}}"));
    }
    let session = "{\"apiUrl\": \"/api\", \"singleValueExtendedProperties\": [], \"username\": 7, \"accounts\": {\"a\": {}}, \
        \"capabilities\": {\"urn:ietf:params:jmap:core\": {\"maxCallsInRequest\": 2, \"maxObjectsInGet\": 2, \"maxObjectsInSet\": 2}}, \
        \"primaryAccounts\": {\"urn:ietf:params:jmap:calendars\": \"b\", \"urn:ietf:params:jmap:contacts\": \"b\"}}";
    plain(200, session)
}
