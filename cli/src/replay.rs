//! `calamity replay`: a script, run again.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use calamity_scenarios::runner::{self, Options};
use calamity_scenarios::script::Script;
use calamity_scenarios::sut::SutChoice;

use crate::args;
use crate::failure::Failure;
use crate::screen::Screen;
use crate::{report, select};

/// Runs the command.
pub(crate) fn run(args: &args::Replay, screen: &mut Screen) -> Result<ExitCode, Failure> {
    let requests = report::requests(&args.output)?;
    let path = args.script.display().to_string();
    let script = Script::parse(&path, &text(&args.script)?)?;
    let replay = format!("calamity replay {}", select::quoted(&path));
    let to = screen.terminal().with_names([script.drill.as_str()]);
    let options = Options { replay: Some(replay) };
    let outcome = runner::run(&script, &SutChoice::engine(), &options);
    report::show(&outcome, to, &args.output, screen);
    report::conclude(vec![outcome], &requests, &args.output, screen)
}

fn text(path: &Path) -> anyhow::Result<String> {
    if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text).context("cannot read standard input")?;
        return Ok(text);
    }
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
