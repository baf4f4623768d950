//! What was answered of an item, kept beside it: clients read the same items in the same way again
//! and again, and most of them have not changed.
//!
//! The rule kept here: what is kept is a function of the item and of its [`Form`], so that it makes no
//! difference but in time. An item never changes where it is stored; a copy of it, which may be
//! changed, begins with nothing. The memory goes with the item, and is bounded: the texts of the
//! first forms that it was read in.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

/// The most texts of one item: clients list by one form and read by another.
const TEXTS_MAX: usize = 3;

/// How long the name of a form is.
const DIGITS: usize = 32;

/// All that a text depends on beside the item: what is asked for, and by whom where that matters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Form([u8; DIGITS]);

impl Form {
    /// The form of a kind of text with these traits, all of which their `Debug` must tell.
    pub(crate) fn of(kind: &str, traits: &dyn fmt::Debug) -> Self {
        Self::over(kind, format!("{traits:?}").as_bytes())
    }

    /// The form of a kind of text that all these octets decide on.
    pub(crate) fn over(kind: &str, octets: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(kind.as_bytes()).update(b" ").update(octets);
        let hash = hasher.finalize().to_hex();
        let mut digits = [b'0'; DIGITS];
        digits.copy_from_slice(&hash.as_bytes()[..DIGITS]);
        Self(digits)
    }

    fn digits(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.digits())
    }
}

/// See the module. A text stands behind the digits of its form, so that one look at the memory finds
/// both: a listing looks at many.
#[derive(Default)]
pub(crate) struct Rendered([OnceLock<Box<str>>; TEXTS_MAX]);

impl Rendered {
    /// The text of a form, where it is kept.
    pub(crate) fn get(&self, form: Form) -> Option<&str> {
        let digits = form.digits();
        let mut kept = self.0.iter().map_while(OnceLock::get);
        kept.find_map(|text| text.strip_prefix(digits))
    }

    /// Keeps the text of a form, where there is room.
    pub(crate) fn keep(&self, form: Form, text: &str) {
        for place in &self.0 {
            let kept = place.get_or_init(|| [form.digits(), text].concat().into_boxed_str());
            if kept.starts_with(form.digits()) {
                return;
            }
        }
    }

    /// The text of a form, made where it is not kept.
    pub(crate) fn text(&self, form: Form, make: impl FnOnce() -> String) -> Cow<'_, str> {
        if let Some(text) = self.get(form) {
            return Cow::Borrowed(text);
        }
        let text = make();
        self.keep(form, &text);
        Cow::Owned(text)
    }
}

/// A copy is made to be changed.
impl Clone for Rendered {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// What is kept is no part of what the item is.
impl PartialEq for Rendered {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rendered")
    }
}
