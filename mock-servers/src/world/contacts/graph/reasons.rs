//! What a Graph contact cannot hold, as stable texts.

use super::super::super::error::Unwritable;

pub(super) const KIND: &str = "a Graph contact is a person or a firm, not a group, place or thing";
pub(super) const MAILS: &str = "more than three mail addresses";
pub(super) const NICKNAMES: &str = "more than one nickname";
pub(super) const URLS: &str = "more than one page";
pub(super) const MESSENGERS: &str = "more than three messengers";
pub(super) const PHOTO: &str = "a picture: Graph keeps it beside the contact, not in it";
pub(super) const ANNIVERSARY: &str = "an anniversary: Graph v1.0 knows birthdays only";
pub(super) const BIRTHDAY_WITHOUT_YEAR: &str = "a birthday without a year";
pub(super) const PHONES: &str = "more than one mobile, two home or two business numbers";
pub(super) const PHONE_KIND: &str = "a fax, pager, text or main number";
pub(super) const PHONE_CONTEXT: &str = "a number that is not for home or for work alone";
pub(super) const ADDRESSES: &str = "several postal addresses of one kind";
pub(super) const RELATED: &str =
    "related people other than children, one spouse, one manager and one assistant";
pub(super) const RELATED_LINK: &str = "somebody related who is another contact";

/// The refusal of a contact for what is wrong with one of its properties.
pub(super) fn refused(property: &str, reason: &str) -> Unwritable {
    Unwritable { property: property.to_owned(), reason: reason.to_owned() }
}
