//! Checks of PROPFIND (RFC 4918, section 9.1).

use bytes::Bytes;

use super::context::{Dav, XML};
use super::href;
use super::multistatus::Multistatus;
use crate::check::{Check, Stop, Verdict, expect, fail, row, same};
use crate::client::Ask;
use crate::xml::{DAV, Name};

pub(super) fn checks() -> Vec<Check<Dav>> {
    vec![
        row! {
            Must, "propfind.depth-0", "depth 0 answers for the resource alone", "RFC 4918 9.1",
            depth_0
        },
        row! {
            Must, "propfind.depth-1", "depth 1 answers for the members too", "RFC 4918 9.1",
            depth_1
        },
        row! {
            Must, "propfind.infinite", "infinite depth is answered or refused as such",
            "RFC 4918 9.1", infinite
        },
        row! {
            Must, "propfind.unknown", "an unknown property has the status 404", "RFC 4918 9.1.2",
            unknown
        },
        row! {
            Must, "propfind.allprop", "allprop names the live properties of RFC 4918",
            "RFC 4918 9.1.5", allprop
        },
        row! {
            Must, "propfind.empty", "without a body it means allprop", "RFC 4918 9.1", empty_body
        },
        row! {
            Must, "propfind.propname", "propname names properties without values",
            "RFC 4918 9.1.4", propname
        },
        row! {
            Must, "propfind.include", "allprop includes what is asked for besides",
            "RFC 4918 9.1.6", include
        },
        row! {
            Should, "propfind.missing", "what is not there has the status 404", "RFC 4918 9.1",
            missing
        },
        row! {
            Must, "propfind.malformed", "XML that is none is refused with 400", "RFC 4918 8.2",
            malformed
        },
        row! {
            Should, "propfind.wrong-root", "a root element that it does not know is refused",
            "RFC 4918 9.1", wrong_root
        },
        row! {
            Must, "propfind.object", "an object's type, length and ETag are those of GET",
            "RFC 4918 15", object
        },
        row! {
            Must, "propfind.modified", "the time of the last change is an HTTP date",
            "RFC 4918 15.7", modified
        },
        row! {
            Should, "propfind.slash", "hrefs of collections end in a slash", "RFC 4918 5.2", slash
        },
        row! {
            Should, "propfind.entity", "an entity from a document type is not resolved",
            "RFC 4918 20.6", entity
        },
    ]
}

async fn depth_0(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    dav.store_sample(&at, "one").await?;
    let found = dav.propfind(&at, "0", &[(DAV, "resourcetype")]).await?;
    found.of(&at)?;
    expect(found.responses.len() == 1, "one response", format!("{:?}", found.hrefs()))
}

async fn depth_1(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let (one, two) = (dav.store_sample(&at, "one").await?, dav.store_sample(&at, "two").await?);
    let found = dav.propfind(&at, "1", &[(DAV, "getetag")]).await?;
    for path in [&at, &one, &two] {
        found.of(path)?;
    }
    expect(found.responses.len() == 3, "three responses", format!("{:?}", found.hrefs()))
}

async fn infinite(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let one = dav.store_sample(&at, "one").await?;
    let body = super::context::properties_xml(&[(DAV, "resourcetype")]);
    let ask = Ask::new("PROPFIND", &at).header("depth", "infinity").body(XML, body);
    let reply = dav.client.send(ask).await?;
    if reply.status == 403 {
        let named = reply.text().contains("propfind-finite-depth");
        return expect(named, "DAV:propfind-finite-depth with 403", reply.text());
    }
    Multistatus::read(&reply)?.of(&one).map(drop)
}

async fn unknown(dav: &Dav) -> Verdict {
    let name: Name = ("urn:calamity:conform", "unheard-of");
    let at = dav.collection().await?;
    let found = dav.propfind(&at, "0", &[(DAV, "resourcetype"), name]).await?;
    let found = found.of(&at)?;
    same(
        "status of a property that is there",
        &found.status_of((DAV, "resourcetype")),
        &Some(200),
    )?;
    same("status of an unknown property", &found.status_of(name), &Some(404))
}

async fn ask_body(dav: &Dav, path: &str, body: Option<&str>) -> Result<Multistatus, Stop> {
    let ask = Ask::new("PROPFIND", path).header("depth", "0");
    let ask = match body {
        Some(body) => ask.body(XML, Bytes::from(body.to_owned())),
        None => ask,
    };
    Multistatus::read(&dav.client.send(ask).await?)
}

const LIVE: [&str; 4] = ["resourcetype", "getetag", "getcontenttype", "getlastmodified"];

async fn all_live(dav: &Dav, body: Option<&str>) -> Verdict {
    let at = dav.collection().await?;
    let one = dav.store_sample(&at, "one").await?;
    let found = ask_body(dav, &one, body).await?;
    let found = found.of(&one)?;
    let missing: Vec<&str> =
        LIVE.into_iter().filter(|name| found.property((DAV, name)).is_none()).collect();
    expect(missing.is_empty(), format!("{LIVE:?}"), format!("{missing:?} missing"))
}

async fn allprop(dav: &Dav) -> Verdict {
    all_live(dav, Some("<D:propfind xmlns:D=\"DAV:\"><D:allprop/></D:propfind>")).await
}

async fn empty_body(dav: &Dav) -> Verdict {
    all_live(dav, None).await
}

async fn propname(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let one = dav.store_sample(&at, "one").await?;
    let body = "<D:propfind xmlns:D=\"DAV:\"><D:propname/></D:propfind>";
    let found = ask_body(dav, &one, Some(body)).await?;
    let found = found.of(&one)?;
    let Some(etag) = found.property((DAV, "getetag")) else {
        return fail("DAV:getetag among the names", format!("{} names", found.properties.len()));
    };
    expect(etag.text.is_empty() && etag.children.is_empty(), "no value", etag.text.clone())
}

async fn include(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let body = "<D:propfind xmlns:D=\"DAV:\"><D:allprop/><D:include><D:supported-report-set/>\
                </D:include></D:propfind>";
    let found = ask_body(dav, &at, Some(body)).await?;
    let found = found.of(&at)?.property((DAV, "supported-report-set")).is_some();
    expect(found, "DAV:supported-report-set, which was included", "none")
}

async fn missing(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let ask = Ask::new("PROPFIND", format!("{at}nothing.{}", dav.kind.extension()));
    let reply = dav.client.send(ask.header("depth", "0")).await?;
    reply.status("PROPFIND of nothing", &[404])
}

async fn malformed(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let ask = Ask::new("PROPFIND", &at).header("depth", "0");
    let reply = dav.client.send(ask.body(XML, "<D:propfind xmlns:D=\"DAV:\"><D:prop>")).await?;
    reply.status("PROPFIND with half a body", &[400])
}

async fn wrong_root(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let ask = Ask::new("PROPFIND", &at).header("depth", "0");
    let reply = dav.client.send(ask.body(XML, "<D:unheard-of xmlns:D=\"DAV:\"/>")).await?;
    reply.status("PROPFIND with another root", &[400, 422])
}

async fn object(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let one = dav.store_sample(&at, "one").await?;
    let names = [(DAV, "getetag"), (DAV, "getcontenttype"), (DAV, "getcontentlength")];
    let found = dav.propfind(&one, "0", &names).await?;
    let found = found.of(&one)?;
    let text = |name| found.property((DAV, name)).map(|found| found.trimmed().to_owned());
    let reply = dav.get(&one).await?;
    reply.status("GET", &[200])?;
    same("getetag", &text("getetag"), &reply.header("etag").map(str::to_owned))?;
    let wanted = dav.kind.media_type().split(';').next().unwrap_or_default();
    let kind = text("getcontenttype").unwrap_or_default();
    expect(kind.starts_with(wanted), format!("getcontenttype {wanted}"), kind)?;
    match text("getcontentlength") {
        Some(length) => same("getcontentlength", &length, &reply.body.len().to_string()),
        None => Ok(()),
    }
}

async fn modified(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let one = dav.store_sample(&at, "one").await?;
    let found = dav.property(&one, (DAV, "getlastmodified")).await?;
    let text = found.map(|found| found.trimmed().to_owned()).unwrap_or_default();
    let read = jiff::fmt::rfc2822::parse(&text).is_ok() && text.ends_with("GMT");
    expect(read, "an IMF-fixdate", text)
}

async fn slash(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let found = dav.propfind(&at, "0", &[(DAV, "resourcetype")]).await?;
    let found = href::path(&found.of(&at)?.href).to_owned();
    expect(found.ends_with('/'), "an href that ends in a slash", found)
}

async fn entity(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let body = "<!DOCTYPE D:propfind [<!ENTITY e \"D:displayname\">]>\
                <D:propfind xmlns:D=\"DAV:\"><D:prop><D:owner>&e;</D:owner></D:prop></D:propfind>";
    let ask = Ask::new("PROPFIND", &at).header("depth", "0").body(XML, body);
    let reply = dav.client.send(ask).await?;
    let holds = reply.status == 207 || (400..500).contains(&reply.status);
    expect(holds, "an answer or a refusal", format!("status {}", reply.status))
}
