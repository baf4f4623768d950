//! Each rule seen red on a small tree that keeps every other rule.

use std::{collections::BTreeMap, fs};

use super::check;

const MEMBERS: &[(&str, &str)] = &[
    ("base", "calamity-base"),
    ("engine", "calamity-engine"),
    ("mock-servers", "calamity-mock-servers"),
    ("scenarios", "calamity-scenarios"),
];

/// A checkout of four packages that keeps every rule.
#[derive(Debug)]
struct Fixture {
    files: BTreeMap<String, String>,
}

impl Fixture {
    fn sound() -> Self {
        let mut fixture = Self { files: BTreeMap::new() };
        let members: Vec<String> =
            MEMBERS.iter().map(|(folder, _)| format!("    \"{folder}\",\n")).collect();
        fixture.put("Cargo.toml", &format!("[workspace]\nmembers = [\n{}]\n", members.concat()));
        for (folder, name) in MEMBERS {
            fixture.manifest(folder, name, "");
            fixture.put(
                &format!("{folder}/src/lib.rs"),
                "//! A package.\n\n#![forbid(unsafe_code)]\n",
            );
        }
        fixture.put("base/src/lib.rs", "//! A package.\n");
        fixture
    }

    fn put(&mut self, file: &str, text: &str) -> &mut Self {
        self.files.insert(file.to_owned(), text.to_owned());
        self
    }

    /// A Cargo.toml whose dependency tables begin in line 4.
    fn manifest(&mut self, folder: &str, name: &str, tables: &str) -> &mut Self {
        let text = format!("[package]\nname = \"{name}\"\n\n{tables}");
        self.put(&format!("{folder}/Cargo.toml"), &text)
    }

    /// Checks the tree; `expect` holds the printed lines.
    #[track_caller]
    fn finds(&self, expect: &[&str]) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (file, text) in &self.files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        let found: Vec<String> = check(folder.path())
            .expect("a readable tree")
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(found, expect);
    }

    /// Puts one more source file into `engine`, whose text follows the opening line.
    #[track_caller]
    fn engine_source_finds(name: &str, text: &str, expect: &[&str]) {
        Self::sound().put(&format!("engine/{name}"), &format!("//! A file.\n{text}")).finds(expect);
    }
}

const BIASED: &str = "a `select!` draws its order from no seed; write `biased;` as its first \
                      token (`select_biased!` in the futures crate)";
const NO_ALLOW: &str =
    "`#[allow]` stands here; fix what the lint finds, or write `#[expect(lint, reason = \"...\")]`";
const NO_IGNORE: &str =
    concat!("`#[", "ignore]` stands here; make the test fast and repeatable, or delete it");

#[test]
fn a_sound_tree_has_no_violation() {
    Fixture::sound().finds(&[]);
}

#[test]
fn an_import_outside_the_table_is_found_in_its_line() {
    Fixture::sound()
        .manifest(
            "engine",
            "calamity-engine",
            "[dependencies]\ncalamity-base.workspace = true\ncalamity-scenarios.workspace = true\n",
        )
        .finds(&[
            "engine/Cargo.toml:6: `engine` imports `scenarios`; it may import base, evidence: \
                  move the code to one of them",
        ]);
}

#[test]
fn a_package_that_may_import_nothing_is_told_so() {
    Fixture::sound()
        .manifest("base", "calamity-base", "[dependencies.calamity-engine]\nworkspace = true\n")
        .finds(&[
            "base/Cargo.toml:4: `base` imports `engine`; `base` may import no package of the \
                  workspace",
        ]);
}

#[test]
fn build_and_target_dependencies_are_dependencies() {
    let expect = "it may import base, evidence: move the code to one of them";
    Fixture::sound()
        .manifest(
            "engine",
            "calamity-engine",
            "[build-dependencies]\ncalamity-scenarios.workspace = true\n\
             [target.'cfg(unix)'.dependencies]\ncalamity-service.workspace = true\n",
        )
        .finds(&[
            &format!("engine/Cargo.toml:5: `engine` imports `scenarios`; {expect}"),
            &format!("engine/Cargo.toml:7: `engine` imports `service`; {expect}"),
        ]);
}

#[test]
fn a_renamed_import_is_still_that_import() {
    let expect = "`engine` imports `scenarios`; it may import base, evidence: move the code to one \
                  of them";
    let mut fixture = Fixture::sound();
    let root = fixture.files["Cargo.toml"].clone();
    fixture
        .put(
            "Cargo.toml",
            &format!(
                "{root}[workspace.dependencies]\n\
                 plays = {{ package = \"calamity-scenarios\", path = \"scenarios\" }}\n"
            ),
        )
        .manifest(
            "engine",
            "calamity-engine",
            "[dependencies]\nplays.workspace = true\n\
             acts = { package = \"calamity-scenarios\", path = \"../scenarios\" }\n",
        )
        .finds(&[
            &format!("engine/Cargo.toml:5: {expect}"),
            &format!("engine/Cargo.toml:6: {expect}"),
        ]);
}

#[test]
fn tests_may_import_more() {
    Fixture::sound()
        .manifest(
            "engine",
            "calamity-engine",
            "[dev-dependencies]\ncalamity-scenarios.workspace = true\n",
        )
        .finds(&[]);
}

#[test]
fn engine_and_mock_servers_are_strangers_even_in_tests() {
    let way_out = "bring the two together in `scenarios`";
    Fixture::sound()
        .manifest(
            "engine",
            "calamity-engine",
            "[dev-dependencies]\ncalamity-mock-servers.workspace = true\n",
        )
        .manifest(
            "mock-servers",
            "calamity-mock-servers",
            "[dependencies]\ncalamity-engine.workspace = true\n",
        )
        .finds(&[
            &format!(
                "engine/Cargo.toml:5: `engine` imports `mock-servers`, and they must share \
                 nothing; {way_out}"
            ),
            &format!(
                "mock-servers/Cargo.toml:5: `mock-servers` imports `engine`, and they must share \
                 nothing; {way_out}"
            ),
        ]);
}

#[test]
fn calcard_belongs_to_the_engine() {
    let calcard = "[dev-dependencies]\ncalcard = \"0.3\"\n";
    Fixture::sound()
        .manifest("engine", "calamity-engine", calcard)
        .manifest("mock-servers", "calamity-mock-servers", calcard)
        .finds(&["mock-servers/Cargo.toml:5: `mock-servers` imports `calcard`, which `engine` \
                  alone may; a parser shared with what judges the engine hides its bugs: read \
                  the lines yourself"]);
}

#[test]
fn an_unknown_package_is_an_error_wherever_it_shows() {
    let say = "say what it may import in xtask/src/imports/rules.rs";
    let mut fixture = Fixture::sound();
    let root = fixture.files["Cargo.toml"].replace("\n]\n", "\n    \"gadgets\",\n]\n");
    fixture
        .put("Cargo.toml", &root)
        .manifest("gadgets", "calamity-gadgets", "")
        .manifest("tools", "calamity-tools", "")
        .manifest(
            "engine",
            "calamity-engine",
            "[dependencies]\ncalamity-gadgets.workspace = true\n",
        )
        .finds(&[
            &format!("Cargo.toml:7: the package `gadgets` is in no import rule; {say}"),
            &format!("engine/Cargo.toml:5: `calamity-gadgets` is in no import rule; {say}"),
            "tools/Cargo.toml:1: the package `tools` is no member of the workspace; add it to \
             `members` in Cargo.toml",
        ]);
}

#[test]
fn a_package_bears_the_name_of_its_folder() {
    Fixture::sound().manifest("base", "calamity-bottom", "").finds(&[
        "base/Cargo.toml:1: the package in `base` is not named `calamity-base`; name it so, or \
         change xtask/src/imports/rules.rs",
    ]);
}

#[test]
fn invariants_know_nothing_of_the_engine() {
    let expect = "`calamity_engine` stands in scenarios/src/invariants; judge by lineage, from the \
                  mock servers' state, write log and outbox";
    Fixture::sound()
        .put("scenarios/src/invariants.rs", "//! Invariants.\nuse calamity_engine as _;\n")
        .put("scenarios/src/invariants/mail.rs", "//! Mail.\n\n// as calamity_engine::plan does\n")
        .put("scenarios/src/invariants_of_others.rs", "//! Free.\nuse calamity_engine as _;\n")
        .finds(&[
            &format!("scenarios/src/invariants.rs:2: {expect}"),
            &format!("scenarios/src/invariants/mail.rs:3: {expect}"),
        ]);
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    let expect = "the file does not open with `//!`; say what it is for, which rule it keeps and \
                  what it does not do";
    Fixture::sound()
        .put("engine/src/plan.rs", "// A plan.\n")
        .put("engine/tests/all.rs", "mod plan;\n")
        .put("engine/target/debug/generated.rs", "mod generated;\n")
        .finds(&[
            &format!("engine/src/plan.rs:1: {expect}"),
            &format!("engine/tests/all.rs:1: {expect}"),
        ]);
}

#[test]
fn every_crate_but_base_forbids_unsafe_code() {
    let expect = "the crate does not open with `#![forbid(unsafe_code)]`; add it below the `//!` \
                  lines";
    Fixture::sound()
        .put("engine/src/lib.rs", "//! A crate.\n// #![forbid(unsafe_code)]\n")
        .put("scenarios/src/lib.rs", "//! A crate.\nmod a { #![forbid(unsafe_code)] }\n")
        .put("mock-servers/src/main.rs", "//! A crate.\n#![deny(unsafe_code)]\n")
        .finds(&[
            &format!("engine/src/lib.rs:1: {expect}"),
            &format!("mock-servers/src/main.rs:1: {expect}"),
            &format!("scenarios/src/lib.rs:1: {expect}"),
        ]);
}

#[test]
fn a_select_is_biased() {
    let expect = format!("engine/src/wait.rs:3: {BIASED}");
    for call in ["tokio::select!", "select!", "futures::select!"] {
        let text = format!("async fn wait() {{\n    {call} {{ () = a() => {{}} }}\n}}\n");
        Fixture::engine_source_finds("src/wait.rs", &text, &[&expect]);
    }
    let fine = "async fn wait() {\n    tokio::select! { biased; () = a() => {} }\n}\n";
    Fixture::engine_source_finds("src/wait.rs", fine, &[]);
    let elsewhere = "// select! { }\nconst A: &str = \"select! { }\";\n";
    Fixture::engine_source_finds("src/wait.rs", elsewhere, &[]);
}

#[test]
fn a_select_in_a_test_is_fair() {
    let text = "fn wait() { select! { a => {} } }\n";
    Fixture::engine_source_finds("src/wait/tests.rs", text, &[]);
    Fixture::engine_source_finds("tests/wait.rs", text, &[]);
    let module = format!("#[cfg(test)]\nmod tests {{ {text} }}\n");
    Fixture::engine_source_finds("src/wait.rs", &module, &[]);
    let after = format!("{module}{text}");
    Fixture::engine_source_finds(
        "src/wait.rs",
        &after,
        &[&format!("engine/src/wait.rs:5: {BIASED}")],
    );
    let without = format!("#[cfg(not(test))]\nmod product {{ {text} }}\n");
    Fixture::engine_source_finds(
        "src/wait.rs",
        &without,
        &[&format!("engine/src/wait.rs:3: {BIASED}")],
    );
}

#[test]
fn nobody_allows_a_lint_or_ignores_a_test() {
    // `@` for `#`: this file itself has none of what it looks for, whoever else looks.
    let text = "@![allow(dead_code)]\n@[test]\n@[ignore = \"slow\"]\nfn a() {}\n\
                @[cfg_attr(unix, doc = \"x\", allow(dead_code))]\nfn b() {\n    \
                @[allow(unused)]\n    let c = 1;\n}\n\
                @[expect(dead_code, reason = \"allow(this), ignore(that)\")]\nfn d() {}\n";
    Fixture::engine_source_finds(
        "tests/all.rs",
        &text.replace('@', "#"),
        &[
            &format!("engine/tests/all.rs:2: {NO_ALLOW}"),
            &format!("engine/tests/all.rs:4: {NO_IGNORE}"),
            &format!("engine/tests/all.rs:6: {NO_ALLOW}"),
            &format!("engine/tests/all.rs:8: {NO_ALLOW}"),
        ],
    );
}

#[test]
fn a_file_that_is_not_rust_is_named() {
    Fixture::engine_source_finds(
        "src/plan.rs",
        "fn plan( {\n",
        &["engine/src/plan.rs:2: the file is not Rust; mend it, or name it otherwise than `.rs`"],
    );
}
