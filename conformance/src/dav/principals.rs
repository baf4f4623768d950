//! Checks of the reports about principals (RFC 3744, section 9) and of expand-property (RFC 3253,
//! section 3.8).

use super::collection::supported_reports;
use super::context::Dav;
use crate::check::{Check, Stop, Verdict, expect, not_applicable, row, skip};
use crate::xml::{DAV, Element};

pub(super) fn checks() -> Vec<Check<Dav>> {
    vec![
        row! {
            Must, "principal.search", "principal-property-search finds the user by name",
            "RFC 3744 9.4", search
        },
        row! {
            Must, "principal.search-nobody", "and nobody by a name that nobody has",
            "RFC 3744 9.4", search_nobody
        },
        row! {
            Must, "principal.search-set",
            "principal-search-property-set names what can be searched", "RFC 3744 9.5", search_set
        },
        row! {
            Should, "principal.expand", "expand-property follows hrefs", "RFC 3253 3.8", expand
        },
    ]
}

/// The principal, if a report is announced there or at the start.
async fn principal<'a>(dav: &'a Dav, report: &str) -> Result<&'a str, Stop> {
    let Some(path) = dav.places.principal.as_deref() else {
        return skip("no principal was found: discovery.principal tells why");
    };
    for at in [path, dav.places.start.as_str()] {
        if supported_reports(dav, at).await?.iter().any(|found| found == report) {
            return Ok(path);
        }
    }
    not_applicable(format!("no `{report}` in DAV:supported-report-set of the principal"))
}

async fn found(dav: &Dav, path: &str, text: &str) -> Result<Vec<String>, Stop> {
    let body = format!(
        "<D:principal-property-search xmlns:D=\"DAV:\" test=\"anyof\"><D:property-search><D:prop>\
         <D:displayname/></D:prop><D:match>{}</D:match></D:property-search><D:prop><D:displayname/>\
         </D:prop><D:apply-to-principal-collection-set/></D:principal-property-search>",
        crate::xml::escape(text)
    );
    let found = dav.report(path, "0", &body).await?;
    Ok(found.hrefs().into_iter().map(str::to_owned).collect())
}

async fn search(dav: &Dav) -> Verdict {
    let path = principal(dav, "principal-property-search").await?;
    let name = dav.property(path, (DAV, "displayname")).await?;
    let name = name.map(|name| name.trimmed().to_owned()).unwrap_or_default();
    if name.is_empty() {
        return not_applicable("the principal has no DAV:displayname");
    }
    let found = found(dav, path, &name).await?;
    let holds = found.iter().any(|href| super::href::same(href, path));
    expect(holds, format!("{path} by {name:?}"), format!("{found:?}"))
}

async fn search_nobody(dav: &Dav) -> Verdict {
    let path = principal(dav, "principal-property-search").await?;
    let found = found(dav, path, &dav.fresh()).await?;
    expect(found.is_empty(), "nobody", format!("{found:?}"))
}

async fn search_set(dav: &Dav) -> Verdict {
    let path = principal(dav, "principal-search-property-set").await?;
    let body = "<D:principal-search-property-set xmlns:D=\"DAV:\"/>";
    let reply = dav.report_reply(path, "0", body).await?;
    reply.status("principal-search-property-set", &[200])?;
    let found = Element::parse(&reply.body).ok();
    let name = (DAV, "principal-search-property-set");
    expect(
        found.is_some_and(|found| found.is(name)),
        "DAV:principal-search-property-set",
        reply.text(),
    )
}

async fn expand(dav: &Dav) -> Verdict {
    let path = principal(dav, "expand-property").await?;
    let body = "<D:expand-property xmlns:D=\"DAV:\"><D:property name=\"current-user-principal\">\
                <D:property name=\"resourcetype\"/></D:property></D:expand-property>";
    let found = dav.report(path, "0", body).await?;
    let outer = found.of(path)?.property((DAV, "current-user-principal"));
    let holds = outer.is_some_and(|outer| outer.find((DAV, "principal")).is_some());
    expect(holds, "a response with the resource type within the property", format!("{outer:?}"))
}
