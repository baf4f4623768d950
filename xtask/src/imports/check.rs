//! Walks the workspace and collects what breaks a rule.

use std::{collections::BTreeSet, path::Path};

use super::{
    manifest::{self, Workspace},
    rules::{PACKAGES, Package},
    source,
    tree::Tree,
    violation::Violation,
};

/// Holds the workspace at `root` against every rule; the result is sorted by file and line.
///
/// # Errors
/// When a file cannot be read, or a Cargo.toml is not TOML.
pub(crate) fn check(root: &Path) -> anyhow::Result<Vec<Violation>> {
    let tree = Tree::new(root);
    let workspace = Workspace::read(&tree)?;
    let mut found = BTreeSet::new();
    found.extend(strays(&tree, &workspace)?);
    for (folder, line) in workspace.members() {
        let Some(package) = PACKAGES.iter().find(|package| package.folder == folder) else {
            found.insert(Violation::new(
                "Cargo.toml",
                line,
                format!("the package `{folder}` is in no import rule"),
                "say what it may import in xtask/src/imports/rules.rs",
            ));
            continue;
        };
        found.extend(manifest::check(&tree, &workspace, package)?);
        found.extend(sources(&tree, package)?);
    }
    Ok(found.into_iter().collect())
}

/// Packages beside the workspace: no command reaches them.
fn strays(tree: &Tree, workspace: &Workspace) -> anyhow::Result<Vec<Violation>> {
    let known: BTreeSet<&str> = workspace.members().map(|(folder, _)| folder).collect();
    let strays = tree.packages()?.into_iter().filter(|folder| !known.contains(folder.as_str()));
    Ok(strays
        .map(|folder| {
            Violation::new(
                &format!("{folder}/Cargo.toml"),
                1,
                format!("the package `{folder}` is no member of the workspace"),
                "add it to `members` in Cargo.toml",
            )
        })
        .collect())
}

fn sources(tree: &Tree, package: &Package) -> anyhow::Result<Vec<Violation>> {
    let mut found = Vec::new();
    for file in tree.sources(package.folder)? {
        found.extend(source::check(package, &file, &tree.read(&file)?));
    }
    Ok(found)
}
