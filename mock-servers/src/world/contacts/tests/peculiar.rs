//! The one peculiarity of each file: that the file has it, and how it is read.

use super::super::{Context, Day, Feature, Kind, Picture, Related, contact_files};
use super::{all, file, one};

/// The file as text.
#[track_caller]
fn text(name: &str) -> String {
    String::from_utf8(file(name)).expect("UTF-8")
}

fn related(value: &str, kind: &str) -> Related {
    Related { value: value.to_owned(), kind: kind.to_owned() }
}

#[test]
fn the_readme_lists_every_file_and_no_other() {
    let readme = include_str!("../../../../contacts/README.md");
    let files = contact_files();
    assert!(files.len() >= 40, "{} files", files.len());
    for (name, _) in &files {
        assert_eq!(readme.matches(&format!("| `{name}` |")).count(), 1, "{name}");
    }
    assert_eq!(readme.matches(".vcf` |").count(), files.len());
    assert!(readme.contains(&format!("There are {} files.", files.len())));
}

#[test]
fn addresses_reach_nobody() {
    for (name, _) in contact_files() {
        for contact in super::super::read(&file(&name)).expect("readable").contacts {
            for mail in &contact.mails {
                let domain = mail.address.rsplit('@').next().unwrap_or_default().to_lowercase();
                let invented = ["example.com", "example.org", "example.net"]
                    .iter()
                    .any(|known| domain == *known || domain.ends_with(&format!(".{known}")));
                assert!(invented, "{name}: {domain}");
            }
        }
    }
}

#[test]
fn lines_end_in_crlf_and_are_short_but_where_that_is_the_point() {
    for (name, octets) in contact_files() {
        let lf_only = name == "khard-lf-only.vcf";
        let lines: Vec<&[u8]> = octets.split(|octet| *octet == b'\n').collect();
        for line in &lines[..lines.len() - 1] {
            assert_eq!(line.ends_with(b"\r"), !lf_only, "{name}");
            let long = line.len() > 76 && name != "outlook-utf8-byte-order-mark.vcf";
            assert!(!long || name == "evolution-very-long-lines.vcf", "{name}");
        }
        assert_eq!(lines.last(), Some(&&b""[..]), "{name}");
    }
}

#[test]
fn apple_groups_carry_labels() {
    let robin = one("apple-item-groups-with-labels.vcf");
    let labels: Vec<Option<&str>> =
        robin.phones.iter().map(|phone| phone.label.as_deref()).collect();
    assert_eq!(labels, [Some("Boat house"), None]);
    assert!(robin.phones[1].contexts.contains(&Context::Work), "a label that says a type");
    assert_eq!(robin.mails[0].label.as_deref(), Some("Sailing club"));
    assert_eq!((robin.urls[0].label.as_deref(), robin.phones[0].preferred), (None, true));
    let country = robin.extra.iter().find(|extra| extra.name == "X-ABADR").expect("its country");
    assert_eq!((country.group.as_deref(), country.value.as_str()), (Some("item3"), "gb"));
}

#[test]
fn pictures_are_read_from_folded_base64_and_from_data_uris() {
    let file = text("apple-photo-base64-folded.vcf");
    assert!(file.split("PHOTO").nth(1).is_some_and(|rest| rest.matches("\r\n ").count() >= 3));
    for (name, number) in
        [("apple-photo-base64-folded.vcf", 200), ("nextcloud-photo-as-data-uri.vcf", 60)]
    {
        let Some(Picture::Inline { media_type, octets }) = one(name).photo else {
            panic!("{name}: no picture");
        };
        assert_eq!(media_type, "image/png");
        assert!(octets.starts_with(b"\x89PNG\r\n") && octets.ends_with(b"IEND\xaeB`\x82"));
        assert!(octets.len() >= number, "{}", octets.len());
    }
}

#[test]
fn days_may_lack_their_year_or_be_no_days() {
    let day = |name: &str| one(name).birthday.map(|day| day.to_string());
    assert_eq!(day("apple-birthday-without-year.vcf").as_deref(), Some("--02-29"));
    assert_eq!(day("nextcloud-birthday-without-year.vcf").as_deref(), Some("--02-03"));
    let married = one("nextcloud-birthday-without-year.vcf").anniversary;
    assert_eq!(married, Day::new(None, 5, 5));
    let vague = one("nextcloud-birthday-as-text.vcf");
    assert_eq!((vague.birthday, vague.extra("BDAY")), (None, Some("around midsummer")));
}

#[test]
fn kinds_are_told_in_several_ways() {
    for (name, kind) in [
        ("apple-company-card.vcf", Kind::Organization),
        ("stalwart-kind-org.vcf", Kind::Organization),
        ("stalwart-kind-location.vcf", Kind::Location),
        ("sogo-members-by-mail-list.vcf", Kind::Group),
    ] {
        assert_eq!(one(name).kind, kind, "{name}");
    }
    assert_eq!(one("apple-company-card.vcf").name, super::super::Name::default());
}

#[test]
fn groups_name_their_members() {
    let apple = all("apple-group-of-addressbookserver.vcf");
    assert_eq!(apple[2].kind, Kind::Group);
    let members: Vec<String> =
        apple[..2].iter().map(|member| format!("urn:uuid:{}", member.uid)).collect();
    assert_eq!(apple[2].members, members);
    let davx5 = all("davx5-group-with-members.vcf");
    assert_eq!(davx5[0].kind, Kind::Group);
    assert_eq!(davx5[0].members[0], format!("urn:uuid:{}", davx5[1].uid));
    assert_eq!(davx5[0].members[1], "mailto:seeds@example.org");
}

#[test]
fn related_people_stand_in_many_properties() {
    let kay = one("apple-anniversary-and-related-names.vcf");
    assert_eq!(kay.related, [related("Lee Kinsman", "spouse"), related("Mo Kinsman", "mother")]);
    assert_eq!(kay.anniversary, Day::new(Some(2009), 8, 8));
    assert_eq!(kay.extra("X-ABDATE"), Some("2018-05-01"), "a date that is no anniversary");
    assert_eq!(kay.extra("X-ABLABEL"), Some("First met"));
    let bea = one("outlook-spouse-manager-assistant-children.vcf");
    let kinds: Vec<&str> = bea.related.iter().map(|related| related.kind.as_str()).collect();
    assert_eq!(kinds, ["spouse", "manager", "assistant", "child", "child"]);
    let gus = &all("davx5-group-with-members.vcf")[1];
    assert_eq!(gus.related[0], related("Gaia Gardener", "spouse"));
    assert!(gus.related[1].is_uri() && !gus.related[0].is_uri());
    let evan = one("evolution-extensions.vcf");
    assert_eq!(
        evan.related,
        [related("Mira Manager", "manager"), related("Elia Evolve", "spouse")]
    );
    assert_eq!(evan.anniversary, Day::new(Some(2003), 6, 21));
    assert_eq!(evan.extra("X-EVOLUTION-FILE-AS"), Some("Evolve\\, Evan"));
    assert_eq!(evan.extra("REV"), Some("2026-02-02T02:02:02Z(17)"), "no instant");
}

#[test]
fn messengers_are_uris_whoever_wrote_them() {
    let uris = |name: &str| -> Vec<String> {
        one(name).messengers.into_iter().map(|messenger| messenger.uri).collect()
    };
    assert_eq!(
        uris("apple-social-profiles-and-messengers.vcf"),
        ["xmpp:charlie@example.org", "skype:charlie.example"]
    );
    assert_eq!(
        uris("evolution-vendor-messengers.vcf"),
        ["xmpp:jo@example.org", "icq:123456789", "skype:jo.example", "@jo:example.org"]
    );
    let charlie = one("apple-social-profiles-and-messengers.vcf");
    assert_eq!(charlie.messengers[0].service.as_deref(), Some("Jabber"));
    assert_eq!(charlie.extra("X-SOCIALPROFILE"), Some("https://social.example.org/@charlie"));
}

#[test]
fn a_card_without_uid_gets_one_from_its_octets() {
    assert!(!text("google-card-without-uid.vcf").contains("UID"));
    let nora = one("google-card-without-uid.vcf");
    assert_eq!(nora.uid.len(), 32);
    assert_eq!(nora.uid, one("google-card-without-uid.vcf").uid);
}

#[test]
fn an_escaped_colon_is_a_colon() {
    assert!(text("google-escaped-colon-in-url.vcf").contains("URL:https\\://"));
    let link = &one("google-escaped-colon-in-url.vcf").urls[0];
    assert_eq!(link.uri, "https://www.google.example.com/profiles/webster?a=1,2");
    assert_eq!(link.label.as_deref(), Some("PROFILE"));
}

#[test]
fn a_file_may_hold_several_cards_of_either_version() {
    let google = all("google-several-cards-in-one-file.vcf");
    let names: Vec<&str> = google.iter().map(|contact| contact.full_name.as_str()).collect();
    assert_eq!(names, ["Otto One", "Tess Two", "Theo Three"]);
    assert_eq!(google.iter().map(|contact| contact.line).collect::<Vec<_>>(), [1, 9, 17]);
    let both = all("backup-both-versions-in-one-file.vcf");
    assert_eq!(both[0].birthday, both[1].birthday);
    assert_eq!(both[0].birthday, Day::new(Some(1990), 1, 2));
}

#[test]
fn many_mail_addresses_are_all_read() {
    let mails = one("google-six-mail-addresses.vcf").mails;
    assert_eq!(mails.len(), 6);
    assert_eq!(mails[5].address, "Maddox.6@Example.NET");
}

#[test]
fn letters_of_all_scripts_are_kept() {
    let layla = one("google-emoji-and-right-to-left.vcf");
    assert_eq!(layla.full_name, "ليلى المثال 👩🏽‍🚀");
    assert_eq!(layla.nicknames, ["👨‍👩‍👧‍👦 Team"]);
    let hanako = one("apple-phonetic-names.vcf");
    assert_eq!((hanako.name.family[0].as_str(), hanako.name.given[0].as_str()), ("架空", "花子"));
    assert_eq!(hanako.extra("X-PHONETIC-FIRST-NAME"), Some("はなこ"));
    let juergen = one("nextcloud-german-umlauts.vcf");
    assert_eq!(juergen.name.family, ["Großmüller-Öztürk"]);
    assert!(juergen.note.starts_with("Mag „Anführungszeichen“ – und Gedankenstriche …"));
    assert!(text("nextcloud-german-umlauts.vcf").contains("\r\n "));
    assert!(juergen.revised.is_some());
}

#[test]
fn types_are_lists_and_repeated_parameters() {
    let pia = one("outlook-type-lists-and-preferences.vcf");
    assert!(pia.phones[0].preferred && !pia.phones[1].preferred && pia.mails[0].preferred);
    assert!(pia.phones[2].features.contains(&Feature::Mobile));
    assert_eq!((pia.organization.as_str(), pia.departments.len()), ("Example Works", 2));
    assert_eq!(pia.addresses[1].extended, "Flat 3");
    let hannes = one("davx5-work-and-home-in-one-type.vcf");
    for contexts in [&hannes.phones[0].contexts, &hannes.addresses[0].contexts] {
        assert_eq!(contexts.len(), 2);
    }
    let petra = one("thunderbird-pref-parameter.vcf");
    assert_eq!(petra.mails.iter().map(|mail| mail.preferred).collect::<Vec<_>>(), [true, false]);
    assert!(petra.phones[1].features.contains(&Feature::Fax));
    assert!(petra.phones[2].features.contains(&Feature::Pager));
    assert_eq!(petra.nicknames, ["Pet", "Pref"]);
}

#[test]
fn phone_numbers_may_be_uris() {
    let ulla = one("davx5-phone-numbers-as-uri.vcf");
    assert_eq!(ulla.phones[0].number, "+49-30-23125-121;ext=7");
    assert!(ulla.phones[0].preferred && ulla.phones[0].features.contains(&Feature::Voice));
    assert!(ulla.phones[0].contexts.contains(&Context::Home), "a quoted list of types");
}

#[test]
fn escapes_are_undone_once() {
    let card = one("outlook-escaped-text-of-several-lines.vcf");
    assert_eq!(card.full_name, "Back\\slash Comma, Semi;colon");
    assert_eq!(card.name.family, ["Comma, Semi;colon"]);
    assert_eq!(card.organization, "Sample, Sons ; Daughters");
    assert_eq!(card.departments, ["R;D"]);
    let note = "First line\nSecond line: , and ; and \\n is no line break\n\nLast line";
    assert_eq!(card.note, note);
    assert_eq!(card.addresses[0].street, "Old Mill, rear house\nSecond door");
    let cora = one("nextcloud-categories-with-commas.vcf");
    let categories: Vec<&str> = cora.categories.iter().map(String::as_str).collect();
    assert_eq!(categories, ["Bread, cheese, wine", "Chess", "Friends"]);
}

#[test]
fn empty_fields_are_nothing() {
    let sid = one("outlook-empty-fields.vcf");
    assert_eq!(sid.phones.len(), 1);
    let empty = sid.mails.is_empty()
        && sid.addresses.is_empty()
        && sid.urls.is_empty()
        && sid.nicknames.is_empty()
        && sid.categories.is_empty()
        && sid.organization.is_empty();
    assert!(empty, "{sid:?}");
    assert_eq!((sid.title.as_str(), sid.note.as_str(), sid.birthday), ("", "", None));
}

#[test]
fn a_byte_order_mark_and_odd_lines_are_read_over() {
    assert!(file("outlook-utf8-byte-order-mark.vcf").starts_with(b"\xEF\xBB\xBFBEGIN"));
    assert_eq!(one("outlook-utf8-byte-order-mark.vcf").full_name, "Bōm Marķis");
    assert!(!text("khard-lf-only.vcf").contains('\r'));
    assert!(one("khard-lf-only.vcf").note.ends_with("so that LF ends stand between"));
    let zoe = file("radicale-fold-inside-a-character.vcf");
    let lines = zoe.split(|octet| *octet == b'\n');
    assert!(lines.into_iter().any(|line| std::str::from_utf8(line).is_err()), "no split letter");
    assert_eq!(one("radicale-fold-inside-a-character.vcf").note, "ä€😀".repeat(14));
    let lona = one("evolution-very-long-lines.vcf");
    assert!(lona.note.len() > 4_000 && lona.mails[0].address.len() > 180);
}

#[test]
fn names_of_properties_may_be_in_lower_case() {
    assert!(text("kaddressbook-lower-case-names.vcf").starts_with("begin:vcard"));
    let kasimir = one("kaddressbook-lower-case-names.vcf");
    assert_eq!(kasimir.uid, "kab0901");
    assert_eq!(kasimir.related, [related("Katja Kleinschrift", "spouse")]);
    assert_eq!(kasimir.extra("X-KADDRESSBOOK-MAILPREFEREDFORMATTING"), Some("text"));
}

#[test]
fn of_a_name_in_two_languages_the_first_is_the_name() {
    let taro = one("stalwart-names-in-two-languages.vcf");
    assert_eq!((taro.full_name.as_str(), taro.title.as_str()), ("Taro Kakuu", "Engineer"));
    assert_eq!(taro.extra("FN"), Some("架空太郎"));
    assert_eq!(taro.extra("N"), Some("架空;太郎;;;"));
    assert_eq!(taro.extra("TITLE"), Some("技術者"));
}

#[test]
fn parameters_may_be_quoted_and_encoded() {
    let file = text("stalwart-quoted-parameters-and-carets.vcf");
    assert!(file.contains("X-SOURCE=\"a:b;c,d\";X-SAID=he said ^'no^'^nand"), "{file}");
    let quentin = one("stalwart-quoted-parameters-and-carets.vcf");
    assert_eq!(quentin.note, "quoted");
    assert!(quentin.phones[0].features.contains(&Feature::Text));
    let card = super::super::content::cards(file.as_bytes()).remove(0).expect("a card");
    let note = card.property("NOTE").expect("a note");
    assert_eq!(note.param("X-SOURCE"), Some("a:b;c,d"));
    assert_eq!(note.param("X-SAID"), Some("he said \"no\"\nand left ^"));
    assert_eq!(card.property("N").and_then(|n| n.param("SORT-AS")), Some("Quote,Quentin"));
}

#[test]
fn vendors_fields_are_kept_as_they_are() {
    let cuno = one("thunderbird-custom-fields.vcf");
    assert_eq!(cuno.extra("X-CUSTOM1"), Some("badge 4711"));
    assert_eq!(cuno.extra("X-CUSTOM2"), Some("left\\, then right"));
    assert_eq!(cuno.extra("TZ"), Some("Europe/Zurich"));
}
