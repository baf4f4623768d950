//! Several mock servers with one clock: what the control API acts on.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use calamity_base::{Clock, Entropy, Env, SteeredClock};
use calamity_evidence::Side;
use jiff::Timestamp;
use tokio::sync::{Semaphore, watch};

use super::config::{self, Config};
use super::kept::{Kept, Moment};
use super::seed::Seeding;
use super::{Announcement, Error, Given, Import};
use crate::directory::UserConfig;
use crate::server::{Protocol, Server, ServerConfig, Snapshot};

/// The most event streams at a time.
const STREAMS_MAX: usize = 32;

/// Several servers with one clock. Clones are the same servers.
#[derive(Clone)]
pub struct Fleet(Arc<Shared>);

pub(super) struct Shared {
    pub(super) env: Env,
    pub(super) clock: SteeredClock,
    pub(super) members: Vec<Member>,
    /// What was said at the start; empty before it.
    pub(super) announcement: OnceLock<Announcement>,
    /// Counts how often something was put back, which followers of the logs must know.
    pub(super) restored: watch::Sender<u64>,
    /// Whether everything is coming to its end.
    pub(super) stopping: watch::Sender<bool>,
    pub(super) streams: Arc<Semaphore>,
    /// The clock that the servers' own one follows.
    machine: Clock,
    /// What all seeds of the servers follow from.
    pub(super) seed: u64,
    start: config::Clock,
    /// What the servers were when they began.
    seeded: OnceLock<Vec<Snapshot>>,
    entropy: Entropy,
    /// How many uids were made up.
    made_up: AtomicU64,
    kept: Mutex<Kept>,
}

/// One server of a fleet.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) protocol: Protocol,
    pub(super) profile: String,
    pub(super) server: Server,
}

impl Fleet {
    /// The servers of a configuration that was checked, filled, on a clock that can be steered, and
    /// what became of the files that they were filled from.
    ///
    /// # Errors
    /// When a file or the snapshot cannot be read, or a server cannot be what it should.
    pub fn new(
        env: &Env,
        config: &Config,
        given: &Given<'_>,
    ) -> Result<(Self, Vec<Import>), Error> {
        let (clock, steering) = Clock::steered(env.clock.clone());
        set(&steering, config.clock);
        let machine = env.clock.clone();
        let env = env.clone().with_clock(clock);
        let entropy = Entropy::seeded(config.seed);
        let mut imports = Vec::new();
        let mut members = Vec::new();
        for entry in &config.servers {
            let member = member(&env, entry, &entropy)?;
            member.server.bound_logs(config.log_entries as usize);
            let mut seeding = Seeding {
                name: &entry.name,
                protocol: entry.protocol,
                server: &member.server,
                entropy: &entropy,
                read: given.read,
                imports: &mut imports,
            };
            // A snapshot takes the place of what the configuration makes up.
            for user in entry.users.iter().filter(|_| given.snapshot.is_none()) {
                seeding.fill(user)?;
            }
            members.push(member);
        }
        let fleet = Self(Arc::new(Shared {
            env,
            clock: steering,
            members,
            announcement: OnceLock::new(),
            restored: watch::Sender::new(0),
            stopping: watch::Sender::new(false),
            streams: Arc::new(Semaphore::new(STREAMS_MAX)),
            machine,
            seed: config.seed,
            start: config.clock,
            seeded: OnceLock::new(),
            entropy,
            made_up: AtomicU64::new(0),
            kept: Mutex::new(Kept::default()),
        }));
        let begun = match given.snapshot {
            Some(text) => {
                let moment = fleet.read_document(text).map_err(Error::Snapshot)?;
                fleet.restore(&moment);
                moment.snapshots
            }
            None => fleet.moment(String::new()).snapshots,
        };
        // Nobody else sets it.
        drop(fleet.0.seeded.set(begun));
        Ok((fleet, imports))
    }

    /// The names of the servers and the servers themselves, in the order of the configuration.
    pub fn servers(&self) -> impl Iterator<Item = (&str, &Server)> {
        self.0.members.iter().map(|member| (member.name.as_str(), &member.server))
    }

    /// The clock of all its servers.
    #[must_use]
    pub fn clock(&self) -> &SteeredClock {
        &self.0.clock
    }

    /// What time it is for the machine.
    pub(super) fn machine_now(&self) -> Timestamp {
        self.0.machine.now()
    }

    /// A uid that this process made up for no other item. The n-th one follows from the seed.
    pub(super) fn new_uid(&self) -> String {
        let number = self.0.made_up.fetch_add(1, Ordering::Relaxed);
        self.0.entropy.stream("control uid", &number.to_string()).uuid().to_string()
    }

    pub(super) fn shared(&self) -> &Shared {
        &self.0
    }

    pub(super) fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What all servers are now.
    pub(super) fn moment(&self, name: String) -> Moment {
        let snapshots = self.servers().map(|(_, server)| server.snapshot()).collect();
        Moment { name, at: self.clock().now(), snapshots }
    }

    /// Puts every server back to what it was.
    pub(super) fn restore(&self, moment: &Moment) {
        for ((_, server), snapshot) in self.servers().zip(&moment.snapshots) {
            server.restore(snapshot);
        }
        self.tell_restored();
    }

    /// Puts these servers back to how they were when they had been filled; all of them when there
    /// are none named, and then the clock too.
    pub(super) fn reset(&self, only: Option<&str>) {
        let members = self.0.members.iter().zip(self.0.seeded.get().into_iter().flatten());
        for (member, seeded) in
            members.filter(|(member, _)| only.is_none_or(|it| it == member.name))
        {
            member.server.restore(seeded);
        }
        if only.is_none() {
            set(&self.0.clock, self.0.start);
        }
        self.tell_restored();
    }

    /// Wakes whoever follows the logs, to begin anew.
    pub(super) fn tell_restored(&self) {
        self.0.restored.send_modify(|times| *times += 1);
    }
}

impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.servers().map(|(name, _)| name).collect();
        f.debug_tuple("Fleet").field(&names).finish()
    }
}

fn member(env: &Env, entry: &config::Server, entropy: &Entropy) -> Result<Member, Error> {
    let mut users = entry.users.iter().map(|user| UserConfig {
        address: user.address.clone(),
        credential: user.password.clone(),
    });
    // The configuration was checked: there is a first user.
    let Some(owner) = users.next() else {
        unreachable!("a server without users was not refused");
    };
    let server = ServerConfig {
        side: Side::A,
        protocol: entry.protocol,
        profile: entry.profile.clone(),
        owner: owner.address,
        credential: owner.credential,
        seed: entropy.stream("mock server", &entry.name).next_u64(),
        others: users.collect(),
    };
    let server =
        Server::new(env, server).map_err(|why| Error::Profile { name: entry.name.clone(), why })?;
    Ok(Member {
        name: entry.name.clone(),
        protocol: entry.protocol,
        profile: entry.profile.clone(),
        server,
    })
}

fn set(clock: &SteeredClock, to: config::Clock) {
    match to {
        config::Clock::System => clock.reset(),
        config::Clock::Frozen(at) => clock.freeze_at(at),
    }
}
