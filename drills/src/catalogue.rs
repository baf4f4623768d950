//! What is in the catalogue, and choosing from it by name, tag or folder.

use calamity_scenarios::language::{Rejected, nearby, read};
use rust_embed::RustEmbed;

/// How many near names are told for one that does not exist.
const NEAR_MAX: usize = 5;

#[derive(RustEmbed)]
#[folder = "catalogue/"]
struct Files;

/// A drill of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drill {
    /// Its name: the file's, without ending.
    pub name: String,
    /// What it shows, as a sentence.
    pub title: String,
    /// Its folder, and the tags that it names itself.
    pub tags: Vec<String>,
    /// Its path in the catalogue.
    pub path: String,
    /// The scenario.
    pub text: String,
}

/// What a word of the command line stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// These drills, at least one.
    Drills(Vec<Drill>),
    /// Nothing; these names and tags are near.
    Unknown(Vec<String>),
}

/// Every drill, by folder and name.
///
/// # Errors
/// When a shipped scenario has a mistake.
pub fn catalogue() -> Result<Vec<Drill>, Rejected> {
    let mut paths: Vec<String> = Files::iter().map(|path| path.into_owned()).collect();
    paths.retain(|path| path.ends_with(".yaml"));
    paths.sort();
    paths.into_iter().filter_map(|path| Some(drill(&path, &Files::get(&path)?.data))).collect()
}

fn drill(path: &str, bytes: &[u8]) -> Result<Drill, Rejected> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let reading = read(path, &text, &[])?;
    let own = reading.scenario.tags.iter().map(|tag| tag.to_string());
    let folder = (!folder.is_empty()).then(|| folder.to_owned());
    Ok(Drill {
        name: file.strip_suffix(".yaml").unwrap_or(file).to_owned(),
        title: reading.scenario.name.to_string(),
        tags: folder.into_iter().chain(own).collect(),
        path: path.to_owned(),
        text,
    })
}

/// The drills that a word stands for: the one of this name, or those of this tag.
#[must_use]
pub fn choose(drills: &[Drill], word: &str) -> Choice {
    if let Some(drill) = drills.iter().find(|drill| drill.name == word) {
        return Choice::Drills(vec![drill.clone()]);
    }
    let tagged: Vec<Drill> =
        drills.iter().filter(|drill| drill.tags.iter().any(|tag| tag == word)).cloned().collect();
    if !tagged.is_empty() {
        return Choice::Drills(tagged);
    }
    let names = drills.iter().map(|drill| drill.name.as_str());
    let mut known: Vec<&str> =
        names.chain(drills.iter().flat_map(|drill| &drill.tags).map(String::as_str)).collect();
    known.sort_unstable();
    known.dedup();
    Choice::Unknown(nearby(word, known, NEAR_MAX).into_iter().map(str::to_owned).collect())
}
