//! The resource as Graph has it, and what it cannot hold.

use serde_json::json;

use super::super::{ContactFacts, read};
use super::*;

/// The properties of `contact` and `outlookItem` in `schemas/v1.0-Prod.csdl`.
const KNOWN: [&str; 40] = [
    "assistantName",
    "birthday",
    "businessAddress",
    "businessHomePage",
    "businessPhones",
    "categories",
    "changeKey",
    "children",
    "companyName",
    "createdDateTime",
    "department",
    "displayName",
    "emailAddresses",
    "fileAs",
    "generation",
    "givenName",
    "homeAddress",
    "homePhones",
    "imAddresses",
    "initials",
    "jobTitle",
    "lastModifiedDateTime",
    "manager",
    "middleName",
    "mobilePhone",
    "nickName",
    "officeLocation",
    "otherAddress",
    "parentFolderId",
    "personalNotes",
    "primaryEmailAddress",
    "profession",
    "secondaryEmailAddress",
    "spouseName",
    "surname",
    "tertiaryEmailAddress",
    "title",
    "yomiCompanyName",
    "yomiGivenName",
    "yomiSurname",
];
/// Those that the server makes up.
const MADE_UP: [&str; 4] =
    ["changeKey", "createdDateTime", "lastModifiedDateTime", "parentFolderId"];

fn contact(lines: &str) -> SourceContact {
    let text = format!("BEGIN:VCARD\nVERSION:4.0\nUID:u1\nFN:Ada B\n{lines}END:VCARD\n");
    read(text.as_bytes()).expect("readable").contacts.remove(0)
}

fn written(lines: &str) -> Map<String, Value> {
    graph(&contact(lines), &Lineage::from_number(1)).expect("writable")
}

#[test]
fn every_property_of_the_type_is_there_and_no_other() {
    let mut names: Vec<String> = written("").keys().cloned().collect();
    names.sort();
    let expect: Vec<&str> = KNOWN.into_iter().filter(|name| !MADE_UP.contains(name)).collect();
    assert_eq!(names, expect);
    let body = written("");
    for name in
        ["emailAddresses", "homePhones", "businessPhones", "imAddresses", "children", "categories"]
    {
        assert_eq!(body[name], json!([]), "{name}");
    }
    for name in ["birthday", "mobilePhone", "surname", "spouseName", "primaryEmailAddress"] {
        assert_eq!(body[name], Value::Null, "{name}");
    }
    assert_eq!(body["homeAddress"], json!({}));
}

#[test]
fn values_stand_where_outlook_shows_them() {
    let body = written(
        "N:B;Ada;C;Dr.;Jr.\nORG:X;Y;Z\nTITLE:Head\nROLE:Smith\nNICKNAME:A\nEMAIL:a@example.com\n\
         EMAIL:b@example.com\nTEL;TYPE=cell:1\nTEL;TYPE=home:2\nTEL;TYPE=work:3\nTEL;TYPE=work:4\n\
         ADR;TYPE=home:Box 1;Flat 2;Row 3;City;Land;99;Country\nADR:;;Way;;;;\nBDAY:19850412\n\
         URL:https://example.com\nIMPP:xmpp:a@example.com\nX-SPOUSE:Sam\nX-MS-CHILD:Cleo\n\
         X-MANAGER:Max\nX-ASSISTANT:Ann\nNOTE:n\nCATEGORIES:c\n",
    );
    let expect = json!({
        "givenName": "Ada", "middleName": "C", "surname": "B", "title": "Dr.", "generation": "Jr.",
        "fileAs": "B, Ada", "companyName": "X", "department": "Y; Z", "jobTitle": "Head",
        "profession": "Smith", "nickName": "A", "mobilePhone": "1", "homePhones": ["2"],
        "businessPhones": ["3", "4"], "birthday": "1985-04-12T11:59:00Z",
        "emailAddresses": [
            { "name": "Ada B", "address": "a@example.com" }, { "name": "Ada B", "address": "b@example.com" },
        ],
        "secondaryEmailAddress": { "name": "Ada B", "address": "b@example.com" },
        "homeAddress": {
            "street": "Box 1\r\nFlat 2\r\nRow 3", "city": "City", "state": "Land", "postalCode": "99",
            "countryOrRegion": "Country",
        },
        "businessAddress": {}, "otherAddress": { "street": "Way" },
        "businessHomePage": "https://example.com", "imAddresses": ["xmpp:a@example.com"],
        "spouseName": "Sam", "children": ["Cleo"], "manager": "Max", "assistantName": "Ann",
        "personalNotes": "n", "categories": ["c"],
        "displayName": format!("Ada B {}", Lineage::from_number(1)),
    });
    for (name, value) in expect.as_object().expect("an object") {
        assert_eq!(&body[name], value, "{name}");
    }
}

#[track_caller]
fn refuses(lines: &str, expect: &str) {
    let refused = graph(&contact(lines), &Lineage::from_number(1)).expect_err("refused");
    assert_eq!(refused.to_string(), expect);
}

#[test]
fn what_has_no_place_is_refused() {
    refuses(&"EMAIL:a@example.com\n".repeat(4), "EMAIL: more than three mail addresses");
    refuses(&"IMPP:a:b\n".repeat(4), "IMPP: more than three messengers");
    refuses(&"URL:a:b\n".repeat(2), "URL: more than one page");
    refuses("NICKNAME:a,b\n", "NICKNAME: more than one nickname");
    let phones = "TEL: more than one mobile, two home or two business numbers";
    refuses(&"TEL;TYPE=cell:1\n".repeat(2), phones);
    refuses(&"TEL;TYPE=home:1\n".repeat(3), phones);
    refuses(&"TEL;TYPE=work:1\n".repeat(3), phones);
    refuses("TEL;TYPE=work,fax:1\n", "TEL: a fax, pager, text or main number");
    refuses("TEL:1\n", "TEL: a number that is not for home or for work alone");
    refuses(&"ADR;TYPE=home:;;a;;;;\n".repeat(2), "ADR: several postal addresses of one kind");
    refuses("BDAY:--0203\n", "BDAY: a birthday without a year");
    refuses(
        "ANNIVERSARY:20090808\n",
        "ANNIVERSARY: an anniversary: Graph v1.0 knows birthdays only",
    );
    refuses(
        "PHOTO:https://example.com/p\n",
        "PHOTO: a picture: Graph keeps it beside the contact, not in it",
    );
    let kind = "a Graph contact is a person or a firm, not a group, place or thing";
    refuses("KIND:group\n", &format!("KIND: {kind}"));
    refuses("MEMBER:urn:uuid:1\n", &format!("MEMBER: {kind}"));
    let people =
        "RELATED: related people other than children, one spouse, one manager and one assistant";
    refuses("RELATED;TYPE=friend;VALUE=text:F\n", people);
    refuses("X-SPOUSE:a\nX-SPOUSE:b\n", people);
    refuses("RELATED;TYPE=spouse:urn:uuid:1\n", "RELATED: somebody related who is another contact");
}

#[test]
fn what_a_client_stored_is_read_by_its_meaning() {
    let body = json!({ "displayName": "X", "birthday": "1985-04-12T00:00:00Z", "homePhones": null,
        "emailAddresses": [{ "address": "A@Example.com" }, {}], "homeAddress": { "street": "a\r\nb" } });
    let facts = ContactFacts::of(&from_graph(body.as_object().expect("an object"), "u"));
    assert_eq!(facts.birthday, "1985-04-12");
    assert_eq!(facts.mails.iter().collect::<Vec<_>>(), ["a@example.com"]);
    assert_eq!(facts.addresses.iter().collect::<Vec<_>>(), ["home|a b||||"]);
}
