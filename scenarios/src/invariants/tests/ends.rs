//! What the end of a story has to be.

use super::story::{Story, check};
use crate::invariants::converged::Converged;
use crate::script::Must;

const IN_SYNC: &str = "seed a 1\n seed b 2\n run\n b + 1\n a + 2\n exit 0 created=2\n";

#[track_caller]
fn end(lines: &str, found: &[&str]) {
    check(&Converged, &format!("{IN_SYNC} {lines}"), found);
}

#[test]
fn equal_sides_that_need_no_write_have_converged() {
    end("run settle\n exit 0", &[]);
    end("user a ~ 1\n user b - 2\n run\n b ~ 1\n a - 2\n exit 0\n run settle\n exit 0", &[]);
}

#[test]
fn a_write_of_the_last_run_is_told() {
    end("user a ~ 1\n run settle\n b ~ 1\n exit 0", &["4: 1 writes"]);
}

#[test]
fn an_edit_that_got_lost_is_told_though_both_sides_are_equal() {
    // The client undoes the edit where it was made, instead of carrying it over.
    let mut story = Story::new(&Converged);
    story.tell(&format!("{IN_SYNC} user a ~ 1"));
    let undone = calamity_mock_servers::Edit::Title("Item 1".to_owned());
    let client = calamity_evidence::Actor::Client(calamity_evidence::RequestId(0));
    story.servers[0].edit(client, &super::story::lineage("1"), &undone).expect("it is there");
    story.tell("run\n exit 0\n run settle\n exit 0");
    let found: Vec<String> = story.end().into_iter().map(|violation| violation.found).collect();
    let told = "the title of ~L0000000001 on a is \"Item 1 ~L0000000001\", its user wrote \
                \"Edit 1 ~L0000000001\"";
    let again = told.replace(" on a ", " on b ");
    assert_eq!(found, [format!("2 items are not so: {told}; {again}")]);
}

#[test]
fn an_item_that_nobody_deleted_and_nobody_has_is_told() {
    end(
        "run\n a - 1\n b - 1\n exit 0\n run settle\n exit 0",
        &["4: 1 items are not so: ~L0000000001 is gone from both sides, and no user deleted it"],
    );
}

#[test]
fn a_delete_that_never_arrived_is_told() {
    end(
        "user b - 2\n run settle\n exit 0",
        &[
            "4: 1 items are not so: \"Item 2 ~L0000000002\" was deleted by its user and is on a",
            "4: 1 items are not so: \"Item 2\" (~L0000000002) is missing on b",
        ],
    );
}

#[test]
fn sides_may_differ_only_while_the_run_says_so() {
    let story = format!("{IN_SYNC} user b - 2\n run settle\n exit 3 held=1");
    check(&Converged, &story, &[]);
    let mut promised = Story::new(&Converged);
    promised.script.must.push(Must::Converged);
    promised.tell(&story);
    assert_eq!(promised.end().len(), 3);
}
