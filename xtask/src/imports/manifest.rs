//! Holds the dependency tables of a package against the rules.
//!
//! It reads Cargo.toml as text, so that it can name the line; features and versions are not its
//! business.

use std::collections::BTreeMap;

use anyhow::{Context as _, anyhow};
use toml_edit::{Document, Item, TableLike};

use super::{
    rules::{OWNED, PACKAGES, PREFIX, Package, STRANGERS},
    tree::Tree,
    violation::Violation,
};

/// What the root's Cargo.toml says.
#[derive(Debug)]
pub(super) struct Workspace {
    members: Vec<(String, usize)>,
    /// The package behind a key of `[workspace.dependencies]`, where it has another name.
    renamed: BTreeMap<String, String>,
}

impl Workspace {
    pub(super) fn read(tree: &Tree) -> anyhow::Result<Self> {
        let file = "Cargo.toml";
        let text = tree.read(file)?;
        let document = parse(file, &text)?;
        let workspace = document
            .get("workspace")
            .and_then(Item::as_table_like)
            .with_context(|| format!("{file} holds no [workspace]"))?;
        let members = workspace
            .get("members")
            .and_then(Item::as_array)
            .with_context(|| format!("{file} lists no members"))?;
        let members = members
            .iter()
            .filter_map(|member| {
                let line = member.span().map_or(1, |span| line_of(&text, span.start));
                Some((member.as_str()?.to_owned(), line))
            })
            .collect();
        let renamed = workspace
            .get("dependencies")
            .and_then(Item::as_table_like)
            .into_iter()
            .flat_map(TableLike::iter)
            .filter_map(|(key, item)| Some((key.to_owned(), package_of(item)?.to_owned())))
            .collect();
        Ok(Self { members, renamed })
    }

    /// Folders of the members, each with its line in the root's Cargo.toml.
    pub(super) fn members(&self) -> impl Iterator<Item = (&str, usize)> {
        self.members.iter().map(|(folder, line)| (folder.as_str(), *line))
    }
}

/// Holds one package's Cargo.toml against the rules.
pub(super) fn check(
    tree: &Tree,
    workspace: &Workspace,
    package: &Package,
) -> anyhow::Result<Vec<Violation>> {
    let file = format!("{}/Cargo.toml", package.folder);
    let text = tree.read(&file)?;
    let document = parse(&file, &text)?;
    let mut found = Vec::new();
    let name = document.get("package").and_then(|table| table.get("name")).and_then(Item::as_str);
    if name != Some(package.name) {
        found.push(Violation::new(
            &file,
            1,
            format!("the package in `{}` is not named `{}`", package.folder, package.name),
            "name it so, or change xtask/src/imports/rules.rs",
        ));
    }
    for dependency in dependencies(workspace, &text, document.as_table()) {
        let judged = judge(package, &dependency);
        found.extend(
            judged.map(|(what, way_out)| Violation::new(&file, dependency.line, what, way_out)),
        );
    }
    Ok(found)
}

/// One entry of a dependency table.
#[derive(Debug)]
struct Dependency {
    /// The package's own name, whatever the key calls it.
    name: String,
    kind: Kind,
    line: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// `[dependencies]` or `[build-dependencies]`.
    Product,
    /// `[dev-dependencies]`.
    Test,
}

const TABLES: &[(&str, Kind)] = &[
    ("dependencies", Kind::Product),
    ("build-dependencies", Kind::Product),
    ("dev-dependencies", Kind::Test),
];

/// The entries of every dependency table, those of `[target]` included.
fn dependencies(workspace: &Workspace, text: &str, root: &dyn TableLike) -> Vec<Dependency> {
    let targets = root
        .get("target")
        .and_then(Item::as_table_like)
        .into_iter()
        .flat_map(TableLike::iter)
        .filter_map(|(_, target)| target.as_table_like());
    let mut found = Vec::new();
    for holder in std::iter::once(root).chain(targets) {
        for &(table, kind) in TABLES {
            let Some(table) = holder.get(table).and_then(Item::as_table_like) else { continue };
            for (key, item) in table.iter() {
                let span = table.key(key).and_then(toml_edit::Key::span);
                let line = span.map_or(1, |span| line_of(text, span.start));
                let renamed =
                    package_of(item).or_else(|| workspace.renamed.get(key).map(String::as_str));
                found.push(Dependency { name: renamed.unwrap_or(key).to_owned(), kind, line });
            }
        }
    }
    found
}

/// What is wrong with one dependency, and the way out.
fn judge(package: &Package, dependency: &Dependency) -> Option<(String, String)> {
    let folder = package.folder;
    if let Some(owned) = OWNED.iter().find(|owned| owned.name == dependency.name) {
        let what =
            format!("`{folder}` imports `{}`, which `{}` alone may", owned.name, owned.owner);
        return (owned.owner != folder).then(|| (what, owned.way_out.to_owned()));
    }
    let Some(other) = PACKAGES.iter().find(|other| other.name == dependency.name) else {
        let ours = dependency.name.starts_with(PREFIX);
        let what = format!("`{}` is in no import rule", dependency.name);
        return ours
            .then(|| (what, "say what it may import in xtask/src/imports/rules.rs".to_owned()));
    };
    let other = other.folder;
    let strangers = STRANGERS.iter().any(|pair| pair.contains(&folder) && pair.contains(&other));
    if strangers && folder != other {
        let what = format!("`{folder}` imports `{other}`, and they must share nothing");
        return Some((what, "bring the two together in `scenarios`".to_owned()));
    }
    if dependency.kind == Kind::Product && !package.may_import.contains(&other) {
        let what = format!("`{folder}` imports `{other}`");
        return Some((what, way_out(package)));
    }
    None
}

fn way_out(package: &Package) -> String {
    if package.may_import.is_empty() {
        return format!("`{}` may import no package of the workspace", package.folder);
    }
    format!("it may import {}: move the code to one of them", package.may_import.join(", "))
}

fn package_of(item: &Item) -> Option<&str> {
    item.as_table_like()?.get("package")?.as_str()
}

fn parse<'t>(file: &str, text: &'t str) -> anyhow::Result<Document<&'t str>> {
    Document::parse(text).map_err(|error| anyhow!("{file} is not TOML: {}", error.message()))
}

/// The line of a byte, counted from 1.
fn line_of(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|&byte| byte == b'\n').count() + 1
}
