//! Checks of what calendar-query selects by components, properties and parameters (RFC 4791,
//! section 9.7).

use super::context::Dav;
use super::select::{Object, case};
use crate::check::Check;

const EVENT_AND_TODO: &[Object] = &[
    ("event", "VEVENT", &[&["DTSTART:20260310T090000Z", "SUMMARY:One"]]),
    ("todo", "VTODO", &[&["SUMMARY:Two"]]),
];

const TITLES: &[Object] = &[
    ("breakfast", "VEVENT", &[&["DTSTART:20260310T060000Z", "SUMMARY:Breakfast with Ann"]]),
    (
        "lunch",
        "VEVENT",
        &[&["DTSTART:20260310T110000Z", "SUMMARY:LUNCH with Bob", "LOCATION:Rome"]],
    ),
    ("supper", "VEVENT", &[&["DTSTART:20260310T180000Z", "SUMMARY:Späti\\, süß", "LOCATION:"]]),
    ("none", "VEVENT", &[&["DTSTART:20260310T200000Z"]]),
];

const PARAMETERS: &[Object] = &[
    ("german", "VEVENT", &[&["DTSTART:20260310T060000Z", "SUMMARY;LANGUAGE=de-DE:Essen"]]),
    ("english", "VEVENT", &[&["DTSTART:20260310T060000Z", "SUMMARY;LANGUAGE=en:Food"]]),
    ("none", "VEVENT", &[&["DTSTART:20260310T060000Z", "SUMMARY:Nutriment"]]),
];

const ALARMS: &[Object] = &[
    (
        "alarm",
        "VEVENT",
        &[&[
            "DTSTART:20260310T090000Z",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "DESCRIPTION:Now",
            "TRIGGER:-PT10M",
            "END:VALARM",
        ]],
    ),
    ("quiet", "VEVENT", &[&["DTSTART:20260310T090000Z"]]),
];

const MANY: &[Object] = &[
    (
        "both",
        "VEVENT",
        &[&["DTSTART:20260310T090000Z", "CATEGORIES:WORK", "CATEGORIES:HOME", "SUMMARY:x"]],
    ),
    ("list", "VEVENT", &[&["DTSTART:20260310T090000Z", "CATEGORIES:WORK,HOME", "SUMMARY:y"]]),
    ("work", "VEVENT", &[&["DTSTART:20260310T090000Z", "CATEGORIES:WORK", "SUMMARY:z"]]),
];

const OVERRIDDEN: &[Object] = &[
    (
        "series",
        "VEVENT",
        &[
            &["DTSTART:20260310T090000Z", "RRULE:FREQ=DAILY;COUNT=3", "SUMMARY:Usual"],
            &["RECURRENCE-ID:20260311T090000Z", "DTSTART:20260311T100000Z", "SUMMARY:Special"],
        ],
    ),
    ("plain", "VEVENT", &[&["DTSTART:20260310T090000Z", "SUMMARY:Usual"]]),
];

pub(super) fn checks() -> Vec<Check<Dav>> {
    let mut checks = components();
    checks.extend(texts());
    checks.extend(parameters());
    checks
}

fn components() -> Vec<Check<Dav>> {
    vec![
        case! {
            Must, "filter.component", "a component that has to be there", "RFC 4791 9.7.1",
            EVENT_AND_TODO, "<C:comp-filter name=\"VTODO\"/>", &["todo"]
        },
        case! {
            Must, "filter.component-not-defined", "a component that must not be there",
            "RFC 4791 9.7.4", EVENT_AND_TODO,
            "<C:comp-filter name=\"VTODO\"><C:is-not-defined/></C:comp-filter>", &["event"]
        },
        case! {
            Must, "filter.inner-component", "a component within a component", "RFC 4791 9.7.1",
            ALARMS,
            "<C:comp-filter name=\"VEVENT\"><C:comp-filter name=\"VALARM\"/></C:comp-filter>",
            &["alarm"]
        },
        case! {
            Must, "filter.inner-not-defined", "events without an alarm", "RFC 4791 9.7.4", ALARMS,
            "<C:comp-filter name=\"VEVENT\"><C:comp-filter name=\"VALARM\"><C:is-not-defined/>\
            </C:comp-filter></C:comp-filter>", &["quiet"]
        },
        case! {
            Must, "filter.unknown-component", "a component that nothing has selects nothing",
            "RFC 4791 9.7.1", EVENT_AND_TODO, "<C:comp-filter name=\"X-UNHEARD-OF\"/>", &[]
        },
    ]
}

fn texts() -> Vec<Check<Dav>> {
    vec![
        case! {
            Must, "filter.property", "a property that has to be there", "RFC 4791 9.7.2", TITLES,
            "<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\"/></C:comp-filter>",
            &["breakfast", "lunch", "supper"]
        },
        case! {
            Must, "filter.property-empty", "a property that is there and empty", "RFC 4791 9.7.2",
            TITLES,
            "<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"LOCATION\"/></C:comp-filter>",
            &["lunch", "supper"]
        },
        case! {
            Must, "filter.not-defined", "a property that must not be there", "RFC 4791 9.7.4",
            TITLES,
            "<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\"><C:is-not-defined/>\
            </C:prop-filter></C:comp-filter>", &["none"]
        },
        case! {
            Must, "filter.text", "a text within a value", "RFC 4791 9.7.5", TITLES,
            "<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\"><C:text-match>with\
            </C:text-match></C:prop-filter></C:comp-filter>", &["breakfast", "lunch"]
        },
        case! {
            Must, "filter.text-case", "capitals make no difference by default", "RFC 4791 9.7.5",
            TITLES,
            "<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\"><C:text-match>lunch\
            </C:text-match></C:prop-filter></C:comp-filter>", &["lunch"]
        },
        case! {
            Must, "filter.text-octet", "with i;octet they do", "RFC 4791 7.5", TITLES,
            "<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\">\
            <C:text-match collation=\"i;octet\">lunch</C:text-match></C:prop-filter></C:comp-filter>",
            &[]
        },
        case! {
            Must, "filter.text-negate", "a text that must not be there", "RFC 4791 9.7.5", TITLES,
            "<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\">\
            <C:text-match negate-condition=\"yes\">with</C:text-match></C:prop-filter></C:comp-filter>",
            &["supper"]
        },
        case! {
            Must, "filter.text-non-ascii", "a text beyond ASCII", "RFC 4791 9.7.5", TITLES,
            "<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\"><C:text-match>süß\
            </C:text-match></C:prop-filter></C:comp-filter>", &["supper"]
        },
        case! {
            Must, "filter.text-several", "one of several properties of the name is enough",
            "RFC 4791 9.7.2", MANY,
            "<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"CATEGORIES\"><C:text-match>home\
            </C:text-match></C:prop-filter></C:comp-filter>", &["both", "list"]
        },
        case! {
            Must, "filter.all-of", "all conditions have to hold", "RFC 4791 9.7.1", TITLES,
            "<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\"><C:text-match>with\
            </C:text-match></C:prop-filter><C:prop-filter name=\"LOCATION\"><C:text-match>rome</C:text-match>\
            </C:prop-filter></C:comp-filter>", &["lunch"]
        },
        case! {
            Must, "filter.override", "an overridden instance is enough", "RFC 4791 9.7.1",
            OVERRIDDEN,
            "<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\"><C:text-match>special\
            </C:text-match></C:prop-filter></C:comp-filter>", &["series"]
        },
    ]
}

fn parameters() -> Vec<Check<Dav>> {
    vec![
        case! {
            Must, "filter.parameter", "a parameter that has to be there", "RFC 4791 9.7.3",
            PARAMETERS,
            "<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\">\
            <C:param-filter name=\"LANGUAGE\"/></C:prop-filter></C:comp-filter>",
            &["english", "german"]
        },
        case! {
            Must, "filter.parameter-text", "a text within a parameter", "RFC 4791 9.7.3",
            PARAMETERS,
            "<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\">\
            <C:param-filter name=\"LANGUAGE\"><C:text-match>DE</C:text-match></C:param-filter></C:prop-filter>\
            </C:comp-filter>", &["german"]
        },
        case! {
            Must, "filter.parameter-not-defined", "a parameter that must not be there",
            "RFC 4791 9.7.4", PARAMETERS,
            "<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\">\
            <C:param-filter name=\"LANGUAGE\"><C:is-not-defined/></C:param-filter></C:prop-filter>\
            </C:comp-filter>", &["none"]
        },
    ]
}
