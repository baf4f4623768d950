//! Checks of COPY and MOVE (RFC 4918, sections 9.8 and 9.9).

use super::context::Dav;
use crate::check::{Check, Stop, Verdict, expect, row, same};
use crate::client::{Ask, Reply};

pub(super) fn checks() -> Vec<Check<Dav>> {
    vec![
        row! {
            Must, "copy.created", "COPY into another collection answers 201 and keeps the source",
            "RFC 4918 9.8", copy
        },
        row! {
            Must, "copy.no-overwrite", "with Overwrite: F it refuses with 412 what is there",
            "RFC 4918 9.8.4", copy_no_overwrite
        },
        row! {
            Must, "copy.overwrite", "with Overwrite: T it replaces it", "RFC 4918 9.8.4",
            copy_overwrite
        },
        row! { Must, "copy.missing", "COPY of nothing answers 404", "RFC 4918 9.8", copy_missing },
        row! {
            Must, "copy.parent-missing", "without a parent at the destination the answer is 409",
            "RFC 4918 9.8.5", copy_parent
        },
        row! {
            Must, "move.created", "MOVE into another collection takes the object there",
            "RFC 4918 9.9", moved
        },
        row! { Must, "move.renamed", "MOVE within a collection renames", "RFC 4918 9.9", renamed },
        row! {
            Must, "move.no-overwrite", "with Overwrite: F it refuses with 412 what is there",
            "RFC 4918 9.9.3", move_no_overwrite
        },
        row! {
            Must, "move.overwrite", "with Overwrite: T it replaces it", "RFC 4918 9.9.3",
            move_overwrite
        },
        row! {
            Must, "move.parent-missing", "without a parent at the destination the answer is 409",
            "RFC 4918 9.9.4", move_parent
        },
        row! {
            Must, "move.if-match", "MOVE with another ETag is refused with 412",
            "RFC 9110 13.1.1", move_if_match
        },
    ]
}

/// An object and a path for it in another collection.
struct Pair {
    from: String,
    body: String,
    to: String,
}

async fn pair(dav: &Dav) -> Result<Pair, Stop> {
    let (here, there) = (dav.collection().await?, dav.collection().await?);
    let from = dav.store_sample(&here, "one").await?;
    let body = dav.get(&from).await?.text();
    Ok(Pair { from, body, to: format!("{there}other.{}", dav.kind.extension()) })
}

async fn transfer(dav: &Dav, method: &str, pair: &Pair, overwrite: &str) -> Result<Reply, Stop> {
    let ask = Ask::new(method, &pair.from).header("destination", dav.url(&pair.to));
    Ok(dav.client.send(ask.header("overwrite", overwrite)).await?)
}

async fn arrived(dav: &Dav, pair: &Pair) -> Verdict {
    let reply = dav.get(&pair.to).await?;
    reply.status("GET of the destination", &[200])?;
    same("its body", &reply.text(), &pair.body)
}

async fn copy(dav: &Dav) -> Verdict {
    let pair = pair(dav).await?;
    transfer(dav, "COPY", &pair, "F").await?.status("COPY", &[201])?;
    arrived(dav, &pair).await?;
    dav.get(&pair.from).await?.status("GET of the source", &[200])
}

/// Refuses to overwrite, whatever the method.
async fn no_overwrite(dav: &Dav, method: &str) -> Verdict {
    let pair = pair(dav).await?;
    let there = dav.sample(&dav.fresh(), "Occupied");
    dav.put(&pair.to, &there).await?.success("PUT at the destination")?;
    transfer(dav, method, &pair, "F").await?.status("Overwrite: F", &[412])?;
    let text = dav.get(&pair.to).await?.text();
    expect(text.contains("Occupied"), "the destination as it was", text)?;
    dav.get(&pair.from).await?.status("GET of the source", &[200])
}

/// Overwrites. The object at the destination has the same UID: RFC 4791, section 5.3.2.1, refuses
/// another one.
async fn overwrites(dav: &Dav, method: &str) -> Verdict {
    let pair = pair(dav).await?;
    let there = pair.body.replace("one", "Occupied");
    dav.put(&pair.to, &there).await?.success("PUT at the destination")?;
    transfer(dav, method, &pair, "T").await?.status("Overwrite: T", &[200, 204])?;
    arrived(dav, &pair).await
}

async fn copy_no_overwrite(dav: &Dav) -> Verdict {
    no_overwrite(dav, "COPY").await
}

async fn copy_overwrite(dav: &Dav) -> Verdict {
    overwrites(dav, "COPY").await
}

async fn copy_missing(dav: &Dav) -> Verdict {
    let mut pair = pair(dav).await?;
    pair.from = pair.from.replace("one.", "nothing.");
    transfer(dav, "COPY", &pair, "T").await?.status("COPY of nothing", &[404])
}

/// To where no parent is.
async fn orphaned(dav: &Dav, method: &str) -> Verdict {
    let mut pair = pair(dav).await?;
    pair.to = format!("{}one.{}", dav.new_path()?, dav.kind.extension());
    transfer(dav, method, &pair, "T").await?.status("a destination without a parent", &[409])?;
    dav.get(&pair.from).await?.status("GET of the source", &[200])
}

async fn copy_parent(dav: &Dav) -> Verdict {
    orphaned(dav, "COPY").await
}

async fn moved(dav: &Dav) -> Verdict {
    let pair = pair(dav).await?;
    transfer(dav, "MOVE", &pair, "F").await?.status("MOVE", &[201])?;
    arrived(dav, &pair).await?;
    dav.get(&pair.from).await?.status("GET of the source", &[404, 410])
}

async fn renamed(dav: &Dav) -> Verdict {
    let mut pair = pair(dav).await?;
    pair.to = pair.from.replace("one.", "renamed.");
    transfer(dav, "MOVE", &pair, "F").await?.status("MOVE", &[201])?;
    arrived(dav, &pair).await?;
    dav.get(&pair.from).await?.status("GET of the old name", &[404, 410])
}

async fn move_no_overwrite(dav: &Dav) -> Verdict {
    no_overwrite(dav, "MOVE").await
}

async fn move_overwrite(dav: &Dav) -> Verdict {
    overwrites(dav, "MOVE").await?;
    Ok(())
}

async fn move_parent(dav: &Dav) -> Verdict {
    orphaned(dav, "MOVE").await
}

async fn move_if_match(dav: &Dav) -> Verdict {
    let pair = pair(dav).await?;
    let ask = Ask::new("MOVE", &pair.from).header("destination", dav.url(&pair.to));
    let reply = dav.client.send(ask.header("if-match", "\"calamity-conform-wrong\"")).await?;
    reply.status("MOVE with another ETag", &[412])?;
    dav.get(&pair.from).await?.status("GET of the source", &[200])
}
