//! The `calamity` program: parses its arguments and hands over.

#![forbid(unsafe_code)]

mod args;
mod conform;
mod drill;
mod expand;
mod failure;
mod list;
mod mock;
mod prove;
mod replay;
mod report;
mod screen;
mod select;
mod signals;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use failure::Failure;
use screen::Screen;

fn main() -> ExitCode {
    let args = Args::parse();
    let mut screen = Screen::new();
    let ended = match args.command {
        Command::Drill(drill) => drill::run(&drill, &mut screen),
        Command::Replay(replay) => replay::run(&replay, &mut screen),
        Command::Conform(conform) => conform::run(&conform, &mut screen),
        Command::Mock(mock) => mock::run(&mock, &mut screen),
    };
    ended.unwrap_or_else(|failure: Failure| {
        screen.error(&failure.render(screen.colour_of_errors()));
        ExitCode::from(failure::USAGE)
    })
}
