//! Checks of how a client finds its way: the well-known URL, the principal, its home set, and what
//! the server says it can do.

use super::context::{Dav, Kind, XML, properties_xml};
use super::places::capabilities;
use crate::check::{Check, Verdict, expect, fail, not_applicable, row, skip};
use crate::client::{Ask, Authority};
use crate::target::Credentials;
use crate::xml::DAV;

pub(super) fn checks(kind: Kind) -> Vec<Check<Dav>> {
    let mut checks = vec![
        row! {
            Should, "discovery.well-known", "the well-known URL leads to the service",
            "RFC 6764 5", well_known
        },
        row! {
            Should, "discovery.principal", "the current user's principal is named", "RFC 5397 3",
            principal
        },
        row! {
            Must, "discovery.principal-type", "a principal says that it is one", "RFC 3744 4",
            principal_type
        },
        row! {
            Must, "discovery.principal-url", "a principal names its own URL", "RFC 3744 4.2",
            principal_url
        },
    ];
    checks.push(match kind {
        Kind::Calendar => {
            row! {
                Should, "discovery.home-set", "the principal names a home set", "RFC 4791 6.2.1",
                home_set
            }
        }
        Kind::Contacts => {
            row! {
                Should, "discovery.home-set", "the principal names a home set", "RFC 6352 7.1.1",
                home_set
            }
        }
    });
    checks.extend([
        row! {
            Must, "discovery.home-collection", "the home set is a collection", "RFC 4918 5.2",
            home_collection
        },
        row! {
            Must, "discovery.class-1", "OPTIONS names compliance class 1", "RFC 4918 18.1",
            class_1
        },
        match kind {
            Kind::Calendar => row! {
                Must, "discovery.capability", "OPTIONS names the protocol", "RFC 4791 5.1",
                capability
            },
            Kind::Contacts => row! {
                Must, "discovery.capability", "OPTIONS names the protocol", "RFC 6352 6.1",
                capability
            },
        },
        row! {
            Must, "discovery.access-control", "OPTIONS names access control", "RFC 3744 7.2",
            access_control
        },
        row! {
            Should, "discovery.allow", "OPTIONS lists the methods that are needed",
            "RFC 9110 10.2.1", allow
        },
        row! {
            Must, "discovery.anonymous", "without credentials the answer is 401 with a challenge",
            "RFC 9110 11.6.1", anonymous
        },
        row! {
            Must, "discovery.wrong-password", "with wrong ones too", "RFC 9110 15.5.2",
            wrong_password
        },
    ]);
    checks
}

async fn well_known(dav: &Dav) -> Verdict {
    let ask = Ask::new("PROPFIND", dav.kind.well_known()).header("depth", "0");
    let body = properties_xml(&[(DAV, "current-user-principal")]);
    let reply = dav.client.send(ask.body(XML, body)).await?;
    match (reply.status, reply.header("location")) {
        (301 | 302 | 303 | 307 | 308, Some(_)) | (207, _) => Ok(()),
        (status @ 300..400, None) => {
            fail("a Location in the redirect", format!("{status} without"))
        }
        (status, _) => {
            fail("a redirect to the service, or the service", format!("status {status}"))
        }
    }
}

async fn principal(dav: &Dav) -> Verdict {
    let name = (DAV, "current-user-principal");
    let Some(found) = dav.property(&dav.places.start, name).await? else {
        return fail("DAV:current-user-principal", "none at the given or the well-known URL");
    };
    let href = found.child((DAV, "href")).map(|href| href.trimmed().to_owned());
    expect(href.is_some_and(|href| !href.is_empty()), "an href in it", "none: DAV:unauthenticated?")
}

fn principal_path(dav: &Dav) -> Result<&str, crate::check::Stop> {
    match dav.places.principal.as_deref() {
        Some(path) => Ok(path),
        None => skip("no principal was found: discovery.principal tells why"),
    }
}

async fn principal_type(dav: &Dav) -> Verdict {
    let found = dav.property(principal_path(dav)?, (DAV, "resourcetype")).await?;
    let holds = found.as_ref().is_some_and(|found| found.child((DAV, "principal")).is_some());
    expect(holds, "DAV:principal in DAV:resourcetype", names(found.as_ref()))
}

async fn principal_url(dav: &Dav) -> Verdict {
    let path = principal_path(dav)?;
    let found = dav.property(path, (DAV, "principal-URL")).await?;
    let href =
        found.and_then(|found| found.child((DAV, "href")).map(|href| href.trimmed().to_owned()));
    let holds = href.as_deref().is_some_and(|href| super::href::same(href, path));
    expect(holds, format!("DAV:principal-URL with {path}"), format!("{href:?}"))
}

async fn home_set(dav: &Dav) -> Verdict {
    let found = dav.property(principal_path(dav)?, dav.kind.home_set()).await?;
    let href =
        found.and_then(|found| found.child((DAV, "href")).map(|href| href.trimmed().to_owned()));
    let wanted = format!("{} with an href", dav.kind.home_set().1);
    expect(href.is_some_and(|href| !href.is_empty()), wanted, "none")
}

fn home(dav: &Dav) -> Result<&str, crate::check::Stop> {
    match dav.places.home.as_deref() {
        Some(path) => Ok(path),
        None => skip("no home set was found: discovery.home-set tells why"),
    }
}

async fn home_collection(dav: &Dav) -> Verdict {
    let found = dav.property(home(dav)?, (DAV, "resourcetype")).await?;
    let holds = found.as_ref().is_some_and(|found| found.child((DAV, "collection")).is_some());
    expect(holds, "DAV:collection in DAV:resourcetype", names(found.as_ref()))
}

async fn has_capability(dav: &Dav, token: &str) -> Verdict {
    let reply = dav.client.send(Ask::new("OPTIONS", home(dav)?)).await?;
    reply.success("OPTIONS")?;
    let found = capabilities(&reply);
    expect(found.contains(token), format!("`{token}` in the DAV header"), format!("{found:?}"))
}

async fn class_1(dav: &Dav) -> Verdict {
    has_capability(dav, "1").await
}

async fn capability(dav: &Dav) -> Verdict {
    has_capability(dav, dav.kind.capability()).await
}

async fn access_control(dav: &Dav) -> Verdict {
    has_capability(dav, "access-control").await
}

async fn allow(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let one = dav.store_sample(&at, "one").await?;
    lists(dav, &at, &["PROPFIND", "PROPPATCH", "REPORT", "DELETE"]).await?;
    lists(dav, &one, &["PROPFIND", "GET", "PUT", "DELETE"]).await
}

/// Fails unless OPTIONS of a resource lists these methods.
async fn lists(dav: &Dav, path: &str, wanted: &[&str]) -> Verdict {
    let reply = dav.client.send(Ask::new("OPTIONS", path)).await?;
    let values = reply.headers.get_all("allow").iter().filter_map(|value| value.to_str().ok());
    let found: Vec<&str> = values.flat_map(|value| value.split(',').map(str::trim)).collect();
    let missing: Vec<&&str> = wanted.iter().filter(|name| !found.contains(name)).collect();
    expect(missing.is_empty(), format!("{missing:?} in Allow"), format!("{found:?}"))
}

async fn unauthorized(dav: &Dav, authority: Authority) -> Verdict {
    if matches!(dav.client.target().credentials, Credentials::None) {
        return not_applicable("no credentials were given");
    }
    let ask = Ask::new("PROPFIND", home(dav)?).header("depth", "0").authority(authority);
    let body = properties_xml(&[(DAV, "resourcetype")]);
    let reply = dav.client.send(ask.body(XML, body)).await?;
    reply.status("a request without right credentials", &[401])?;
    expect(reply.header("www-authenticate").is_some(), "WWW-Authenticate with 401", "none")
}

async fn anonymous(dav: &Dav) -> Verdict {
    unauthorized(dav, Authority::Nobody).await
}

async fn wrong_password(dav: &Dav) -> Verdict {
    let wrong = match dav.client.target().credentials {
        Credentials::Bearer(_) => "Bearer calamity-conform-wrong",
        // A user that is surely not there, so that nobody's account is locked.
        _ => "Basic Y2FsYW1pdHktY29uZm9ybTp3cm9uZw==",
    };
    unauthorized(dav, Authority::Wrong(wrong.to_owned())).await
}

/// The names of an element's children, for people.
pub(super) fn names(element: Option<&crate::xml::Element>) -> String {
    let Some(element) = element else { return "no such property".to_owned() };
    let names: Vec<&str> = element.children.iter().map(|child| child.name.as_str()).collect();
    format!("{names:?}")
}
