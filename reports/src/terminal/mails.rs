//! The people who would have been mailed, grouped by event.

use std::collections::{BTreeMap, BTreeSet};

use calamity_evidence::{Mail, Method, Side, Violation};

use super::{
    page::Page,
    style::Ink,
    text::{self, cell, count, cut, len, number, pad, plain, sentence, widest},
    writes::cause,
};

/// The most columns for an event's title.
const TITLES_MAX: usize = 32;
/// The most columns for what caused a mail.
const CAUSES_MAX: usize = 24;

/// Lists who would have been mailed, and what about.
pub(super) fn list(page: &mut Page, violation: &Violation) {
    if violation.mails.is_empty() {
        return;
    }
    page.gap();
    page.painted(2, Ink::Strong, "", &heading(violation));
    let events = events(&violation.mails);
    // A third of the line for the title leaves the rest to the people.
    let columns = Columns::of(&events, (page.to.width / 3).min(TITLES_MAX));
    for event in events.iter().take(page.to.rows) {
        let row = columns.row(event);
        let people: Vec<String> = event.people.iter().map(|person| plain(person)).collect();
        let room = page.room(3).saturating_sub(text::width(&row));
        page.line(3, &format!("{row}{}", text::list(&people, room)));
    }
    if let more @ 1.. = events.len().saturating_sub(page.to.rows) {
        page.line(3, &page.to.paint(Ink::Faint, &format!("and {more} more")));
    }
    page.gap();
}

/// `34 people would have been mailed: 40 cancellations from a about 10 events`.
fn heading(violation: &Violation) -> String {
    let mails = &violation.mails;
    let people: BTreeSet<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
    let events: BTreeSet<(Side, &str)> =
        mails.iter().map(|mail| (mail.server, mail.uid.as_str())).collect();
    let people = count(size(people.len()), "person", "people");
    let messages =
        format!("{} about {}", messages(mails), count(size(events.len()), "event", "events"));
    if violation.mails_total > len(mails) {
        let total = number(violation.mails_total);
        return format!(
            "at least {people} would have been mailed: {total} messages; kept here are {messages}"
        );
    }
    format!("{people} would have been mailed: {messages}")
}

/// `40 cancellations from a and 3 invitations from b`, the most first.
fn messages(mails: &[Mail]) -> String {
    let mut kinds: BTreeMap<(Method, Side), u64> = BTreeMap::new();
    for mail in mails {
        *kinds.entry((mail.method, mail.server)).or_default() += 1;
    }
    let mut kinds: Vec<((Method, Side), u64)> = kinds.into_iter().collect();
    kinds.sort_by_key(|&(_, mails)| std::cmp::Reverse(mails));
    let kinds: Vec<String> = kinds
        .into_iter()
        .map(|((method, server), mails)| {
            format!("{} from {server}", count(mails, one(method), many(method)))
        })
        .collect();
    sentence(&kinds)
}

fn size(set: usize) -> u64 {
    u64::try_from(set).unwrap_or(u64::MAX)
}

/// The widths of the columns before the people.
#[derive(Clone, Copy, Debug)]
struct Columns {
    /// None where one kind of mail makes the column idle.
    kind: Option<usize>,
    cause: usize,
    title: usize,
    people: usize,
}

impl Columns {
    fn of(events: &[Event<'_>], titles_max: usize) -> Self {
        let widest_of = |text: fn(&Event<'_>) -> String, most: usize| {
            let texts: Vec<String> = events.iter().map(text).collect();
            widest(texts.iter().map(String::as_str), most)
        };
        let kinds: BTreeSet<String> = events.iter().map(Event::kind).collect();
        Self {
            kind: (kinds.len() > 1).then(|| widest_of(|event| event.kind(), usize::MAX)),
            cause: widest_of(|event| event.cause(), CAUSES_MAX),
            title: widest_of(|event| plain(event.title()), titles_max),
            people: widest_of(|event| event.size(), usize::MAX),
        }
    }

    fn row(self, event: &Event<'_>) -> String {
        let kind = match self.kind {
            Some(columns) => format!("{}  ", pad(&event.kind(), columns)),
            None => String::new(),
        };
        let cause = pad(&cut(&event.cause(), self.cause), self.cause);
        let title = cell(event.title(), self.title);
        format!("{kind}{cause}  {title}  {}: ", pad(&event.size(), self.people))
    }
}

fn one(method: Method) -> &'static str {
    match method {
        Method::Request => "invitation",
        Method::Cancel => "cancellation",
        Method::Reply => "reply",
    }
}

fn many(method: Method) -> &'static str {
    match method {
        Method::Request => "invitations",
        Method::Cancel => "cancellations",
        Method::Reply => "replies",
    }
}

/// Mails of one kind about one event, for one reason.
#[derive(Clone, Debug)]
struct Event<'m> {
    first: &'m Mail,
    people: BTreeSet<&'m str>,
}

impl<'m> Event<'m> {
    fn title(&self) -> &'m str {
        if self.first.title.is_empty() { &self.first.uid } else { &self.first.title }
    }

    fn kind(&self) -> String {
        format!("{} from {}", one(self.first.method), self.first.server)
    }

    fn size(&self) -> String {
        count(size(self.people.len()), "person", "people")
    }

    fn cause(&self) -> String {
        cause(&self.first.actor)
    }

    fn is_of(&self, mail: &Mail) -> bool {
        let Mail { server, method, uid, actor, .. } = self.first;
        (server, method, uid, actor) == (&mail.server, &mail.method, &mail.uid, &mail.actor)
    }
}

fn events(mails: &[Mail]) -> Vec<Event<'_>> {
    let mut events: Vec<Event<'_>> = Vec::new();
    for mail in mails {
        match events.iter_mut().find(|event| event.is_of(mail)) {
            Some(event) => {
                event.people.insert(&mail.to);
            }
            None => events.push(Event { first: mail, people: BTreeSet::from([mail.to.as_str()]) }),
        }
    }
    events
}
