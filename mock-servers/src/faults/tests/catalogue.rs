//! Every code of the catalogue is seen on the wire, by its fault and where it is said so by the
//! server's state alone; `CATALOGUE.md` is what came of it.
//!
//! `CATALOGUE=write` in the environment writes the file.

mod states;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use calamity_base::http::Error;

use super::rig::{Answer, World, with};
use crate::Protocol;
use crate::faults::catalogue::{Ask, ByState, Entry, Stage, all};

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

async fn ask(world: &World, ask: Ask, known: &Known) -> Vec<Outcome> {
    vec![match ask {
        Ask::Create => world.try_create("new", &[]).await,
        Ask::CreateThrice => {
            let first = world.try_create("new", &[]).await;
            let second = world.try_create("new", &[]).await;
            return vec![first, second, world.try_create("new", &[]).await];
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
            return vec![Ok(first), Ok(world.ask_changes(&token).await)];
        }
        Ask::NextPage => world.try_send("GET", &known.next, &[], "").await,
        Ask::Query => Ok(world.call("CalendarEvent/query", serde_json::json!({})).await),
        Ask::Calendars => Ok(world.call("Calendar/get", serde_json::json!({})).await),
        Ask::DeleteCalendar => {
            let destroy = serde_json::json!({ "destroy": [world.calendar] });
            Ok(world.call("Calendar/set", destroy).await)
        }
        Ask::Invite => {
            let body = world.event("new", &["far@elsewhere.test"]);
            world.try_store("new", &[], &body).await
        }
    }]
}

fn dump(world: &World, answers: &[Outcome]) -> String {
    let all: Vec<String> = answers.iter().map(|answer| world.dump(answer)).collect();
    match all.as_slice() {
        [one] => one.clone(),
        several => {
            let line = |text: &String| format!("{}\n", text.lines().next().unwrap());
            several.iter().map(line).collect::<String>() + &several.concat()
        }
    }
}

#[track_caller]
fn shows(entry: &Entry, text: &str, how: &str) {
    for wanted in entry.shows {
        let name = format!("{} `{}` {how}: `{wanted}`", entry.protocol, entry.code);
        match wanted.strip_prefix('!') {
            Some(unwanted) => assert!(!text.contains(unwanted), "{name} in\n{text}"),
            None => assert!(text.contains(wanted), "{name} in\n{text}"),
        }
    }
}

/// The status of the answer by the entry's fault.
fn by_fault(entry: &Entry) -> Option<String> {
    let rule = entry.rule("f")?;
    assert_eq!(rule.check(), Ok(()), "{}", entry.code);
    Some(with(entry.protocol, "strict", async |world| {
        let known = prepare(&world).await;
        world.server.arm(rule);
        let answers = ask(&world, entry.ask, &known).await;
        let text = dump(&world, &answers);
        assert!(!world.server.fault_hits().is_empty(), "{} never fired\n{text}", entry.code);
        shows(entry, &text, "by its fault");
        status(&text)
    }))
}

fn by_state(entry: &Entry) -> Option<String> {
    (entry.by_state == ByState::Too).then(|| {
        let profile = states::profile(entry);
        with(entry.protocol, profile, async |world| {
            let answers = vec![states::reach(&world, entry.code).await];
            let text = dump(&world, &answers);
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
    let (fault, state) = match entry.stage {
        Stage::Pending => ("pending".to_owned(), String::new()),
        Stage::Seen => {
            let (fault, state) = (by_fault(entry), by_state(entry));
            assert!(fault.is_some() || state.is_some(), "{} is seen nowhere", entry.code);
            let state = state.map_or_else(|| "-".to_owned(), |status| format!("yes, {status}"));
            (fault.unwrap_or_else(|| "-".to_owned()), state)
        }
    };
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
fn each_entry_is_one_and_has_its_ground() {
    let mut seen = BTreeSet::new();
    for entry in all() {
        assert!(seen.insert((entry.protocol, entry.code)), "{} is there twice", entry.code);
        assert!(!entry.source.is_empty(), "{} has no source", entry.code);
        assert_eq!(entry.what.is_empty(), entry.rule("f").is_none(), "{}", entry.code);
    }
}

#[test]
fn what_is_pending_is_counted() {
    let pending =
        |protocol| all().filter(|it| it.protocol == protocol && it.stage == Stage::Pending).count();
    let counts = [Protocol::Jmap, Protocol::Graph, Protocol::Dav].map(pending);
    assert_eq!(counts, [4, 15, 0], "contacts and push; batches and webhooks");
}
