//! `calamity drill --expand`: the script instead of its run.

use std::process::ExitCode;

use crate::failure::PASSED;
use crate::screen::Screen;
use crate::select::Ready;

/// Prints the script.
pub(crate) fn run(ready: &Ready, screen: &mut Screen) -> ExitCode {
    screen.print(ready.script.to_json().trim_end());
    ExitCode::from(PASSED)
}
