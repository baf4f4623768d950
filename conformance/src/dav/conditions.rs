//! Checks of conditional requests (RFC 9110, section 13): what keeps two clients from overwriting
//! each other.

use super::context::Dav;
use crate::check::{Check, Stop, Verdict, expect, row, same};
use crate::client::{Ask, Reply};

pub(super) fn checks() -> Vec<Check<Dav>> {
    vec![
        row! {
            Must, "if-none-match.new", "If-None-Match: * stores a new object", "RFC 9110 13.1.2",
            none_match_new
        },
        row! {
            Must, "if-none-match.exists", "and refuses with 412 what is there", "RFC 9110 13.1.2",
            none_match_exists
        },
        row! {
            Must, "if-match.right", "If-Match with the ETag stores", "RFC 9110 13.1.1",
            match_right
        },
        row! {
            Must, "if-match.wrong", "with another it refuses with 412 and changes nothing",
            "RFC 9110 13.1.1", match_wrong
        },
        row! {
            Must, "if-match.outdated", "with the ETag of before a change too", "RFC 9110 13.1.1",
            match_outdated
        },
        row! {
            Must, "if-match.list", "one of several ETags is enough", "RFC 9110 13.1.1", match_list
        },
        row! {
            Must, "if-match.any", "If-Match: * stores what is there", "RFC 9110 13.1.1", match_any
        },
        row! {
            Must, "if-match.missing", "and refuses with 412 what is not", "RFC 9110 13.1.1",
            match_missing
        },
        row! {
            Must, "delete.if-match-right", "DELETE with the ETag deletes", "RFC 9110 13.1.1",
            delete_right
        },
        row! {
            Must, "delete.if-match-wrong", "with another it refuses with 412 and deletes nothing",
            "RFC 9110 13.1.1", delete_wrong
        },
    ]
}

struct Stored {
    path: String,
    uid: String,
    etag: String,
}

async fn stored(dav: &Dav) -> Result<Stored, Stop> {
    let (at, uid) = (dav.collection().await?, dav.fresh());
    let path = dav.store(&at, "one", &dav.sample(&uid, "Before")).await?;
    let etag = dav.etag(&path).await?;
    Ok(Stored { path, uid, etag })
}

/// Puts `After` under a condition.
async fn put_if(
    dav: &Dav,
    path: &str,
    uid: &str,
    condition: (&'static str, &str),
) -> Result<Reply, Stop> {
    let ask = dav.put_ask(path, dav.sample(uid, "After"));
    Ok(dav.client.send(ask.header(condition.0, condition.1)).await?)
}

async fn holds(dav: &Dav, path: &str, title: &str) -> Verdict {
    let reply = dav.get(path).await?;
    reply.status("GET", &[200])?;
    let text = reply.text();
    expect(text.contains(title), format!("the object with {title}"), text)
}

async fn none_match_new(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let path = format!("{at}new.{}", dav.kind.extension());
    put_if(dav, &path, &dav.fresh(), ("if-none-match", "*")).await?.status("PUT", &[201])?;
    holds(dav, &path, "After").await
}

async fn none_match_exists(dav: &Dav) -> Verdict {
    let one = stored(dav).await?;
    let reply = put_if(dav, &one.path, &one.uid, ("if-none-match", "*")).await?;
    reply.status("PUT over what is there", &[412])?;
    holds(dav, &one.path, "Before").await
}

async fn match_right(dav: &Dav) -> Verdict {
    let one = stored(dav).await?;
    let reply = put_if(dav, &one.path, &one.uid, ("if-match", &one.etag)).await?;
    reply.success("PUT with the ETag")?;
    holds(dav, &one.path, "After").await
}

async fn match_wrong(dav: &Dav) -> Verdict {
    let one = stored(dav).await?;
    let wrong = "\"calamity-conform-wrong\"";
    let reply = put_if(dav, &one.path, &one.uid, ("if-match", wrong)).await?;
    reply.status("PUT with another ETag", &[412])?;
    holds(dav, &one.path, "Before").await?;
    same("ETag", &dav.etag(&one.path).await?, &one.etag)
}

async fn match_outdated(dav: &Dav) -> Verdict {
    let one = stored(dav).await?;
    dav.put(&one.path, &dav.sample(&one.uid, "Meanwhile")).await?.success("PUT")?;
    let reply = put_if(dav, &one.path, &one.uid, ("if-match", &one.etag)).await?;
    reply.status("PUT with the old ETag", &[412])?;
    holds(dav, &one.path, "Meanwhile").await
}

async fn match_list(dav: &Dav) -> Verdict {
    let one = stored(dav).await?;
    let list = format!("\"calamity-conform-wrong\", {}", one.etag);
    put_if(dav, &one.path, &one.uid, ("if-match", &list)).await?.success("PUT with two ETags")?;
    holds(dav, &one.path, "After").await
}

async fn match_any(dav: &Dav) -> Verdict {
    let one = stored(dav).await?;
    put_if(dav, &one.path, &one.uid, ("if-match", "*")).await?.success("PUT with If-Match: *")?;
    holds(dav, &one.path, "After").await
}

async fn match_missing(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let path = format!("{at}new.{}", dav.kind.extension());
    let reply = put_if(dav, &path, &dav.fresh(), ("if-match", "*")).await?;
    reply.status("PUT of something new with If-Match: *", &[412])?;
    dav.get(&path).await?.status("GET afterwards", &[404])
}

async fn delete_right(dav: &Dav) -> Verdict {
    let one = stored(dav).await?;
    let ask = Ask::new("DELETE", &one.path).header("if-match", one.etag);
    dav.client.send(ask).await?.success("DELETE with the ETag")?;
    dav.get(&one.path).await?.status("GET afterwards", &[404, 410])
}

async fn delete_wrong(dav: &Dav) -> Verdict {
    let one = stored(dav).await?;
    let ask = Ask::new("DELETE", &one.path).header("if-match", "\"calamity-conform-wrong\"");
    dav.client.send(ask).await?.status("DELETE with another ETag", &[412])?;
    holds(dav, &one.path, "Before").await
}
