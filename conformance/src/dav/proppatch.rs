//! Checks of PROPPATCH (RFC 4918, section 9.2).

use super::context::{Dav, XML};
use super::multistatus::Multistatus;
use crate::check::{Check, Stop, Verdict, expect, fail, row, same, skip};
use crate::client::{Ask, Reply};
use crate::xml::{DAV, Name};

const DEAD: Name = ("urn:calamity:conform", "note");

pub(super) fn checks() -> Vec<Check<Dav>> {
    vec![
        row! { Must, "proppatch.set", "a display name is set and read back", "RFC 4918 9.2", set },
        row! {
            Must, "proppatch.non-ascii", "with characters beyond ASCII and markup", "RFC 4918 19",
            non_ascii
        },
        row! { Should, "proppatch.dead", "a property of anybody's is kept", "RFC 4918 9.2", dead },
        row! { Must, "proppatch.remove", "a property is removed", "RFC 4918 9.2", remove },
        row! {
            Must, "proppatch.remove-missing", "removing what is not there is no error",
            "RFC 4918 14.23", remove_missing
        },
        row! {
            Must, "proppatch.structure", "elements, attributes and language of a value are kept",
            "RFC 4918 4.3", structure
        },
        row! {
            Must, "proppatch.order", "instructions are carried out in their order",
            "RFC 4918 9.2", order
        },
        row! {
            Must, "proppatch.protected", "a protected property is refused with 403",
            "RFC 4918 9.2.1", protected
        },
        row! {
            Must, "proppatch.atomic", "all instructions are carried out or none", "RFC 4918 9.2",
            atomic
        },
        row! {
            Must, "proppatch.dependency", "what failed for another's sake has the status 424",
            "RFC 4918 9.2.1", dependency
        },
        row! {
            Must, "proppatch.survives", "a dead property survives changes of the collection",
            "RFC 4918 4.5", survives
        },
        row! {
            Must, "proppatch.malformed", "XML that is none is refused with 400", "RFC 4918 8.2",
            malformed
        },
        row! {
            Should, "proppatch.missing", "what is not there has the status 404", "RFC 4918 9.2",
            missing
        },
    ]
}

async fn patch(dav: &Dav, path: &str, instructions: &str) -> Result<Reply, Stop> {
    let body = format!(
        "<D:propertyupdate xmlns:D=\"DAV:\" xmlns:x=\"urn:calamity:conform\">{instructions}\
         </D:propertyupdate>"
    );
    Ok(dav.client.send(Ask::new("PROPPATCH", path).body(XML, body)).await?)
}

fn setting(property: &str) -> String {
    format!("<D:set><D:prop>{property}</D:prop></D:set>")
}

fn removing(property: &str) -> String {
    format!("<D:remove><D:prop>{property}</D:prop></D:remove>")
}

/// Patches, and fails unless a property has this status.
async fn patched(dav: &Dav, at: &str, instructions: &str, name: Name, status: u16) -> Verdict {
    let found = Multistatus::read(&patch(dav, at, instructions).await?)?;
    let found = found.of(at)?;
    same(&format!("status of {}", name.1), &found.status_of(name).or(found.status), &Some(status))
}

async fn text(dav: &Dav, at: &str, name: Name) -> Result<Option<String>, Stop> {
    Ok(dav.property(at, name).await?.map(|found| found.trimmed().to_owned()))
}

async fn set_and_read(dav: &Dav, written: &str, wanted: &str) -> Verdict {
    let (at, name) = (dav.collection().await?, (DAV, "displayname"));
    let property = format!("<D:displayname>{written}</D:displayname>");
    patched(dav, &at, &setting(&property), name, 200).await?;
    same("displayname", &text(dav, &at, name).await?, &Some(wanted.to_owned()))
}

async fn set(dav: &Dav) -> Verdict {
    set_and_read(dav, "Work", "Work").await
}

async fn non_ascii(dav: &Dav) -> Verdict {
    set_and_read(dav, "Käse &lt;b&gt; &amp; 日本 🧀", "Käse <b> & 日本 🧀").await
}

async fn dead(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    patched(dav, &at, &setting("<x:note>kept</x:note>"), DEAD, 200).await?;
    same("the value", &text(dav, &at, DEAD).await?, &Some("kept".to_owned()))
}

/// A collection with a dead property.
async fn with_dead(dav: &Dav, property: &str) -> Result<String, Stop> {
    let at = dav.collection().await?;
    match patched(dav, &at, &setting(property), DEAD, 200).await {
        Err(Stop::Fail { .. }) => skip("dead properties are not kept: proppatch.dead tells of it"),
        other => other.map(|()| at),
    }
}

async fn remove(dav: &Dav) -> Verdict {
    let at = with_dead(dav, "<x:note>kept</x:note>").await?;
    patched(dav, &at, &removing("<x:note/>"), DEAD, 200).await?;
    same("the value afterwards", &text(dav, &at, DEAD).await?, &None)
}

async fn remove_missing(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    patched(dav, &at, &removing("<x:note/>"), DEAD, 200).await
}

async fn structure(dav: &Dav) -> Verdict {
    let value = "<x:note xml:lang=\"de\"><x:a k=\"v &amp; w\">ü</x:a><y xmlns=\"urn:y\"/></x:note>";
    let at = with_dead(dav, value).await?;
    let Some(found) = dav.property(&at, DEAD).await? else {
        return fail("the property", "none");
    };
    same("its language", &found.attribute("lang"), &Some("de"))?;
    let inner = found.child(("urn:calamity:conform", "a"));
    same("an attribute", &inner.and_then(|inner| inner.attribute("k")), &Some("v & w"))?;
    same("its text", &inner.map(|inner| inner.text.as_str()), &Some("ü"))?;
    expect(found.child(("urn:y", "y")).is_some(), "an element of another namespace", "none")
}

async fn order(dav: &Dav) -> Verdict {
    let at = with_dead(dav, "<x:note>one</x:note>").await?;
    let both = format!("{}{}", removing("<x:note/>"), setting("<x:note>two</x:note>"));
    patch(dav, &at, &both).await?.status("two instructions", &[207])?;
    same("the value", &text(dav, &at, DEAD).await?, &Some("two".to_owned()))
}

const PROTECTED: &str = "<D:getetag>\"forged\"</D:getetag>";

async fn protected(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let one = dav.store_sample(&at, "one").await?;
    let reply = patch(dav, &one, &setting(PROTECTED)).await?;
    if reply.status == 403 {
        return Ok(());
    }
    let status = Multistatus::read(&reply)?.of(&one)?.status_of((DAV, "getetag"));
    same("status of getetag", &status, &Some(403))
}

async fn half_wrong(dav: &Dav) -> Result<(String, Reply), Stop> {
    let at = dav.collection().await?;
    let name = "<D:displayname>Half</D:displayname>";
    let reply = patch(dav, &at, &format!("{}{}", setting(name), setting(PROTECTED))).await?;
    Ok((at, reply))
}

async fn atomic(dav: &Dav) -> Verdict {
    let (at, _) = half_wrong(dav).await?;
    let found = text(dav, &at, (DAV, "displayname")).await?;
    expect(found.as_deref() != Some("Half"), "no change, for one instruction failed", "half of it")
}

async fn dependency(dav: &Dav) -> Verdict {
    let (at, reply) = half_wrong(dav).await?;
    let found = Multistatus::read(&reply)?;
    let found = found.of(&at)?;
    same("status of the other", &found.status_of((DAV, "displayname")), &Some(424))
}

async fn survives(dav: &Dav) -> Verdict {
    let at = with_dead(dav, "<x:note>kept</x:note>").await?;
    let one = dav.store_sample(&at, "one").await?;
    dav.delete(&one).await?.success("DELETE of an object")?;
    let name = setting("<D:displayname>Other</D:displayname>");
    patch(dav, &at, &name).await?.status("PROPPATCH", &[207])?;
    same("the value", &text(dav, &at, DEAD).await?, &Some("kept".to_owned()))
}

async fn malformed(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let ask = Ask::new("PROPPATCH", &at).body(XML, "<D:propertyupdate xmlns:D=\"DAV:\"><D:set>");
    dav.client.send(ask).await?.status("PROPPATCH with half a body", &[400])
}

async fn missing(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let path = format!("{at}nothing.{}", dav.kind.extension());
    let name = setting("<D:displayname>x</D:displayname>");
    patch(dav, &path, &name).await?.status("PROPPATCH of nothing", &[404])
}
