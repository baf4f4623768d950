//! Multistatus bodies, read back.

use http::StatusCode;

use super::{name, tree};
use crate::dav::xml::names::{caldav, dav};
use crate::dav::xml::{Element, Multistatus, Node, Propstats, Response, Value};

/// A tree as one line: names without namespaces, texts as they are.
fn line(element: &Element) -> String {
    let inside = element.children.iter().map(|node| match node {
        Node::Element(element) => line(element),
        Node::Text(text) => text.clone(),
    });
    format!("{}({})", element.name.local(), inside.collect::<String>())
}

fn shown(multistatus: Multistatus) -> String {
    line(&tree(&multistatus.finish()))
}

#[test]
fn an_empty_multistatus_is_valid() {
    assert_eq!(shown(Multistatus::new()), "multistatus()");
}

#[test]
fn properties_are_grouped_by_status_in_order() {
    let mut properties = Propstats::new();
    properties.found(dav::GETETAG, Value::text("\"1\""));
    properties.named(StatusCode::NOT_FOUND, name("urn:x", "gone"));
    properties.found(dav::RESOURCETYPE, Value::Names(vec![dav::COLLECTION, caldav::CALENDAR]));
    properties.named(StatusCode::NOT_FOUND, name("urn:x", "lost"));
    let mut all = Multistatus::new();
    all.respond(&Response::properties("/a%20b/", properties));
    assert_eq!(
        shown(all),
        "multistatus(response(href(/a%20b/)\
         propstat(prop(getetag(\"1\")resourcetype(collection()calendar()))status(HTTP/1.1 200 OK))\
         propstat(prop(gone()lost())status(HTTP/1.1 404 Not Found))))"
    );
}

#[test]
fn a_response_without_properties_still_has_a_propstat() {
    let mut all = Multistatus::new();
    all.respond(&Response::properties("/", Propstats::new()));
    assert_eq!(shown(all), "multistatus(response(href(/)propstat(prop()status(HTTP/1.1 200 OK))))");
}

#[test]
fn every_kind_of_value_is_written() {
    let note = tree("<note xmlns='urn:n' xml:lang='de'>a<b/>c</note>");
    let mut inner = Propstats::new();
    inner.found(dav::DISPLAYNAME, Value::text("Inner"));
    let mut properties = Propstats::new();
    properties.found(dav::DISPLAYNAME, Value::Empty);
    properties.found(dav::OWNER, Value::href("/o/"));
    properties.found(dav::GROUP_MEMBER_SET, Value::Hrefs(vec!["/1/".into(), "/2/".into()]));
    let comp = Element::new(caldav::COMP).with_attribute(name("", "name"), "VEVENT");
    properties.found(caldav::SUPPORTED_CALENDAR_COMPONENT_SET, Value::Elements(vec![comp]));
    properties.found(note.name.clone(), Value::Tree(std::borrow::Cow::Borrowed(&note)));
    let expanded = vec![Response::properties("/p/", inner)];
    properties.found(dav::GROUP_MEMBERSHIP, Value::Responses(expanded));
    let mut all = Multistatus::new();
    all.respond(&Response::properties("/", properties));
    let body = all.finish();
    assert!(body.contains("<C:comp name=\"VEVENT\"/>"), "{body}");
    assert!(
        body.contains("<N1:note xmlns:N1=\"urn:n\" xml:lang=\"de\">a<N1:b/>c</N1:note>"),
        "{body}"
    );
    assert!(
        line(&tree(&body)).contains(
            "displayname()owner(href(/o/))group-member-set(href(/1/)href(/2/))\
             supported-calendar-component-set(comp())note(ab()c)group-membership(response(href(/p/)\
             propstat(prop(displayname(Inner))status(HTTP/1.1 200 OK))))"
        ),
        "{body}"
    );
}

#[test]
fn calendar_data_keeps_its_line_ends() {
    let data = "BEGIN:VCALENDAR\r\nX:<&>\r\nEND:VCALENDAR\r\n";
    let mut properties = Propstats::new();
    properties.found(caldav::CALENDAR_DATA, Value::text(data));
    let mut all = Multistatus::new();
    all.respond(&Response::properties("/a.ics", properties));
    let body = tree(&all.finish());
    let found = ["response", "propstat", "prop"]
        .iter()
        .try_fold(&body, |at, local| at.first(&name("DAV:", local)));
    let found = found.unwrap().first(&caldav::CALENDAR_DATA).unwrap();
    assert_eq!(found.text(), data);
}

#[test]
fn removed_members_truncation_and_the_token_come_in_order() {
    let mut all = Multistatus::new();
    all.sync_token("urn:token:2");
    all.respond(&Response::status("/c/gone.ics", StatusCode::NOT_FOUND));
    let refused = Element::new(dav::SYNC_TRAVERSAL_SUPPORTED);
    let refused = Response::status("/c/d/", StatusCode::FORBIDDEN).with_error(refused);
    all.respond(&refused);
    all.truncated("/c/");
    assert_eq!(
        shown(all),
        "multistatus(response(href(/c/gone.ics)status(HTTP/1.1 404 Not Found))\
         response(href(/c/d/)status(HTTP/1.1 403 Forbidden)error(sync-traversal-supported()))\
         response(href(/c/)status(HTTP/1.1 507 Insufficient Storage)\
         error(number-of-matches-within-limits()))\
         sync-token(urn:token:2))"
    );
}

#[test]
fn a_refused_property_carries_its_condition_and_the_others_depend_on_it() {
    let mut properties = Propstats::new();
    let condition = Element::new(dav::VALID_RESOURCETYPE);
    properties.refused(StatusCode::FORBIDDEN, condition, dav::RESOURCETYPE);
    properties.named(StatusCode::FORBIDDEN, dav::GETETAG);
    properties.named(StatusCode::FAILED_DEPENDENCY, dav::DISPLAYNAME);
    assert_eq!(
        line(&tree(&properties.document(&dav::MKCOL_RESPONSE))),
        "mkcol-response(\
         propstat(prop(resourcetype())status(HTTP/1.1 403 Forbidden)error(valid-resourcetype()))\
         propstat(prop(getetag())status(HTTP/1.1 403 Forbidden))\
         propstat(prop(displayname())status(HTTP/1.1 424 Failed Dependency)))"
    );
}

#[test]
fn an_answer_out_of_all_proportion_ends_with_507() {
    let mut all = Multistatus::new();
    let href = format!("/{}", "a".repeat(32 << 20));
    let row = Response::status(&href, StatusCode::OK);
    let fits = (0..9).take_while(|_| {
        all.respond(&row);
        all.check_size().is_ok()
    });
    assert_eq!(fits.count(), 7);
    let refused = all.check_size().unwrap_err();
    assert_eq!(refused.status, StatusCode::INSUFFICIENT_STORAGE);
}
