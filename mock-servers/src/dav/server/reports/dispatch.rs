//! REPORT: which report a request asks for, and whether the server has it there.

use http::StatusCode;

use super::super::answer::{Outcome, multistatus};
use super::super::call::{Call, Depth};
use super::super::props;
use super::super::resource;
use crate::dav::xml::names::dav;
use crate::dav::xml::request::{Report, RequestError};
use crate::dav::xml::{Element, Multistatus, Name, Refusal};
use crate::profiles::{Answers, DavQuirks};
use crate::turn::Turn;

use super::{expand_property, free_busy, multiget, principals, query, sync};

/// Answers.
pub(in super::super) fn report(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    let root = call.xml()?.ok_or_else(|| Refusal::plain(StatusCode::BAD_REQUEST))?;
    let report = Report::read(root).map_err(|error| match error {
        RequestError::UnknownReport { .. } => unsupported(&turn.host().profile.dav),
        error => error.refusal(),
    })?;
    let resource = resource::find(turn, call.place())?;
    if answers_nothing(&turn.host().profile.dav, &root.name) {
        return Ok(multistatus(Multistatus::new()));
    }
    if !props::reports(turn, &resource).contains(&root.name) {
        return Err(unsupported(&turn.host().profile.dav));
    }
    let flat = [
        dav::ACL_PRINCIPAL_PROP_SET,
        dav::PRINCIPAL_MATCH,
        dav::PRINCIPAL_PROPERTY_SEARCH,
        dav::PRINCIPAL_SEARCH_PROPERTY_SET,
    ];
    if flat.contains(&root.name) && call.depth()?.is_some_and(|depth| depth != Depth::Zero) {
        // RFC 3744 sections 9.2 to 9.5 define them with Depth: 0 alone.
        return Err(Refusal::plain(StatusCode::BAD_REQUEST));
    }
    match report {
        Report::CalendarMultiget(asked) => {
            multiget::multiget(turn, call, &asked.asked, &asked.hrefs)
        }
        Report::AddressbookMultiget(asked) => {
            multiget::multiget(turn, call, &asked.asked, &asked.hrefs)
        }
        Report::CalendarQuery(asked) => query::calendar(turn, call, &resource, &asked),
        Report::AddressbookQuery(asked) => query::cards(turn, call, &resource, &asked),
        Report::SyncCollection(asked) => sync::sync(turn, call, &resource, &asked),
        Report::FreeBusyQuery(asked) => free_busy::query(turn, call, &resource, &asked),
        Report::ExpandProperty(asked) => expand_property::expand(turn, &resource, &asked),
        Report::PrincipalMatch(asked) => principals::matching(turn, &resource, &asked),
        Report::PrincipalPropertySearch(asked) => principals::search(turn, &asked),
        Report::PrincipalSearchPropertySet(_) => Ok(principals::searchable()),
        Report::AclPrincipalPropSet(_) => Err(Refusal::forbidden(&dav::SUPPORTED_REPORT)),
    }
}

/// The answer to a report that is not there (RFC 3253 section 3.6).
pub(super) fn unsupported(quirks: &DavQuirks) -> Refusal {
    let not_media = quirks.unsupported_is_415.it().then_some(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let status = not_media.unwrap_or(StatusCode::FORBIDDEN);
    Refusal::with(status, Element::new(dav::SUPPORTED_REPORT))
}

/// Whether the server does as if it had the report.
fn answers_nothing(quirks: &DavQuirks, report: &Name) -> bool {
    let answers = if *report == dav::EXPAND_PROPERTY {
        quirks.expand_property
    } else if [dav::PRINCIPAL_PROPERTY_SEARCH, dav::PRINCIPAL_SEARCH_PROPERTY_SET].contains(report)
    {
        quirks.principal_searches
    } else {
        Answers::Truly
    };
    answers == Answers::Nothing
}
