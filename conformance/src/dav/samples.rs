//! Objects that the checks store. None has an attendee: a server would write to them.

/// A calendar object of these components.
pub(crate) fn calendar(components: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Calamity//Conformance//EN\r\n{components}\
         END:VCALENDAR\r\n"
    )
}

/// A component with these lines.
pub(crate) fn component(kind: &str, uid: &str, lines: &[&str]) -> String {
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    format!("BEGIN:{kind}\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\n{lines}END:{kind}\r\n")
}

/// The rules of Berlin since 1996. RFC 5545, section 3.2.19: a zone that is named has to be in the
/// object.
pub(crate) const BERLIN: &str = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:DAYLIGHT\r\n\
    TZNAME:CEST\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nDTSTART:19960331T020000\r\n\
    RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\nBEGIN:STANDARD\r\nTZNAME:CET\r\n\
    TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nDTSTART:19961027T030000\r\n\
    RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";

/// The rules of Tokyo.
pub(crate) const TOKYO: &str = "BEGIN:VTIMEZONE\r\nTZID:Asia/Tokyo\r\nBEGIN:STANDARD\r\n\
    TZNAME:JST\r\nTZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900\r\nDTSTART:19700101T000000\r\n\
    END:STANDARD\r\nEND:VTIMEZONE\r\n";

/// An object of one event with these lines.
pub(crate) fn event_of(uid: &str, lines: &[&str]) -> String {
    let zone =
        if lines.iter().any(|line| line.contains("TZID=Europe/Berlin")) { BERLIN } else { "" };
    calendar(&format!("{zone}{}", component("VEVENT", uid, lines)))
}

/// An object of one task with these lines.
pub(crate) fn todo_of(uid: &str, lines: &[&str]) -> String {
    calendar(&component("VTODO", uid, lines))
}

/// A plain event of an hour on 10 March 2026.
pub(crate) fn event(uid: &str, title: &str) -> String {
    let summary = format!("SUMMARY:{title}");
    event_of(uid, &["DTSTART:20260310T090000Z", "DTEND:20260310T100000Z", &summary])
}

/// A vCard with these lines.
pub(crate) fn card_of(version: &str, uid: &str, lines: &[&str]) -> String {
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    format!("BEGIN:VCARD\r\nVERSION:{version}\r\nUID:{uid}\r\n{lines}END:VCARD\r\n")
}

/// A plain card.
pub(crate) fn card(uid: &str, name: &str) -> String {
    card_of("3.0", uid, &[&format!("FN:{name}"), &format!("N:{name};;;;")])
}
