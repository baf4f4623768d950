//! Locks as clients meet them.

use super::rig::{Answer, WORK, World, event, simulated};

const EXCLUSIVE: &str = "<lockinfo xmlns=\"DAV:\"><lockscope><exclusive/></lockscope><locktype><write/>\
    </locktype><owner>ann</owner></lockinfo>";

async fn lock(world: &World, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    world.send("LOCK", path, headers, body).await
}

fn shared() -> String {
    EXCLUSIVE.replace("exclusive", "shared")
}

async fn stored(world: &World) -> String {
    assert_eq!(world.put("a.ics", &event("a", "")).await.status, 201);
    format!("{WORK}a.ics")
}

fn if_token(answer: &Answer) -> String {
    format!("({})", answer.header("lock-token"))
}

async fn put(world: &World, path: &str, headers: &[(&str, &str)], more: &str) -> Answer {
    let all = [&[("content-type", "text/calendar")], headers].concat();
    world.send("PUT", path, &all, &event("a", more)).await
}

#[test]
fn a_locked_resource_changes_only_with_its_token() {
    simulated(async |world| {
        let path = stored(&world).await;
        let locked = lock(&world, &path, &[("timeout", "Second-600, Infinite")], EXCLUSIVE).await;
        assert_eq!(locked.status, 200, "{}", locked.text());
        assert!(locked.header("lock-token").starts_with("<urn:uuid:"));
        assert!(locked.text().contains("Second-600") && locked.text().contains("ann"));
        let refused = put(&world, &path, &[], "").await;
        assert_eq!((refused.status, refused.condition().as_str()), (423, "lock-token-submitted"));
        let other_spelling = path.replace("owner@", "OWNER@");
        assert_eq!(put(&world, &other_spelling, &[], "").await.status, 423);
        assert!(refused.text().contains(&path));
        assert_eq!(world.send("DELETE", &path, &[], "").await.status, 423);
        let moved = format!("{}{WORK}b.ics", world.base);
        assert_eq!(world.send("MOVE", &path, &[("destination", &moved)], "").await.status, 423);
        let token = if_token(&locked);
        assert_eq!(put(&world, &path, &[("if", &token)], "LOCATION:x\r\n").await.status, 204);
        let wrong = [("lock-token", "<urn:uuid:0>")];
        let unknown = world.send("UNLOCK", &path, &wrong, "").await;
        assert_eq!(
            (unknown.status, unknown.condition().as_str()),
            (409, "lock-token-matches-request-uri")
        );
        let right = [("lock-token", locked.header("lock-token"))];
        assert_eq!(world.send("UNLOCK", &path, &right, "").await.status, 204);
        assert_eq!(put(&world, &path, &[], "").await.status, 204);
    });
}

#[test]
fn an_exclusive_lock_stands_alone_and_shared_ones_together() {
    simulated(async |world| {
        let path = stored(&world).await;
        let one = lock(&world, &path, &[], &shared()).await;
        let two = lock(&world, &path, &[], &shared()).await;
        assert_eq!((one.status, two.status), (200, 200));
        assert_ne!(one.header("lock-token"), two.header("lock-token"));
        let refused = lock(&world, &path, &[], EXCLUSIVE).await;
        assert_eq!((refused.status, refused.condition().as_str()), (423, "no-conflicting-lock"));
        let found = world.propfind(&path, "0", "<D:lockdiscovery/><D:supportedlock/>").await;
        assert_eq!(found.text().matches("activelock>").count(), 4);
        assert_eq!(found.text().matches("lockentry>").count(), 4);
        // One's own of several is enough.
        assert_eq!(put(&world, &path, &[("if", &if_token(&two))], "").await.status, 204);
    });
}

#[test]
fn a_locked_collection_keeps_its_members() {
    simulated(async |world| {
        let path = stored(&world).await;
        let locked = lock(&world, WORK, &[("depth", "0")], EXCLUSIVE).await;
        assert_eq!(locked.status, 200);
        // What is in it may change, but nothing may come or go.
        assert_eq!(put(&world, &path, &[], "LOCATION:x\r\n").await.status, 204);
        assert_eq!(world.put("new.ics", &event("n", "")).await.status, 423);
        assert_eq!(world.send("DELETE", &path, &[], "").await.status, 423);
        let tagged = format!("<{WORK}> {}", if_token(&locked));
        assert_eq!(world.send("DELETE", &path, &[("if", &tagged)], "").await.status, 204);
        let right = [("lock-token", locked.header("lock-token"))];
        assert_eq!(world.send("UNLOCK", WORK, &right, "").await.status, 204);
        let deep = lock(&world, WORK, &[], EXCLUSIVE).await;
        assert!(deep.text().contains("infinity"));
        assert_eq!(world.put("new.ics", &event("n", "")).await.status, 423);
        let one = lock(&world, WORK, &[("depth", "1")], EXCLUSIVE).await;
        assert_eq!(one.status, 400);
    });
}

#[test]
fn a_lock_ends_by_its_time_or_with_its_resource() {
    simulated(async |world| {
        let path = stored(&world).await;
        let locked = lock(&world, &path, &[("timeout", "Second-60")], EXCLUSIVE).await;
        let token = if_token(&locked);
        tokio::time::sleep(std::time::Duration::from_secs(50)).await;
        let again = lock(&world, &path, &[("if", &token), ("timeout", "Second-60")], "").await;
        assert_eq!((again.status, again.header("lock-token")), (200, ""));
        tokio::time::sleep(std::time::Duration::from_secs(50)).await;
        assert_eq!(put(&world, &path, &[], "").await.status, 423);
        tokio::time::sleep(std::time::Duration::from_secs(11)).await;
        assert_eq!(put(&world, &path, &[], "").await.status, 204);
        let late = lock(&world, &path, &[("if", &token)], "").await;
        assert_eq!(
            (late.status, late.condition().as_str()),
            (412, "lock-token-matches-request-uri")
        );
        let locked = lock(&world, &path, &[], EXCLUSIVE).await;
        let token = if_token(&locked);
        assert_eq!(world.send("DELETE", &path, &[("if", &token)], "").await.status, 204);
        assert_eq!(put(&world, &path, &[], "").await.status, 201, "a new one is not locked");
    });
}

#[test]
fn conditions_on_state_and_tags() {
    simulated(async |world| {
        let path = stored(&world).await;
        let sync = world.propfind(WORK, "0", "<D:sync-token/>").await;
        let token = sync.property(&crate::dav::xml::names::dav::SYNC_TOKEN).unwrap().text();
        assert_eq!(put(&world, &path, &[], "LOCATION:x\r\n").await.status, 204);
        for (header, status) in [
            ("([ETAG])".to_owned(), 204),
            ("([\"other\"])".to_owned(), 412),
            ("(Not [\"other\"])".to_owned(), 204),
            ("([\"other\"]) (Not <urn:uuid:none>)".to_owned(), 204),
            (format!("<{WORK}> (<{token}>)"), 412),
            ("(".to_owned(), 400),
            ("()".to_owned(), 400),
            ("<x>".to_owned(), 400),
        ] {
            let got = world.send("GET", &path, &[], "").await;
            let header = header.replace("ETAG", got.header("etag"));
            let answer = put(&world, &path, &[("if", &header)], "LOCATION:y\r\n").await;
            assert_eq!(answer.status, status, "{header}");
        }
        let fresh = world.propfind(WORK, "0", "<D:sync-token/>").await;
        let fresh = fresh.property(&crate::dav::xml::names::dav::SYNC_TOKEN).unwrap().text();
        let header = format!("<{WORK}> (<{fresh}>)");
        assert_eq!(put(&world, &path, &[("if", &header)], "LOCATION:z\r\n").await.status, 204);
    });
}

#[test]
fn what_cannot_be_locked() {
    simulated(async |world| {
        let path = stored(&world).await;
        let nothing = lock(&world, &format!("{WORK}none.ics"), &[], EXCLUSIVE).await;
        assert_eq!(nothing.status, 403);
        assert_eq!(lock(&world, "/dav/principals/", &[], EXCLUSIVE).await.status, 405);
        for body in ["<lockinfo xmlns=\"DAV:\"/>", "<a/>", "<lockinfo"] {
            assert_eq!(lock(&world, &path, &[], body).await.status, 400, "{body}");
        }
        assert_eq!(lock(&world, &path, &[], "").await.status, 400, "a refresh without a token");
        let guest = world.as_guest();
        assert_eq!(lock(&guest, &path, &[], EXCLUSIVE).await.status, 403);
        assert_eq!(world.send("UNLOCK", &path, &[], "").await.status, 400);
    });
}
