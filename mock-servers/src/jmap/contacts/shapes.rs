//! The properties of a card and the shapes of their values: RFC 9553, with `vCardProps` and its
//! kin of RFC 9555 and the additions of RFC 9610.

use crate::jmap::shapes::{Object, Shape};

/// A card without what JMAP adds (`id`, `addressBookIds`).
pub(super) static CARD: Object = Object {
    name: "Card",
    required: &["version", "uid"],
    members: &[
        ("version", Shape::Text),
        ("created", Shape::Instant),
        ("kind", Shape::Word(&["individual", "group", "org", "location", "device", "application"])),
        ("language", Shape::Text),
        ("members", Shape::Flags),
        ("prodId", Shape::Text),
        ("relatedTo", Shape::ByUid(&RELATION)),
        ("uid", Shape::Text),
        ("updated", Shape::Instant),
        ("name", Shape::One(&NAME)),
        ("nicknames", Shape::Map(&NICKNAME)),
        ("organizations", Shape::Map(&ORGANIZATION)),
        ("speakToAs", Shape::One(&SPEAK_TO_AS)),
        ("titles", Shape::Map(&TITLE)),
        ("emails", Shape::Map(&EMAIL_ADDRESS)),
        ("onlineServices", Shape::Map(&ONLINE_SERVICE)),
        ("phones", Shape::Map(&PHONE)),
        ("preferredLanguages", Shape::Map(&LANGUAGE_PREF)),
        ("calendars", Shape::Map(&CALENDAR)),
        ("schedulingAddresses", Shape::Map(&SCHEDULING_ADDRESS)),
        ("addresses", Shape::Map(&ADDRESS)),
        ("cryptoKeys", Shape::Map(&CRYPTO_KEY)),
        ("directories", Shape::Map(&DIRECTORY)),
        ("links", Shape::Map(&LINK)),
        ("media", Shape::Map(&MEDIA)),
        ("localizations", Shape::Any),
        ("anniversaries", Shape::Map(&ANNIVERSARY)),
        ("keywords", Shape::Flags),
        ("notes", Shape::Map(&NOTE)),
        ("personalInfo", Shape::Map(&PERSONAL_INFO)),
        ("vCardProps", Shape::Any),
        ("vCardName", Shape::Any),
        ("vCardParams", Shape::Any),
    ],
};

/// A weight of preference (section 1.5.3).
const PREF: Shape = Shape::Within(1, 100);

const PHONETIC_SYSTEM: Shape = Shape::Word(&["ipa", "jyut", "piny", "script"]);

static RELATION: Object =
    Object { name: "Relation", required: &[], members: &[("relation", Shape::Flags)] };

static NAME: Object = Object {
    name: "Name",
    required: &[],
    members: &[
        ("components", Shape::List(&Shape::One(&NAME_COMPONENT))),
        ("isOrdered", Shape::Boolean),
        ("defaultSeparator", Shape::Text),
        ("full", Shape::Text),
        ("sortAs", Shape::Names(|_| true)),
        ("phoneticScript", Shape::Text),
        ("phoneticSystem", PHONETIC_SYSTEM),
    ],
};

static NAME_COMPONENT: Object = Object {
    name: "NameComponent",
    required: &["value", "kind"],
    members: &[
        ("value", Shape::Text),
        (
            "kind",
            Shape::Word(&[
                "title",
                "given",
                "given2",
                "surname",
                "surname2",
                "credential",
                "generation",
                "separator",
            ]),
        ),
        ("phonetic", Shape::Text),
    ],
};

static NICKNAME: Object = Object {
    name: "Nickname",
    required: &["name"],
    members: &[("name", Shape::Text), ("contexts", Shape::Flags), ("pref", PREF)],
};

static ORGANIZATION: Object = Object {
    name: "Organization",
    required: &[],
    members: &[
        ("name", Shape::Text),
        ("units", Shape::List(&Shape::One(&ORG_UNIT))),
        ("sortAs", Shape::Text),
        ("contexts", Shape::Flags),
    ],
};

static ORG_UNIT: Object = Object {
    name: "OrgUnit",
    required: &["name"],
    members: &[("name", Shape::Text), ("sortAs", Shape::Text)],
};

static SPEAK_TO_AS: Object = Object {
    name: "SpeakToAs",
    required: &[],
    members: &[
        (
            "grammaticalGender",
            Shape::Word(&["animate", "common", "feminine", "inanimate", "masculine", "neuter"]),
        ),
        ("pronouns", Shape::Map(&PRONOUNS)),
    ],
};

static PRONOUNS: Object = Object {
    name: "Pronouns",
    required: &["pronouns"],
    members: &[("pronouns", Shape::Text), ("contexts", Shape::Flags), ("pref", PREF)],
};

static TITLE: Object = Object {
    name: "Title",
    required: &["name"],
    members: &[
        ("name", Shape::Text),
        ("kind", Shape::Word(&["title", "role"])),
        ("organizationId", Shape::Text),
    ],
};

static EMAIL_ADDRESS: Object = Object {
    name: "EmailAddress",
    required: &["address"],
    members: &[
        ("address", Shape::Text),
        ("contexts", Shape::Flags),
        ("pref", PREF),
        ("label", Shape::Text),
    ],
};

static ONLINE_SERVICE: Object = Object {
    name: "OnlineService",
    required: &[],
    members: &[
        ("service", Shape::Text),
        ("uri", Shape::Uri),
        ("user", Shape::Text),
        ("contexts", Shape::Flags),
        ("pref", PREF),
        ("label", Shape::Text),
        ("vCardName", Shape::Text),
    ],
};

static PHONE: Object = Object {
    name: "Phone",
    required: &["number"],
    members: &[
        ("number", Shape::Text),
        ("features", Shape::Flags),
        ("contexts", Shape::Flags),
        ("pref", PREF),
        ("label", Shape::Text),
    ],
};

static LANGUAGE_PREF: Object = Object {
    name: "LanguagePref",
    required: &["language"],
    members: &[("language", Shape::Text), ("contexts", Shape::Flags), ("pref", PREF)],
};

static CALENDAR: Object = Object {
    name: "Calendar",
    required: &["uri", "kind"],
    members: &[
        ("uri", Shape::Uri),
        ("kind", Shape::Word(&["calendar", "freeBusy"])),
        ("mediaType", Shape::Text),
        ("contexts", Shape::Flags),
        ("pref", PREF),
        ("label", Shape::Text),
    ],
};

static SCHEDULING_ADDRESS: Object = Object {
    name: "SchedulingAddress",
    required: &["uri"],
    members: &[
        ("uri", Shape::Uri),
        ("contexts", Shape::Flags),
        ("pref", PREF),
        ("label", Shape::Text),
    ],
};

static ADDRESS: Object = Object {
    name: "Address",
    required: &[],
    members: &[
        ("components", Shape::List(&Shape::One(&ADDRESS_COMPONENT))),
        ("isOrdered", Shape::Boolean),
        ("countryCode", Shape::Text),
        ("coordinates", Shape::Uri),
        ("timeZone", Shape::Zone),
        ("contexts", Shape::Flags),
        ("full", Shape::Text),
        ("defaultSeparator", Shape::Text),
        ("pref", PREF),
        ("label", Shape::Text),
        ("phoneticScript", Shape::Text),
        ("phoneticSystem", PHONETIC_SYSTEM),
    ],
};

static ADDRESS_COMPONENT: Object = Object {
    name: "AddressComponent",
    required: &["value", "kind"],
    members: &[
        ("value", Shape::Text),
        (
            "kind",
            Shape::Word(&[
                "room",
                "apartment",
                "floor",
                "building",
                "number",
                "name",
                "block",
                "subdistrict",
                "district",
                "locality",
                "region",
                "postcode",
                "country",
                "direction",
                "landmark",
                "postOfficeBox",
                "separator",
            ]),
        ),
        ("phonetic", Shape::Text),
    ],
};

static CRYPTO_KEY: Object = Object {
    name: "CryptoKey",
    required: &["uri"],
    members: &[
        ("uri", Shape::Uri),
        ("kind", Shape::Text),
        ("mediaType", Shape::Text),
        ("contexts", Shape::Flags),
        ("pref", PREF),
        ("label", Shape::Text),
    ],
};

static DIRECTORY: Object = Object {
    name: "Directory",
    required: &["uri", "kind"],
    members: &[
        ("uri", Shape::Uri),
        ("kind", Shape::Word(&["directory", "entry"])),
        ("listAs", Shape::Within(1, i64::MAX)),
        ("mediaType", Shape::Text),
        ("contexts", Shape::Flags),
        ("pref", PREF),
        ("label", Shape::Text),
    ],
};

static LINK: Object = Object {
    name: "Link",
    required: &["uri"],
    members: &[
        ("uri", Shape::Uri),
        ("kind", Shape::Word(&["contact"])),
        ("mediaType", Shape::Text),
        ("contexts", Shape::Flags),
        ("pref", PREF),
        ("label", Shape::Text),
    ],
};

/// A `uri`, or the `blobId` of RFC 9610 section 3: [`super::media`] sees that there is one.
static MEDIA: Object = Object {
    name: "Media",
    required: &["kind"],
    members: &[
        ("kind", Shape::Word(&["photo", "sound", "logo"])),
        ("uri", Shape::Uri),
        ("blobId", Shape::Text),
        ("mediaType", Shape::Text),
        ("contexts", Shape::Flags),
        ("pref", PREF),
        ("label", Shape::Text),
    ],
};

static ANNIVERSARY: Object = Object {
    name: "Anniversary",
    required: &["kind", "date"],
    members: &[
        ("kind", Shape::Word(&["birth", "death", "wedding"])),
        ("date", Shape::Either(&[&PARTIAL_DATE, &TIMESTAMP])),
        ("place", Shape::One(&ADDRESS)),
    ],
};

static PARTIAL_DATE: Object = Object {
    name: "PartialDate",
    required: &[],
    members: &[
        ("year", Shape::Unsigned),
        ("month", Shape::Within(1, 12)),
        ("day", Shape::Within(1, 31)),
        ("calendarScale", Shape::Text),
    ],
};

static TIMESTAMP: Object =
    Object { name: "Timestamp", required: &["utc"], members: &[("utc", Shape::Instant)] };

static NOTE: Object = Object {
    name: "Note",
    required: &["note"],
    members: &[("note", Shape::Text), ("created", Shape::Instant), ("author", Shape::One(&AUTHOR))],
};

static AUTHOR: Object = Object {
    name: "Author",
    required: &[],
    members: &[("name", Shape::Text), ("uri", Shape::Uri)],
};

static PERSONAL_INFO: Object = Object {
    name: "PersonalInfo",
    required: &["kind", "value"],
    members: &[
        ("kind", Shape::Word(&["expertise", "hobby", "interest"])),
        ("value", Shape::Text),
        ("level", Shape::Word(&["high", "low", "medium"])),
        ("listAs", Shape::Within(1, i64::MAX)),
        ("label", Shape::Text),
    ],
};
