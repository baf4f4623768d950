//! What the mock servers make of iCalendar files: `cargo run -p calamity-mock-servers --example read_ics FILE.ics...`
//!
//! Prints one line an event and for each protocol whether it can be held, then what was passed over
//! and a summary. Exit code 2 when a file holds nothing readable. It writes nothing.

#![expect(clippy::print_stdout, reason = "an example prints its table")]

use std::{collections::BTreeMap, env, fs, process::ExitCode};

use calamity_evidence::Lineage;
use calamity_mock_servers::world::{self, SourceEvent};

const OWNER: &str = "owner@example.com";

#[derive(Default)]
struct Summary {
    files: u64,
    unreadable: u64,
    events: u64,
    skipped: u64,
    jscalendar: u64,
    graph: u64,
    refused: BTreeMap<String, u64>,
}

fn main() -> ExitCode {
    let mut summary = Summary::default();
    for path in env::args().skip(1) {
        summary.files += 1;
        println!("{path}");
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                summary.unreadable += 1;
                println!("  unreadable  {error}");
                continue;
            }
        };
        match world::read(&bytes) {
            Ok(read) => {
                for event in &read.events {
                    show(event, &mut summary);
                }
                for skipped in &read.skipped {
                    summary.skipped += 1;
                    let uid = skipped.uid.as_deref().unwrap_or("-");
                    println!("  passed over {skipped} [{uid}]");
                }
            }
            Err(unreadable) => {
                summary.unreadable += 1;
                println!("  unreadable  {unreadable}");
            }
        }
    }
    println!(
        "\n{} files ({} unreadable), {} events, {} passed over; JSCalendar {}, Graph {}",
        summary.files,
        summary.unreadable,
        summary.events,
        summary.skipped,
        summary.jscalendar,
        summary.graph
    );
    for (reason, count) in &summary.refused {
        println!("{count:>6}  {reason}");
    }
    if summary.unreadable > 0 { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

fn show(event: &SourceEvent, summary: &mut Summary) {
    let lineage = Lineage::from_number(summary.events);
    summary.events += 1;
    let mut verdicts = Vec::new();
    match world::jscalendar(event, &lineage, OWNER) {
        Ok(_) => summary.jscalendar += 1,
        Err(refused) => verdicts.push(format!("jscalendar: {refused}")),
    }
    match world::graph(event, &lineage, OWNER) {
        Ok(_) => summary.graph += 1,
        Err(refused) => verdicts.push(format!("graph: {refused}")),
    }
    for verdict in &verdicts {
        *summary.refused.entry(verdict.clone()).or_default() += 1;
    }
    let verdict = if verdicts.is_empty() { "ok".to_owned() } else { verdicts.join("; ") };
    let zone = event.start.zone().map_or("-", |zone| zone.name());
    let rule = event.rule.as_ref().map_or("", |rule| rule.raw.as_str());
    println!(
        "  line {:<5} {} {zone} {:?} {rule} ({} exceptions, {} excluded): {verdict}",
        event.line,
        event.start.local(),
        event.title,
        event.exceptions.len(),
        event.exdates.len(),
    );
}
