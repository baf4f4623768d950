//! Where a turn asks the faults, and what it makes of their answers. What concerns the exchange as a
//! whole is gathered in [`Wanted`]; the place that asked gets a [`Verdict`].

use std::collections::BTreeSet;

use calamity_evidence::{Actor, WriteOp};
use http::Uri;
use jiff::Timestamp;

use super::{Turn, Verdict};
use crate::account::Item;
use crate::directory::Realm;
use crate::faults::{Damage, Effect, ErrorEffect, Known, Probe, Race, Reach, Site, TokenEffect};
use crate::native::Reply;
use crate::operation::{Op, Operation, Target};
use crate::scheduling::Marker;
use crate::server::Protocol;

impl Turn<'_> {
    /// Whether anything is armed at a site: where nothing is, nobody needs to know who would be asked
    /// about.
    pub(crate) fn is_asked(&self, site: Site) -> bool {
        self.state.faults.any_at(site)
    }

    /// Asks about one item that is about to be written or read. Before anything of it is applied.
    pub(crate) fn fault_item(&mut self, op: Op, target: &Target) -> Verdict {
        if let Some(error) = self.over_quota(op) {
            return Verdict::Error(error);
        }
        self.fault_one(Site::Item, op, Reach::All, target)
    }

    /// Asks about a call that reads, as a whole: an error, a delay, a broken connection.
    pub(crate) fn fault_call(&mut self, op: Op, targets: &[Target]) -> Verdict {
        if !self.state.faults.any_at(Site::Item) {
            return Verdict::Pass;
        }
        let known: Vec<Known> = targets.iter().map(|target| self.known(op, target)).collect();
        let reach = Reach::Page { token: false };
        self.ask(Site::Item, op, reach, &known, &BTreeSet::new())
    }

    /// Asks about one object that is being read: `Pass`, `Omit`, `Patch` or `Stop`.
    pub(crate) fn fault_read(&mut self, op: Op, target: &Target) -> Verdict {
        self.fault_one(Site::Item, op, Reach::Row, target)
    }

    /// Asks about a page of a feed or listing as a whole. `calendars` are the ids that it is limited
    /// to, `token` whether the request carried a token.
    pub(crate) fn fault_page(
        &mut self,
        op: Op,
        calendars: &BTreeSet<String>,
        token: bool,
    ) -> Verdict {
        if !self.state.faults.any_at(Site::Feed) {
            return Verdict::Pass;
        }
        let names = self.names(calendars);
        self.ask(Site::Feed, op, Reach::Page { token }, &[], &names)
    }

    /// Asks about one row of a page: `Pass`, `Omit`, `Patch` or `Stop`.
    pub(crate) fn fault_row(&mut self, op: Op, target: &Target) -> Verdict {
        self.fault_one(Site::Feed, op, Reach::Row, target)
    }

    /// Asks about one row that is nothing but an id: `Pass`, `Omit` or `Stop`.
    pub(crate) fn fault_id(&mut self, op: Op, target: &Target) -> Verdict {
        self.fault_one(Site::Feed, op, Reach::Id, target)
    }

    fn fault_one(&mut self, site: Site, op: Op, reach: Reach, target: &Target) -> Verdict {
        if !self.state.faults.any_at(site) {
            return Verdict::Pass;
        }
        let mut known = self.known(op, target);
        let asked = self.asked.entry((site, op)).or_insert(0);
        known.index = *asked;
        *asked += 1;
        let calendars = known.calendars.clone();
        self.ask(site, op, reach, &[known], &calendars)
    }

    /// Why one more item cannot be stored, in the words of the protocol: the account is full.
    fn over_quota(&mut self, op: Op) -> Option<ErrorEffect> {
        let most = self.state.items_max?;
        if op.write() != Some(WriteOp::Create) {
            return None;
        }
        let stored = self.account().items().len();
        let (before, granted) = self.grants.get_or_insert((stored, 0));
        if *before + *granted < most {
            *granted += 1;
            return None;
        }
        let code = match self.at.protocol {
            Protocol::Jmap => "overQuota",
            Protocol::Graph => "ErrorQuotaExceeded",
            Protocol::Dav => "quota-not-exceeded",
        };
        Some(ErrorEffect { code: code.to_owned(), ..ErrorEffect::default() })
    }

    /// Whether the exchange is broken off, so that nothing more may be applied.
    pub(crate) fn abort_now(&self) -> bool {
        self.abort.is_some_and(|abort| abort.cut(0).is_none())
    }

    /// Asks about a request before anything of it is applied, for one of its operations (core
    /// only). `reads` says whether nothing but reading is asked for by any of them.
    pub(crate) fn fault_request(&mut self, operation: &Operation, reads: bool) -> Verdict {
        let changes = matches!(operation.op.write(), Some(WriteOp::Update | WriteOp::Delete));
        let account = self.account();
        let writes = changes && operation.targets.iter().any(|it| account.item(&it.id).is_some());
        self.fault_whole(Site::Request, operation, Reach::Request { reads, writes })
    }

    /// Asks about an exchange below HTTP or about its answer, for one of its operations (core only).
    pub(crate) fn fault_exchange(&mut self, site: Site, operation: &Operation) -> Verdict {
        self.fault_whole(site, operation, Reach::All)
    }

    /// A rule answers once.
    fn fault_whole(&mut self, site: Site, operation: &Operation, reach: Reach) -> Verdict {
        if !self.state.faults.any_at(site) {
            return Verdict::Pass;
        }
        let home = self.at.focus;
        self.look_where(operation.op);
        let known = |(index, target): (usize, &Target)| Known {
            index: index as u64,
            ..self.known(operation.op, target)
        };
        let known: Vec<Known> = operation.targets.iter().enumerate().map(known).collect();
        let names = self.names(&operation.calendars);
        let verdict = self.ask(site, operation.op, reach, &known, &names);
        self.at.focus = home;
        verdict
    }

    /// Does to the page with which one part of an envelope is answered what faults asked for; the
    /// part's own target stands in the place of the envelope's.
    pub(crate) fn damage_part(&mut self, reply: &mut Reply, target: &Uri) {
        let own = self.call;
        let (own, others) =
            std::mem::take(&mut self.wanted.damages).into_iter().partition(|it| it.is_of_page(own));
        self.wanted.damages = others;
        let own: Vec<Damage> = own;
        let asker = self.asker.as_deref().map(|asker| asker.of_part(target));
        for damage in own {
            damage.apply(reply, self.at.protocol, asker.as_ref(), self.state.faults.seed());
        }
    }

    /// One request may be about contacts and about events.
    pub(super) fn look_where(&mut self, op: Op) {
        if op.is_of_contacts() {
            self.at.focus.realm = Realm::Contacts;
        }
    }

    fn ask(
        &mut self,
        site: Site,
        op: Op,
        reach: Reach,
        items: &[Known],
        calendars: &BTreeSet<String>,
    ) -> Verdict {
        let Actor::Client(request) = self.actor else { return Verdict::Pass };
        if self.abort_now() {
            return Verdict::Stop;
        }
        let (now, spent) = (self.at.now, &self.spent);
        let age = |at: Timestamp| (now.as_nanosecond() - at.as_nanosecond()) / 1_000_000;
        let made_at = self.token_at.and_then(|at| self.account().changes().made_at(at));
        let probe = Probe {
            site,
            op: op.within(self.at.focus.realm),
            reach,
            items,
            calendars,
            request,
            now,
            spent,
            protocol: self.at.protocol,
            asker: self.asker.as_deref(),
            stored: self.account().items().len(),
            token_age_ms: made_at.and_then(|at| u64::try_from(age(at)).ok()),
        };
        let met = self.state.faults.ask(&probe);
        if !matches!(site, Site::Item | Site::Feed) {
            self.spent.extend(met.fired.iter().cloned());
        }
        self.wanted.delay += met.delay;
        self.wanted.holds.extend(met.holds.iter().cloned());
        match met.effect {
            None => Verdict::Pass,
            Some(Effect::Race(race)) => {
                let all = || items.iter().map(|known| known.id.clone()).collect();
                let ids: Vec<String> = met.item.map_or_else(all, |id| vec![id]);
                self.race(met.fired.last().map_or("", String::as_str), &race, &ids);
                Verdict::Pass
            }
            Some(effect) => self.verdict(site, effect),
        }
    }

    fn verdict(&mut self, site: Site, effect: Effect) -> Verdict {
        let wanted = &mut self.wanted;
        match effect {
            Effect::Abort(abort) => {
                self.abort = Some(abort);
                // An answer that breaks off in its body must first be made.
                return if abort.cut(0).is_some() { Verdict::Pass } else { Verdict::Stop };
            }
            Effect::Error(error) => {
                if error.has_headers() {
                    wanted.damages.push(Damage::Headers(error.clone()));
                }
                return Verdict::Error(error);
            }
            Effect::Omit => return Verdict::Omit,
            Effect::Empty => return Verdict::Empty,
            Effect::Cut { keep } => return Verdict::Cut(keep),
            Effect::Token(token @ (TokenEffect::Expire | TokenEffect::Rewind)) => {
                return Verdict::Token(token);
            }
            Effect::Patch(patch) => {
                if site == Site::Item && patch.is_of_answer() {
                    wanted.damages.push(Damage::Patch(patch.clone()));
                }
                return Verdict::Patch(patch);
            }
            Effect::Token(token) => wanted.damages.push(Damage::Token(self.call, token)),
            Effect::Sequence(parts) if site == Site::Response => {
                wanted.damages.push(Damage::Parts(parts));
            }
            Effect::Sequence(rows) => wanted.damages.push(Damage::Rows(self.call, rows)),
            Effect::Stale { lag_ms } => wanted.lag_ms = Some(lag_ms),
            Effect::Throttle { .. } | Effect::Dribble { .. } => wanted.pace = Some(effect),
            // These wait or act where they are met.
            Effect::Delay { .. }
            | Effect::DelayUniform { .. }
            | Effect::DelayLognormal { .. }
            | Effect::Race(_) => {}
        }
        Verdict::Pass
    }

    /// Somebody else is faster: a user's act in the server's own interface.
    fn race(&mut self, rule: &str, race: &Race, ids: &[String]) {
        let client = std::mem::replace(&mut self.actor, Actor::User(rule.to_owned()));
        for id in ids {
            let Some(found) = self.account().item(id).cloned() else { continue };
            match race {
                Race::Delete => {
                    self.delete(id, Marker::Send);
                }
                Race::Edit(edit) => {
                    let mut item = Item::clone(&found);
                    if self.native.edit(&mut item, edit, self.host(), self.at.now).is_ok() {
                        self.update(id, Marker::Send, |stored| *stored = item);
                    }
                }
            }
        }
        self.actor = client;
    }

    fn names(&self, calendars: &BTreeSet<String>) -> BTreeSet<String> {
        let name = |id: &String| self.account().calendar(id).map(|found| found.name.clone());
        calendars.iter().filter_map(name).collect()
    }

    fn known(&self, op: Op, target: &Target) -> Known {
        let made = op.write() == Some(WriteOp::Create);
        let stored = if made { None } else { self.account().item(&target.id) };
        let Some(item) = stored else {
            return Known {
                id: target.id.clone(),
                uid: target.uid.clone(),
                title: target.title.clone(),
                calendars: self.names(&target.calendars),
                attendees: target.attendees.len(),
                index: 0,
            };
        };
        let brief = self.native.brief(item, self.host());
        Known {
            id: target.id.clone(),
            uid: item.uid.clone(),
            title: brief.title,
            calendars: self.names(&item.calendars),
            attendees: brief.attendees.len(),
            index: 0,
        }
    }
}
