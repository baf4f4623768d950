//! The command line, as clap reads it. What an option means is documented here and nowhere else.

use std::path::PathBuf;

use calamity_scenarios::crash::Point;
use calamity_scenarios::known_bad;
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

const EXIT_CODES: &str = "\
Exit codes:
  0  every drill passed, every check holds
  1  at least one drill failed, at least one check does not hold
  2  usage or bad input; nothing was run";

const DRILL_HELP: &str = "\
Examples:
  calamity drill                                    the whole catalogue
  calamity drill --list                             what there is
  calamity drill incident-2026-04-16                one drill
  calamity drill degradation guests                 every drill of these tags
  calamity drill ./mine.yaml --seed 7               a scenario of your own
  calamity drill incident-2026-04-16 --calendar work.ics
                                                    the incident on your own calendar
  calamity drill incident-2026-04-16 --set world.a.events=10000
                                                    the incident on ten thousand events
  calamity drill --report junit=drills.xml,json=drills.json
  calamity drill --prove                            show that the drills can fail
  calamity drill incident-2026-04-16 --known-bad deletes-after-failed-creates
                                                    see one of them fail
  calamity drill healthy --expand > healthy.json && calamity replay healthy.json

Exit codes:
  0  every drill passed; with --prove: the matrix equals the checked-in rows
  1  at least one drill failed; with --prove: the matrix differs
  2  usage or bad input (an unknown name, a scenario or calendar with mistakes); nothing was run";

const REPLAY_HELP: &str = "\
Examples:
  calamity drill incident-2026-04-16 --expand > incident.json
  calamity replay incident.json                     the same run, to the same digest
  calamity replay - < incident.json

Exit codes:
  0  everything held
  1  something did not hold
  2  usage or a text that is no script; nothing was run";

const MOCK_HELP: &str = "\
Examples:
  calamity mock                               JMAP, Graph, CalDAV and CardDAV, two users each
  calamity mock --tls --ca-out ca.pem         over TLS; clients must trust ca.pem
  calamity mock --example > mock.yaml         a configuration with a comment on every key
  calamity mock --config mock.yaml --save state.json
  calamity mock --config mock.yaml --snapshot state.json   all is as it was when it was stopped
  calamity mock --json | head -1 | jq -r .control          where the control API is
  curl -N \"$CONTROL/events\"                 what happens, as it happens
  # every request to `dav` is refused:
  curl \"$CONTROL/faults?server=dav\" \\
    -d '{\"id\": \"busy\", \"site\": \"request\", \"what\": {\"error\": {\"status\": 503}}}'

The first lines tell the URLs, users, passwords and the control API, whose description is at
/openapi.json. Everything listens on the loopback unless the configuration says otherwise.

Exit codes:
  0  stopped by Ctrl-C or SIGTERM, every request in hand answered
  1  stopped, and requests in hand were cut at the deadline or by a second Ctrl-C, or what is
     stored could not be saved
  2  usage or bad input (a mistake in the configuration, an unreadable file, a port in use);
     nothing was served";

/// Chaos and conformance drills for calendar and contact sync.
#[derive(Debug, Parser)]
#[command(name = "calamity", version, about, after_help = EXIT_CODES)]
#[command(propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run drills against the built-in sync engine, in simulation.
    #[command(after_help = DRILL_HELP)]
    Drill(Drill),
    /// Run a script that `drill --expand` printed, to the same digest.
    #[command(after_help = REPLAY_HELP)]
    Replay(Replay),
    /// Check whether a server does what its protocol's specification says.
    Conform(crate::conform::Args),
    /// Serve mock JMAP, Microsoft Graph, CalDAV and CardDAV servers, with an API to control them.
    #[command(after_help = MOCK_HELP)]
    Mock(Mock),
}

/// Serve mock servers.
#[derive(Debug, ClapArgs)]
pub(crate) struct Mock {
    /// The servers, as a YAML file; one of each protocol when it is left out
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Print what is served as one line of JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// Speak TLS with a generated certificate where the configuration says plain HTTP
    #[arg(long)]
    pub(crate) tls: bool,

    /// Write the authority of generated certificates there, as PEM; a temporary file when it is left
    /// out
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_out: Option<PathBuf>,

    /// Begin with what `--save` or the control API wrote, in the place of the configuration's worlds
    #[arg(long, value_name = "FILE")]
    pub(crate) snapshot: Option<PathBuf>,

    /// Write what the servers hold there when they are stopped
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,

    /// How many seconds requests in hand have to be answered when it is stopped
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub(crate) drain: u64,

    /// Print a commented configuration and end
    #[arg(long, conflicts_with_all = ["config", "json", "tls", "ca_out", "snapshot", "save"])]
    pub(crate) example: bool,

    /// Print the JSON Schema of configurations and end
    #[arg(long, conflicts_with_all = ["config", "json", "tls", "ca_out", "snapshot", "save", "example"])]
    pub(crate) schema: bool,

    /// Print the OpenAPI description of the control API and end
    #[arg(long, conflicts_with_all = ["config", "json", "tls", "ca_out", "snapshot", "save", "example", "schema"])]
    pub(crate) openapi: bool,
}

/// Run drills.
#[derive(Debug, ClapArgs)]
pub(crate) struct Drill {
    /// Drills by name, by tag (a folder of the catalogue is a tag), or as a YAML file; the whole
    /// catalogue when there is none
    #[arg(value_name = "NAME|TAG|FILE")]
    pub(crate) drills: Vec<String>,

    /// List the drills instead of running them
    #[arg(long, conflicts_with_all = ["expand", "prove", "report"])]
    pub(crate) list: bool,

    /// Prove the catalogue: run it against engines that are known to be bad, each of which must be
    /// caught as expected
    #[arg(
        long,
        value_name = "HOW",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "quick",
        conflicts_with_all = ["drills", "expand", "calendar", "overrides", "seeds", "report"]
    )]
    pub(crate) prove: Option<Prove>,

    /// Print the script that one drill expands to, instead of running it
    #[arg(long, conflicts_with_all = ["report", "json"])]
    pub(crate) expand: bool,

    /// Override a value of the scenario, for example world.a.events=10000; may be repeated
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) overrides: Vec<String>,

    /// Let the events of this iCalendar file take the place of the world's; counts become shares
    #[arg(long, value_name = "FILE")]
    pub(crate) calendar: Option<PathBuf>,

    /// Use this seed in place of the scenario's; may be repeated
    #[arg(long = "seed", value_name = "N")]
    pub(crate) seeds: Vec<u64>,

    /// Drill this known-bad engine in place of the healthy one, to see what a failure looks like
    #[arg(
        long,
        value_name = "ENGINE",
        value_parser = known_bad_engines(),
        conflicts_with_all = ["expand", "list", "prove"]
    )]
    pub(crate) known_bad: Option<String>,

    /// Kill at this one point of a drill that kills at every point, for example 'durable-op 17'
    #[arg(long, value_name = "POINT", conflicts_with_all = ["expand", "list", "prove"])]
    pub(crate) point: Option<Point>,

    #[command(flatten)]
    pub(crate) output: Output,
}

fn known_bad_engines() -> PossibleValuesParser {
    PossibleValuesParser::new(
        known_bad::all().iter().map(|known| PossibleValue::new(known.name).help(known.about)),
    )
}

/// How thoroughly the drills are proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Prove {
    /// Each known-bad engine up to its first expected catch
    Quick,
    /// Every known-bad engine against every drill
    Full,
    /// As `full`, and print the rows that were found, in the form in which they are checked in
    Rows,
}

/// Run a script.
#[derive(Debug, ClapArgs)]
pub(crate) struct Replay {
    /// The script; `-` for standard input
    #[arg(value_name = "SCRIPT")]
    pub(crate) script: PathBuf,

    #[command(flatten)]
    pub(crate) output: Output,
}

/// Where the outcomes go beside the terminal.
#[derive(Debug, ClapArgs)]
pub(crate) struct Output {
    /// Write reports: json=FILE, junit=FILE, or both with a comma between
    #[arg(long, value_name = "FORMAT=FILE,...", default_value = "", hide_default_value = true)]
    pub(crate) report: String,

    /// Print the outcomes as JSON and nothing else
    #[arg(long)]
    pub(crate) json: bool,
}
