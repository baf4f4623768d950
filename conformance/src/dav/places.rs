//! Where things are on a DAV server: from the given URL or the well-known one (RFC 6764, section 5)
//! to the principal (RFC 5397) and its home set.

use std::collections::BTreeSet;

use super::context::{Kind, properties_xml};
use super::href;
use super::multistatus::Multistatus;
use crate::client::{Ask, Client, Reply};
use crate::xml::{DAV, Name};

/// How many redirects are followed.
const REDIRECTS_MAX: usize = 4;

/// What was found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    /// Where properties are answered.
    pub(crate) start: String,
    pub(crate) principal: Option<String>,
    /// The collection in which collections are made; ends in a slash.
    pub(crate) home: Option<String>,
    /// The tokens of the `DAV` header of the home.
    pub(crate) capabilities: BTreeSet<String>,
}

/// Looks for them. What is not found the checks tell of.
pub(crate) async fn find(client: &Client, kind: Kind) -> Places {
    let given = match client.target().path.as_str() {
        "" => "/",
        path => path,
    };
    let mut places = Places { start: given.to_owned(), ..Places::default() };
    for start in [given, kind.well_known()] {
        let wanted = [(DAV, "current-user-principal"), kind.home_set()];
        let Some((at, found)) = ask(client, start, &wanted).await else { continue };
        let principal = first_href(&found, (DAV, "current-user-principal"));
        let home = first_href(&found, kind.home_set());
        if principal.is_some() || home.is_some() {
            (places.start, places.principal, places.home) = (at, principal, home);
            break;
        }
    }
    if places.home.is_none()
        && let Some(principal) = &places.principal
        && let Some((_, found)) = ask(client, principal, &[kind.home_set()]).await
    {
        places.home = first_href(&found, kind.home_set());
    }
    places.home = places.home.map(|home| {
        let path = href::path(&home).to_owned();
        if path.ends_with('/') { path } else { format!("{path}/") }
    });
    places.principal = places.principal.map(|principal| href::path(&principal).to_owned());
    let home = places.home.as_ref().unwrap_or(&places.start);
    if let Ok(reply) = client.send(Ask::new("OPTIONS", home)).await {
        places.capabilities = capabilities(&reply);
    }
    places
}

/// The tokens of all `DAV` headers (RFC 4918, section 10.1).
pub(crate) fn capabilities(reply: &Reply) -> BTreeSet<String> {
    let values = reply.headers.get_all("dav").iter().filter_map(|value| value.to_str().ok());
    let tokens = values.flat_map(|value| value.split(','));
    tokens.map(|token| token.trim().to_owned()).filter(|token| !token.is_empty()).collect()
}

/// The hrefs in a property of whatever the answer is about.
fn first_href(found: &Multistatus, name: Name) -> Option<String> {
    let property = found.responses.iter().find_map(|response| response.property(name))?;
    property.child((DAV, "href")).map(|href| href.trimmed().to_owned())
}

/// Asks for properties, following redirects on the same host.
async fn ask(client: &Client, path: &str, names: &[Name]) -> Option<(String, Multistatus)> {
    let mut path = path.to_owned();
    for _ in 0..=REDIRECTS_MAX {
        let ask = Ask::new("PROPFIND", &path)
            .header("depth", "0")
            .body("application/xml; charset=utf-8", properties_xml(names));
        let reply = client.send(ask).await.ok()?;
        match reply.status {
            300..400 => path = href::path(reply.header("location")?).to_owned(),
            _ => return Multistatus::read(&reply).ok().map(|found| (path, found)),
        }
    }
    None
}
