//! Standard output and standard error: colours where a terminal is, silence after a broken pipe,
//! progress where somebody waits.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use anstream::ColorChoice;
use calamity_reports::Terminal;
use calamity_scenarios::language::Colour;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Where text goes.
#[derive(Debug)]
pub(crate) struct Screen {
    colour: bool,
    broken: bool,
    progress: Option<ProgressBar>,
}

impl Screen {
    /// This process's own output. `NO_COLOR` and `CLICOLOR_FORCE` are honoured.
    pub(crate) fn new() -> Screen {
        let choice = anstream::AutoStream::choice(&io::stdout());
        Screen { colour: choice != ColorChoice::Never, broken: false, progress: None }
    }

    /// How outcomes are to be rendered.
    pub(crate) fn terminal(&self) -> Terminal {
        Terminal { color: self.colour, ..Terminal::plain() }
    }

    /// How mistakes are to be rendered.
    pub(crate) fn colour_of_errors(&self) -> Colour {
        match anstream::AutoStream::choice(&io::stderr()) {
            ColorChoice::Never => Colour::Plain,
            _ => Colour::Ansi,
        }
    }

    /// Prints a text and a line feed. When nobody reads any more it prints nothing: the exit code
    /// still says how it ended.
    pub(crate) fn print(&mut self, text: &str) {
        if self.broken {
            return;
        }
        let write = || {
            let mut out = io::stdout().lock();
            out.write_all(text.as_bytes())?;
            out.write_all(b"\n")?;
            out.flush()
        };
        let written = match &self.progress {
            Some(progress) => progress.suspend(write),
            None => write(),
        };
        self.broken = written.is_err();
    }

    /// Prints to standard error.
    pub(crate) fn error(&self, text: &str) {
        // Nobody is left to be told that telling failed.
        drop(writeln!(io::stderr().lock(), "{text}"));
    }

    /// Whether anybody still reads.
    pub(crate) fn is_read(&self) -> bool {
        !self.broken
    }

    /// Shows how far it is, on a terminal only.
    pub(crate) fn begin(&mut self, steps: usize) {
        if steps < 2 || !io::stderr().is_terminal() {
            return;
        }
        let bar = ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{spinner} {pos}/{len} {wide_msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(Duration::from_millis(120));
        self.progress = Some(bar);
    }

    /// What is being done now.
    pub(crate) fn doing(&self, what: &str) {
        if let Some(progress) = &self.progress {
            progress.set_message(what.to_owned());
        }
    }

    /// One step is done.
    pub(crate) fn done(&self) {
        if let Some(progress) = &self.progress {
            progress.inc(1);
        }
    }

    /// Takes the progress away.
    pub(crate) fn end(&mut self) {
        if let Some(progress) = self.progress.take() {
            progress.finish_and_clear();
        }
    }
}
