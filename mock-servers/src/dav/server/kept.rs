//! Responses about objects in a multistatus, kept beside the objects, and whole listings of them, kept
//! beside the collection's account.
//!
//! The rule kept here: what is kept tells of nothing but the object itself, and of a listing nothing
//! but the account. A property that follows from anything else (locks, privileges) keeps both from it.

use std::sync::Arc;

use super::answer::{self, Outcome};
use super::faults::Row;
use super::props::{self, Data};
use super::resource::Resource;
use crate::account::{Form, Item};
use crate::dav::xml::names::{caldav, carddav, dav};
use crate::dav::xml::request::Properties;
use crate::dav::xml::{Detail, Multistatus, Name, Refusal, Response};
use crate::directory::Focus;
use crate::faults::Site;
use crate::turn::Turn;

/// Properties that follow from an object alone.
const OF_OBJECTS: [Name; 10] = [
    dav::RESOURCETYPE,
    dav::DISPLAYNAME,
    dav::CREATIONDATE,
    dav::GETCONTENTLENGTH,
    dav::GETCONTENTTYPE,
    dav::GETETAG,
    dav::GETLASTMODIFIED,
    caldav::SCHEDULE_TAG,
    caldav::CALENDAR_DATA,
    carddav::ADDRESS_DATA,
];

/// What is asked of each of many objects.
#[derive(Clone, Debug)]
pub(super) struct Wanted<'a> {
    properties: &'a Properties,
    data: &'a Data<'a>,
    detail: Detail,
    /// None where the responses cannot be kept.
    form: Option<Form>,
}

impl<'a> Wanted<'a> {
    /// What a request asks for, and how much is said.
    pub(super) fn new(properties: &'a Properties, data: &'a Data<'a>, detail: Detail) -> Self {
        let form = match properties {
            Properties::Listed(names)
                if data.is_fixed() && names.iter().all(|name| OF_OBJECTS.contains(name)) =>
            {
                Some(Form::of("response", &(names, data, detail)))
            }
            _ => None,
        };
        Self { properties, data, detail, form }
    }

    /// How much is said.
    pub(super) fn detail(&self) -> Detail {
        self.detail
    }

    /// The same of those objects only that fit a query; all that decides on it must be told by the
    /// `Debug` of the query. None where it decides otherwise from one object to the next.
    pub(super) fn of_those(mut self, query: Option<&dyn std::fmt::Debug>) -> Self {
        self.form = self.form.zip(query).map(|(form, query)| Form::of("query", &(form, query)));
        self
    }

    /// A listing of a collection that follows from its account, from what is asked of each object and
    /// from `more`: the one that was made before and still holds, or one that is made.
    ///
    /// # Errors
    /// Those of making it.
    pub(super) fn listed(
        &self,
        turn: &mut Turn<'_>,
        resource: &Resource,
        more: &dyn std::fmt::Debug,
        make: impl FnOnce(&mut Turn<'_>) -> Outcome,
    ) -> Outcome {
        let faulted = turn.is_asked(Site::Feed) || turn.is_asked(Site::Item);
        let (Resource::Collection(focus, calendar), Some(form), false) =
            (resource, self.form, faulted)
        else {
            return make(turn);
        };
        let form = Form::of("listing", &(form, &calendar.id, more));
        if let Some(kept) = turn.account_of(*focus).pages().get(form) {
            turn.turn_to(*focus);
            return Ok(answer::multistatus_again(kept));
        }
        let reply = make(turn)?;
        turn.account_of(*focus).pages().keep(form, reply.body());
        Ok(reply)
    }

    /// Whether an object is known to fit or not to fit.
    pub(super) fn fits(&self, item: &Item) -> Option<bool> {
        item.rendered.get(self.form?).map(|text| !text.is_empty())
    }

    /// Keeps in mind that an object does not fit.
    pub(super) fn passed_over(&self, item: &Item) {
        if let Some(form) = self.form {
            item.rendered.keep(form, "");
        }
    }

    /// Adds the response about an object of a collection.
    ///
    /// # Errors
    /// See [`props::propstats`].
    pub(super) fn respond_about(
        &self,
        turn: &Turn<'_>,
        focus: Focus,
        item: &Arc<Item>,
        all: &mut Multistatus,
    ) -> Result<(), Refusal> {
        match self.form.and_then(|form| item.rendered.get(form)) {
            Some(text) => {
                all.check_size()?;
                all.respond_again(text);
            }
            None => self.respond(turn, &Resource::Object(focus, Arc::clone(item)), all)?,
        }
        Ok(())
    }

    /// Adds the response about a resource.
    ///
    /// # Errors
    /// See [`props::propstats`].
    pub(super) fn respond(
        &self,
        turn: &Turn<'_>,
        resource: &Resource,
        all: &mut Multistatus,
    ) -> Result<(), Refusal> {
        all.check_size()?;
        let kept = match (resource, self.form) {
            (Resource::Object(_, item), Some(form)) => Some((item, form)),
            _ => None,
        };
        if let Some((item, form)) = kept
            && let Some(text) = item.rendered.get(form)
        {
            all.respond_again(text);
            return Ok(());
        }
        let stats = props::propstats(turn, resource, self.properties, self.data)?;
        let href = resource.place(turn).href();
        let text = all.written(&Response::properties(href, stats));
        if let Some((item, form)) = kept {
            item.rendered.keep(form, text);
        }
        Ok(())
    }

    /// The same with what a fault makes of it.
    ///
    /// # Errors
    /// See [`props::propstats`].
    pub(super) fn respond_row(
        &self,
        turn: &Turn<'_>,
        resource: &Resource,
        row: &Row,
        all: &mut Multistatus,
    ) -> Result<(), Refusal> {
        if row.is_whole() {
            return self.respond(turn, resource, all);
        }
        let href = resource.place(turn).href();
        if let Some(refused) = row.refused.clone() {
            all.respond(&Response::refused(href, refused));
            return Ok(());
        }
        let mut stats = props::propstats(turn, resource, self.properties, self.data)?;
        row.change(&mut stats);
        all.respond(&Response::properties(href, stats));
        Ok(())
    }

    /// Adds the response about a resource under a name of its own.
    ///
    /// # Errors
    /// See [`props::propstats`].
    pub(super) fn respond_as(
        &self,
        turn: &Turn<'_>,
        resource: &Resource,
        href: String,
        all: &mut Multistatus,
    ) -> Result<(), Refusal> {
        let stats = props::propstats(turn, resource, self.properties, self.data)?;
        all.respond(&Response::properties(href, stats));
        Ok(())
    }
}
