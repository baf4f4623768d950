//! A server and clients of it in simulation.

use bytes::Bytes;
use calamity_base::http::Client;
use calamity_base::net::Addr;
use calamity_base::redact::Secret;
use calamity_base::{Env, Sim};
use calamity_evidence::{Actor, Lineage, Side};
use http::{Method, Request, Response};

use crate::dav::xml::names::dav;
use crate::dav::xml::{self, Element, Limits, Name};
use crate::faults::{Effect, Origin, Rule, Site};
use crate::world::{self, SourceEvent};
use crate::{Protocol, Server, ServerConfig, UserConfig};

pub(super) const OWNER: &str = "owner@example.com";
pub(super) const GUEST: &str = "guest@example.com";
pub(super) const WORK: &str = concat!("/dav/calendars/owner@example.com/", "work/");
pub(super) const BOOK: &str = "/dav/addressbooks/owner@example.com/people/";

/// A server with two users; the owner has the calendar `work` and the address book `people`.
#[derive(Debug)]
pub(super) struct World {
    pub(super) server: Server,
    pub(super) client: Client,
    pub(super) base: String,
    /// Who asks.
    pub(super) token: String,
    /// The client's process.
    pub(super) env: Env,
}

/// An answer with its parts at hand.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) response: Response<Bytes>,
}

pub(super) fn simulated<T>(test: impl AsyncFnOnce(World) -> T) -> T {
    simulated_as("strict", test)
}

pub(super) fn simulated_as<T>(profile: &str, test: impl AsyncFnOnce(World) -> T) -> T {
    Sim::run(7, async |sim| {
        let (server, client) = (sim.process("dav"), sim.process("client"));
        let world = World::new(&server, &client, profile).await;
        assert_eq!(world.send("MKCOL", WORK, &[], "").await.status, 201);
        assert_eq!(world.send("MKCOL", BOOK, &[], "").await.status, 201);
        test(world).await
    })
}

impl World {
    async fn new(server_env: &Env, env: &Env, profile: &str) -> Self {
        let config = ServerConfig {
            side: Side::B,
            protocol: Protocol::Dav,
            profile: profile.to_owned(),
            owner: OWNER.to_owned(),
            credential: Secret::new("s3cret"),
            seed: 11,
            others: vec![UserConfig {
                address: GUEST.to_owned(),
                credential: Secret::new("other"),
            }],
        };
        let server = Server::new(server_env, config).unwrap();
        let at = Addr::new("dav.test", 8080);
        let base = server.start(server_env, at).await.unwrap().endpoint.http();
        Self {
            server,
            client: Client::new(env),
            base,
            token: "s3cret".to_owned(),
            env: env.clone(),
        }
    }

    /// The same as the other user.
    pub(super) fn as_guest(&self) -> Self {
        Self {
            server: self.server.clone(),
            client: self.client.clone(),
            base: self.base.clone(),
            token: "other".to_owned(),
            env: self.env.clone(),
        }
    }

    pub(super) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        self.try_send(method, path, headers, body).await.unwrap()
    }

    pub(super) async fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, calamity_base::http::Error> {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(format!("{}{path}", self.base));
        if !headers.iter().any(|(name, _)| *name == "authorization") {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Bytes::from(body.to_owned())).unwrap();
        let response = self.client.send(request).await?;
        Ok(Answer { status: response.status().as_u16(), response })
    }

    /// PUTs an event into `work`; its ETag.
    pub(super) async fn put(&self, name: &str, body: &str) -> Answer {
        let headers = [("content-type", "text/calendar; charset=utf-8")];
        self.send("PUT", &format!("{WORK}{name}"), &headers, body).await
    }

    pub(super) async fn propfind(&self, path: &str, depth: &str, props: &str) -> Answer {
        let body = format!(
            "<D:propfind xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" \
             xmlns:A=\"urn:ietf:params:xml:ns:carddav\" xmlns:S=\"http://calendarserver.org/ns/\">\
             <D:prop>{props}</D:prop></D:propfind>"
        );
        self.send("PROPFIND", path, &[("depth", depth)], &body).await
    }

    pub(super) async fn report(&self, path: &str, name: &str, inside: &str) -> Answer {
        self.report_at("1", path, name, inside).await
    }

    pub(super) async fn report_at(
        &self,
        depth: &str,
        path: &str,
        name: &str,
        inside: &str,
    ) -> Answer {
        let body = format!(
            "<{name} xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" \
             xmlns:A=\"urn:ietf:params:xml:ns:carddav\">{inside}</{name}>"
        );
        self.send("REPORT", path, &[("depth", depth)], &body).await
    }
}

impl Answer {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(self.response.body()).into_owned()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(super) fn root(&self) -> Element {
        xml::read(self.response.body(), &Limits::default()).unwrap()
    }

    /// The local name of the condition of a `DAV:error`.
    pub(super) fn condition(&self) -> String {
        let root = self.root();
        assert_eq!(root.name, dav::ERROR);
        let mut names = root.elements().map(|element| element.name.local().to_owned());
        names.find(|name| !["exception", "message"].contains(&name.as_str())).unwrap()
    }

    /// The last segments of the hrefs of a multistatus with the status of each, `207` where it has
    /// properties.
    pub(super) fn rows(&self) -> Vec<String> {
        assert_eq!(self.status, 207, "{}", self.text());
        let root = self.root();
        let row = |response: &Element| {
            let href = response.first(&dav::HREF).unwrap().trimmed();
            let name = href.trim_end_matches('/').rsplit('/').next().unwrap().to_owned();
            match response.first(&dav::STATUS) {
                Some(status) => format!("{name} {}", &status.text()[9..12]),
                None => name,
            }
        };
        let mut rows: Vec<String> = root.all(dav::RESPONSE).map(row).collect();
        rows.sort();
        rows
    }

    /// The property of the first response that was found, with what is inside.
    pub(super) fn property(&self, name: &Name) -> Option<Element> {
        let root = self.root();
        let response = root.first(&dav::RESPONSE)?.clone();
        response
            .all(dav::PROPSTAT)
            .filter(|stat| stat.first(&dav::STATUS).is_some_and(|it| it.text().contains("200")))
            .find_map(|stat| stat.first(&dav::PROP)?.first(name).cloned())
    }

    pub(super) fn sync_token(&self) -> String {
        self.root().first(&dav::SYNC_TOKEN).unwrap().trimmed()
    }
}

/// An event on 4 May 2026, 9 to 10 in UTC.
pub(super) fn event(uid: &str, more: &str) -> String {
    let more: String = more.lines().map(|line| format!("{}\r\n", line.trim())).collect();
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n\
         DTSTAMP:20260101T000000Z\r\nSUMMARY:Event {uid}\r\nDTSTART:20260504T090000Z\r\n\
         DTEND:20260504T100000Z\r\n{more}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

pub(super) fn card(uid: &str, name: &str) -> String {
    format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\nFN:{name}\r\nN:{name};;;;\r\nEND:VCARD\r\n")
}

pub(super) fn source(uid: &str, more: &str) -> SourceEvent {
    world::read(event(uid, more).as_bytes()).unwrap().events.remove(0)
}

pub(super) fn seed(world: &World, number: u64, more: &str) -> Lineage {
    let lineage = Lineage::from_number(number);
    let event = source(&format!("uid-{number}"), more);
    world.server.create(Actor::Seed, "work", &event, &lineage).unwrap();
    lineage
}

pub(super) fn rule(id: &str, site: Site, op: &str, what: Effect) -> Rule {
    let op = op.to_owned();
    let rule = Rule { op, origin: Origin::Hostile, ..Rule::new(id, site, what) };
    assert_eq!(rule.check(), Ok(()));
    rule
}
