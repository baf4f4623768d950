//! Checks of what a server has to refuse to store (RFC 4791, section 5.3.2.1; RFC 6352, section
//! 6.3.2.1), and of how it says why.

use super::collection::max_resource_size;
use super::context::{Dav, Kind};
use super::samples;
use crate::check::{Check, Verdict, expect, not_applicable, row};
use crate::client::Reply;
use crate::xml::Element;

pub(super) fn checks(kind: Kind) -> Vec<Check<Dav>> {
    match kind {
        Kind::Calendar => vec![
            row! {
                Must, "refuse.no-calendar", "what is no iCalendar is refused", "RFC 4791 5.3.2.1",
                garbage
            },
            row! {
                Should, "refuse.named", "and the answer names the precondition", "RFC 4791 1.3",
                named
            },
            row! {
                Must, "refuse.broken", "a calendar without its end is refused",
                "RFC 4791 5.3.2.1", broken
            },
            row! {
                Must, "refuse.media-type", "another media type is refused", "RFC 4791 5.3.2.1",
                media_type
            },
            row! {
                Must, "refuse.component",
                "a component that the collection does not take is refused", "RFC 4791 5.3.2.1",
                component
            },
            row! {
                Must, "refuse.two-uids", "two UIDs in one object are refused", "RFC 4791 4.1",
                two_uids
            },
            row! {
                Must, "refuse.two-kinds", "an event and a task in one object are refused",
                "RFC 4791 4.1", two_kinds
            },
            row! {
                Must, "refuse.method", "an object with METHOD is refused", "RFC 4791 4.1", method
            },
            row! {
                Must, "refuse.no-uid", "an event without UID is refused", "RFC 4791 4.1", no_uid
            },
            row! {
                Must, "refuse.same-uid", "a UID that is in use is refused", "RFC 4791 5.3.2.1",
                same_uid
            },
            row! {
                Should, "refuse.same-uid-named", "and the answer names the object that has it",
                "RFC 4791 5.3.2.1", same_uid_named
            },
            row! {
                Must, "refuse.other-uid", "an object's UID cannot change", "RFC 4791 5.3.2.1",
                other_uid
            },
            row! {
                Must, "refuse.too-large", "more than max-resource-size is refused",
                "RFC 4791 5.3.2.1", too_large
            },
        ],
        Kind::Contacts => vec![
            row! {
                Must, "refuse.no-card", "what is no vCard is refused", "RFC 6352 6.3.2.1", garbage
            },
            row! {
                Should, "refuse.named", "and the answer names the precondition", "RFC 6352 1",
                named
            },
            row! {
                Must, "refuse.broken", "a card without its end is refused", "RFC 6352 6.3.2.1",
                broken
            },
            row! {
                Must, "refuse.media-type", "another media type is refused", "RFC 6352 6.3.2.1",
                media_type
            },
            row! {
                Must, "refuse.two-cards", "two cards in one object are refused", "RFC 6352 5.1",
                two_cards
            },
            row! {
                Must, "refuse.no-uid", "a card without UID is refused", "RFC 6352 5.1", no_uid
            },
            row! {
                Must, "refuse.same-uid", "a UID that is in use is refused", "RFC 6352 6.3.2.1",
                same_uid
            },
            row! {
                Should, "refuse.same-uid-named", "and the answer names the object that has it",
                "RFC 6352 6.3.2.1", same_uid_named
            },
            row! {
                Must, "refuse.other-uid", "an object's UID cannot change", "RFC 6352 6.3.2.1",
                other_uid
            },
            row! {
                Must, "refuse.too-large", "more than max-resource-size is refused",
                "RFC 6352 6.3.2.1", too_large
            },
        ],
    }
}

/// Puts a body, which has to be refused and not be there afterwards.
async fn refused(dav: &Dav, what: &str, body: &str) -> Result<Reply, crate::check::Stop> {
    let at = dav.collection().await?;
    let path = format!("{at}refused.{}", dav.kind.extension());
    let reply = dav.put(&path, body).await?;
    reply.refused(what)?;
    dav.get(&path).await?.status("GET afterwards", &[404])?;
    Ok(reply)
}

/// Fails unless the answer has an element of the specification's namespace.
fn names(dav: &Dav, reply: &Reply, condition: &'static str) -> Verdict {
    let found = Element::parse(&reply.body).ok();
    let name = (dav.kind.namespace(), condition);
    let holds = found.as_ref().is_some_and(|found| found.find(name).is_some());
    expect(holds, format!("{condition} in DAV:error"), reply.text())
}

async fn garbage(dav: &Dav) -> Verdict {
    refused(dav, "a body that is none of the kind", "Dear diary").await.map(drop)
}

async fn named(dav: &Dav) -> Verdict {
    let condition = match dav.kind {
        Kind::Calendar => "valid-calendar-data",
        Kind::Contacts => "valid-address-data",
    };
    let reply = refused(dav, "a body that is none of the kind", "Dear diary").await?;
    names(dav, &reply, condition)
}

async fn broken(dav: &Dav) -> Verdict {
    let whole = dav.sample(&dav.fresh(), "One");
    let half = whole.split("END:").next().unwrap_or_default().to_owned();
    refused(dav, "half an object", &half).await.map(drop)
}

async fn media_type(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let path = format!("{at}refused.{}", dav.kind.extension());
    let ask = crate::client::Ask::new("PUT", &path).body("image/png", "\u{89}PNG");
    dav.client.send(ask).await?.refused("an image")
}

async fn component(dav: &Dav) -> Verdict {
    let at = dav.new_path()?;
    let set = "<C:supported-calendar-component-set><C:comp name=\"VEVENT\"/>\
               </C:supported-calendar-component-set>";
    if !dav.make(&at, set).await?.is_success() {
        return not_applicable("no calendar for events alone can be made");
    }
    let body = samples::todo_of(&dav.fresh(), &["SUMMARY:One"]);
    dav.put(&format!("{at}refused.ics"), &body).await?.refused("a task among events")
}

fn plain(dav: &Dav, kind: &str) -> String {
    samples::component(kind, &dav.fresh(), &["DTSTART:20260310T090000Z", "SUMMARY:One"])
}

async fn two_uids(dav: &Dav) -> Verdict {
    let both = [plain(dav, "VEVENT"), plain(dav, "VEVENT")].concat();
    refused(dav, "two UIDs", &samples::calendar(&both)).await.map(drop)
}

async fn two_kinds(dav: &Dav) -> Verdict {
    let uid = dav.fresh();
    let both = ["VEVENT", "VTODO"]
        .map(|kind| samples::component(kind, &uid, &["DTSTART:20260310T090000Z", "SUMMARY:One"]));
    refused(dav, "an event and a task", &samples::calendar(&both.concat())).await.map(drop)
}

async fn method(dav: &Dav) -> Verdict {
    let event = format!("METHOD:PUBLISH\r\n{}", plain(dav, "VEVENT"));
    refused(dav, "METHOD", &samples::calendar(&event)).await.map(drop)
}

async fn no_uid(dav: &Dav) -> Verdict {
    let uid = dav.fresh();
    let body = dav.sample(&uid, "One").replace(&format!("UID:{uid}\r\n"), "");
    refused(dav, "no UID", &body).await.map(drop)
}

async fn two_cards(dav: &Dav) -> Verdict {
    let both = [dav.sample(&dav.fresh(), "One"), dav.sample(&dav.fresh(), "Two")].concat();
    refused(dav, "two cards", &both).await.map(drop)
}

/// A second object with the UID of the first, in the same collection.
async fn twice(dav: &Dav) -> Result<(String, Reply), crate::check::Stop> {
    let (at, uid) = (dav.collection().await?, dav.fresh());
    let first = dav.store(&at, "one", &dav.sample(&uid, "One")).await?;
    let path = format!("{at}two.{}", dav.kind.extension());
    Ok((first, dav.put(&path, &dav.sample(&uid, "Two")).await?))
}

async fn same_uid(dav: &Dav) -> Verdict {
    twice(dav).await?.1.refused("a UID that is in use")
}

async fn same_uid_named(dav: &Dav) -> Verdict {
    let (first, reply) = twice(dav).await?;
    reply.refused("a UID that is in use")?;
    names(dav, &reply, "no-uid-conflict")?;
    let named = Element::parse(&reply.body).ok().and_then(|body| {
        body.find((crate::xml::DAV, "href")).map(|href| href.trimmed().to_owned())
    });
    let holds = named.as_deref().is_some_and(|named| super::href::same(named, &first));
    expect(holds, format!("an href {first}"), format!("{named:?}"))
}

async fn other_uid(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let path = dav.store_sample(&at, "one").await?;
    let reply = dav.put(&path, &dav.sample(&dav.fresh(), "Other")).await?;
    reply.refused("an object with another UID")
}

/// The largest object that is sent to see whether it is refused, in bytes.
const SENT_MAX: usize = 16 * 1024 * 1024;

async fn too_large(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let bound = match max_resource_size(dav, &at).await? {
        Some(bound) if bound < SENT_MAX => bound,
        Some(bound) => {
            return not_applicable(format!("max-resource-size is {bound}: too much to send"));
        }
        None => return not_applicable("no property max-resource-size"),
    };
    let line = format!(" {}\r\n", "x".repeat(70));
    let title = format!("One\r\n{}", line.repeat(bound / line.len() + 1));
    let path = format!("{at}refused.{}", dav.kind.extension());
    let reply = dav.put(&path, &dav.sample(&dav.fresh(), &title)).await?;
    reply.refused("an object beyond max-resource-size")
}
