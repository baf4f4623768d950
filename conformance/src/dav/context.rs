//! What the checks of a DAV server share: the client, the places, collections to work in.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use calamity_base::entropy::Stream;
use calamity_base::{BoxFuture, Env};

use super::guard::Inside;
use super::multistatus::Multistatus;
use super::places::{self, Places};
use super::samples;
use crate::PREFIX;
use crate::check::{Stop, skip};
use crate::client::{Ask, Client, Error, Reply, lock};
use crate::run::Bench;
use crate::target::{Protocol, Target};
use crate::xml::{CALDAV, CARDDAV, DAV, Element, Name, escape};

/// The media type of XML bodies.
pub(crate) const XML: &str = "application/xml; charset=utf-8";

/// What a server keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Calendar,
    Contacts,
}

impl Kind {
    pub(crate) fn of(protocol: Protocol) -> Kind {
        if protocol == Protocol::Carddav { Kind::Contacts } else { Kind::Calendar }
    }

    /// RFC 6764, section 5.
    pub(crate) fn well_known(self) -> &'static str {
        match self {
            Kind::Calendar => "/.well-known/caldav",
            Kind::Contacts => "/.well-known/carddav",
        }
    }

    /// RFC 4791, section 6.2.1; RFC 6352, section 7.1.1.
    pub(crate) fn home_set(self) -> Name {
        match self {
            Kind::Calendar => (CALDAV, "calendar-home-set"),
            Kind::Contacts => (CARDDAV, "addressbook-home-set"),
        }
    }

    /// What its collections say they are.
    pub(crate) fn resource_type(self) -> Name {
        match self {
            Kind::Calendar => (CALDAV, "calendar"),
            Kind::Contacts => (CARDDAV, "addressbook"),
        }
    }

    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Kind::Calendar => "text/calendar; charset=utf-8",
            Kind::Contacts => "text/vcard; charset=utf-8",
        }
    }

    /// The property that holds an object in reports.
    pub(crate) fn data(self) -> Name {
        match self {
            Kind::Calendar => (CALDAV, "calendar-data"),
            Kind::Contacts => (CARDDAV, "address-data"),
        }
    }

    /// The token of the `DAV` header.
    pub(crate) fn capability(self) -> &'static str {
        match self {
            Kind::Calendar => "calendar-access",
            Kind::Contacts => "addressbook",
        }
    }

    /// The namespace of its specification.
    pub(crate) fn namespace(self) -> &'static str {
        self.data().0
    }

    /// What names of its objects end in.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Kind::Calendar => "ics",
            Kind::Contacts => "vcf",
        }
    }
}

/// The context of a run.
#[derive(Debug)]
pub(crate) struct Dav {
    pub(crate) client: Client,
    pub(crate) kind: Kind,
    pub(crate) places: Places,
    inside: Arc<Inside>,
    names: Mutex<Stream>,
    made: Mutex<Vec<String>>,
}

impl Dav {
    pub(crate) async fn open(env: &Env, target: &Target, kind: Kind) -> Dav {
        let inside = Arc::new(Inside::default());
        let client = Client::new(env, target, inside.clone());
        let places = places::find(&client, kind).await;
        let names = Mutex::new(env.entropy.stream("conformance", target.protocol.name()));
        Dav { client, kind, places, inside, names, made: Mutex::default() }
    }

    /// A name that nobody else has.
    pub(crate) fn fresh(&self) -> String {
        lock(&self.names).hex(16)
    }

    /// The path of a collection that is not there yet, and in which the run may write. It is removed
    /// after the check, if it is there then.
    pub(crate) fn new_path(&self) -> Result<String, Stop> {
        let Some(home) = &self.places.home else {
            return skip("no home set was found: discovery.home-set tells why");
        };
        let path = format!("{home}{PREFIX}{}/", self.fresh());
        self.inside.claim(&path);
        lock(&self.made).push(path.clone());
        Ok(path)
    }

    /// A new collection to work in, with its path.
    pub(crate) async fn collection(&self) -> Result<String, Stop> {
        let path = self.new_path()?;
        let reply = self.make(&path, "").await?;
        if reply.is_success() {
            return Ok(path);
        }
        skip(format!("no collection could be made ({}): make.created tells why", reply.status))
    }

    /// Asks for a collection with these properties.
    pub(crate) async fn make(&self, path: &str, properties: &str) -> Result<Reply, Error> {
        let namespaces = format!("xmlns:D=\"DAV:\" xmlns:C=\"{}\"", self.kind.namespace());
        let ask = match self.kind {
            Kind::Calendar if properties.is_empty() => Ask::new("MKCALENDAR", path),
            Kind::Calendar => Ask::new("MKCALENDAR", path).body(
                XML,
                format!(
                    "<C:mkcalendar {namespaces}><D:set><D:prop>{properties}</D:prop></D:set>\
                     </C:mkcalendar>"
                ),
            ),
            // RFC 6352, section 5.2: address books are made by extended MKCOL (RFC 5689).
            Kind::Contacts => Ask::new("MKCOL", path).body(
                XML,
                format!(
                    "<D:mkcol {namespaces}><D:set><D:prop><D:resourcetype><D:collection/>\
                     <C:addressbook/></D:resourcetype>{properties}</D:prop></D:set></D:mkcol>"
                ),
            ),
        };
        self.client.send(ask).await
    }

    /// An object of the kind, with an identifier and a title.
    pub(crate) fn sample(&self, uid: &str, title: &str) -> String {
        match self.kind {
            Kind::Calendar => samples::event(uid, title),
            Kind::Contacts => samples::card(uid, title),
        }
    }

    pub(crate) fn put_ask(&self, path: &str, body: impl Into<Bytes>) -> Ask {
        Ask::new("PUT", path).body(self.kind.media_type(), body)
    }

    pub(crate) async fn put(&self, path: &str, body: &str) -> Result<Reply, Error> {
        self.client.send(self.put_ask(path, body.to_owned())).await
    }

    /// Stores an object under a name in a collection and returns its path. Without it there is
    /// nothing to check.
    pub(crate) async fn store(&self, at: &str, name: &str, body: &str) -> Result<String, Stop> {
        let path = format!("{at}{name}.{}", self.kind.extension());
        let reply = self.put(&path, body).await?;
        if reply.is_success() {
            return Ok(path);
        }
        skip(format!("an object that is needed was refused ({}): put.created", reply.status))
    }

    /// Stores a sample under a name and returns its path.
    pub(crate) async fn store_sample(&self, at: &str, name: &str) -> Result<String, Stop> {
        let uid = self.fresh();
        self.store(at, name, &self.sample(&uid, name)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Reply, Error> {
        self.client.send(Ask::new("GET", path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Result<Reply, Error> {
        self.client.send(Ask::new("DELETE", path)).await
    }

    pub(crate) async fn propfind(
        &self,
        path: &str,
        depth: &str,
        names: &[Name],
    ) -> Result<Multistatus, Stop> {
        let ask = Ask::new("PROPFIND", path).header("depth", depth);
        let reply = self.client.send(ask.body(XML, properties_xml(names))).await?;
        Multistatus::read(&reply)
    }

    /// One property of a resource, if it is there.
    pub(crate) async fn property(&self, path: &str, name: Name) -> Result<Option<Element>, Stop> {
        let found = self.propfind(path, "0", &[name]).await?;
        Ok(found.of(path)?.property(name).cloned())
    }

    /// The ETag of an object as GET gives it.
    pub(crate) async fn etag(&self, path: &str) -> Result<String, Stop> {
        let reply = self.get(path).await?;
        match reply.header("etag") {
            Some(etag) => Ok(etag.to_owned()),
            None => skip("no ETag on GET: get.etag tells of it"),
        }
    }

    pub(crate) async fn report_reply(
        &self,
        path: &str,
        depth: &str,
        body: &str,
    ) -> Result<Reply, Error> {
        let ask = Ask::new("REPORT", path).header("depth", depth);
        self.client.send(ask.body(XML, body.to_owned())).await
    }

    pub(crate) async fn report(
        &self,
        path: &str,
        depth: &str,
        body: &str,
    ) -> Result<Multistatus, Stop> {
        Multistatus::read(&self.report_reply(path, depth, body).await?)
    }

    /// The URL of a path, for a `Destination` header.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.client.target().origin)
    }

    pub(crate) fn can(&self, capability: &str) -> bool {
        self.places.capabilities.contains(capability)
    }
}

impl Bench for Dav {
    fn client(&self) -> &Client {
        &self.client
    }

    fn tidy(&self) -> BoxFuture<'_, Vec<String>> {
        Box::pin(async {
            let made = std::mem::take(&mut *lock(&self.made));
            let mut left = Vec::new();
            for path in made {
                match self.delete(&path).await {
                    Ok(reply) if reply.is_success() || matches!(reply.status, 404 | 410) => {}
                    Ok(reply) => left.push(format!("{path}: {}", reply.status)),
                    Err(error) => left.push(format!("{path}: {error}")),
                }
            }
            left
        })
    }
}

/// A PROPFIND body that asks for properties.
pub(crate) fn properties_xml(names: &[Name]) -> String {
    let names: String = names.iter().map(|name| empty(*name)).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><D:propfind xmlns:D=\"DAV:\"><D:prop>{names}</D:prop></D:propfind>"
    )
}

/// An empty element.
pub(crate) fn empty((namespace, name): Name) -> String {
    if namespace == DAV {
        format!("<D:{name}/>")
    } else {
        format!("<x:{name} xmlns:x=\"{}\"/>", escape(namespace))
    }
}
