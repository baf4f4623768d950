//! What becomes of scheduling objects that are no longer any, that move, or whose messages cannot be
//! delivered; what a reply leaves behind.

use calamity_evidence::Method;

use super::rig::{GUEST, OWNER, WORK, World, event, simulated, simulated_as};
use super::scheduling::{copy, guest_of, mails, meeting};

const FAR: &str = "far@elsewhere.test";

/// An object that somebody else organizes.
fn theirs(uid: &str, organizer: &str, answer: &str) -> String {
    event(
        uid,
        &format!("ORGANIZER{organizer}:mailto:{FAR}\nATTENDEE;PARTSTAT={answer}:mailto:{OWNER}"),
    )
}

async fn get(world: &World, path: &str) -> String {
    world.send("GET", path, &[], "").await.text().replace("\r\n ", "")
}

/// The line of somebody's invitation.
#[track_caller]
fn invited<'t>(text: &'t str, whom: &str) -> &'t str {
    let own = |line: &&str| line.starts_with("ATTENDEE") && line.ends_with(whom);
    text.lines().find(own).expect("an invitation")
}

#[test]
fn a_meeting_without_its_organizer_is_called_off() {
    simulated(async |world| {
        let guest = guest_of(&world).await;
        world.put("m.ics", &meeting("")).await;
        let plain = meeting("").replace(&format!("ORGANIZER:mailto:{OWNER}\r\n"), "");
        let put = world.put("m.ics", &plain).await;
        assert_eq!((put.status, put.header("schedule-tag")), (204, ""));
        assert_ne!(put.header("etag"), "", "nothing was written into it");
        let mail = world.server.mails(0).pop().unwrap();
        assert_eq!((mail.method, mail.to.as_str()), (Method::Cancel, FAR));
        assert!(mail.message.contains("STATUS:CANCELLED"), "{}", mail.message);
        let (_, text) = copy(&guest).await;
        assert!(text.contains("STATUS:CANCELLED") && text.contains("ORGANIZER"), "{text}");
        // It is a plain object now, which there may be twice.
        let home = WORK.replace("work", "home");
        world.send("MKCALENDAR", &home, &[], "").await;
        let to = [("destination", &*format!("{}{home}m.ics", world.base))];
        assert_eq!(world.send("COPY", &format!("{WORK}m.ics"), &to, "").await.status, 201);
    });
}

#[test]
fn whoever_takes_themselves_off_has_declined() {
    simulated_as("nextcloud", async |world| {
        world.put("m.ics", &theirs("m", "", "ACCEPTED")).await;
        let from = world.server.mails(0).len();
        world.put("m.ics", &event("m", "")).await;
        let sent = world.server.mails(from);
        assert_eq!(sent.len(), 1);
        assert_eq!((sent[0].method, sent[0].to.as_str()), (Method::Reply, FAR));
        assert!(sent[0].message.contains("PARTSTAT=DECLINED"), "{}", sent[0].message);
    });
}

#[test]
fn what_is_sent_after_a_cancel_is_no_older() {
    simulated(async |world| {
        let series = meeting("RRULE:FREQ=DAILY;COUNT=4");
        world.put("m.ics", &series).await;
        let less = series.replace("COUNT=4\r\n", "COUNT=4\r\nEXDATE:20260505T090000Z\r\n");
        world.put("m.ics", &less).await;
        let cancel = world.server.mails(0).pop().unwrap();
        assert_eq!((cancel.method, cancel.sequence), (Method::Cancel, 1));
        let stored = get(&world, &format!("{WORK}m.ics")).await;
        assert!(stored.contains("SEQUENCE:1\r\n"), "{stored}");
        let other = stored.replace("SUMMARY:Event m", "SUMMARY:Other");
        world.put("m.ics", &other).await;
        let request = world.server.mails(0).pop().unwrap();
        assert_eq!((request.method, request.sequence), (Method::Request, 1));
    });
}

#[test]
fn a_reply_leaves_its_status_and_changes_nothing_twice() {
    simulated(async |world| {
        let guest = guest_of(&world).await;
        world.put("m.ics", &meeting("")).await;
        let (path, text) = copy(&guest).await;
        let yes =
            text.replace("\r\n ", "").replace("NEEDS-ACTION:mailto:guest", "ACCEPTED:mailto:guest");
        assert_eq!(guest.send("PUT", &path, &[], &yes).await.status, 204);
        let stored = world.send("GET", &format!("{WORK}m.ics"), &[], "").await;
        let (tag, text) = (stored.header("etag").to_owned(), stored.text().replace("\r\n ", ""));
        let line = invited(&text, GUEST);
        assert!(
            line.contains("PARTSTAT=ACCEPTED") && line.contains("SCHEDULE-STATUS=2.0"),
            "{line}"
        );
        let own = get(&guest, &path).await;
        let forced = own.replace("ORGANIZER", "ORGANIZER;SCHEDULE-FORCE-SEND=REPLY");
        assert_eq!(guest.send("PUT", &path, &[], &forced).await.status, 204);
        let again = world.send("GET", &format!("{WORK}m.ics"), &[], "").await;
        assert_eq!(again.header("etag"), tag, "the same answer once more");
    });
}

#[test]
fn moving_a_scheduling_object_changes_its_tag() {
    simulated(async |world| {
        let tag = world.put("m.ics", &meeting("")).await.header("schedule-tag").to_owned();
        let home = WORK.replace("work", "home");
        world.send("MKCALENDAR", &home, &[], "").await;
        let to = [("destination", &*format!("{}{home}m.ics", world.base))];
        let moved = world.send("MOVE", &format!("{WORK}m.ics"), &to, "").await;
        let new = moved.header("schedule-tag").to_owned();
        assert!(moved.status == 201 && !new.is_empty() && new != tag, "{tag} {new}");
        let stored = world.send("GET", &format!("{home}m.ics"), &[], "").await;
        assert_eq!(stored.header("schedule-tag"), new);
    });
}

#[test]
fn a_calendar_can_be_left_silently() {
    simulated(async |world| {
        let home = WORK.replace("work", "home");
        for (header, told) in [("F", 0), ("T", 1)] {
            world.send("MKCALENDAR", &home, &[], "").await;
            let path = format!("{home}m.ics");
            world.send("PUT", &path, &[], &theirs("m", "", "ACCEPTED")).await;
            let own = event("o", &format!("ORGANIZER:mailto:{OWNER}\nATTENDEE:mailto:{FAR}"));
            world.send("PUT", &format!("{home}o.ics"), &[], &own).await;
            let from = world.server.mails(0).len();
            let silent = [("schedule-reply", header)];
            assert_eq!(world.send("DELETE", &home, &silent, "").await.status, 204);
            let sent = world.server.mails(from);
            let of = |method| sent.iter().filter(|mail| mail.method == method).count();
            assert_eq!((of(Method::Reply), of(Method::Cancel)), (told, 1), "{header}");
        }
        assert!(world.server.items().is_empty());
    });
}

#[test]
fn an_invitation_without_a_place_is_not_delivered() {
    simulated(async |world| {
        world.put("m.ics", &meeting("")).await;
        let stored = get(&world, &format!("{WORK}m.ics")).await;
        assert!(invited(&stored, GUEST).contains("SCHEDULE-STATUS=5.2"), "{stored}");
        let inbox = format!("/dav/calendars/{GUEST}/inbox/");
        let guest = world.as_guest();
        let messages = guest.send("PROPFIND", &inbox, &[("depth", "1")], "").await;
        assert!(!messages.text().contains(".ics"), "{}", messages.text());
        // Where the first calendar is gone, another one takes it.
        let first = format!("/dav/calendars/{GUEST}/first/");
        assert_eq!(guest.send("MKCALENDAR", &first, &[], "").await.status, 201);
        guest_of(&world).await;
        guest.send("DELETE", &first, &[], "").await;
        world.put("m.ics", &meeting("LOCATION:There")).await;
        let stored = get(&world, &format!("{WORK}m.ics")).await;
        assert!(invited(&stored, GUEST).contains("SCHEDULE-STATUS=1.2"), "{stored}");
        assert!(copy(&guest).await.1.contains("LOCATION:There"));
    });
}

#[test]
fn what_the_client_handles_is_the_clients_affair() {
    simulated(async |world| {
        let own = theirs("m", ";SCHEDULE-AGENT=CLIENT", "ACCEPTED");
        world.put("m.ics", &own).await;
        let moved = own.replace("T090000Z", "T080000Z").replace("ACCEPTED", "DECLINED");
        assert_eq!(world.put("m.ics", &moved).await.status, 204);
        assert_eq!(mails(&world.server), []);
    });
}

#[test]
fn nobody_takes_over_the_meeting_of_another() {
    for (profile, refused, stays) in [("strict", 403, true), ("nextcloud", 201, false)] {
        simulated_as(profile, async |world| {
            let guest = guest_of(&world).await;
            world.put("m.ics", &meeting("")).await;
            let forged = meeting("").replace(OWNER, "x").replace(GUEST, OWNER);
            let forged = forged.replace("mailto:x", &format!("mailto:{GUEST}"));
            let path = format!("/dav/calendars/{GUEST}/mine/forged.ics");
            let first = copy(&guest).await.0;
            let name = if stays { path.clone() } else { first };
            let put = guest.send("PUT", &name, &[], &forged).await;
            assert_eq!(put.status, if stays { refused } else { 204 }, "{}", put.text());
            assert!(!put.text().contains(WORK), "{}", put.text());
            let own = get(&world, &format!("{WORK}m.ics")).await;
            assert_eq!(own.contains(&format!("ORGANIZER:mailto:{OWNER}")), stays, "{own}");
        });
    }
}

#[test]
fn no_message_changes_a_meeting_of_another_organizer() {
    simulated(async |world| {
        let guest = guest_of(&world).await;
        let other = event("m", &format!("ORGANIZER:mailto:{FAR}\nATTENDEE:mailto:{GUEST}"));
        let path = format!("/dav/calendars/{GUEST}/mine/own.ics");
        assert_eq!(guest.send("PUT", &path, &[], &other).await.status, 201);
        let before = get(&guest, &path).await;
        world.put("m.ics", &meeting("")).await;
        assert_eq!(get(&guest, &path).await, before);
        world.send("DELETE", &format!("{WORK}m.ics"), &[], "").await;
        assert_eq!(get(&guest, &path).await, before);
    });
}

#[test]
fn an_organizer_hands_a_meeting_on_to_nobody() {
    simulated(async |world| {
        world.put("m.ics", &meeting("")).await;
        let from = world.server.mails(0).len();
        let handed = meeting("").replace("ORGANIZER:mailto:owner", "ORGANIZER:mailto:guest");
        let refused = world.put("m.ics", &handed).await;
        assert_eq!(refused.condition(), "allowed-organizer-scheduling-object-change");
        assert_eq!(world.server.mails(from).len(), 0);
    });
}

#[test]
fn what_is_an_attendees_own_stays_in_their_copy() {
    for (profile, stays) in [("strict", true), ("nextcloud", false)] {
        simulated_as(profile, async |world| {
            let guest = guest_of(&world).await;
            world.put("m.ics", &meeting("")).await;
            let (path, text) = copy(&guest).await;
            let own = [
                "TRANSP:TRANSPARENT\r\n",
                "X-MINE:1\r\n",
                "BEGIN:VALARM\r\nACTION:AUDIO\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n",
            ];
            let mine = text.replace("END:VEVENT", &format!("{}END:VEVENT", own.concat()));
            assert_eq!(guest.send("PUT", &path, &[], &mine).await.status, 204);
            world.put("m.ics", &meeting("LOCATION:There")).await;
            let now = get(&guest, &path).await;
            assert!(now.contains("LOCATION:There"), "{now}");
            for own in own {
                assert_eq!(now.contains(own), stays, "{profile} {own}: {now}");
            }
            world.put("m.ics", &meeting("LOCATION:Elsewhere")).await;
            let again = get(&guest, &path).await;
            assert_eq!(again.matches("BEGIN:VALARM").count(), usize::from(stays), "{again}");
        });
    }
}

#[test]
fn a_cancel_and_a_lower_number_leave_no_older_object() {
    simulated(async |world| {
        let guest = guest_of(&world).await;
        world.put("m.ics", &meeting("SEQUENCE:5")).await;
        world.put("m.ics", &meeting("SEQUENCE:0")).await;
        let stored = get(&world, &format!("{WORK}m.ics")).await;
        assert!(stored.contains("SEQUENCE:5\r\n"), "{stored}");
        world.send("DELETE", &format!("{WORK}m.ics"), &[], "").await;
        let (_, text) = copy(&guest).await;
        assert!(text.contains("STATUS:CANCELLED") && text.contains("SEQUENCE:6"), "{text}");
    });
}

#[test]
fn answers_to_instances_survive_another_answer_to_the_series() {
    simulated(async |world| {
        let guest = guest_of(&world).await;
        world.put("m.ics", &meeting("RRULE:FREQ=DAILY;COUNT=4")).await;
        let (path, text) = copy(&guest).await;
        let text = text.replace("\r\n ", "");
        let asked = format!("PARTSTAT=NEEDS-ACTION:mailto:{GUEST}");
        let answer = |text: &str, answer: &str| {
            text.replace(&asked, &format!("PARTSTAT={answer}:mailto:{GUEST}"))
        };
        let start = text.find("BEGIN:VEVENT").unwrap();
        let event = &text[start..text.find("END:VCALENDAR").unwrap()];
        let one = event
            .replace("RRULE:FREQ=DAILY;COUNT=4\r\n", "RECURRENCE-ID:20260505T090000Z\r\n")
            .replace("20260504T", "20260505T");
        for series in ["ACCEPTED", "TENTATIVE"] {
            let both = format!("{}{}", answer(event, series), answer(&one, "DECLINED"));
            let both = format!("{}{both}END:VCALENDAR\r\n", &text[..start]);
            assert_eq!(guest.send("PUT", &path, &[], &both).await.status, 204);
            let stored = get(&world, &format!("{WORK}m.ics")).await;
            let lines = stored.lines().filter(|line| line.trim().ends_with(GUEST));
            let said: Vec<bool> = lines
                .filter(|line| line.starts_with("ATTENDEE"))
                .map(|line| line.contains(&format!("PARTSTAT={series}")))
                .collect();
            assert_eq!(said, [true, false], "{stored}");
        }
    });
}

#[test]
fn a_big_object_with_many_guests_is_refused_at_once() {
    simulated(async |world| {
        let crowd: String = (0..999).map(|nth| format!("ATTENDEE:mailto:{nth}@b\n")).collect();
        let people = format!("ORGANIZER:mailto:{OWNER}\n{crowd}");
        let long = event("m", &format!("{people}COMMENT:{}", "x".repeat(300_000)));
        let refused = world.put("m.ics", &long).await;
        assert_eq!(refused.condition(), "max-attendees-per-instance");
        assert!(world.server.mails(0).is_empty() && world.server.items().is_empty());
    });
}

/// A weekly meeting with the guest and so many overrides, each answered so.
fn series(overrides: usize, answer: &str) -> String {
    let people = format!(
        "ORGANIZER:mailto:{OWNER}\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{OWNER}\r\n\
         ATTENDEE;PARTSTAT={answer}:mailto:{GUEST}\r\n"
    );
    let component = |nth: Option<usize>| {
        let start = "DTSTART:20260504T090000Z\r\nDTEND:20260504T100000Z\r\nRRULE:FREQ=DAILY\r\n";
        let times = nth.map_or_else(
            || start.to_owned(),
            |nth| {
                let day = jiff::civil::date(2026, 5, 4).checked_add(jiff::Span::new().days(nth as i64));
                let day = day.unwrap().strftime("%Y%m%d").to_string();
                format!(
                    "RECURRENCE-ID:{day}T090000Z\r\nDTSTART:{day}T090000Z\r\nDTEND:{day}T100000Z\r\n"
                )
            },
        );
        format!(
            "BEGIN:VEVENT\r\nUID:s\r\nDTSTAMP:20260101T000000Z\r\n{times}SUMMARY:s\r\n{people}END:VEVENT\r\n"
        )
    };
    let all: String = (0..overrides).map(|nth| component(Some(nth))).collect();
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\n{}{all}END:VCALENDAR\r\n",
        component(None)
    )
}

#[test]
fn many_instances_are_answered_and_called_off_in_one_go() {
    simulated(async |world| {
        let guest = guest_of(&world).await;
        assert_eq!(world.put("s.ics", &series(300, "NEEDS-ACTION")).await.status, 201);
        let (path, text) = copy(&guest).await;
        let accepted = text.replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED");
        let headers = [("content-type", "text/calendar")];
        assert_eq!(guest.send("PUT", &path, &headers, &accepted).await.status, 204);
        let stored = get(&world, &format!("{WORK}s.ics")).await;
        let of_guest = stored.lines().filter(|line| line.ends_with(GUEST));
        assert_eq!(of_guest.filter(|line| line.contains("PARTSTAT=ACCEPTED")).count(), 301);
        let days = (0..200).map(|nth| {
            let day = jiff::civil::date(2026, 5, 4).checked_add(jiff::Span::new().days(nth));
            format!("EXDATE:{}T090000Z\r\n", day.unwrap().strftime("%Y%m%d"))
        });
        let days: String = days.collect();
        let fewer = series(0, "ACCEPTED").replace("RRULE", &format!("{days}RRULE"));
        assert_eq!(world.put("s.ics", &fewer).await.status, 204);
        let (_, text) = copy(&guest).await;
        let left = (text.matches("EXDATE").count(), text.matches("RECURRENCE-ID").count());
        assert_eq!(left, (200, 0), "{text}");
    });
}

#[test]
fn an_invitation_takes_the_place_of_a_plain_object_of_its_uid() {
    simulated(async |world| {
        let guest = guest_of(&world).await;
        let path = format!("/dav/calendars/{GUEST}/mine/m.ics");
        let plain = [("content-type", "text/calendar")];
        assert_eq!(guest.send("PUT", &path, &plain, &event("m", "")).await.status, 201);
        world.put("m.ics", &meeting("")).await;
        assert!(get(&guest, &path).await.contains("ORGANIZER"));
    });
}

#[test]
fn what_is_too_much_of_an_attendees_own_is_left_out() {
    simulated(async |world| {
        let guest = guest_of(&world).await;
        world.put("s.ics", &series(0, "NEEDS-ACTION")).await;
        let (path, text) = copy(&guest).await;
        let own = text.replace("SUMMARY", &format!("X-MINE:{}\r\nSUMMARY", "x".repeat(500_000)));
        let headers = [("content-type", "text/calendar")];
        assert_eq!(guest.send("PUT", &path, &headers, &own).await.status, 204);
        world.put("s.ics", &series(20, "NEEDS-ACTION")).await;
        let (_, text) = copy(&guest).await;
        assert_eq!(text.matches("RECURRENCE-ID").count(), 20, "the message came through");
        assert!(!text.contains("X-MINE"));
    });
}

#[test]
fn nextcloud_counts_no_sequence() {
    simulated_as("nextcloud", async |world| {
        world.put("m.ics", &meeting("")).await;
        let all = meeting("");
        let others = all.split_inclusive("\r\n").filter(|line| !line.contains(FAR));
        let without: String = others.collect();
        assert_ne!(without, all);
        assert_eq!(world.put("m.ics", &without).await.status, 204);
        assert!(!get(&world, &format!("{WORK}m.ics")).await.contains("SEQUENCE:1"));
    });
}
