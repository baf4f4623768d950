//! `calamity mock`: mock servers that stand alone, until somebody stops them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, anyhow};
use calamity_base::Env;
use calamity_mock_servers::control::config::{self, Config, Tls};
use calamity_mock_servers::control::{self, Fleet, Found, Given, Running};
use calamity_scenarios::language::{Document, Mistake, PathStep};

use crate::args;
use crate::failure::{FAILED, Failure, PASSED};
use crate::screen::Screen;
use crate::signals::Signals;

/// Runs the command.
pub(crate) fn run(args: &args::Mock, screen: &mut Screen) -> Result<ExitCode, Failure> {
    if args.example {
        screen.print(config::EXAMPLE.trim_end());
        return Ok(ExitCode::from(PASSED));
    }
    if args.schema {
        screen.print(&pretty(&config::schema()));
        return Ok(ExitCode::from(PASSED));
    }
    if args.openapi {
        screen.print(&pretty(&control::openapi(None)));
        return Ok(ExitCode::from(PASSED));
    }
    let mut config = configuration(args.config.as_deref())?;
    if args.tls {
        let plain = config.servers.iter_mut().filter(|server| server.tls == Tls::Off);
        plain.for_each(|server| server.tls = Tls::Generated);
    }
    let folder = args.config.as_deref().and_then(Path::parent).map(Path::to_path_buf);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let ended = runtime.block_on(serve(args, &config, folder.unwrap_or_default(), screen));
    // Nothing is waited for any more: what is left was cut.
    runtime.shutdown_background();
    ended
}

fn pretty(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// The configuration of a file, or the one that there is without a file.
fn configuration(path: Option<&Path>) -> Result<Config, Failure> {
    let (name, text) = match path {
        None => ("the built-in configuration".to_owned(), config::DEFAULT.to_owned()),
        Some(path) => {
            let name = path.display().to_string();
            let text = fs::read_to_string(path).with_context(|| {
                format!(
                    "cannot read the configuration {name}; `calamity mock --example` prints one"
                )
            })?;
            (name, text)
        }
    };
    let document = Document::read(&name, &text)?;
    let config: Config = document.typed()?;
    let mistakes: Vec<Mistake<'_>> = config
        .check()
        .into_iter()
        .map(|mistake| Mistake {
            path: mistake.path.iter().map(step).collect(),
            message: mistake.message,
            help: mistake.help,
        })
        .collect();
    if mistakes.is_empty() { Ok(config) } else { Err(document.reject(&mistakes).into()) }
}

fn step(step: &config::Step) -> PathStep<'static> {
    match step {
        config::Step::Key(key) => PathStep::Key(key),
        config::Step::At(at) => PathStep::At(*at),
    }
}

async fn serve(
    args: &args::Mock,
    config: &Config,
    folder: PathBuf,
    screen: &mut Screen,
) -> Result<ExitCode, Failure> {
    // Before anything is served: who stops it as soon as it speaks stops it.
    let mut signals = Signals::listen().context("cannot listen for signals")?;
    let env = Env::production("mock", &folder);
    let authority = Authority::at(args.ca_out.as_deref(), config)?;
    let starting = start(&env, args, config.clone(), folder, authority.as_ref());
    let running = tokio::select! {
        biased;
        () = signals.asked() => {
            screen.error("stopped before anything was served");
            return Ok(ExitCode::from(PASSED));
        }
        started = starting => started?,
    };
    if let Some(authority) = &authority {
        authority.write(&running)?;
    }
    tell(args, &running, screen);
    signals.asked().await;
    let fleet = running.fleet.clone();
    let within = Duration::from_secs(args.drain);
    let stopped = tokio::select! {
        biased;
        // Who asks twice means now.
        () = signals.asked() => None,
        stopped = running.stop(within) => Some(stopped),
    };
    let cut = match stopped {
        Some(stopped) if stopped.cut == 0 => false,
        Some(stopped) => {
            let count = stopped.cut;
            let what = if count == 1 { "connection was" } else { "connections were" };
            screen.error(&format!("{count} {what} cut after {} seconds", args.drain));
            true
        }
        None => {
            screen.error("stopped at once, as asked twice");
            true
        }
    };
    let saved = args.save.as_deref().map_or(Ok(()), |path| save(&fleet, path));
    if let Err(error) = &saved {
        screen.error(&format!("{error:#}"));
    }
    Ok(ExitCode::from(if cut || saved.is_err() { FAILED } else { PASSED }))
}

/// Writes what the servers hold: all of it, or nothing.
fn save(fleet: &Fleet, path: &Path) -> anyhow::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    fs::write(&part, fleet.saved("saved when stopped"))
        .and_then(|()| fs::rename(&part, path))
        .with_context(|| format!("cannot save what is stored to {}", path.display()))
}

/// The file with the certificate of the authority that clients must trust.
struct Authority {
    path: PathBuf,
    /// Whether it is of use after the end.
    stays: bool,
}

/// How many names of temporary files are tried.
const NAMES_MAX: u32 = 100;

impl Authority {
    /// At the path that was asked for, or a temporary one; none where no certificate is generated.
    fn at(asked: Option<&Path>, config: &Config) -> anyhow::Result<Option<Self>> {
        if config.servers.iter().all(|server| server.tls != Tls::Generated) {
            return Ok(None);
        }
        if let Some(path) = asked {
            return Ok(Some(Self { path: path.to_path_buf(), stays: true }));
        }
        let folder = std::env::temp_dir();
        for nth in 0..NAMES_MAX {
            let path = folder.join(format!("calamity-mock-{}-{nth}.pem", std::process::id()));
            // Never one that somebody else has put there.
            match fs::OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(_) => return Ok(Some(Self { path, stays: false })),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error).context(Self::refusal(&path)),
            }
        }
        Err(anyhow!(Self::refusal(&folder)))
    }

    fn write(&self, running: &Running) -> anyhow::Result<()> {
        let Some(authority) = &running.announcement.authority else { return Ok(()) };
        fs::write(&self.path, &authority.pem).with_context(|| Self::refusal(&self.path))
    }

    fn refusal(path: &Path) -> String {
        format!("cannot write the certificate to {}; `--ca-out FILE` says where to", path.display())
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        if !self.stays {
            drop(fs::remove_file(&self.path));
        }
    }
}

/// Fills and starts the servers in a task of its own: a large world takes a while, in which nothing
/// else could be heard.
async fn start(
    env: &Env,
    args: &args::Mock,
    config: Config,
    folder: PathBuf,
    authority: Option<&Authority>,
) -> Result<Running, Failure> {
    let snapshot = args.snapshot.as_deref().map(|path| {
        fs::read(path).with_context(|| format!("cannot read the snapshot {}", path.display()))
    });
    let snapshot = snapshot.transpose()?;
    let authority_file = authority.map(|it| it.path.display().to_string());
    let own = env.clone();
    let started = env.process.spawn("mock.start", async move {
        let read = |path: &Path| read(&folder.join(path));
        let given = Given { read: &read, snapshot: snapshot.as_deref(), authority_file };
        control::run(&own, &config, &given).await
    });
    let started = started.await.map_err(|stopped| anyhow!(stopped))?;
    Ok(started.map_err(|error| anyhow!(error))?)
}

/// What is at a path: a file, or a folder whose folders are left out.
fn read(path: &Path) -> io::Result<Found> {
    if !path.is_dir() {
        return fs::read(path).map(Found::File);
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if !entry.path().is_dir() {
            names.extend(entry.file_name().into_string());
        }
    }
    Ok(Found::Folder(names))
}

fn tell(args: &args::Mock, running: &Running, screen: &mut Screen) {
    if args.json {
        screen.print(&running.announcement.json());
    } else {
        screen.print(running.announcement.plain().trim_end());
        screen.print("ready; Ctrl-C stops");
    }
}
