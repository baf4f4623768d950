//! Checks of sync-collection (RFC 6578).

use super::collection::needs_report;
use super::context::Dav;
use super::multistatus::Multistatus;
use crate::check::{Check, Stop, Verdict, expect, fail, row, same};
use crate::client::{Ask, Reply};
use crate::xml::{DAV, Element, escape};

pub(super) fn checks() -> Vec<Check<Dav>> {
    vec![
        row! {
            Must, "sync.initial", "without a token every member is given, and a token",
            "RFC 6578 3.4", initial
        },
        row! { Must, "sync.token-uri", "a token is a URI", "RFC 6578 3.2", token_uri },
        row! {
            Must, "sync.property", "the collection has the token as a property", "RFC 6578 4",
            property
        },
        row! {
            Must, "sync.nothing", "without a change nothing is given", "RFC 6578 3.2", nothing
        },
        row! { Must, "sync.created", "a new member is given", "RFC 6578 3.5.1", created },
        row! {
            Must, "sync.changed", "a changed member is given with its new ETag, and no other",
            "RFC 6578 3.5.1", changed
        },
        row! {
            Must, "sync.deleted", "a removed member is given with 404 and without properties",
            "RFC 6578 3.5.2", deleted
        },
        row! {
            Must, "sync.created-deleted", "a member that came and went is given as removed",
            "RFC 6578 3.5.2", created_deleted
        },
        row! {
            Must, "sync.deleted-created", "a member that went and came back is given as changed",
            "RFC 6578 3.5.1", deleted_created
        },
        row! {
            Must, "sync.moved", "a moved member is given at both places", "RFC 6578 3.5.2", moved
        },
        row! {
            Must, "sync.repeated", "the same token gives the same changes again", "RFC 6578 3.2",
            repeated
        },
        row! {
            Must, "sync.old-token", "an older token gives the changes since then", "RFC 6578 3.2",
            old_token
        },
        row! {
            Must, "sync.bad-token", "a token that it never gave is refused with valid-sync-token",
            "RFC 6578 3.2", bad_token
        },
        row! {
            Should, "sync.depth",
            "another depth than 0 is refused with 400 (a MUST; most servers take 1, as clients send it)",
            "RFC 6578 3.2", depth
        },
        row! { Must, "sync.limit", "a limit is kept, or refused", "RFC 6578 3.7", limit },
        row! { Must, "sync.pages", "pages together are the whole", "RFC 6578 3.6", pages },
        row! {
            Must, "sync.unknown", "an unknown property has the status 404", "RFC 6578 3.2",
            unknown
        },
        row! {
            May, "sync.data", "objects are given where they are asked for", "RFC 6578 3.2", data
        },
    ]
}

/// How many pages are asked for.
const PAGES_MAX: usize = 10;

fn body(token: &str, rest: &str, properties: &str) -> String {
    format!(
        "<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token>{}</D:sync-token>\
         <D:sync-level>1</D:sync-level>{rest}<D:prop>{properties}</D:prop></D:sync-collection>",
        escape(token)
    )
}

/// An answer with its token.
struct Synced {
    found: Multistatus,
    token: String,
}

impl Synced {
    fn read(reply: &Reply) -> Result<Synced, Stop> {
        let found = Multistatus::read(reply)?;
        match found.sync_token.clone() {
            Some(token) if !token.is_empty() => Ok(Synced { found, token }),
            _ => fail("a DAV:sync-token in the answer", "none"),
        }
    }
}

async fn sync(dav: &Dav, at: &str, token: &str) -> Result<Synced, Stop> {
    Synced::read(&dav.report_reply(at, "0", &body(token, "", "<D:getetag/>")).await?)
}

/// A collection with some objects, and the state after them.
async fn stored(dav: &Dav, names: &[&str]) -> Result<(String, Vec<String>, Synced), Stop> {
    let at = dav.collection().await?;
    needs_report(dav, &at, "sync-collection").await?;
    let mut paths = Vec::new();
    for name in names {
        paths.push(dav.store_sample(&at, name).await?);
    }
    let synced = sync(dav, &at, "").await?;
    Ok((at, paths, synced))
}

/// Fails unless these members are given as there.
fn given(synced: &Synced, extension: &str, wanted: &[&str]) -> Verdict {
    let members = synced.found.names().into_iter().filter(|name| name.ends_with(extension));
    let found: Vec<String> = members.collect();
    let mut wanted: Vec<String> = wanted.iter().map(|name| format!("{name}.{extension}")).collect();
    wanted.sort();
    same("members", &found, &wanted)
}

/// Fails unless a member is given as removed.
fn removed(synced: &Synced, path: &str) -> Verdict {
    let found = synced.found.of(path)?;
    same("status of the removed member", &found.status, &Some(404))?;
    let properties = found.properties.len();
    expect(properties == 0, "no propstat with it", format!("{properties} properties"))
}

async fn initial(dav: &Dav) -> Verdict {
    let (_, _, synced) = stored(dav, &["one", "two"]).await?;
    given(&synced, dav.kind.extension(), &["one", "two"])
}

async fn token_uri(dav: &Dav) -> Verdict {
    let (_, _, synced) = stored(dav, &["one"]).await?;
    let (scheme, rest) = synced.token.split_once(':').unwrap_or_default();
    let letter = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    let rest_holds = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic());
    let all = scheme.chars().all(|other| other.is_ascii_alphanumeric() || "+-.".contains(other));
    expect(letter && all && rest_holds, "a scheme, a colon and more", synced.token)
}

async fn property(dav: &Dav) -> Verdict {
    let (at, ..) = stored(dav, &["one"]).await?;
    let Some(found) = dav.property(&at, (DAV, "sync-token")).await? else {
        return fail("a property DAV:sync-token", "none");
    };
    let synced = sync(dav, &at, found.trimmed()).await?;
    given(&synced, dav.kind.extension(), &[])
}

async fn nothing(dav: &Dav) -> Verdict {
    let (at, _, synced) = stored(dav, &["one"]).await?;
    let again = sync(dav, &at, &synced.token).await?;
    given(&again, dav.kind.extension(), &[])
}

async fn created(dav: &Dav) -> Verdict {
    let (at, _, synced) = stored(dav, &["one"]).await?;
    dav.store_sample(&at, "two").await?;
    given(&sync(dav, &at, &synced.token).await?, dav.kind.extension(), &["two"])
}

/// Changes an object that is there.
async fn change(dav: &Dav, path: &str) -> Verdict {
    let text = dav.get(path).await?.text();
    let changed = text.replace("END:VEVENT", "X-CHANGED:1\r\nEND:VEVENT");
    let changed = changed.replace("END:VCARD", "X-CHANGED:1\r\nEND:VCARD");
    dav.put(path, &changed).await?.success("PUT of a changed object")
}

async fn changed(dav: &Dav) -> Verdict {
    let (at, paths, synced) = stored(dav, &["one", "two"]).await?;
    change(dav, &paths[0]).await?;
    let after = sync(dav, &at, &synced.token).await?;
    given(&after, dav.kind.extension(), &["one"])?;
    let found = after.found.of(&paths[0])?;
    same("a status beside the properties", &found.status, &None)?;
    let etag = found.property((DAV, "getetag")).map(|etag| etag.trimmed().to_owned());
    same("getetag", &etag, &Some(dav.etag(&paths[0]).await?))
}

async fn deleted(dav: &Dav) -> Verdict {
    let (at, paths, synced) = stored(dav, &["one", "two"]).await?;
    dav.delete(&paths[0]).await?.success("DELETE")?;
    let after = sync(dav, &at, &synced.token).await?;
    removed(&after, &paths[0])?;
    given(&after, dav.kind.extension(), &[])
}

async fn created_deleted(dav: &Dav) -> Verdict {
    let (at, _, synced) = stored(dav, &["one"]).await?;
    let two = dav.store_sample(&at, "two").await?;
    dav.delete(&two).await?.success("DELETE")?;
    removed(&sync(dav, &at, &synced.token).await?, &two)
}

async fn deleted_created(dav: &Dav) -> Verdict {
    let (at, paths, synced) = stored(dav, &["one"]).await?;
    dav.delete(&paths[0]).await?.success("DELETE")?;
    dav.store_sample(&at, "one").await?;
    let after = sync(dav, &at, &synced.token).await?;
    given(&after, dav.kind.extension(), &["one"])?;
    let responses = after.found.responses.len();
    expect(responses == 1, "the member once", format!("{:?}", after.found.hrefs()))
}

async fn moved(dav: &Dav) -> Verdict {
    let (at, paths, synced) = stored(dav, &["one"]).await?;
    let to = paths[0].replace("one.", "moved.");
    let ask = Ask::new("MOVE", &paths[0]).header("destination", dav.url(&to));
    let reply = dav.client.send(ask.header("overwrite", "F")).await?;
    if !reply.is_success() {
        return crate::check::skip("MOVE within a collection is refused: move.renamed");
    }
    let after = sync(dav, &at, &synced.token).await?;
    removed(&after, &paths[0])?;
    given(&after, dav.kind.extension(), &["moved"])
}

async fn repeated(dav: &Dav) -> Verdict {
    let (at, paths, synced) = stored(dav, &["one", "two"]).await?;
    dav.delete(&paths[0]).await?.success("DELETE")?;
    change(dav, &paths[1]).await?;
    for _ in 0..2 {
        let after = sync(dav, &at, &synced.token).await?;
        removed(&after, &paths[0])?;
        given(&after, dav.kind.extension(), &["two"])?;
    }
    Ok(())
}

async fn old_token(dav: &Dav) -> Verdict {
    let (at, _, first) = stored(dav, &["one"]).await?;
    dav.store_sample(&at, "two").await?;
    sync(dav, &at, &first.token).await?;
    dav.store_sample(&at, "three").await?;
    given(&sync(dav, &at, &first.token).await?, dav.kind.extension(), &["three", "two"])
}

async fn bad_token(dav: &Dav) -> Verdict {
    let (at, ..) = stored(dav, &["one"]).await?;
    let token = "urn:calamity:conform:never-given";
    let reply = dav.report_reply(&at, "0", &body(token, "", "<D:getetag/>")).await?;
    reply.status("a token that was never given", &[403, 409])?;
    let named = Element::parse(&reply.body).ok();
    let holds = named.is_some_and(|found| found.find((DAV, "valid-sync-token")).is_some());
    expect(holds, "DAV:valid-sync-token in DAV:error", reply.text())
}

/// The specification asks for 400. Most servers serve clients that send 1 all the same (python-caldav
/// does), and no harm is done as long as the header means nothing: so it is a warning.
async fn depth(dav: &Dav) -> Verdict {
    let (at, ..) = stored(dav, &["one"]).await?;
    let reply = dav.report_reply(&at, "1", &body("", "", "<D:getetag/>")).await?;
    reply.status("a sync-collection of depth 1", &[400])
}

const LIMIT: &str = "<D:limit><D:nresults>2</D:nresults></D:limit>";

/// A page of at most two members, or nothing where the server refuses a limit as it may.
async fn page(dav: &Dav, at: &str, token: &str) -> Result<Option<Synced>, Stop> {
    let reply = dav.report_reply(at, "0", &body(token, LIMIT, "<D:getetag/>")).await?;
    if !reply.is_success() && reply.text().contains("number-of-matches-within-limits") {
        return Ok(None);
    }
    Synced::read(&reply).map(Some)
}

/// The names of members in a page, and whether it says that there are more.
fn members(page: &Synced, at: &str, extension: &str) -> (Vec<String>, bool) {
    let names = page.found.names().into_iter().filter(|name| name.ends_with(extension));
    let more = page.found.find(at).and_then(|response| response.status) == Some(507);
    (names.collect(), more)
}

async fn limit(dav: &Dav) -> Verdict {
    let (at, ..) = stored(dav, &["one", "two", "three"]).await?;
    let Some(page) = page(dav, &at, "").await? else { return Ok(()) };
    let (names, more) = members(&page, &at, dav.kind.extension());
    expect(names.len() <= 2, "at most two members", format!("{names:?}"))?;
    expect(more, "507 for the collection, for there are more", format!("{:?}", page.found.hrefs()))
}

async fn pages(dav: &Dav) -> Verdict {
    let (at, ..) = stored(dav, &["one", "two", "three", "four", "five"]).await?;
    let (mut token, mut all) = (String::new(), Vec::new());
    for _ in 0..PAGES_MAX {
        let Some(page) = page(dav, &at, &token).await? else {
            return crate::check::not_applicable("the server refuses limits");
        };
        let (names, more) = members(&page, &at, dav.kind.extension());
        all.extend(names);
        if !more {
            break;
        }
        token = page.token;
    }
    all.sort();
    let wanted = ["five", "four", "one", "three", "two"];
    let wanted = wanted.map(|name| format!("{name}.{}", dav.kind.extension()));
    same("members of all pages", &all, &wanted.to_vec())
}

async fn unknown(dav: &Dav) -> Verdict {
    let (at, paths, _) = stored(dav, &["one"]).await?;
    let properties = "<D:getetag/><x:unheard-of xmlns:x=\"urn:calamity:conform\"/>";
    let found = dav.report(&at, "0", &body("", "", properties)).await?;
    let found = found.of(&paths[0])?.status_of(("urn:calamity:conform", "unheard-of"));
    same("status of an unknown property", &found, &Some(404))
}

async fn data(dav: &Dav) -> Verdict {
    let (at, paths, _) = stored(dav, &["one"]).await?;
    let (namespace, name) = dav.kind.data();
    let found = dav
        .report(&at, "0", &body("", "", &format!("<C:{name} xmlns:C=\"{namespace}\"/>")))
        .await?;
    let found =
        found.of(&paths[0])?.property(dav.kind.data()).map(|data| super::reports::flat(&data.text));
    same(name, &found, &Some(super::reports::flat(&dav.get(&paths[0]).await?.text())))
}
