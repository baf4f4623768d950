//! Serving a fleet: every server on its port, the control API on its own, and the end of it all.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use calamity_base::Env;
use calamity_base::http::{self, ServerLimits};
use calamity_base::tls::{Acceptor, Identity};
use sha2::{Digest as _, Sha256};

use super::announce::{Announcement, Endpoint, ServerLines, SignInLine, TlsLines, UserLine};
use super::api::{Control, Guard};
use super::config::{self, Config, Tls};
use super::fleet::{Fleet, Member};
use super::seed::{Found, Given};
use super::{Error, Import};
use crate::acting::Kind;
use crate::server::Protocol;

/// The largest body that the control API takes: a snapshot, mostly.
const CONTROL_BODY_MAX: usize = 256 * 1024 * 1024;

/// A fleet that is being served. Dropping it lets it be served on until its process ends.
#[derive(Debug)]
pub struct Running {
    /// The servers.
    pub fleet: Fleet,
    /// What to tell clients.
    pub announcement: Announcement,
    servers: Vec<http::Server>,
    control: http::Server,
}

/// How a stop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// How many connections had a request in hand at the deadline and were cut.
    pub cut: usize,
}

/// Fills and serves the servers of a configuration that was checked. `env` is the machine's or a
/// simulation's.
///
/// # Errors
/// When an address cannot be listened on, a file cannot be read, or a certificate cannot be used.
/// Then nothing is served.
pub async fn run(env: &Env, config: &Config, given: &Given<'_>) -> Result<Running, Error> {
    let (fleet, imports) = Fleet::new(env, config, given)?;
    let mut certificates = Certificates { authority: None, env, config, given };
    let mut servers = Vec::new();
    let started = start(&fleet, config, &mut certificates, &mut servers).await;
    let control = match started {
        Ok(control) => control,
        Err(error) => {
            for server in &servers {
                server.stop();
                server.stopped().await;
            }
            return Err(error);
        }
    };
    let announcement = announce(&fleet, config, &servers, &control, &certificates, imports);
    // Nobody else sets it.
    drop(fleet.shared().announcement.set(announcement.clone()));
    Ok(Running { fleet, announcement, servers, control })
}

impl Running {
    /// Stops listening, lets requests in hand be answered, and cuts what is left at the deadline.
    pub async fn stop(self, within: Duration) -> Stopped {
        self.fleet.shared().stopping.send_replace(true);
        let process = &self.fleet.shared().env.process;
        let servers = self.servers.into_iter().chain([self.control]);
        // All of them at once: the deadline is that of the whole.
        let drains: Vec<_> = servers
            .map(|server| {
                process.spawn("mock.drain", async move { server.drain(within).await.cut })
            })
            .collect();
        let mut cut = 0;
        for drain in drains {
            cut += drain.await.unwrap_or(0);
        }
        Stopped { cut }
    }
}

async fn start(
    fleet: &Fleet,
    config: &Config,
    certificates: &mut Certificates<'_>,
    servers: &mut Vec<http::Server>,
) -> Result<http::Server, Error> {
    let env = &fleet.shared().env;
    for (entry, member) in config.servers.iter().zip(&fleet.shared().members) {
        let at = entry.listen.0.clone();
        let started = match certificates.acceptor(entry)? {
            Some(acceptor) => member.server.start_tls(env, at, acceptor).await,
            None => member.server.start(env, at).await,
        };
        let what = || format!("server `{}`", entry.name);
        let address = entry.listen.0.to_string();
        servers.push(started.map_err(|source| Error::listen(&what(), &address, source))?);
    }
    let at = config.control.listen.0.clone();
    let limits = ServerLimits { max_body: CONTROL_BODY_MAX, ..ServerLimits::default() };
    let control = Arc::new(Control::new(fleet.clone(), Guard::new(&config.control)));
    http::serve(env, at.clone(), control, limits)
        .await
        .map_err(|source| Error::listen("the control API", &at.to_string(), source))
}

/// The certificates of a process: one generated one for all servers that want it.
struct Certificates<'c> {
    authority: Option<Identity>,
    /// The machine's, not the servers'.
    env: &'c Env,
    config: &'c Config,
    given: &'c Given<'c>,
}

impl Certificates<'_> {
    /// What a server answers handshakes with; none where it speaks plain HTTP.
    fn acceptor(&mut self, entry: &config::Server) -> Result<Option<Acceptor>, Error> {
        let what = || format!("server `{}`", entry.name);
        let refused = |why| Error::Tls { what: what(), why };
        // Clients judge certificates by their own clock, wherever the servers' stands.
        let clock = self.env.clock.clone();
        let acceptor = match &entry.tls {
            Tls::Off => return Ok(None),
            Tls::Generated => {
                if self.authority.is_none() {
                    let names = self.names();
                    let made = Identity::generate(&names, &clock, &self.env.entropy);
                    self.authority = Some(made.map_err(refused)?);
                }
                self.authority.as_ref().map(|identity| Acceptor::new(identity, &clock))
            }
            Tls::Files(files) => {
                let text = |path: &str| {
                    let read = (self.given.read)(Path::new(path)).and_then(Found::file);
                    let read = read.and_then(|octets| {
                        String::from_utf8(octets)
                            .map_err(|_| std::io::ErrorKind::InvalidData.into())
                    });
                    read.map_err(|why| Error::File { path: path.to_owned(), what: what(), why })
                };
                let identity = Identity::from_pem(&text(&files.cert)?, &text(&files.key)?);
                Some(Acceptor::new(&identity.map_err(refused)?, &clock))
            }
        };
        acceptor.transpose().map_err(refused)
    }

    /// The names of this machine, and those that servers listen at.
    fn names(&self) -> Vec<String> {
        let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
        for server in &self.config.servers {
            let host = &server.listen.0.host;
            let all = host == "0.0.0.0" || host == "::";
            if server.tls == Tls::Generated && !all && !names.contains(host) {
                names.push(host.clone());
            }
        }
        names
    }
}

fn announce(
    fleet: &Fleet,
    config: &Config,
    servers: &[http::Server],
    control: &http::Server,
    certificates: &Certificates<'_>,
    imports: Vec<Import>,
) -> Announcement {
    let mut announcement = Announcement::new(&control.url());
    let members = fleet.shared().members.iter().zip(servers).zip(&config.servers);
    announcement.servers =
        members.map(|((member, server), entry)| lines(member, &server.url(), entry)).collect();
    announcement.authority = certificates.authority.as_ref().map(|identity| TlsLines {
        file: certificates.given.authority_file.clone(),
        url: format!("{}/certificate", announcement.control),
        sha256: fingerprint(identity.trust_pem()),
        pem: identity.trust_pem().to_owned(),
    });
    announcement.imports = imports;
    announcement
}

fn lines(member: &Member, url: &str, entry: &config::Server) -> ServerLines {
    let endpoint = |(name, path): (&str, &str)| Endpoint {
        name: name.to_owned(),
        url: format!("{url}{path}"),
    };
    let endpoints: &[(&str, &str)] = match member.protocol {
        Protocol::Jmap => &[("well-known", "/.well-known/jmap"), ("session", "/jmap/session")],
        Protocol::Graph => &[("base", "/v1.0"), ("token", "/common/oauth2/v2.0/token")],
        Protocol::Dav => &[
            ("caldav", "/.well-known/caldav"),
            ("carddav", "/.well-known/carddav"),
            ("root", "/dav/"),
        ],
    };
    let users = entry.users.iter().map(|user| {
        let acting = member.server.acting(&user.address);
        let collections = |kind| {
            let found = acting.as_ref().map(|acting| acting.collections(kind)).unwrap_or_default();
            found.into_iter().map(|(_, name)| name).collect::<Vec<_>>()
        };
        let count = |kind| acting.as_ref().map_or(0, |acting| acting.count(kind) as u64);
        let principal = member.protocol == Protocol::Dav;
        let address = acting.as_ref().map_or_else(|| user.address.clone(), |it| it.address());
        UserLine {
            url: principal.then(|| format!("{url}{}", crate::dav::server::principal(&address))),
            address,
            password: user.password.expose().to_owned(),
            calendars: collections(Kind::Event),
            events: count(Kind::Event),
            address_books: collections(Kind::Contact),
            contacts: count(Kind::Contact),
        }
    });
    let sign_in = member.server.sign_in().map(|registered| SignInLine {
        authority: format!("{url}/{}", registered.tenant),
        tenant: registered.tenant,
        client_id: registered.client,
        // The configuration was checked: there is a first user.
        client_secret: entry.users.first().map_or("", |user| user.password.expose()).to_owned(),
    });
    ServerLines {
        name: member.name.clone(),
        protocol: member.protocol.to_string(),
        profile: member.profile.clone(),
        url: url.to_owned(),
        endpoints: endpoints.iter().copied().map(endpoint).collect(),
        sign_in,
        users: users.collect(),
    }
}

/// The SHA-256 fingerprint of the first certificate of a PEM text.
fn fingerprint(pem: &str) -> String {
    let body: String = pem
        .lines()
        .skip_while(|line| !line.starts_with("-----BEGIN"))
        .skip(1)
        .take_while(|line| !line.starts_with("-----END"))
        .collect();
    let octets = BASE64.decode(body).unwrap_or_default();
    Sha256::digest(&octets).iter().map(|octet| format!("{octet:02x}")).collect()
}
