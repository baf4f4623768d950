//! Whole documents around one tree: the bodies of 403, 409 and 507 answers, and every other answer
//! that is no multistatus.

use super::tree::Element;
use super::write::Writer;

/// A document with this root.
#[must_use]
pub(crate) fn document(root: &Element) -> String {
    let mut writer = Writer::new(&root.name);
    writer.attributes(&root.attributes);
    writer.nodes(&root.children);
    writer.finish()
}
