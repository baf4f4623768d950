//! Checks of names of objects that have to be percent-encoded in a path (RFC 3986, section 2.1).

use super::context::Dav;
use super::href;
use crate::check::{Check, Verdict, row, same};
use crate::xml::DAV;

pub(super) fn checks() -> Vec<Check<Dav>> {
    vec![
        row! { Must, "name.space", "a name may have a space", "RFC 3986 2.1", space },
        row! {
            Must, "name.non-ascii", "a name may have characters beyond ASCII", "RFC 3986 2.5",
            non_ascii
        },
        row! {
            Must, "name.reserved", "a name may have reserved characters", "RFC 3986 2.2", reserved
        },
        row! {
            May, "name.rare", "a name may have sub-delimiters that file systems dislike",
            "RFC 3986 2.2", rare
        },
        row! {
            Must, "name.percent", "a percent sign in a name is not decoded twice", "RFC 3986 2.4",
            percent
        },
        row! { Must, "name.markup", "a name may have what XML escapes", "RFC 4918 8.3", markup },
        row! {
            Must, "name.case", "names that differ in case are different", "RFC 3986 6.2.2.1", case
        },
        row! {
            Should, "name.no-extension", "a name needs no extension", "RFC 4791 5.3.2",
            no_extension
        },
        row! { Should, "name.long", "a name may have 200 characters", "RFC 9110 4.1", long },
        row! {
            Must, "name.equivalent", "unreserved characters may be encoded as well",
            "RFC 3986 6.2.2.2", equivalent
        },
    ]
}

/// Stores an object under a name, reads it, and finds it in the listing.
async fn works(dav: &Dav, name: &str) -> Verdict {
    let at = dav.collection().await?;
    let (path, uid) = (format!("{at}{}", href::encode(name)), dav.fresh());
    dav.put(&path, &dav.sample(&uid, "One")).await?.success("PUT")?;
    let reply = dav.get(&path).await?;
    reply.status("GET", &[200])?;
    let found = dav.propfind(&at, "1", &[(DAV, "getetag")]).await?;
    let found = &found.of(&path)?.href;
    // The href that the server gives has to work as it is.
    let again = dav.get(href::path(found)).await?;
    again.status("GET of the href in the listing", &[200])?;
    same("its body", &again.text(), &reply.text())
}

async fn space(dav: &Dav) -> Verdict {
    works(dav, &format!("a b.{}", dav.kind.extension())).await
}

async fn non_ascii(dav: &Dav) -> Verdict {
    works(dav, &format!("Grüße-東京.{}", dav.kind.extension())).await
}

async fn reserved(dav: &Dav) -> Verdict {
    works(dav, &format!("a+b@c;d=e$f.{}", dav.kind.extension())).await
}

async fn rare(dav: &Dav) -> Verdict {
    works(dav, &format!("a,b!c'(d)*e.{}", dav.kind.extension())).await
}

async fn percent(dav: &Dav) -> Verdict {
    works(dav, &format!("100%25.{}", dav.kind.extension())).await
}

async fn markup(dav: &Dav) -> Verdict {
    works(dav, &format!("a&b&amp;c.{}", dav.kind.extension())).await
}

async fn case(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let small = dav.store_sample(&at, "one").await?;
    let large = format!("{at}ONE.{}", dav.kind.extension());
    dav.get(&large).await?.status("GET of the name in capitals", &[404])?;
    dav.get(&small).await?.status("GET", &[200])
}

async fn no_extension(dav: &Dav) -> Verdict {
    works(dav, "no-extension").await
}

async fn long(dav: &Dav) -> Verdict {
    works(dav, &format!("{}.{}", "n".repeat(196), dav.kind.extension())).await
}

async fn equivalent(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let path = dav.store_sample(&at, "one").await?;
    let encoded = path.replace("one.", "%6Fn%65.");
    dav.get(&encoded).await?.status("GET of the name with letters encoded", &[200])
}
