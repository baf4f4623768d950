//! The rules, as data: a reviewer who wants to know what may import what reads this file alone.
//!
//! It is the table of ARCHITECTURE.md, "Packages". A change here is a change of the architecture.

/// One package of the workspace.
#[derive(Debug)]
pub(super) struct Package {
    /// Its folder at the root.
    pub(super) folder: &'static str,
    /// Its name in Cargo.toml.
    pub(super) name: &'static str,
    /// Folders of the packages that its `[dependencies]` and `[build-dependencies]` may name.
    pub(super) may_import: &'static [&'static str],
}

const fn package(
    folder: &'static str,
    name: &'static str,
    may_import: &'static [&'static str],
) -> Package {
    Package { folder, name, may_import }
}

/// Every package that exists or is planned. One that is missing here is an error.
pub(super) const PACKAGES: &[Package] = &[
    package("base", "calamity-base", &[]),
    package("evidence", "calamity-evidence", &["base"]),
    package("engine", "calamity-engine", &["base", "evidence"]),
    package("delivery", "calamity-delivery", &["base", "evidence"]),
    package("service", "calamity-service", &["base", "evidence", "engine", "delivery"]),
    package("mock-servers", "calamity-mock-servers", &["base", "evidence"]),
    package("conformance", "calamity-conformance", &["base", "evidence"]),
    package(
        "scenarios",
        "calamity-scenarios",
        &["base", "evidence", "engine", "delivery", "service", "mock-servers"],
    ),
    package("drills", "calamity-drills", &["scenarios"]),
    package("reports", "calamity-reports", &["base", "evidence"]),
    package("benches", "calamity-benches", LIBRARIES),
    package("cli", "calamity", LIBRARIES),
    package("xtask", "xtask", &[]),
];

/// Everything that can be imported at all.
const LIBRARIES: &[&str] = &[
    "base",
    "evidence",
    "engine",
    "delivery",
    "service",
    "mock-servers",
    "conformance",
    "scenarios",
    "drills",
    "reports",
];

/// How the workspace's packages are told from others by name.
pub(super) const PREFIX: &str = "calamity";

/// Pairs of folders of which neither may import the other, not even for its tests: a bug in shared
/// protocol code would hide on both sides of the wire.
pub(super) const STRANGERS: &[[&str; 2]] = &[["engine", "mock-servers"]];

/// A crate that one package alone may depend on, in any dependency table.
#[derive(Debug)]
pub(super) struct Owned {
    /// The crate.
    pub(super) name: &'static str,
    /// The folder of its owner.
    pub(super) owner: &'static str,
    /// What to do instead.
    pub(super) way_out: &'static str,
}

/// Crates with one owner.
pub(super) const OWNED: &[Owned] = &[Owned {
    name: "calcard",
    owner: "engine",
    way_out: "a parser shared with what judges the engine hides its bugs: read the lines yourself",
}];

/// Words that must not stand in the source files below a folder, comments included.
#[derive(Debug)]
pub(super) struct Blind {
    /// The module, as its path without `.rs`: the file of that name and everything below it.
    pub(super) module: &'static str,
    /// The words.
    pub(super) words: &'static [&'static str],
    /// What to do instead.
    pub(super) way_out: &'static str,
}

/// Modules that must not know of something.
pub(super) const BLIND: &[Blind] = &[Blind {
    module: "scenarios/src/invariants",
    words: &["calamity_engine", "calamity-engine"],
    way_out: "judge by lineage, from the mock servers' state, write log and outbox",
}];

/// Folders whose crate root may do without `#![forbid(unsafe_code)]`.
pub(super) const MAY_BE_UNSAFE: &[&str] = &["base"];

/// Files of a package that are its crate roots.
pub(super) const CRATE_ROOTS: &[&str] = &["src/lib.rs", "src/main.rs"];

/// Folder and file names that mark test code, in which a `select!` may be fair.
pub(super) const TEST_PARTS: &[&str] = &["tests", "tests.rs", "benches"];

/// Attributes that nobody may write, with the way out.
pub(super) const BANNED_ATTRIBUTES: &[(&str, &str)] = &[
    ("allow", "fix what the lint finds, or write `#[expect(lint, reason = \"...\")]`"),
    ("ignore", "make the test fast and repeatable, or delete it"),
];
