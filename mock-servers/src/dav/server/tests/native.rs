//! Seeding, facts and users' edits.

use calamity_evidence::{Actor, Lineage, WriteOp};

use super::rig::{WORK, event, seed, simulated};
use crate::{Edit, NoSuchItem};

fn user() -> Actor {
    Actor::User("step".to_owned())
}

#[test]
fn edits_keep_the_token_and_all_that_they_do_not_mean() {
    simulated(async |world| {
        let lineage = Lineage::from_number(9);
        let text = event("u", "X-ODD:kept\nRRULE:FREQ=DAILY;UNTIL=20260510T090000Z")
            .replace("Event u", &lineage.mark("Plan"));
        world.put("u.ics", &text).await;
        let edits = [
            Edit::Title("New plan".to_owned()),
            Edit::Description("Bring\n  cake".to_owned()),
            Edit::Location("Room 1".to_owned()),
            Edit::CancelOccurrence { nth: 3 },
            Edit::RetitleOccurrence { nth: 1, title: "Special".to_owned() },
            Edit::Shift { minutes: -90 },
        ];
        for edit in &edits {
            world.server.edit(user(), &lineage, edit).unwrap();
        }
        let item = world.server.items().remove(0);
        let facts = item.facts;
        assert_eq!(facts.title, "New plan ~L0000000009");
        assert_eq!((facts.description.as_str(), facts.location.as_str()), ("Bring cake", "Room 1"));
        assert_eq!(facts.start, "2026-05-04T07:30:00Z");
        assert_eq!(facts.excluded.into_iter().collect::<Vec<_>>(), ["2026-05-07T07:30:00Z"]);
        let special = facts.exceptions.get("2026-05-05T07:30:00Z").unwrap();
        assert_eq!(special, "Special ~L0000000009|2026-05-05T07:30:00Z|2026-05-05T08:30:00Z");
        let stored = world.send("GET", &format!("{WORK}u.ics"), &[], "").await.text();
        assert!(stored.contains("X-ODD:kept\r\n") && stored.contains("SEQUENCE:6\r\n"), "{stored}");
        let log = world.server.writes(0);
        assert!(log.iter().skip(2).all(|write| write.lineage.as_ref() == Some(&lineage)));
        let missing = Lineage::from_number(1);
        let gone = Err(NoSuchItem::Item { lineage: missing.clone() });
        assert_eq!(world.server.delete(user(), &missing), gone);
    });
}

#[test]
fn what_is_seeded_can_be_read_by_clients() {
    simulated(async |world| {
        let lineage = seed(&world, 5, "RRULE:FREQ=WEEKLY;COUNT=3\nLOCATION:Here");
        let item = world.server.items().remove(0);
        assert_eq!(item.lineage, Some(lineage));
        assert_eq!((item.uid.as_str(), item.calendar.as_str()), ("uid-5", "work"));
        assert_eq!(item.facts.rule, "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO;COUNT=3");
        assert_eq!(item.facts.location, "Here");
        let list = world.propfind(WORK, "1", "<D:getetag/>").await;
        assert_eq!(list.rows().len(), 2);
        let text = item.body["text"].as_str().unwrap();
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n"));
        let write = world.server.writes(0).pop().unwrap();
        assert_eq!((write.op, write.title.as_str()), (WriteOp::Create, "Event uid-5"));
    });
}
