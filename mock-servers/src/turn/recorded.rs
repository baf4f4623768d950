//! What a turn writes down: every attempt to write, done or refused, with the mails that it makes.

use std::sync::Arc;

use calamity_evidence::{Actor, Lineage, Mail, Refusal, Write, WriteOp, WriteResult, WriteSeq};

use super::Turn;
use crate::account::Item;
use crate::directory::Realm;
use crate::itip::Told;
use crate::operation::{Op, Target};
use crate::scheduling::Marker;

impl Turn<'_> {
    /// Records an attempt that was refused: by a fault, by a limit, by the state.
    pub(crate) fn refused(&mut self, op: Op, target: &Target, code: &str, detail: &str) {
        let Some(write) = op.write() else { return };
        let home = self.at.focus;
        self.look_where(op);
        let made = write == WriteOp::Create;
        let stored = if made { None } else { self.account().item(&target.id).cloned() };
        let brief = stored.as_deref().map(|item| self.native.brief(item, self.host()));
        let (title, attendees) = match brief {
            Some(brief) => (brief.title, brief.attendees.into_iter().collect()),
            None => (target.title.clone(), target.attendees.clone()),
        };
        let calendars = stored.as_ref().map_or(&target.calendars, |item| &item.calendars);
        let creates = matches!(write, WriteOp::Create | WriteOp::CreateContainer);
        let container = self.account().name_of_first(calendars);
        let entry = Write {
            seq: WriteSeq(0),
            at: self.at.now,
            server: self.at.side,
            actor: self.actor.clone(),
            op: write,
            container,
            item: if creates { String::new() } else { target.id.clone() },
            uid: stored.as_ref().map_or_else(|| target.uid.clone(), |item| item.uid.clone()),
            lineage: Lineage::find(&title),
            title: Lineage::strip(&title),
            attendees,
            content: stored.as_ref().map_or_else(String::new, |item| item.content()),
            result: WriteResult::Refused(Refusal {
                code: code.to_owned(),
                detail: detail.to_owned(),
            }),
        };
        self.at.focus = home;
        self.state.journal.write(entry);
    }

    pub(super) fn record(
        &mut self,
        op: WriteOp,
        before: Option<&Arc<Item>>,
        after: Option<&Arc<Item>>,
        marker: Marker,
    ) {
        let messages = self.messages.take();
        if !self.at.focus.realm.is_logged() {
            // Messages and notifications are no items of anybody's calendar.
            return;
        }
        if self.home != self.at.focus.user && marker != Marker::Never {
            self.notify(self.home, before, after);
        }
        let brief = |item: Option<&Arc<Item>>| {
            item.map(|item| self.native.brief(item, self.host())).unwrap_or_default()
        };
        let (old, new) = (brief(before), brief(after));
        let Some(item) = after.or(before) else { return };
        let title = if after.is_some() { &new.title } else { &old.title };
        let lineage = Lineage::find(&old.title).or_else(|| Lineage::find(&new.title));
        for token in [Lineage::find(&old.title), Lineage::find(&new.title)].into_iter().flatten() {
            self.state.lineages.entry(token).or_default().insert(item.uid.clone());
        }
        let cause = self.state.journal.write(Write {
            seq: WriteSeq(0),
            at: self.at.now,
            server: self.at.side,
            actor: self.actor.clone(),
            op,
            container: self.account().name_of_first(&item.calendars),
            item: item.id.clone(),
            uid: item.uid.clone(),
            lineage: lineage.clone(),
            title: Lineage::strip(title),
            attendees: old.attendees.union(&new.attendees).cloned().collect(),
            content: after.map_or_else(String::new, |item| item.content()),
            result: WriteResult::Applied,
        });
        let tells = self.host().profile.marker.tells(marker, self.native.tells_by_default());
        if self.actor == Actor::Seed || !tells || self.at.focus.realm == Realm::Contacts {
            return;
        }
        let (before, after) = (before.map(|item| &**item), after.map(|item| &**item));
        let drafts = messages
            .unwrap_or_else(|| self.native.schedule(before, after, self.host(), self.at.now));
        if drafts.is_empty() {
            return;
        }
        let source = |item: Option<&Item>| self.native.source(item?, self.host());
        let told = Told::new(source(before), source(after), self.host(), self.at.now);
        for draft in drafts {
            if draft.letter.is_some()
                && let Some(user) = self.at.directory.find(&draft.to)
            {
                self.deliver(&draft, user, &item.uid);
                continue;
            }
            self.pass_on(&draft, item, after.is_some());
            let letter = draft.letter.clone().or_else(|| told.letter(&draft));
            let sequence = letter.as_ref().map_or(item.sequence, |letter| letter.sequence);
            self.state.outbox.push(Mail {
                at: self.at.now,
                server: self.at.side,
                method: draft.method,
                from: self.host().owner.clone(),
                to: draft.to,
                uid: item.uid.clone(),
                lineage: lineage.clone(),
                title: Lineage::strip(title),
                sequence,
                cause,
                actor: self.actor.clone(),
                message: letter.map(|letter| letter.text).unwrap_or_default(),
            });
        }
    }

    pub(super) fn record_calendar(&mut self, op: WriteOp, id: &str, name: &str) {
        self.state.journal.write(Write {
            seq: WriteSeq(0),
            at: self.at.now,
            server: self.at.side,
            actor: self.actor.clone(),
            op,
            container: name.to_owned(),
            item: id.to_owned(),
            uid: String::new(),
            lineage: None,
            title: String::new(),
            attendees: Vec::new(),
            content: String::new(),
            result: WriteResult::Applied,
        });
    }
}
