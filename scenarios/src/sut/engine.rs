//! The built-in engine in simulation: a process of its own with a disk of its own, running the very
//! commands that the binary runs.
//!
//! Each command builds its adapters anew, as a process that is started for it would.

use std::sync::Arc;

use calamity_base::disk::DiskImage;
use calamity_base::net::Endpoint;
use calamity_base::process::Stopped;
use calamity_base::redact::Secret;
use calamity_base::{BoxFuture, Env, Process, Sim};
use calamity_engine::Assembly;
use calamity_engine::assembly::PairConfig;
use calamity_engine::guard::Thresholds;
use calamity_engine::model;
use calamity_engine::provider::{Provider, graph, jmap};
use calamity_evidence::Side;
use calamity_mock_servers::Protocol;
use calamity_service::commands;
use http::Uri;

use crate::language::{Attendees, Mode};
use crate::script::World;

use super::terminal::{Printed, Recording};
use super::{Capabilities, Command, Ending, NO_EXIT, Run, Sut, SutChoice};

/// The name of its process and of its disk.
pub const ENGINE: &str = "engine";
/// The name of its pair.
const PAIR: &str = "drill";
/// The name of its store on its disk.
pub const STORE: &str = "drill.db";

/// Where a provider is and what opens it.
#[derive(Clone, Debug)]
pub struct Access {
    /// What it speaks.
    pub protocol: Protocol,
    /// Where it listens.
    pub endpoint: Endpoint,
    /// What every request has to carry.
    pub credential: Secret,
    /// The user's address.
    pub owner: String,
}

/// The engine in a simulation.
#[derive(Debug)]
pub struct Engine {
    sim: Sim,
    choice: SutChoice,
    pair: PairConfig,
    access: [Access; 2],
    env: Env,
}

impl Engine {
    /// The engine in its first life.
    #[must_use]
    pub fn new(sim: &Sim, choice: &SutChoice, world: &World, access: [Access; 2]) -> Engine {
        let pair = pair(world, &access);
        let env = sim.process(ENGINE);
        Engine { sim: sim.clone(), choice: choice.clone(), pair, access, env }
    }

    fn assembly(&self) -> Assembly {
        let [a, b] = [&self.access[0], &self.access[1]].map(|access| provider(&self.env, access));
        (self.choice.build)(Assembly::standard(self.pair.clone(), a, b))
    }
}

impl Sut for Engine {
    fn name(&self) -> &str {
        &self.choice.name
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { store: true, virtual_time: true, kill: true }
    }

    fn run<'a>(&'a mut self, command: &'a Command) -> BoxFuture<'a, Run> {
        Box::pin(async move {
            if !self.env.process.is_alive() {
                return Run { ending: Ending::Killed, exit: NO_EXIT, ..Run::default() };
            }
            let answer = match command {
                Command::Sync { mode: Mode::Interactive, answer } => *answer,
                _ => None,
            };
            // Shared with the task, so that what was printed before a death is known after it.
            let printed = Printed::default();
            let terminal = Recording::new(printed.clone(), answer);
            let task = carry_out(self.env.clone(), self.assembly(), *command, terminal);
            let ended = self.env.process.spawn("command", task).await;
            let printed = printed.take();
            let stopped = |ending| Run { ending, exit: NO_EXIT, ..Run::default() };
            match ended {
                Ok(finished) => Run {
                    ending: Ending::Exited,
                    exit: finished.exit,
                    summary: matches!(command, Command::Sync { .. }).then_some(finished.summary),
                    held: finished.held,
                    printed,
                },
                Err(Stopped::Panicked { message }) => {
                    Run { printed, ..stopped(Ending::Panicked(message)) }
                }
                Err(Stopped::Killed { .. } | Stopped::Aborted) => {
                    Run { printed, ..stopped(Ending::Killed) }
                }
            }
        })
    }

    fn kill(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.env.process.kill();
            self.env.process.drained().await;
        })
    }

    fn restart(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.kill().await;
            self.env = self.sim.process(ENGINE);
        })
    }

    fn process(&self) -> Option<Process> {
        Some(self.env.process.clone())
    }

    fn disk(&self) -> Option<DiskImage> {
        Some(self.sim.disk(ENGINE).snapshot())
    }
}

/// One command, inside the engine's process.
async fn carry_out(
    env: Env,
    assembly: Assembly,
    command: Command,
    mut terminal: Recording,
) -> commands::Finished {
    match command {
        Command::Sync { mode, .. } => {
            let mode = match mode {
                Mode::NonInteractive => commands::Mode::NonInteractive,
                Mode::Interactive => commands::Mode::Interactive,
                Mode::DryRun => commands::Mode::DryRun,
            };
            commands::sync(&env, &assembly, mode, &mut terminal).await
        }
        Command::Held => commands::held_list(&env, &assembly, &mut terminal).await,
        Command::Approve { count } => {
            commands::held_approve(&env, &assembly, count, &mut terminal).await
        }
    }
}

fn pair(world: &World, access: &[Access; 2]) -> PairConfig {
    let mut pair = PairConfig::new(PAIR);
    STORE.clone_into(&mut pair.store);
    pair.attendees = match world.attendees {
        Attendees::Strip => model::Attendees::Strip,
        Attendees::Hold => model::Attendees::Hold,
        Attendees::Send => model::Attendees::Send,
    };
    let given = world.thresholds;
    let defaults = Thresholds::default();
    pair.thresholds = Thresholds {
        deletes_free: given.deletes_free.unwrap_or(defaults.deletes_free),
        deletes_container_max: given
            .deletes_container_max
            .unwrap_or(defaults.deletes_container_max),
        deletes_container_share_max: given
            .deletes_container_share_max
            .unwrap_or(defaults.deletes_container_share_max),
        deletes_run_max: given.deletes_run_max.unwrap_or(defaults.deletes_run_max),
        deletes_window_max: given.deletes_window_max.unwrap_or(defaults.deletes_window_max),
        ..defaults
    };
    pair.calendars.clone_from(&world.filter);
    let name = |side: &Side| access[usize::from(*side == Side::B)].protocol.to_string();
    pair.proven = world.proven.iter().map(name).collect();
    pair
}

fn provider(env: &Env, access: &Access) -> Arc<dyn Provider> {
    let name = access.protocol.to_string();
    let token = access.credential.clone();
    let uri = |path: &str| -> Uri {
        let text = format!("{}{path}", access.endpoint.http());
        text.parse().expect("hosts of a simulation make a valid URI")
    };
    match access.protocol {
        Protocol::Jmap => {
            let session = uri("/.well-known/jmap");
            Arc::new(jmap::Jmap::new(env, jmap::Config { name, session, token }))
        }
        Protocol::Graph => {
            let config = graph::Config {
                name,
                base: uri("/v1.0"),
                token,
                owner: Some(access.owner.clone()),
                window: graph::Window::default(),
            };
            Arc::new(graph::Graph::new(env, config))
        }
        // The language of scenarios has no such account.
        Protocol::Dav => unreachable!("no scenario names a DAV account"),
    }
}
