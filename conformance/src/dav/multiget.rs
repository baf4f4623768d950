//! Checks of the multiget reports (RFC 4791, section 7.9; RFC 6352, section 8.7).

use super::context::{Dav, Kind};
use super::href;
use super::multistatus::Multistatus;
use super::reports::flat;
use crate::check::{Check, Stop, Verdict, expect, row, same};
use crate::xml::{DAV, escape};

pub(super) fn checks(kind: Kind) -> Vec<Check<Dav>> {
    match kind {
        Kind::Calendar => vec![
            row! {
                Must, "multiget.data", "the objects that are named, and no others",
                "RFC 4791 7.9", data
            },
            row! {
                Must, "multiget.missing", "what is not there has the status 404 within 207",
                "RFC 4791 7.9", missing
            },
            row! { Must, "multiget.etag", "with the ETags of GET", "RFC 4791 7.9", etag },
            row! {
                Must, "multiget.encoded", "names that are percent-encoded", "RFC 4918 8.3",
                encoded
            },
            row! { Should, "multiget.url", "hrefs that are whole URLs", "RFC 4918 8.3", url },
            row! {
                Must, "multiget.deleted", "what was deleted has the status 404", "RFC 4791 7.9",
                deleted
            },
        ],
        Kind::Contacts => vec![
            row! {
                Must, "multiget.data", "the objects that are named, and no others",
                "RFC 6352 8.7", data
            },
            row! {
                Must, "multiget.missing", "what is not there has the status 404 within 207",
                "RFC 6352 8.7", missing
            },
            row! { Must, "multiget.etag", "with the ETags of GET", "RFC 6352 8.7", etag },
            row! {
                Must, "multiget.encoded", "names that are percent-encoded", "RFC 4918 8.3",
                encoded
            },
            row! { Should, "multiget.url", "hrefs that are whole URLs", "RFC 4918 8.3", url },
            row! {
                Must, "multiget.deleted", "what was deleted has the status 404", "RFC 6352 8.7",
                deleted
            },
        ],
    }
}

async fn multiget(dav: &Dav, at: &str, paths: &[&str]) -> Result<Multistatus, Stop> {
    let (name, depth) = match dav.kind {
        Kind::Calendar => ("calendar-multiget", "1"),
        // RFC 6352, section 8.7: the depth has to be 0.
        Kind::Contacts => ("addressbook-multiget", "0"),
    };
    let hrefs: String =
        paths.iter().map(|path| format!("<D:href>{}</D:href>", escape(path))).collect();
    let body = format!(
        "<C:{name} xmlns:D=\"DAV:\" xmlns:C=\"{}\"><D:prop><D:getetag/><C:{}/></D:prop>{hrefs}</C:{name}>",
        dav.kind.namespace(),
        dav.kind.data().1
    );
    dav.report(at, depth, &body).await
}

async fn is_given(dav: &Dav, found: &Multistatus, path: &str) -> Verdict {
    let data = found.of(path)?.property(dav.kind.data()).map(|data| flat(&data.text));
    same(dav.kind.data().1, &data, &Some(flat(&dav.get(path).await?.text())))
}

async fn data(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let mut paths = Vec::new();
    for name in ["one", "two", "three"] {
        paths.push(dav.store_sample(&at, name).await?);
    }
    let found = multiget(dav, &at, &[&paths[2], &paths[0]]).await?;
    expect(found.responses.len() == 2, "two responses", format!("{:?}", found.hrefs()))?;
    is_given(dav, &found, &paths[0]).await?;
    is_given(dav, &found, &paths[2]).await
}

async fn missing(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let one = dav.store_sample(&at, "one").await?;
    let nothing = format!("{at}nothing.{}", dav.kind.extension());
    let found = multiget(dav, &at, &[&nothing, &one]).await?;
    same("status of what is not there", &found.of(&nothing)?.status, &Some(404))?;
    is_given(dav, &found, &one).await
}

async fn etag(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let one = dav.store_sample(&at, "one").await?;
    let found = multiget(dav, &at, &[&one]).await?;
    let found = found.of(&one)?.property((DAV, "getetag")).map(|etag| etag.trimmed().to_owned());
    same("getetag", &found, &Some(dav.etag(&one).await?))
}

async fn encoded(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let name = href::encode(&format!("a ü%25&.{}", dav.kind.extension()));
    let path = format!("{at}{name}");
    dav.put(&path, &dav.sample(&dav.fresh(), "One")).await?.success("PUT")?;
    is_given(dav, &multiget(dav, &at, &[&path]).await?, &path).await
}

async fn url(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let one = dav.store_sample(&at, "one").await?;
    is_given(dav, &multiget(dav, &at, &[&dav.url(&one)]).await?, &one).await
}

async fn deleted(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let one = dav.store_sample(&at, "one").await?;
    multiget(dav, &at, &[&one]).await?;
    dav.delete(&one).await?.success("DELETE")?;
    let found = multiget(dav, &at, &[&one]).await?;
    same("status of what was deleted", &found.of(&one)?.status, &Some(404))
}
