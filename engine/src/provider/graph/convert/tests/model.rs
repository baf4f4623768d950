//! A mailbox that does what is documented, to read from what was written: times come back in UTC,
//! unset properties as null, text as a page.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::content::{Event, local, zone};
use crate::provider::graph::convert::{
    Change, Exceptions, Override, Patch, Stored, Written, read, zones,
};

/// One event in a mailbox.
#[derive(Clone, Debug)]
pub(super) struct Mailbox {
    master: Map<String, Value>,
    occurrences: BTreeMap<Timestamp, Occurrence>,
}

#[derive(Clone, Debug)]
enum Occurrence {
    Cancelled(String),
    Changed(Map<String, Value>),
}

impl Mailbox {
    pub(super) fn create(written: Written) -> Self {
        let mut mailbox = Self { master: written.master, occurrences: BTreeMap::new() };
        mailbox.occurrences(written.overrides);
        mailbox
    }

    pub(super) fn patch(&mut self, patch: Patch) {
        if patch.exceptions != Exceptions::Kept {
            self.occurrences.clear();
        }
        for (name, value) in patch.master {
            match value {
                Value::Null => self.master.remove(&name),
                value => self.master.insert(name, value),
            };
        }
        if !self.master.contains_key("recurrence") {
            self.occurrences.clear();
        }
        self.occurrences(patch.overrides);
    }

    fn occurrences(&mut self, overrides: Vec<Override>) {
        for Override { original_start, instant, change } in overrides {
            match change {
                Change::Cancel => {
                    let name = format!("OID.AAMk.AD-x.{}", original_start.date());
                    self.occurrences.insert(instant, Occurrence::Cancelled(name));
                }
                Change::Patch(own) | Change::Restore(own) => {
                    let held = self.occurrences.entry(instant);
                    let held = held.or_insert_with(|| Occurrence::Changed(Map::new()));
                    match held {
                        Occurrence::Changed(held) => held.extend(own),
                        Occurrence::Cancelled(name) => panic!("{name} is not there any more"),
                    }
                }
            }
        }
    }

    /// What a GET of it returns.
    pub(super) fn get(&self) -> Stored {
        let mut master = answer(&self.master);
        master.insert("iCalUId".to_owned(), json!("uid-1"));
        master.entry("recurrence").or_insert(Value::Null);
        let mut stored = Stored { master, ..Stored::default() };
        for (instant, occurrence) in &self.occurrences {
            match occurrence {
                Occurrence::Cancelled(name) => stored.cancelled.push(name.clone()),
                Occurrence::Changed(own) => {
                    let mut exception = self.occurrence(*instant);
                    exception.extend(own.clone());
                    let mut exception = answer(&exception);
                    exception.insert("originalStart".to_owned(), json!(instant.to_string()));
                    stored.exceptions.push(exception);
                }
            }
        }
        stored
    }

    /// The occurrence that begins at an instant, as the rule makes it.
    fn occurrence(&self, at: Timestamp) -> Map<String, Value> {
        let mut occurrence = self.master.clone();
        occurrence.remove("recurrence");
        let point = |name: &str| {
            let text = self.master[name]["dateTime"].as_str().and_then(local).expect("a time");
            let given = self.master[name]["timeZone"].as_str().and_then(zones::iana);
            (text, given.and_then(|name| zone(&name)).expect("a known zone"))
        };
        let ((first, rules), (last, _)) = (point("start"), point("end"));
        let start = at.to_zoned(rules).datetime();
        let end = start.checked_add(last.duration_since(first)).expect("in range");
        for (name, at) in [("start", start), ("end", end)] {
            occurrence[name]["dateTime"] = json!(at.to_string());
        }
        occurrence
    }

    pub(super) fn event(&self) -> Event {
        read(&self.get()).expect("the mailbox returns events").event
    }
}

fn answer(held: &Map<String, Value>) -> Map<String, Value> {
    let mut answer = held.clone();
    for (name, original) in [("start", "originalStartTimeZone"), ("end", "originalEndTimeZone")] {
        let given = held[name]["timeZone"].as_str().expect("a zone").to_owned();
        let at = held[name]["dateTime"].as_str().and_then(local).expect("a time");
        let rules = zones::iana(&given).and_then(|name| zone(&name)).expect("a known zone");
        let instant = at.to_zoned(rules).expect("in range").timestamp();
        let text = instant.strftime("%Y-%m-%dT%H:%M:%S.0000000").to_string();
        answer.insert(name.to_owned(), json!({"dateTime": text, "timeZone": "UTC"}));
        answer.insert(original.to_owned(), json!(given));
    }
    let content = held["body"]["content"].as_str().expect("a body");
    let content = if held["body"]["contentType"] == "text" {
        let escaped = content.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        escaped.replace('\n', "<br>")
    } else {
        content.to_owned()
    };
    let page = format!("<html><head><meta charset=\"utf-8\"></head><body>{content}</body></html>");
    answer.insert("body".to_owned(), json!({"contentType": "html", "content": page}));
    answer.entry("reminderMinutesBeforeStart").or_insert(json!(15));
    answer.insert("onlineMeeting".to_owned(), Value::Null);
    answer.insert("isCancelled".to_owned(), json!(false));
    answer
}
