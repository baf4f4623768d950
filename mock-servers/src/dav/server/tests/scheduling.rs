//! Implicit scheduling between users of the server, and mails to everybody else.

use calamity_evidence::{Actor, Method};

use super::rig::{GUEST, OWNER, WORK, World, event, seed, simulated, simulated_as};
use crate::{Edit, Server};

pub(super) fn meeting(more: &str) -> String {
    event(
        "m",
        &format!(
            "ORGANIZER:mailto:{OWNER}\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{OWNER}\n\
             ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{GUEST}\n\
             ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:far@elsewhere.test\n{more}"
        ),
    )
}

pub(super) fn mails(server: &Server) -> Vec<(Method, String)> {
    server.mails(0).into_iter().map(|mail| (mail.method, mail.to)).collect()
}

/// The guest's copy: its path and its text.
pub(super) async fn copy(guest: &World) -> (String, String) {
    let home = format!("/dav/calendars/{GUEST}/mine/");
    let list = guest.propfind(&home, "1", "<D:getetag/>").await;
    let name = list.rows().into_iter().find(|row| row.ends_with(".ics")).unwrap();
    let path = format!("{home}{name}");
    let text = guest.send("GET", &path, &[], "").await.text();
    (path, text)
}

pub(super) async fn guest_of(world: &World) -> World {
    let guest = world.as_guest();
    let home = format!("/dav/calendars/{GUEST}/mine/");
    assert_eq!(guest.send("MKCALENDAR", &home, &[], "").await.status, 201);
    guest
}

#[test]
fn an_invitation_is_delivered_and_answered() {
    simulated(async |world| {
        let guest = guest_of(&world).await;
        let put = world.put("m.ics", &meeting("")).await;
        assert_eq!((put.status, put.header("etag")), (201, ""), "the server wrote into it");
        let tag = put.header("schedule-tag").to_owned();
        assert_ne!(tag, "");
        assert_eq!(mails(&world.server), [(Method::Request, "far@elsewhere.test".to_owned())]);
        let stored = world.send("GET", &format!("{WORK}m.ics"), &[], "").await.text();
        assert!(stored.contains("SCHEDULE-STATUS=1.2") && stored.contains("SCHEDULE-STATUS=1.1"));
        let (path, text) = copy(&guest).await;
        assert!(!text.contains("METHOD") && text.contains("SUMMARY:Event m"), "{text}");
        let inbox = format!("/dav/calendars/{GUEST}/inbox/");
        let messages = guest.propfind(&inbox, "1", "<D:getetag/>").await;
        assert_eq!(messages.rows().len(), 2);
        // The guest accepts.
        let unfolded = text.replace("\r\n ", "");
        let yes = unfolded.replace(
            &format!("PARTSTAT=NEEDS-ACTION:mailto:{GUEST}"),
            &format!("PARTSTAT=ACCEPTED:mailto:{GUEST}"),
        );
        assert_ne!(yes, unfolded);
        assert_eq!(guest.send("PUT", &path, &[], &yes).await.status, 204);
        let answered = world.send("GET", &format!("{WORK}m.ics"), &[], "").await;
        let text = answered.text().replace("\r\n ", "");
        assert!(
            text.lines().any(|l| l.contains("PARTSTAT=ACCEPTED") && l.ends_with(GUEST)),
            "{text}"
        );
        assert_eq!(answered.header("schedule-tag"), tag, "answers leave it");
        // The organizer takes it back.
        assert_eq!(world.send("DELETE", &format!("{WORK}m.ics"), &[], "").await.status, 204);
        let (_, text) = copy(&guest).await;
        assert!(text.contains("STATUS:CANCELLED"), "{text}");
        assert_eq!(mails(&world.server)[1].0, Method::Cancel);
    });
}

#[test]
fn whoever_is_asked_again_sees_that_the_answer_is_taken_back() {
    simulated(async |world| {
        let guest = guest_of(&world).await;
        let answered = meeting("SEQUENCE:3").replace("NEEDS-ACTION", "ACCEPTED");
        world.put("m.ics", &answered).await;
        let moved = answered.replace("T100000Z", "T103000Z");
        assert_eq!(world.put("m.ics", &moved).await.status, 204);
        let stored = world.send("GET", &format!("{WORK}m.ics"), &[], "").await.text();
        let (_, copy) = copy(&guest).await;
        let mail = world.server.mails(0).pop().unwrap();
        for text in [stored, copy, mail.message] {
            let text = text.replace("\r\n ", "");
            assert!(text.contains("SEQUENCE:4"), "{text}");
            let guest = text.lines().find(|line| line.trim().ends_with(GUEST)).unwrap();
            assert!(guest.contains("PARTSTAT=NEEDS-ACTION"), "{text}");
        }
    });
}

#[test]
fn some_servers_take_no_answers_back() {
    simulated_as("nextcloud", async |world| {
        let answered = meeting("SEQUENCE:3").replace("NEEDS-ACTION", "ACCEPTED");
        world.put("m.ics", &answered).await;
        world.put("m.ics", &answered.replace("T100000Z", "T103000Z")).await;
        let stored = world.send("GET", &format!("{WORK}m.ics"), &[], "").await.text();
        assert!(!stored.contains("NEEDS-ACTION") && stored.contains("SEQUENCE:3"), "{stored}");
    });
}

#[test]
fn nobody_becomes_the_organizer_of_a_meeting_of_others() {
    simulated(async |world| {
        let theirs = event(
            "m",
            &format!(
                "ORGANIZER:mailto:far@elsewhere.test\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{OWNER}\n\
                 ATTENDEE:mailto:{GUEST}"
            ),
        );
        world.put("m.ics", &theirs).await;
        let before = mails(&world.server).len();
        let own = theirs.replace("far@elsewhere.test", OWNER);
        let nobodys = theirs.replace("ORGANIZER:mailto:far@elsewhere.test\r\n", "");
        for text in [own, nobodys] {
            assert_ne!(text, theirs);
            let refused = world.put("m.ics", &text).await;
            assert_eq!(refused.condition(), "allowed-attendee-scheduling-object-change");
        }
        assert_eq!(mails(&world.server).len(), before);
    });
}

#[test]
fn schedule_tags_let_clients_write_beside_answers() {
    simulated(async |world| {
        let tag = world.put("m.ics", &meeting("")).await.header("schedule-tag").to_owned();
        let path = format!("{WORK}m.ics");
        let stale = [("if-schedule-tag-match", "\"x\"")];
        assert_eq!(world.send("PUT", &path, &stale, &meeting("")).await.status, 412);
        let right = [("if-schedule-tag-match", tag.as_str())];
        let put = world.send("PUT", &path, &right, &meeting("LOCATION:There")).await;
        assert_eq!(put.status, 204);
        assert_ne!(put.header("schedule-tag"), tag);
    });
}

#[test]
fn some_servers_know_no_schedule_tags() {
    simulated_as("nextcloud", async |world| {
        let put = world.put("m.ics", &meeting("")).await;
        assert_eq!((put.status, put.header("schedule-tag")), (201, ""));
        let stale = [("if-schedule-tag-match", "\"x\"")];
        let path = format!("{WORK}m.ics");
        let changed = meeting("LOCATION:There");
        assert_eq!(world.send("PUT", &path, &stale, &changed).await.status, 204);
        assert_eq!(world.send("GET", &path, &[], "").await.header("schedule-tag"), "");
        let asked = world.propfind(&path, "0", "<C:schedule-tag/>").await;
        assert!(asked.text().contains("404"), "{}", asked.text());
    });
}

#[test]
fn an_attendee_changes_nothing_but_what_is_theirs_and_can_leave_silently() {
    simulated(async |world| {
        let theirs = event(
            "m",
            &format!(
                "ORGANIZER:mailto:far@elsewhere.test\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{OWNER}"
            ),
        );
        world.put("m.ics", &theirs).await;
        let before = mails(&world.server).len();
        let moved = theirs.replace("T090000Z", "T080000Z");
        let refused = world.put("m.ics", &moved).await;
        assert_eq!(refused.condition(), "allowed-attendee-scheduling-object-change");
        let silent = [("schedule-reply", "F")];
        assert_eq!(world.send("DELETE", &format!("{WORK}m.ics"), &silent, "").await.status, 204);
        assert_eq!(mails(&world.server).len(), before);
        world.put("n.ics", &theirs).await;
        world.send("DELETE", &format!("{WORK}n.ics"), &[], "").await;
        let last = mails(&world.server).pop();
        assert_eq!(last, Some((Method::Reply, "far@elsewhere.test".to_owned())));
    });
}

#[test]
fn an_answer_goes_through_with_what_clients_write_beside_it() {
    let theirs = event(
        "m",
        &format!(
            "ORGANIZER;CN=Far:mailto:far@elsewhere.test\n\
             ATTENDEE;CN=Own;RSVP=TRUE;PARTSTAT=NEEDS-ACTION:mailto:{OWNER}"
        ),
    );
    let answered = theirs
        .replace("CN=Own;RSVP=TRUE;PARTSTAT=NEEDS-ACTION", "CN=Me;PARTSTAT=ACCEPTED")
        .replace("DTEND:20260504T100000Z", "DURATION:PT1H\r\nSEQUENCE:0");
    let moved = theirs.replace("T090000Z", "T080000Z");
    for (profile, refused) in [("strict", 403), ("nextcloud", 204)] {
        simulated_as(profile, async |world| {
            world.put("m.ics", &theirs).await;
            assert_eq!(world.put("m.ics", &answered).await.status, 204);
            let last = mails(&world.server).pop();
            assert_eq!(last, Some((Method::Reply, "far@elsewhere.test".to_owned())));
            let stored = world.send("GET", &format!("{WORK}m.ics"), &[], "").await.text();
            let attendee = stored.lines().find(|line| line.starts_with("ATTENDEE")).unwrap();
            assert!(!attendee.contains("SCHEDULE-STATUS"), "{stored}");
            assert!(stored.contains("ORGANIZER;CN=Far;SCHEDULE-STATUS=1.1:"), "{stored}");
            assert_eq!(world.put("m.ics", &moved).await.status, refused, "{profile}");
        });
    }
}

#[test]
fn whether_the_organizer_comes_is_told() {
    simulated(async |world| {
        let guest = guest_of(&world).await;
        world.put("m.ics", &meeting("")).await;
        let declined = meeting("").replacen("PARTSTAT=ACCEPTED", "PARTSTAT=DECLINED", 1);
        assert_eq!(world.put("m.ics", &declined).await.status, 204);
        let (_, text) = copy(&guest).await;
        assert!(text.contains(&format!("PARTSTAT=DECLINED:mailto:{OWNER}")), "{text}");
        assert_eq!(mails(&world.server).len(), 2);
    });
}

#[test]
fn a_scheduling_object_is_in_one_calendar_only() {
    simulated(async |world| {
        world.put("m.ics", &meeting("")).await;
        let home = WORK.replace("work", "home");
        world.send("MKCALENDAR", &home, &[], "").await;
        let twice = world.send("PUT", &format!("{home}m.ics"), &[], &meeting("")).await;
        assert_eq!(twice.condition(), "unique-scheduling-object-resource");
    });
}

#[test]
fn the_client_can_deliver_itself_and_some_servers_deliver_nothing() {
    let client = |text: &str| text.replace("ATTENDEE;", "ATTENDEE;SCHEDULE-AGENT=CLIENT;");
    simulated(async |world| {
        world.put("m.ics", &client(&meeting(""))).await;
        assert_eq!(mails(&world.server), []);
    });
    simulated_as("xandikos", async |world| {
        let put = world.put("m.ics", &meeting("")).await;
        assert_eq!(put.header("schedule-tag"), "");
        assert_ne!(put.header("etag"), "");
        assert_eq!(mails(&world.server), []);
    });
}

#[test]
fn seeds_tell_nobody_and_users_do() {
    simulated(async |world| {
        let lineage = seed(&world, 3, "");
        let user = || Actor::User("step".to_owned());
        let invite = Edit::Invite(vec!["far@elsewhere.test".to_owned()]);
        world.server.edit(user(), &lineage, &invite).unwrap();
        world.server.delete(user(), &lineage).unwrap();
        let told = mails(&world.server).into_iter().map(|(method, _)| method);
        assert_eq!(told.collect::<Vec<_>>(), [Method::Request, Method::Cancel]);
    });
}
