//! `calamity mock`: mock servers that stand alone, until somebody stops them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, anyhow};
use calamity_base::Env;
use calamity_mock_servers::control::config::{self, Config};
use calamity_mock_servers::control::{self, Running};
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
    let config = configuration(args.config.as_deref())?;
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
    let starting = start(&env, config.clone(), folder);
    let running = tokio::select! {
        biased;
        () = signals.asked() => {
            screen.error("stopped before anything was served");
            return Ok(ExitCode::from(PASSED));
        }
        started = starting => started?,
    };
    tell(args, &running, screen)?;
    signals.asked().await;
    let within = Duration::from_secs(args.drain);
    let stopped = tokio::select! {
        biased;
        // Who asks twice means now.
        () = signals.asked() => None,
        stopped = running.stop(within) => Some(stopped),
    };
    match stopped {
        Some(stopped) if stopped.cut == 0 => Ok(ExitCode::from(PASSED)),
        Some(stopped) => {
            let count = stopped.cut;
            let what = if count == 1 { "connection was" } else { "connections were" };
            screen.error(&format!("{count} {what} cut after {} seconds", args.drain));
            Ok(ExitCode::from(FAILED))
        }
        None => {
            screen.error("stopped at once, as asked twice");
            Ok(ExitCode::from(FAILED))
        }
    }
}

/// Fills and starts the servers in a task of its own: a large world takes a while, in which nothing
/// else could be heard.
async fn start(env: &Env, config: Config, folder: PathBuf) -> Result<Running, Failure> {
    let own = env.clone();
    let started = env.process.spawn("mock.start", async move {
        let read = |path: &Path| fs::read(folder.join(path));
        control::run(&own, &config, &read).await
    });
    let started = started.await.map_err(|stopped| anyhow!(stopped))?;
    Ok(started.map_err(|error| anyhow!(error))?)
}

fn tell(args: &args::Mock, running: &Running, screen: &mut Screen) -> Result<(), Failure> {
    if let (Some(path), Some(authority)) = (&args.ca_out, &running.announcement.authority) {
        fs::write(path, &authority.pem)
            .with_context(|| format!("cannot write the certificate to {}", path.display()))?;
    }
    if args.json {
        screen.print(&running.announcement.json());
    } else {
        screen.print(running.announcement.plain().trim_end());
        screen.print("ready; Ctrl-C stops");
    }
    Ok(())
}
