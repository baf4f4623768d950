//! Every code of the catalogue is seen on the wire, by its fault and where it is said so by the
//! server's state alone; `CATALOGUE.md` is what came of it.
//!
//! `CATALOGUE=write` in the environment writes the file.

mod states;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use calamity_base::http::Error;
use serde_json::json;

use super::listener::Listener;
use super::rig::{Answer, OWNER, World, with};
use crate::Protocol;
use crate::faults::catalogue::{Ask, ByState, Entry, all};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/CATALOGUE.md");

/// What a client has at hand when it asks.
pub(super) struct Known {
    /// A token from before anything was made.
    pub(super) token: String,
    /// The tag of the event `a`.
    pub(super) tag: String,
    /// The second page of a listing.
    pub(super) next: String,
}

/// Two events are there, a third one came and went.
pub(super) async fn prepare(world: &World) -> Known {
    world.fill(&["gone"]).await;
    let token = world.token().await;
    world.fill(&["a", "b"]).await;
    world.delete("gone").await;
    let tag = world.tag("a").await;
    let mut next = String::new();
    if world.protocol == Protocol::Graph {
        let path = format!("/v1.0/me/calendars/{}/events?$top=1", world.calendar);
        next = world.page(&world.send("GET", &path, &[], "").await).token;
    }
    Known { token, tag, next }
}

type Outcome = Result<Answer, Error>;

/// Makes the request and tells what came of it.
async fn ask(world: &World, ask: Ask, known: &Known) -> String {
    let outcome: Outcome = match ask {
        Ask::Create => world.try_create("new", &[]).await,
        Ask::CreateThrice => {
            let first = world.try_create("new", &[]).await;
            let second = world.try_create("new", &[]).await;
            return dump_all(world, &[first, second, world.try_create("new", &[]).await]);
        }
        Ask::Update => Ok(world.update("a", &known.tag).await),
        Ask::UpdateBlindly if world.protocol == Protocol::Dav => world.try_create("a", &[]).await,
        Ask::UpdateBlindly => {
            let path = format!("/v1.0/me/events/{}", world.id("a"));
            world.try_send("PATCH", &path, &[], "{\"subject\":\"x\"}").await
        }
        Ask::UpdateIfNone => world.try_create("a", &[("if-none-match", "*")]).await,
        Ask::UpdateIfAny => world.try_create("a", &[("if-match", "*")]).await,
        Ask::Delete => Ok(world.delete("a").await),
        Ask::Read => Ok(world.read("a").await),
        Ask::ReadMany => {
            let hrefs =
                ["a", "b"].map(|name| format!("<D:href>{}{name}.ics</D:href>", world.calendar));
            world.multiget(&hrefs.concat()).await
        }
        Ask::Changes => Ok(world.ask_changes(&known.token).await),
        Ask::WriteThenChanges => {
            world.fill(&["late"]).await;
            Ok(world.ask_changes(&known.token).await)
        }
        Ask::ChangesTwice => {
            let first = world.ask_changes(&known.token).await;
            let token = world.page(&first).token;
            return dump_all(world, &[Ok(first), Ok(world.ask_changes(&token).await)]);
        }
        Ask::NextPage => world.try_send("GET", &known.next, &[], "").await,
        Ask::Query => Ok(world.call("CalendarEvent/query", json!({})).await),
        Ask::Calendars => Ok(world.call("Calendar/get", json!({})).await),
        Ask::DeleteCalendar => {
            // Without the fault it goes, and what is in it.
            let go = json!({ "destroy": [world.calendar], "onDestroyRemoveEvents": true });
            Ok(world.call("Calendar/set", go).await)
        }
        Ask::Invite => {
            let body = world.event("new", &["far@elsewhere.test"]);
            let made = world.try_store("new", &[], &body).await;
            let kept = world.server.items().iter().any(|item| item.facts.title == "Event new");
            let stored = if kept { world.read("new").await.text() } else { String::new() };
            return format!("{}stored: {stored}", world.dump(&made));
        }
        Ask::NewCalendar => {
            let path = "/dav/calendars/owner@example.com/new/";
            let made = world.try_send("MKCALENDAR", path, &[], "").await;
            let seen = world.try_send("PROPFIND", path, &[("depth", "0")], "").await;
            return dump_all(world, &[made, seen]);
        }
        Ask::InviteByClient => {
            let body = world.event("new", &["far@elsewhere.test"]);
            let body = body.replace("ATTENDEE:", "ATTENDEE;SCHEDULE-AGENT=CLIENT:");
            let made = world.try_store("new", &[], &body).await;
            return world.dump(&made) + &world.told();
        }
        Ask::LeaveSilently => {
            let body = world.event("invited", &[OWNER]).replace(
                &format!("ORGANIZER:mailto:{OWNER}"),
                "ORGANIZER:mailto:far@elsewhere.test",
            );
            world.try_store("invited", &[], &body).await.unwrap();
            let path = format!("{}invited.ics", world.calendar);
            let left = world.try_send("DELETE", &path, &[("schedule-reply", "F")], "").await;
            return world.dump(&left) + &world.told();
        }
        other => return ask_more(world, other).await,
    };
    world.dump(&outcome)
}

/// The same for requests of several parts and for what a server says by itself.
async fn ask_more(world: &World, ask: Ask) -> String {
    let answer = match ask {
        Ask::DeleteAddressBook => {
            let book = world.book_with_a_card().await;
            let go = json!({ "destroy": [book], "onDestroyRemoveContents": true });
            world.call_contacts("AddressBook/set", go).await
        }
        Ask::Batch => world.batch(json!([world.step("1"), world.step("2")])).await,
        Ask::BatchDepending => {
            let mut second = world.step("2");
            second["dependsOn"] = json!(["1"]);
            world.batch(json!([world.step("1"), second])).await
        }
        Ask::BatchTwice => world.batch(json!([world.step("1"), world.step("1")])).await,
        Ask::Subscribe => {
            let listener = Listener::start(world).await;
            if world.protocol == Protocol::Jmap {
                world.ask_for_pushes().await;
                world.rest(60).await;
                return listener.dump(world, world.env.clock.now());
            }
            world.subscribe().await
        }
        Ask::Notified => return world.notified().await,
        Ask::Watch => {
            let path = "/jmap/eventsource?types=*&closeafter=no&ping=0";
            let acting = async {
                world.rest(1).await;
                world.fill(&["new"]).await;
            };
            return world.dump(&tokio::join!(world.try_send("GET", path, &[], ""), acting).0);
        }
        other => panic!("nobody asks for {other:?}"),
    };
    world.dump(&Ok(answer))
}

/// Several answers: their statuses first.
fn dump_all(world: &World, answers: &[Outcome]) -> String {
    let all: Vec<String> = answers.iter().map(|answer| world.dump(answer)).collect();
    let line = |text: &String| format!("{}\n", text.lines().next().unwrap());
    all.iter().map(line).collect::<String>() + &all.concat()
}

#[track_caller]
fn shows(entry: &Entry, text: &str, how: &str) {
    for wanted in entry.shows {
        let name = format!("{} `{}` {how}: `{wanted}`", entry.protocol, entry.code);
        assert!(holds(wanted, text), "{name} in\n{text}");
    }
}

fn holds(wanted: &str, text: &str) -> bool {
    wanted.strip_prefix('!').map_or_else(|| text.contains(wanted), |not| !text.contains(not))
}

/// The status of the answer by the entry's fault.
fn by_fault(entry: &Entry) -> Option<String> {
    let rule = entry.rule("f")?;
    assert_eq!(rule.check(), Ok(()), "{}", entry.code);
    Some(with(entry.protocol, "strict", async |world| {
        let known = prepare(&world).await;
        world.server.arm(rule);
        let text = ask(&world, entry.ask, &known).await;
        assert!(!world.server.fault_hits().is_empty(), "{} never fired\n{text}", entry.code);
        shows(entry, &text, "by its fault");
        status(&text)
    }))
}

fn by_state(entry: &Entry) -> Option<String> {
    (entry.by_state == ByState::Too).then(|| {
        let profile = states::profile(entry);
        with(entry.protocol, profile, async |world| {
            let text = states::reach(&world, entry.code).await;
            let helping = ["slow"];
            let hits = world.server.fault_hits();
            let own = |hit: &&calamity_evidence::FaultHit| {
                !helping.contains(&hit.rule.as_str()) && !hit.rule.starts_with("hostile/")
            };
            assert_eq!(hits.iter().find(own), None, "{}", entry.code);
            shows(entry, &text, "by state");
            status(&text)
        })
    })
}

fn status(text: &str) -> String {
    text.lines().next().unwrap().trim_start_matches("status: ").to_owned()
}

fn row(entry: &Entry) -> String {
    let (fault, state) = (by_fault(entry), by_state(entry));
    assert!(fault.is_some() || state.is_some(), "{} is seen nowhere", entry.code);
    let fault = fault.unwrap_or_else(|| "-".to_owned());
    let state = state.map_or_else(|| "-".to_owned(), |status| format!("yes, {status}"));
    let (site, origin) = (entry.site.name(), format!("{:?}", entry.origin).to_lowercase());
    let code = entry.code.replace('|', "\\|");
    format!("| {code} | {site} | {origin} | {fault} | {state} | {} |\n", entry.source)
}

#[test]
fn the_table_is_what_is_seen_on_the_wire() {
    let mut text = "# What goes wrong on the wire\n\n\
        Made by the test `faults::tests::catalogue`, which arms each fault and sees its answer, and\n\
        brings about what the server's state alone leads to. `CATALOGUE=write cargo test -p \
        calamity-mock-servers catalogue` writes it.\n"
        .to_owned();
    for (protocol, name) in [
        (Protocol::Jmap, "JMAP"),
        (Protocol::Graph, "Microsoft Graph"),
        (Protocol::Dav, "CalDAV and CardDAV"),
    ] {
        write!(
            text,
            "\n## {name}\n\n| code | site | origin | seen as | also by state | source |\n\
             | --- | --- | --- | --- | --- | --- |\n"
        )
        .unwrap();
        let entries = all().filter(|entry| entry.protocol == protocol);
        text.extend(entries.map(row));
    }
    if std::env::var("CATALOGUE").is_ok_and(|wish| wish == "write") {
        std::fs::write(FILE, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(FILE).unwrap_or_default(), text, "see the head of the file");
}

#[test]
fn what_a_fault_shows_is_not_seen_without_it() {
    let faulted = all().filter(|entry| entry.rule("f").is_some());
    let seen = faulted.filter(|entry| {
        let text = with(entry.protocol, "strict", async |world| {
            let known = prepare(&world).await;
            ask(&world, entry.ask, &known).await
        });
        entry.shows.iter().all(|wanted| holds(wanted, &text))
    });
    assert_eq!(seen.map(|entry| entry.code).collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn each_entry_is_one_and_has_its_ground() {
    let mut seen = BTreeSet::new();
    for entry in all() {
        assert!(seen.insert((entry.protocol, entry.code)), "{} is there twice", entry.code);
        assert!(!entry.source.is_empty(), "{} has no source", entry.code);
        assert_eq!(entry.what.is_empty(), entry.rule("f").is_none(), "{}", entry.code);
    }
}
