//! `calamity drill --list`: what there is.

use std::process::ExitCode;

use serde_json::json;

use crate::failure::{Failure, PASSED};
use crate::screen::Screen;
use crate::select::Chosen;

/// Prints a line a drill, or a JSON list of them.
pub(crate) fn run(
    chosen: &[Chosen],
    as_json: bool,
    screen: &mut Screen,
) -> Result<ExitCode, Failure> {
    let mut rows = Vec::new();
    for one in chosen {
        let (title, tags) = one.title_and_tags()?;
        rows.push((one.name.clone(), title, tags));
    }
    if as_json {
        let rows: Vec<_> = rows
            .iter()
            .map(|(name, title, tags)| json!({ "name": name, "title": title, "tags": tags }))
            .collect();
        let text = serde_json::to_string_pretty(&rows).unwrap_or_default();
        screen.print(&text);
        return Ok(ExitCode::from(PASSED));
    }
    let width = rows.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
    for (name, title, tags) in &rows {
        if !screen.is_read() {
            break;
        }
        screen.print(&format!("{name:width$}  {title}  [{}]", tags.join(", ")));
    }
    Ok(ExitCode::from(PASSED))
}
