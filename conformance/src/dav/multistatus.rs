//! A 207 answer (RFC 4918, section 13).

use super::href;
use crate::check::{Stop, fail};
use crate::client::Reply;
use crate::xml::{DAV, Element, Name};

/// The answer.
#[derive(Clone, Debug)]
pub(crate) struct Multistatus {
    pub(crate) responses: Vec<Response>,
    /// RFC 6578, section 6.4.
    pub(crate) sync_token: Option<String>,
}

/// What it says about one resource.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) href: String,
    /// Its status, where it has one instead of properties.
    pub(crate) status: Option<u16>,
    /// Its properties, each with its status.
    pub(crate) properties: Vec<(u16, Element)>,
}

impl Multistatus {
    /// Reads an answer of status 207.
    pub(crate) fn read(reply: &Reply) -> Result<Multistatus, Stop> {
        reply.status("a multistatus", &[207])?;
        let root = match Element::parse(&reply.body) {
            Ok(root) => root,
            Err(error) => return fail("a multistatus body", error.to_string()),
        };
        if !root.is((DAV, "multistatus")) {
            return fail("DAV:multistatus", format!("{{{}}}{}", root.namespace, root.name));
        }
        let mut responses = Vec::new();
        for response in root.all((DAV, "response")) {
            let status = status(response);
            let mut properties = Vec::new();
            for propstat in response.all((DAV, "propstat")) {
                let Some(code) = self::status(propstat) else {
                    return fail("a status in each propstat", "one without");
                };
                let found = propstat.all((DAV, "prop")).flat_map(|prop| &prop.children);
                properties.extend(found.map(|found| (code, found.clone())));
            }
            let hrefs: Vec<&str> = response.all((DAV, "href")).map(|href| href.trimmed()).collect();
            if hrefs.is_empty() {
                return fail("an href in each response", "one without");
            }
            for href in hrefs {
                let (href, properties) = (href.to_owned(), properties.clone());
                responses.push(Response { href, status, properties });
            }
        }
        let token = root.child((DAV, "sync-token"));
        Ok(Multistatus { responses, sync_token: token.map(|token| token.trimmed().to_owned()) })
    }

    /// What it says about a resource.
    pub(crate) fn find(&self, path: &str) -> Option<&Response> {
        self.responses.iter().find(|response| href::same(&response.href, path))
    }

    /// What it says about a resource; without it, the check fails.
    pub(crate) fn of(&self, path: &str) -> Result<&Response, Stop> {
        match self.find(path) {
            Some(response) => Ok(response),
            None => fail(format!("a response for {path}"), format!("only {:?}", self.hrefs())),
        }
    }

    pub(crate) fn hrefs(&self) -> Vec<&str> {
        self.responses.iter().map(|response| response.href.as_str()).collect()
    }

    /// The last segments of what it lists as there, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let there = self.responses.iter().filter(|response| !response.is_missing());
        let name = |response: &Response| href::segments(&response.href).pop().unwrap_or_default();
        let mut names: Vec<String> = there.map(name).collect();
        names.sort();
        names
    }
}

impl Response {
    /// A property that is there.
    pub(crate) fn property(&self, name: Name) -> Option<&Element> {
        let found = |(code, property): &&(u16, Element)| *code == 200 && property.is(name);
        self.properties.iter().find(found).map(|(_, property)| property)
    }

    /// The status of a property.
    pub(crate) fn status_of(&self, name: Name) -> Option<u16> {
        self.properties.iter().find(|(_, property)| property.is(name)).map(|(code, _)| *code)
    }

    /// Whether it says that the resource is not there.
    pub(crate) fn is_missing(&self) -> bool {
        self.status == Some(404)
    }
}

/// The code of the `DAV:status` child: `HTTP/1.1 200 OK`.
fn status(element: &Element) -> Option<u16> {
    let line = element.child((DAV, "status"))?.trimmed();
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::HeaderMap;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn reading_never_panics(body in "(<D:(multistatus xmlns:D='DAV:'|response|href|propstat|prop|status)>|</D:(multistatus|response|href|propstat|prop|status)>|[a-z0-9 /%]{0,9}){0,24}") {
            let (headers, size) = (HeaderMap::new(), body.len());
            if let Ok(found) = Multistatus::read(&Reply { status: 207, headers, body: body.into() }) {
                prop_assert!(found.responses.len() <= size);
                drop(found.names());
            }
        }
    }

    #[test]
    fn responses_are_read_with_their_properties() {
        let body = "<D:multistatus xmlns:D='DAV:'><D:response><D:href>/a%20b/</D:href><D:propstat>\
            <D:prop><D:getetag>\"1\"</D:getetag></D:prop><D:status>HTTP/1.1 200 OK</D:status>\
            </D:propstat><D:propstat><D:prop><D:owner/></D:prop><D:status>HTTP/1.1 404 no</D:status>\
            </D:propstat></D:response><D:response><D:href>/c</D:href><D:status>HTTP/1.1 404 no\
            </D:status></D:response><D:sync-token>t</D:sync-token></D:multistatus>";
        let (headers, body) = (HeaderMap::new(), Bytes::from_static(body.as_bytes()));
        let found = Multistatus::read(&Reply { status: 207, headers, body }).unwrap();
        let first = found.of("/a b").unwrap();
        assert_eq!(first.property((DAV, "getetag")).unwrap().text, "\"1\"");
        assert_eq!(first.status_of((DAV, "owner")), Some(404));
        assert!(found.of("/c").unwrap().is_missing());
        assert_eq!(
            (found.names(), found.sync_token.as_deref()),
            (vec!["a b".to_owned()], Some("t"))
        );
    }
}
