//! What is equal, and what is not.

use super::*;

fn facts(lines: &str) -> ContactFacts {
    let text = format!("BEGIN:VCARD\nVERSION:4.0\nUID:u\nFN:A\n{lines}END:VCARD\n");
    vcard_facts(text.as_bytes()).expect("readable")
}

#[test]
fn equal_things_have_one_form() {
    for (one, other) in [
        ("EMAIL:A@Example.com\n", "EMAIL;TYPE=work:a@example.com\n"),
        ("TEL;TYPE=home:+49 (30) 1-2\n", "TEL;VALUE=uri;TYPE=\"home,voice\":tel:+49-30-12\n"),
        ("TEL;TYPE=cell:1\n", "TEL;TYPE=cell,work:1\n"),
        ("ADR;TYPE=home:1;2;3;;;;\n", "ADR;TYPE=home:;;1 2\\n3;;;;\n"),
        ("NOTE:a  b\\nc\n", "NOTE:a b c\n"),
        ("CATEGORIES:b,a\n", "CATEGORIES:a\nCATEGORIES:b\n"),
        ("X-SPOUSE:S\n", "RELATED;TYPE=spouse;VALUE=text:S\n"),
        ("X-FOO:1\n", ""),
        ("NICKNAME:\nURL:\n", ""),
    ] {
        assert_eq!(facts(one), facts(other));
    }
}

#[test]
fn different_things_have_different_forms() {
    for (one, other) in [
        ("TEL;TYPE=home:1\n", "TEL;TYPE=work:1\n"),
        ("TEL;TYPE=home,fax:1\n", "TEL;TYPE=home:1\n"),
        ("BDAY:--0203\n", "BDAY:20000203\n"),
        ("BDAY:20000203\n", "ANNIVERSARY:20000203\n"),
        ("PHOTO:data:image/png;base64,AAAA\n", "PHOTO:data:image/png;base64,AAAB\n"),
        ("ADR;TYPE=home:;;x;;;;\n", "ADR:;;x;;;;\n"),
        ("ADR:;;x;;;;\n", "ADR:;;;x;;;\n"),
        ("KIND:group\n", ""),
        ("KIND:group\nMEMBER:urn:uuid:1\n", "KIND:group\n"),
        ("TITLE:x\n", "ROLE:x\n"),
    ] {
        assert_ne!(facts(one), facts(other), "{one}");
    }
    assert_eq!(
        facts("TEL;TYPE=work,pager:1 2\n").phones.iter().collect::<Vec<_>>(),
        ["work pager|12"]
    );
    assert!(vcard_facts(b"x").is_err());
}
