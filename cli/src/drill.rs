//! `calamity drill`: choose, check, expand, run, report.

use std::process::ExitCode;

use calamity_scenarios::crash;
use calamity_scenarios::known_bad::{self, KnownBad};
use calamity_scenarios::runner::{self, Options};
use calamity_scenarios::sut::SutChoice;

use crate::args;
use crate::failure::Failure;
use crate::screen::Screen;
use crate::{expand, list, prove, report, select};

/// Runs the command.
pub(crate) fn run(args: &args::Drill, screen: &mut Screen) -> Result<ExitCode, Failure> {
    let requests = report::requests(&args.output)?;
    let chosen = select::chosen(&args.drills)?;
    if args.list {
        return list::run(&chosen, args.output.json, screen);
    }
    let ready = select::ready(&chosen, args)?;
    if args.expand {
        return Ok(expand::run(&select::only(ready, "--expand")?, screen));
    }
    if let Some(how) = args.prove {
        return prove::run(how, &ready, &args.output, screen);
    }
    let names = ready.iter().map(|ready| ready.script.drill.as_str());
    let to = screen.terminal().with_names(names);
    let known_bad = args.known_bad.as_deref().and_then(known_bad::find);
    let engine = known_bad.map_or_else(SutChoice::engine, KnownBad::sut);
    let mut outcomes = Vec::new();
    screen.begin(ready.len());
    for ready in ready {
        screen.doing(&ready.script.drill);
        let options = Options { replay: Some(ready.replay) };
        let outcome = match (args.point, &ready.script.sweep) {
            (Some(point), Some(sweep)) => {
                crash::at_point(&ready.script, sweep, &engine, &options, point)
            }
            _ => runner::run(&ready.script, &engine, &options),
        };
        report::show(&outcome, to, &args.output, screen);
        screen.done();
        outcomes.push(outcome);
    }
    screen.end();
    report::conclude(outcomes, &requests, &args.output, screen)
}
