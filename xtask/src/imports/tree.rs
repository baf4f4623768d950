//! Reads files and lists source files. Paths are relative to the root, with `/` between the parts,
//! and sorted, so that the output is the same on every machine.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

/// The checkout that is checked.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    root: PathBuf,
}

impl Tree {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_path_buf() }
    }

    /// The text of a file.
    pub(super) fn read(&self, file: &str) -> anyhow::Result<String> {
        let path = self.root.join(file);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    }

    pub(super) fn exists(&self, file: &str) -> bool {
        self.root.join(file).exists()
    }

    /// Folders directly below the root that hold a Cargo.toml.
    pub(super) fn packages(&self) -> anyhow::Result<BTreeSet<String>> {
        let mut found = BTreeSet::new();
        for entry in entries(&self.root)? {
            if let Entry::Folder(name) = entry
                && self.exists(&format!("{name}/Cargo.toml"))
            {
                found.insert(name);
            }
        }
        Ok(found)
    }

    /// Every Rust file below a folder, build output and hidden folders left out.
    pub(super) fn sources(&self, folder: &str) -> anyhow::Result<BTreeSet<String>> {
        let mut found = BTreeSet::new();
        let mut open = vec![folder.to_owned()];
        while let Some(folder) = open.pop() {
            for entry in entries(&self.root.join(&folder))? {
                match entry {
                    Entry::Folder(name) => open.push(format!("{folder}/{name}")),
                    Entry::Source(name) => {
                        found.insert(format!("{folder}/{name}"));
                    }
                }
            }
        }
        Ok(found)
    }
}

enum Entry {
    Folder(String),
    Source(String),
}

fn entries(folder: &Path) -> anyhow::Result<Vec<Entry>> {
    let listing =
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut found = Vec::new();
    for entry in listing {
        let entry = entry.with_context(|| format!("cannot list {}", folder.display()))?;
        // Symbolic links are not followed: they may lead out of the checkout, or round in circles.
        let kind = entry.file_type()?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if kind.is_dir() && name != "target" && !name.starts_with('.') {
            found.push(Entry::Folder(name));
        } else if kind.is_file() && Path::new(&name).extension().is_some_and(|end| end == "rs") {
            found.push(Entry::Source(name));
        }
    }
    Ok(found)
}
