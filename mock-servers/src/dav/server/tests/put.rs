//! PUT with its preconditions, COPY and MOVE.

use super::rig::{BOOK, WORK, event, simulated};

#[test]
fn conditional_puts() {
    simulated(async |world| {
        let path = format!("{WORK}a.ics");
        let first = world.send("PUT", &path, &[("if-none-match", "*")], &event("a", "")).await;
        assert_eq!(first.status, 201);
        let again = world.send("PUT", &path, &[("if-none-match", "*")], &event("a", "")).await;
        assert_eq!(again.status, 412);
        let tag = first.header("etag").to_owned();
        let changed = event("a", "LOCATION:There");
        let wrong = world.send("PUT", &path, &[("if-match", "\"x\"")], &changed).await;
        assert_eq!(wrong.status, 412);
        let right = world.send("PUT", &path, &[("if-match", &tag)], &changed).await;
        assert_eq!(right.status, 204);
        assert_ne!(right.header("etag"), tag);
        let gone = world.send("PUT", &format!("{WORK}b.ics"), &[("if-match", "*")], &changed).await;
        assert_eq!(gone.status, 412);
        let writes = world.server.writes(2);
        let codes: Vec<bool> = writes
            .iter()
            .map(|write| write.result == calamity_evidence::WriteResult::Applied)
            .collect();
        assert_eq!(codes, [true, false, false, true, false]);
    });
}

#[test]
fn bodies_that_are_refused() {
    simulated(async |world| {
        world.put("a.ics", &event("a", "")).await;
        let todo = event("t", "").replace("VEVENT", "VTODO").replace("DTEND", "DUE");
        let cases = [
            ("no calendar".to_owned(), "valid-calendar-data"),
            (event("a", "").replace("UID:a\r\n", ""), "valid-calendar-object-resource"),
            (event("a", ""), "no-uid-conflict"),
            (
                event("z", "").replace("VERSION:2.0\r\n", "VERSION:2.0\r\nMETHOD:REQUEST\r\n"),
                "valid-calendar-object-resource",
            ),
        ];
        for (body, condition) in cases {
            let answer = world.put("b.ics", &body).await;
            assert_eq!((answer.status, answer.condition().as_str()), (403, condition));
        }
        let conflict = world.put("b.ics", &event("a", "")).await;
        assert!(conflict.text().contains(&format!("{WORK}a.ics")));
        let other_uid = world.put("a.ics", &event("other", "")).await;
        assert_eq!(other_uid.condition(), "no-uid-conflict");
        let plain = [("content-type", "text/plain")];
        let typed = world.send("PUT", &format!("{WORK}c.ics"), &plain, &event("c", "")).await;
        assert_eq!(typed.condition(), "supported-calendar-data");
        let long = event("l", &format!("COMMENT:{}", "x".repeat(10_000_000)));
        assert_eq!(world.put("l.ics", &long).await.condition(), "max-resource-size");
        let crowd: String = (0..1_001).map(|nth| format!("ATTENDEE:mailto:{nth}@b\n")).collect();
        let crowded = world.put("m.ics", &event("m", &crowd)).await;
        assert_eq!(crowded.condition(), "max-attendees-per-instance");
        let events = "<C:mkcalendar xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\">\
                      <D:set><D:prop><C:supported-calendar-component-set><C:comp name=\"VEVENT\"/>\
                      </C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>";
        let only = WORK.replace("work", "only");
        assert_eq!(world.send("MKCALENDAR", &only, &[], events).await.status, 201);
        let refused = world.send("PUT", &format!("{only}t.ics"), &[], &todo).await;
        assert_eq!(refused.condition(), "supported-calendar-component");
        assert_eq!(world.put("t.ics", &todo).await.status, 201);
        assert_eq!(world.server.items().len(), 2);
    });
}

#[test]
fn nothing_is_moved_or_copied_over_another_uid() {
    simulated(async |world| {
        let home = WORK.replace("work", "home");
        world.send("MKCALENDAR", &home, &[], "").await;
        for (name, uid) in [("a.ics", "a"), ("b.ics", "b")] {
            world.put(name, &event(uid, "")).await;
            let card = super::rig::card(uid, uid);
            let path = format!("{BOOK}{uid}.vcf");
            world.send("PUT", &path, &[("content-type", "text/vcard")], &card).await;
        }
        world.send("PUT", &format!("{home}b.ics"), &[], &event("c", "")).await;
        for (method, from, to) in [
            ("MOVE", format!("{WORK}a.ics"), format!("{WORK}b.ics")),
            ("MOVE", format!("{WORK}a.ics"), format!("{home}b.ics")),
            ("COPY", format!("{WORK}a.ics"), format!("{home}b.ics")),
            ("MOVE", format!("{BOOK}a.vcf"), format!("{BOOK}b.vcf")),
        ] {
            let headers = [("destination", to.as_str()), ("overwrite", "T")];
            let refused = world.send(method, &from, &headers, "").await;
            assert_eq!((refused.status, refused.condition().as_str()), (403, "no-uid-conflict"));
            assert!(refused.text().contains(&to), "{}", refused.text());
        }
        let ids: Vec<String> = world.server.items().into_iter().map(|item| item.id).collect();
        assert_eq!(ids, ["home/b.ics", "work/a.ics", "work/b.ics"]);
    });
}

#[test]
fn control_characters_are_no_text_but_do_in_names() {
    simulated(async |world| {
        let refused = world.put("a.ics", &event("a", "DESCRIPTION:x\u{7}y")).await;
        assert_eq!(refused.condition(), "valid-calendar-data");
        assert_eq!(world.put("a%0A.ics.ics", &event("a\ty", "")).await.status, 201);
        let path = format!("{WORK}a%0A.ics.ics");
        assert_eq!(world.send("GET", &path, &[], "").await.status, 200);
        let listed = world.propfind(WORK, "1", "<D:getetag/>").await;
        assert_eq!(listed.rows(), ["a%0A.ics.ics", "work"]);
    });
}

#[test]
fn resources_are_copied_and_moved() {
    simulated(async |world| {
        let home = WORK.replace("work", "home");
        world.send("MKCALENDAR", &home, &[], "").await;
        world.put("a.ics", &event("a", "")).await;
        let a = format!("{WORK}a.ics");
        let there = format!("{home}b.ics");
        let send = async |method: &str, from: &str, to: &str, overwrite: &str| {
            let headers = [("destination", to), ("overwrite", overwrite)];
            world.send(method, from, &headers, "").await.status
        };
        assert_eq!(send("COPY", &a, &there, "T").await, 201);
        assert_eq!(send("COPY", &a, &there, "F").await, 412);
        assert_eq!(send("COPY", &a, &there, "T").await, 204);
        assert_eq!(send("COPY", &a, &format!("{home}c.ics"), "T").await, 403, "same uid twice");
        assert_eq!(send("MOVE", &a, "http://elsewhere.test/x", "T").await, 502);
        assert_eq!(send("MOVE", &a, &WORK.replace("work", "none/x.ics"), "T").await, 409);
        assert_eq!(send("MOVE", &a, &format!("{BOOK}x.vcf"), "T").await, 403);
        assert_eq!(send("MOVE", &a, &a, "T").await, 403);
        let other_spelling = a.replace("owner@", "OWNER@");
        assert_eq!(send("MOVE", &a, &other_spelling, "T").await, 403);
        assert_eq!(send("COPY", &other_spelling, &a, "T").await, 403);
        let full = format!("{}{WORK}z.ics", world.base);
        assert_eq!(send("MOVE", &a, &full, "T").await, 201);
        assert_eq!(world.send("GET", &a, &[], "").await.status, 404);
        assert_eq!(world.send("MOVE", &full[world.base.len()..], &[], "").await.status, 400);
        let ids: Vec<String> = world.server.items().into_iter().map(|item| item.id).collect();
        assert_eq!(ids, ["home/b.ics", "work/z.ics"]);
        assert_eq!(world.server.mails(0), vec![]);
    });
}
