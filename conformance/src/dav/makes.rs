//! Checks of making collections: MKCALENDAR (RFC 4791, section 5.3.1) and extended MKCOL (RFC 5689).

use super::context::{Dav, Kind, XML};
use super::discovery::names;
use super::multistatus::Multistatus;
use crate::check::{Check, Verdict, expect, not_applicable, row, same};
use crate::client::Ask;
use crate::xml::{CALDAV, CARDDAV, DAV, Element};

pub(super) fn checks(kind: Kind) -> Vec<Check<Dav>> {
    let mut checks = match kind {
        Kind::Calendar => vec![
            row! {
                Should, "make.created", "MKCALENDAR makes a collection", "RFC 4791 5.3.1", created
            },
            row! {
                Must, "make.resource-type", "and the collection says what it is", "RFC 4791 4.2",
                resource_type
            },
            row! {
                Must, "make.properties", "MKCALENDAR sets properties", "RFC 4791 5.3.1",
                properties
            },
            row! {
                Should, "make.components", "MKCALENDAR restricts the components",
                "RFC 4791 5.2.3", components
            },
            row! {
                Should, "make.timezone", "MKCALENDAR sets the time zone", "RFC 4791 5.2.2",
                timezone
            },
            row! {
                Must, "make.nested", "a calendar in a calendar is refused", "RFC 4791 4.2", nested
            },
        ],
        Kind::Contacts => vec![
            row! {
                Should, "make.created", "extended MKCOL makes an address book", "RFC 6352 6.3.1",
                created
            },
            row! {
                Must, "make.resource-type", "and the collection says what it is", "RFC 6352 5.2",
                resource_type
            },
            row! {
                Must, "make.properties", "extended MKCOL sets properties", "RFC 5689 3",
                properties
            },
            row! {
                Must, "make.nested", "an address book in an address book is refused",
                "RFC 6352 5.2", nested
            },
        ],
    };
    checks.extend([
        row! { Must, "make.exists", "making what is there is refused", "RFC 4918 9.3.1", exists },
        row! {
            Must, "make.parent-missing", "without a parent the answer is 409", "RFC 4918 9.3.1",
            parent_missing
        },
        row! {
            Must, "make.extended-mkcol",
            "extended MKCOL makes the collection where it is announced", "RFC 5689 3", extended
        },
        row! {
            Must, "make.unknown-type", "extended MKCOL refuses a type that it does not know",
            "RFC 5689 3.3", unknown_type
        },
        row! {
            Must, "make.listed", "a new collection is listed in its home", "RFC 4918 9.1", listed
        },
        row! {
            Must, "make.deleted", "DELETE removes the collection with its objects",
            "RFC 4918 9.6.1", deleted
        },
    ]);
    checks
}

async fn created(dav: &Dav) -> Verdict {
    let reply = dav.make(&dav.new_path()?, "").await?;
    reply.status("making a collection", &[201])
}

async fn resource_type(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let found = dav.property(&at, (DAV, "resourcetype")).await?;
    let has = |name| found.as_ref().is_some_and(|found: &Element| found.child(name).is_some());
    let wanted = format!("DAV:collection and {}", dav.kind.resource_type().1);
    expect(has((DAV, "collection")) && has(dav.kind.resource_type()), wanted, names(found.as_ref()))
}

async fn properties(dav: &Dav) -> Verdict {
    let description = match dav.kind {
        Kind::Calendar => (CALDAV, "calendar-description"),
        Kind::Contacts => (CARDDAV, "addressbook-description"),
    };
    let at = dav.new_path()?;
    let set = format!(
        "<D:displayname>Äpfel &amp; Birnen</D:displayname><C:{0} xml:lang=\"de\">Obst</C:{0}>",
        description.1
    );
    dav.make(&at, &set).await?.success("making a collection with properties")?;
    for (name, wanted) in [((DAV, "displayname"), "Äpfel & Birnen"), (description, "Obst")] {
        let found = dav.property(&at, name).await?.map(|found| found.trimmed().to_owned());
        same(name.1, &found, &Some(wanted.to_owned()))?;
    }
    Ok(())
}

async fn components(dav: &Dav) -> Verdict {
    let at = dav.new_path()?;
    let set = "<C:supported-calendar-component-set><C:comp name=\"VTODO\"/>\
               </C:supported-calendar-component-set>";
    dav.make(&at, set).await?.success("making a collection for tasks")?;
    let found = dav.property(&at, (CALDAV, "supported-calendar-component-set")).await?;
    let found: Vec<String> = found.iter().flat_map(component_names).collect();
    same("components", &found, &vec!["VTODO".to_owned()])
}

/// The names in a `supported-calendar-component-set`.
pub(super) fn component_names(set: &Element) -> Vec<String> {
    let names = set.all((CALDAV, "comp")).filter_map(|comp| comp.attribute("name"));
    names.map(str::to_owned).collect()
}

async fn timezone(dav: &Dav) -> Verdict {
    let zone = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Calamity//Conformance//EN\r\n\
                BEGIN:VTIMEZONE\r\nTZID:Etc/Conform\r\nBEGIN:STANDARD\r\nDTSTART:20000101T000000\r\n\
                TZOFFSETFROM:+0500\r\nTZOFFSETTO:+0500\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n\
                END:VCALENDAR\r\n";
    let at = dav.new_path()?;
    let set = format!("<C:calendar-timezone>{zone}</C:calendar-timezone>");
    dav.make(&at, &set).await?.success("making a collection with a time zone")?;
    let found = dav.property(&at, (CALDAV, "calendar-timezone")).await?;
    let text = found.map(|found| found.text).unwrap_or_default();
    expect(text.contains("TZID:Etc/Conform"), "the time zone that was set", text)
}

async fn nested(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let reply = dav.make(&format!("{at}inner/"), "").await?;
    reply.refused("a collection of the kind inside of one")
}

async fn exists(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let kept = dav.store_sample(&at, "kept").await?;
    let reply = dav.make(&at, "").await?;
    // 405 of MKCOL; 403 or 409 with DAV:resource-must-be-null of MKCALENDAR.
    reply.status("making it again", &[403, 405, 409])?;
    dav.get(&kept).await?.status("an object in it afterwards", &[200])
}

async fn parent_missing(dav: &Dav) -> Verdict {
    let missing = dav.new_path()?;
    let reply = dav.make(&format!("{missing}inner/"), "").await?;
    // RFC 4791, section 5.3.1.1, also has 403 for a place that is not allowed.
    reply.status("making a collection where no parent is", &[409, 403])
}

fn mkcol(dav: &Dav, path: &str, types: &str) -> Ask {
    let body = format!(
        "<D:mkcol xmlns:D=\"DAV:\" xmlns:C=\"{}\"><D:set><D:prop><D:resourcetype>{types}\
         </D:resourcetype></D:prop></D:set></D:mkcol>",
        dav.kind.namespace()
    );
    Ask::new("MKCOL", path).body(XML, body)
}

async fn extended(dav: &Dav) -> Verdict {
    if !dav.can("extended-mkcol") {
        return not_applicable("no `extended-mkcol` in the DAV header");
    }
    let at = dav.new_path()?;
    let kind = dav.kind.resource_type();
    let ask = mkcol(dav, &at, &format!("<D:collection/><C:{}/>", kind.1));
    dav.client.send(ask).await?.status("extended MKCOL", &[201])?;
    let found = dav.property(&at, (DAV, "resourcetype")).await?;
    let holds = found.as_ref().is_some_and(|found| found.child(kind).is_some());
    expect(holds, format!("{} in DAV:resourcetype", kind.1), names(found.as_ref()))
}

async fn unknown_type(dav: &Dav) -> Verdict {
    if !dav.can("extended-mkcol") {
        return not_applicable("no `extended-mkcol` in the DAV header");
    }
    let at = dav.new_path()?;
    let ask = mkcol(dav, &at, "<D:collection/><x:unheard-of xmlns:x=\"urn:calamity:conform\"/>");
    dav.client.send(ask).await?.refused("a resource type that nobody knows")
}

async fn listed(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let home = dav.places.home.clone().unwrap_or_default();
    let found = dav.propfind(&home, "1", &[(DAV, "resourcetype")]).await?;
    let kind = dav.kind.resource_type();
    let listed = found.of(&at)?.property((DAV, "resourcetype"));
    let holds = listed.is_some_and(|listed| listed.child(kind).is_some());
    expect(holds, format!("{} in DAV:resourcetype", kind.1), names(listed))
}

async fn deleted(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let object = dav.store_sample(&at, "one").await?;
    dav.delete(&at).await?.success("DELETE of the collection")?;
    dav.get(&object).await?.status("an object in it", &[404, 410])?;
    let ask = Ask::new("PROPFIND", &at).header("depth", "0");
    let reply = dav.client.send(ask).await?;
    if reply.status == 207 {
        let missing = Multistatus::read(&reply)?.of(&at)?.is_missing();
        return expect(missing, "a collection that is not there", reply.text());
    }
    reply.status("the collection", &[404, 410])
}
