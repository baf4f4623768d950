//! Checks of REPORT (RFC 3253, section 3.6) and of what is common to queries; and the queries that
//! other checks make.

use super::context::{Dav, Kind, XML};
use super::multistatus::Multistatus;
use crate::check::{Check, Stop, Verdict, expect, row, same};
use crate::client::{Ask, Reply};
use crate::xml::DAV;

pub(super) fn checks(kind: Kind) -> Vec<Check<Dav>> {
    let mut checks = vec![
        row! {
            Must, "report.unknown", "a report that it does not know is refused", "RFC 3253 3.6",
            unknown
        },
        row! {
            Must, "report.malformed", "XML that is none is refused with 400", "RFC 4918 8.2",
            malformed
        },
        row! {
            Must, "report.missing", "what is not there has the status 404", "RFC 3253 3.6",
            missing
        },
    ];
    checks.extend(match kind {
        Kind::Calendar => [
            row! { Must, "query.all", "a query for all finds all", "RFC 4791 7.8", all },
            row! {
                Must, "query.empty", "a query in an empty collection finds nothing",
                "RFC 4791 7.8", empty
            },
            row! { Must, "query.etag", "a query gives the ETags of GET", "RFC 4791 7.8", etag },
            row! { Must, "query.data", "a query gives whole objects", "RFC 4791 9.6", data },
            row! {
                Must, "query.depth-0", "a query with depth 0 looks at no members", "RFC 4791 7.8",
                depth_0
            },
            row! {
                Must, "query.unknown", "an unknown property has the status 404", "RFC 4791 7.8",
                unknown_property
            },
            row! {
                Must, "query.after-delete", "what was deleted is not found", "RFC 4791 7.8",
                after_delete
            },
        ],
        Kind::Contacts => [
            row! { Must, "query.all", "a query for all finds all", "RFC 6352 8.6", all },
            row! {
                Must, "query.empty", "a query in an empty collection finds nothing",
                "RFC 6352 8.6", empty
            },
            row! { Must, "query.etag", "a query gives the ETags of GET", "RFC 6352 8.6", etag },
            row! { Must, "query.data", "a query gives whole objects", "RFC 6352 10.4", data },
            row! {
                Must, "query.depth-0", "a query with depth 0 looks at no members", "RFC 6352 8.6",
                depth_0
            },
            row! {
                Must, "query.unknown", "an unknown property has the status 404", "RFC 6352 8.6",
                unknown_property
            },
            row! {
                Must, "query.after-delete", "what was deleted is not found", "RFC 6352 8.6",
                after_delete
            },
        ],
    });
    checks
}

/// The body of a query: the properties that it asks for, and its filter with what follows.
pub(super) fn query_xml(kind: Kind, properties: &str, rest: &str) -> String {
    let name = match kind {
        Kind::Calendar => "calendar-query",
        Kind::Contacts => "addressbook-query",
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><C:{name} xmlns:D=\"DAV:\" xmlns:C=\"{}\">\
         <D:prop>{properties}</D:prop>{rest}</C:{name}>",
        kind.namespace()
    )
}

/// The filter that every object of the kind passes.
pub(super) fn everything(kind: Kind) -> &'static str {
    match kind {
        Kind::Calendar => "<C:filter><C:comp-filter name=\"VCALENDAR\"/></C:filter>",
        Kind::Contacts => "<C:filter><C:prop-filter name=\"FN\"/></C:filter>",
    }
}

/// Queries the members of a collection.
pub(super) async fn query(
    dav: &Dav,
    at: &str,
    properties: &str,
    rest: &str,
) -> Result<Multistatus, Stop> {
    dav.report(at, "1", &query_xml(dav.kind, properties, rest)).await
}

/// What a query finds: names without their extension, sorted.
pub(super) async fn selected(dav: &Dav, at: &str, rest: &str) -> Result<Vec<String>, Stop> {
    let found = query(dav, at, "<D:getetag/>", rest).await?;
    let end = format!(".{}", dav.kind.extension());
    let names = found.names().into_iter();
    Ok(names.map(|name| name.trim_end_matches(&end).to_owned()).collect())
}

async fn report(dav: &Dav, path: &str, body: &str) -> Result<Reply, Stop> {
    let ask = Ask::new("REPORT", path).header("depth", "1");
    Ok(dav.client.send(ask.body(XML, body.to_owned())).await?)
}

async fn unknown(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let reply = report(dav, &at, "<x:unheard-of xmlns:x=\"urn:calamity:conform\"/>").await?;
    // RFC 3253: 403 or 409 with DAV:supported-report. Others say 400, 415, 422 or 501.
    let holds = (400..500).contains(&reply.status) || reply.status == 501;
    expect(holds, "a refusal", format!("status {}", reply.status))
}

async fn malformed(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let body = query_xml(dav.kind, "<D:getetag/>", everything(dav.kind));
    let reply = report(dav, &at, &body[..body.len() - 12]).await?;
    reply.status("half a report", &[400])
}

async fn missing(dav: &Dav) -> Verdict {
    let at = dav.new_path()?;
    let body = query_xml(dav.kind, "<D:getetag/>", everything(dav.kind));
    report(dav, &at, &body).await?.status("a report about nothing", &[404])
}

async fn all(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    for name in ["one", "two"] {
        dav.store_sample(&at, name).await?;
    }
    same(
        "found",
        &selected(dav, &at, everything(dav.kind)).await?,
        &vec!["one".to_owned(), "two".to_owned()],
    )
}

async fn empty(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    same("found", &selected(dav, &at, everything(dav.kind)).await?, &Vec::new())
}

async fn etag(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let path = dav.store_sample(&at, "one").await?;
    let found = query(dav, &at, "<D:getetag/>", everything(dav.kind)).await?;
    let found = found.of(&path)?.property((DAV, "getetag")).map(|etag| etag.trimmed().to_owned());
    same("getetag", &found, &Some(dav.etag(&path).await?))
}

async fn data(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let path = dav.store_sample(&at, "one").await?;
    let property = format!("<C:{}/>", dav.kind.data().1);
    let found = query(dav, &at, &property, everything(dav.kind)).await?;
    let found = found.of(&path)?.property(dav.kind.data()).map(|data| flat(&data.text));
    same(dav.kind.data().1, &found, &Some(flat(&dav.get(&path).await?.text())))
}

/// An object as it is compared in XML: a parser makes one line feed of each line end (XML 1.0,
/// section 2.11).
pub(super) fn flat(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end().to_owned()
}

async fn depth_0(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    dav.store_sample(&at, "one").await?;
    let body = query_xml(dav.kind, "<D:getetag/>", everything(dav.kind));
    let found = dav.report(&at, "0", &body).await?;
    expect(found.responses.is_empty(), "no object", format!("{:?}", found.hrefs()))
}

async fn unknown_property(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let path = dav.store_sample(&at, "one").await?;
    let unknown = "<D:getetag/><x:unheard-of xmlns:x=\"urn:calamity:conform\"/>";
    let found = query(dav, &at, unknown, everything(dav.kind)).await?;
    let found = found.of(&path)?.status_of(("urn:calamity:conform", "unheard-of"));
    same("status of an unknown property", &found, &Some(404))
}

async fn after_delete(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let one = dav.store_sample(&at, "one").await?;
    dav.store_sample(&at, "two").await?;
    selected(dav, &at, everything(dav.kind)).await?;
    dav.delete(&one).await?.success("DELETE")?;
    same("found", &selected(dav, &at, everything(dav.kind)).await?, &vec!["two".to_owned()])
}
