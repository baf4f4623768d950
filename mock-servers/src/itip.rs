//! The messages of protocols that store no iCalendar: the event before and after a change as
//! iCalendar, and of these what RFC 5546 puts into a message to one person. Whom the server tells of
//! what is the protocol's affair.

use calamity_evidence::Method;
use jiff::Timestamp;

use crate::dav::calendar::schedule::{self, Message, Sender};
use crate::dav::calendar::{CalendarObject, Stamp};
use crate::native::Host;
use crate::scheduling::{Draft, ItipText};
use crate::world::{SourceEvent, When, written_icalendar};

/// `PRODID` of what the servers write.
const PRODUCT: &str = "-//Calamity//Mock calendar//EN";

/// A change, ready to be told of.
#[derive(Debug)]
pub(crate) struct Told {
    before: Option<CalendarObject>,
    after: Option<CalendarObject>,
    owner: String,
    now: String,
}

impl Told {
    /// A change of an account's event.
    pub(crate) fn new(
        before: Option<SourceEvent>,
        after: Option<SourceEvent>,
        host: &Host,
        now: Timestamp,
    ) -> Self {
        let object = |event: Option<SourceEvent>| {
            CalendarObject::read(written_icalendar(&event?, &host.owner, now)).ok()
        };
        Self {
            before: object(before),
            after: object(after),
            owner: host.owner.clone(),
            now: now.strftime("%Y%m%dT%H%M%SZ").to_string(),
        }
    }

    /// The message that a draft stands for; none where the event does not name its recipient.
    pub(crate) fn letter(&self, draft: &Draft) -> Option<ItipText> {
        let sender = Sender { product: PRODUCT, now: &self.now };
        let about: Vec<Stamp> = draft.about.iter().map(stamp).collect();
        let (before, after) = (self.before.as_ref(), self.after.as_ref());
        let message: Message = match draft.method {
            Method::Request => schedule::invite(after?, &about, &draft.to, sender)?,
            Method::Cancel => schedule::call_off(before?, after, &about, &draft.to, sender)?,
            Method::Reply => {
                let owner = [self.owner.as_str()];
                schedule::reply(before, after, &owner, sender, usize::MAX).ok()??
            }
        };
        Some(ItipText { text: message.text, sequence: u64::from(message.sequence) })
    }
}

fn stamp(when: &When) -> Stamp {
    match when {
        When::Date(date) => Stamp::Date(*date),
        When::Floating(local) => Stamp::Floating(*local),
        When::Zoned(local, zone) if zone.is_utc() => Stamp::Utc(*local),
        When::Zoned(local, zone) => Stamp::Zoned(*local, zone.name().to_owned()),
    }
}

#[cfg(test)]
mod tests;
