//! Whole documents around one tree: the bodies of 403, 409 and 507 answers, and every other answer
//! that is no multistatus.

use super::name::Name;
use super::names::dav;
use super::tree::Element;
use super::write::Writer;

/// A `DAV:error` with one pre- or postcondition (RFC 4918 section 16).
///
/// The children are what the condition's own definition puts inside, such as the `DAV:href` of
/// `CALDAV:no-uid-conflict`.
#[must_use]
pub fn error_body(condition: &Name, children: impl IntoIterator<Item = Element>) -> String {
    let condition = Element::new(condition.clone()).with_children(children);
    document(&Element::new(dav::ERROR).with_child(condition))
}

/// A document with this root.
#[must_use]
pub fn document(root: &Element) -> String {
    let mut writer = Writer::new(&root.name);
    writer.attributes(&root.attributes);
    writer.nodes(&root.children);
    writer.finish()
}
