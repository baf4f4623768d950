//! `contact` and `contactFolder`.

use super::common::{ADDRESS, EMAIL_ADDRESS, MULTI_VALUE, SINGLE_VALUE};
use super::kind::{Kind, Type, r, w};

const TEXTS: Kind = Kind::List(&Kind::Text);

/// `contact`, with what it inherits.
pub(crate) static CONTACT: Type = Type {
    name: "contact",
    properties: &[
        r("id", Kind::Text),
        w("categories", TEXTS),
        r("changeKey", Kind::Text),
        r("createdDateTime", Kind::Instant),
        r("lastModifiedDateTime", Kind::Instant),
        w("assistantName", Kind::Text),
        w("birthday", Kind::Instant),
        w("businessAddress", Kind::Complex(&ADDRESS)),
        w("businessHomePage", Kind::Text),
        w("businessPhones", TEXTS),
        w("children", TEXTS),
        w("companyName", Kind::Text),
        w("department", Kind::Text),
        w("displayName", Kind::Text),
        w("emailAddresses", Kind::List(&Kind::Complex(&EMAIL_ADDRESS))),
        w("extensions", Kind::List(&Kind::Open)),
        w("fileAs", Kind::Text),
        w("generation", Kind::Text),
        w("givenName", Kind::Text),
        w("homeAddress", Kind::Complex(&ADDRESS)),
        w("homePhones", TEXTS),
        w("imAddresses", TEXTS),
        w("initials", Kind::Text),
        w("jobTitle", Kind::Text),
        w("manager", Kind::Text),
        w("middleName", Kind::Text),
        w("mobilePhone", Kind::Text),
        w("multiValueExtendedProperties", Kind::List(&Kind::Complex(&MULTI_VALUE))),
        w("nickName", Kind::Text),
        w("officeLocation", Kind::Text),
        w("otherAddress", Kind::Complex(&ADDRESS)),
        r("parentFolderId", Kind::Text),
        w("personalNotes", Kind::Text),
        w("primaryEmailAddress", Kind::Complex(&EMAIL_ADDRESS)),
        w("profession", Kind::Text),
        w("secondaryEmailAddress", Kind::Complex(&EMAIL_ADDRESS)),
        w("singleValueExtendedProperties", Kind::List(&Kind::Complex(&SINGLE_VALUE))),
        w("spouseName", Kind::Text),
        w("surname", Kind::Text),
        w("tertiaryEmailAddress", Kind::Complex(&EMAIL_ADDRESS)),
        w("title", Kind::Text),
        w("yomiCompanyName", Kind::Text),
        w("yomiGivenName", Kind::Text),
        w("yomiSurname", Kind::Text),
    ],
};

/// `contactFolder`.
pub(crate) static CONTACT_FOLDER: Type = Type {
    name: "contactFolder",
    properties: &[
        r("id", Kind::Text),
        w("displayName", Kind::Text),
        w("multiValueExtendedProperties", Kind::List(&Kind::Complex(&MULTI_VALUE))),
        w("parentFolderId", Kind::Text),
        w("singleValueExtendedProperties", Kind::List(&Kind::Complex(&SINGLE_VALUE))),
    ],
};
