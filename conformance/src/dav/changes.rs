//! Checks of the CTag, which changes with a collection (Apple's caldav-ctag.txt).

use super::context::Dav;
use crate::check::{Check, Stop, Verdict, expect, not_applicable, row, same};
use crate::xml::CALENDARSERVER;

pub(super) fn checks() -> Vec<Check<Dav>> {
    vec![
        row! { Must, "ctag.stable", "it stays while nothing changes", "caldav-ctag 4.1", stable },
        row! { Must, "ctag.created", "a new object changes it", "caldav-ctag 4.1", created },
        row! { Must, "ctag.changed", "a changed object does", "caldav-ctag 4.1", changed },
        row! { Must, "ctag.deleted", "a removed object does", "caldav-ctag 4.1", deleted },
        row! {
            Must, "ctag.own", "a change of another collection does not", "caldav-ctag 4.1", own
        },
    ]
}

async fn ctag(dav: &Dav, at: &str) -> Result<String, Stop> {
    match dav.property(at, (CALENDARSERVER, "getctag")).await? {
        Some(found) => Ok(found.trimmed().to_owned()),
        None => not_applicable("no property getctag"),
    }
}

async fn stable(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let path = dav.store_sample(&at, "one").await?;
    let before = ctag(dav, &at).await?;
    dav.get(&path).await?;
    same("getctag", &ctag(dav, &at).await?, &before)
}

async fn differs(dav: &Dav, at: &str, before: &str) -> Verdict {
    let after = ctag(dav, at).await?;
    expect(after != before, "another getctag", after)
}

async fn created(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let before = ctag(dav, &at).await?;
    dav.store_sample(&at, "one").await?;
    differs(dav, &at, &before).await
}

async fn changed(dav: &Dav) -> Verdict {
    let (at, uid) = (dav.collection().await?, dav.fresh());
    let path = dav.store(&at, "one", &dav.sample(&uid, "Before")).await?;
    let before = ctag(dav, &at).await?;
    dav.put(&path, &dav.sample(&uid, "After")).await?.success("PUT")?;
    differs(dav, &at, &before).await
}

async fn deleted(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let path = dav.store_sample(&at, "one").await?;
    let before = ctag(dav, &at).await?;
    dav.delete(&path).await?.success("DELETE")?;
    differs(dav, &at, &before).await
}

async fn own(dav: &Dav) -> Verdict {
    let (at, other) = (dav.collection().await?, dav.collection().await?);
    let before = ctag(dav, &at).await?;
    dav.store_sample(&other, "one").await?;
    same("getctag", &ctag(dav, &at).await?, &before)
}
