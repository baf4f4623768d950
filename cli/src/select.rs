//! Which scenarios the words of a command line stand for, and what they expand to.
//!
//! Everything is read, checked and expanded before anything runs, so that bad input runs nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, anyhow};
use calamity_drills::{Choice, Drill, catalogue, choose};
use calamity_scenarios::expand::{self, CalendarFile};
use calamity_scenarios::language::read;
use calamity_scenarios::script::Script;

use crate::args;
use crate::failure::Failure;

/// A scenario with its name.
#[derive(Debug)]
pub(crate) struct Chosen {
    /// Its name in outcomes.
    pub(crate) name: String,
    /// The word by which the same is chosen again.
    word: String,
    /// The folder of the catalogue that it is in.
    folder: Option<String>,
    path: String,
    text: String,
}

/// A script that is ready to run.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) script: Script,
    /// The shell command that runs it again.
    pub(crate) replay: String,
}

/// What the words stand for, each scenario once, in the order of the words.
pub(crate) fn chosen(words: &[String]) -> Result<Vec<Chosen>, Failure> {
    let drills = catalogue()?;
    if words.is_empty() {
        return Ok(drills.into_iter().map(Chosen::from).collect());
    }
    let mut seen = BTreeSet::new();
    let mut chosen = Vec::new();
    for word in words {
        for one in of_word(&drills, word)? {
            if seen.insert(one.word.clone()) {
                chosen.push(one);
            }
        }
    }
    Ok(chosen)
}

fn of_word(drills: &[Drill], word: &str) -> Result<Vec<Chosen>, Failure> {
    let path = Path::new(word);
    let named_as_file = word.contains(['/', '\\'])
        || path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
    if named_as_file || (path.is_file() && matches!(choose(drills, word), Choice::Unknown(_))) {
        return Ok(vec![of_file(path, word)?]);
    }
    match choose(drills, word) {
        Choice::Drills(drills) => Ok(drills.into_iter().map(Chosen::from).collect()),
        Choice::Unknown(near) if near.is_empty() => Err(Failure::Other(anyhow!(
            "there is no drill, tag or file `{word}`; `calamity drill --list` shows what there is"
        ))),
        Choice::Unknown(near) => {
            let near: Vec<String> = near.iter().map(|name| format!("\n  {name}")).collect();
            Err(Failure::Other(anyhow!(
                "there is no drill, tag or file `{word}`; near it are:{}",
                near.concat()
            )))
        }
    }
}

fn of_file(path: &Path, word: &str) -> Result<Chosen, Failure> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {word}"))?;
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    Ok(Chosen {
        name: stem.unwrap_or_else(|| word.to_owned()),
        word: word.to_owned(),
        folder: None,
        path: word.to_owned(),
        text,
    })
}

impl From<Drill> for Chosen {
    fn from(drill: Drill) -> Chosen {
        let Drill { name, path, text, .. } = drill;
        let folder = path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        Chosen { word: name.clone(), name, folder, path, text }
    }
}

impl Chosen {
    /// What it shows, and its tags: the folder's and its own.
    pub(crate) fn title_and_tags(&self) -> Result<(String, Vec<String>), Failure> {
        let reading = read(&self.path, &self.text, &[])?;
        let own = reading.scenario.tags.iter().map(|tag| tag.to_string());
        let tags = self.folder.iter().cloned().chain(own).collect();
        Ok((reading.scenario.name.to_string(), tags))
    }
}

/// Reads, checks and expands everything.
pub(crate) fn ready(chosen: &[Chosen], args: &args::Drill) -> Result<Vec<Ready>, Failure> {
    let calendar = args.calendar.as_deref().map(calendar).transpose()?;
    let seeds: Vec<Option<u64>> = if args.seeds.is_empty() {
        vec![None]
    } else {
        args.seeds.iter().copied().map(Some).collect()
    };
    let mut ready = Vec::new();
    for one in chosen {
        let reading = read(&one.path, &one.text, &args.overrides)?;
        for seed in &seeds {
            let options = expand::Options {
                drill: one.name.clone(),
                tags: one.folder.iter().cloned().collect(),
                seed: *seed,
                calendar: calendar.clone(),
            };
            let script = expand::expand(&reading, &options)?;
            let replay = replay(one, args, script.seed);
            ready.push(Ready { script, replay });
        }
    }
    Ok(ready)
}

fn calendar(path: &Path) -> Result<CalendarFile, Failure> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(CalendarFile { path: path.display().to_string(), bytes })
}

/// The shell command that runs the same again.
fn replay(one: &Chosen, args: &args::Drill, seed: u64) -> String {
    let mut words = vec!["calamity".to_owned(), "drill".to_owned(), quoted(&one.word)];
    for set in &args.overrides {
        words.extend(["--set".to_owned(), quoted(set)]);
    }
    if let Some(calendar) = &args.calendar {
        words.extend(["--calendar".to_owned(), quoted(&calendar.display().to_string())]);
    }
    words.extend(["--seed".to_owned(), seed.to_string()]);
    if let Some(engine) = &args.known_bad {
        words.extend(["--known-bad".to_owned(), engine.clone()]);
    }
    words.join(" ")
}

/// A word as a POSIX shell reads it back.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./=:,@%+".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// The only one of several, where only one makes sense.
pub(crate) fn only(ready: Vec<Ready>, option: &str) -> Result<Ready, Failure> {
    let count = ready.len();
    let mut ready = ready.into_iter();
    match (ready.next(), ready.next()) {
        (Some(one), None) => Ok(one),
        _ => Err(Failure::Other(anyhow!("{option} takes one drill and one seed, not {count}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_needs_it() {
        assert_eq!(quoted("world.a.events=10"), "world.a.events=10");
        assert_eq!(quoted("my file.ics"), "'my file.ics'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn an_unknown_word_names_the_near_ones() {
        let failure = chosen(&["helthy".to_owned()]).expect_err("there is no such drill");
        assert_eq!(
            failure.render(calamity_scenarios::language::Colour::Plain),
            "error: there is no drill, tag or file `helthy`; near it are:\n  healthy"
        );
    }

    #[test]
    fn a_drill_that_is_chosen_twice_runs_once() {
        let words = ["healthy".to_owned(), "control".to_owned()];
        let names: Vec<String> =
            chosen(&words).expect("both exist").into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["healthy", "approved-bulk-delete", "asked-first"]);
    }
}
