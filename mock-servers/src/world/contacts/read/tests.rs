//! What is passed over, and how files without a readable card are refused.

use super::*;

#[track_caller]
fn unreadable(text: &str, line: u64, column: u64, what: &str) {
    let expect = Unreadable { line, column, what: what.to_owned() };
    assert_eq!(read(text.as_bytes()).expect_err("unreadable"), expect);
}

fn card(lines: &str) -> String {
    format!("BEGIN:VCARD\nVERSION:3.0\nUID:u1\nFN:x\n{lines}END:VCARD\n")
}

#[track_caller]
fn passed_over(lines: &str, line: u64, reason: &str) -> SourceContact {
    let mut read = read(card(lines).as_bytes()).expect("readable");
    let expect = Skipped { line, uid: Some("u1".to_owned()), reason: reason.to_owned() };
    assert_eq!(read.skipped, [expect]);
    read.contacts.remove(0)
}

#[test]
fn a_file_without_a_readable_card_tells_where_and_why() {
    unreadable("", 1, 1, "no card");
    unreadable("BEGIN:VCARD\nFN:x\nEND:VCARD", 1, 1, "a card without VERSION");
    let old = "BEGIN:VCARD\nVERSION:2.1\nFN:x\nEND:VCARD";
    unreadable(old, 2, 9, "VERSION: only 3.0 and 4.0 are read");
    unreadable("BEGIN:VCARD\nVERSION:4.0\n", 1, 1, "a card that is not closed");
    let broken = "BEGIN:VCARD\nVERSION:4.0\n  \nTEL;x\nEND:VCARD";
    unreadable(broken, 4, 4, "parameters without a colon behind them");
}

#[test]
fn a_broken_card_is_passed_over_and_the_others_are_read() {
    let text =
        format!("{}BEGIN:VCARD\nVERSION:2.1\nEND:VCARD\nBEGIN:VCARD\nx\nEND:VCARD\n", card(""));
    let read = read(text.as_bytes()).expect("readable");
    assert_eq!(read.contacts.len(), 1);
    let skipped: Vec<String> = read.skipped.iter().map(ToString::to_string).collect();
    let expect = [
        "line 7: VERSION: only 3.0 and 4.0 are read",
        "line 10: a line without a colon, so neither property nor fold",
    ];
    assert_eq!(skipped, expect);
}

#[test]
fn a_broken_property_is_told_and_the_rest_of_its_card_read() {
    let contact = passed_over("BDAY:1985-02-30\nNOTE:y\n", 5, "BDAY: no day of the calendar");
    assert_eq!((contact.note.as_str(), contact.birthday), ("y", None));
    passed_over("PHOTO;ENCODING=b:???\n", 5, "PHOTO: a picture that is not valid base64");
    passed_over("PHOTO:data:image/png,xyz\n", 5, "PHOTO: a data: URI that is not base64");
    let quoted = "NOTE: quoted-printable text is of vCard 2.1 and not read";
    passed_over("NOTE;ENCODING=QUOTED-PRINTABLE:=C3\n", 5, quoted);
}

#[test]
fn a_name_is_made_of_what_there_is() {
    let name = |lines: &str| {
        let text = format!("BEGIN:VCARD\nVERSION:4.0\n{lines}END:VCARD\n");
        read(text.as_bytes()).expect("readable").contacts.remove(0).full_name
    };
    assert_eq!(name("FN:\nN:Doe;Jo;Q;Dr.;MSc\n"), "Dr. Jo Q Doe MSc");
    assert_eq!(name("N:;;;;\nORG:Example;x\n"), "Example");
    assert_eq!(name("EMAIL:a@example.com\n"), "a@example.com");
    assert_eq!(name("NOTE:x\n"), "");
}
