//! Deletes: by whom they are meant, and when they may land.

use super::story::check;
use crate::invariants::{
    delete_has_intent::DeleteHasIntent, edit_beats_delete::EditBeatsDelete,
    no_delete_while_unresolved::NoDeleteWhileUnresolved,
};

#[test]
fn a_delete_that_a_user_made_on_the_other_side_is_fine() {
    check(
        &DeleteHasIntent,
        "seed a 1
         run
           b + 1
         exit 0
         user b - 1
         run
           a - 1
         exit 0",
        &[],
    );
}

#[test]
fn a_delete_of_what_no_user_deleted_is_told_with_its_mails() {
    check(
        &DeleteHasIntent,
        "seed a 1 guests
         seed a 2
         run
           b + 1
           b + 2
         exit 0
         user b - 2
         run
           a - 1
         exit 0",
        &["4: 1 delete of an item that no user wanted gone, 1 mail because of it"],
    );
}

#[test]
fn a_delete_before_the_user_deleted_is_not_made_good_afterwards() {
    check(
        &DeleteHasIntent,
        "seed a 1
         run
           b + 1
           a - 1
         exit 0
         user b - 1",
        &["1: 1 delete of an item that no user wanted gone, 0 mails because of them"],
    );
}

#[test]
fn an_old_delete_says_nothing_about_an_item_that_was_made_again() {
    check(
        &DeleteHasIntent,
        "seed a 1
         run
           b + 1
         exit 0
         user b - 1
         user a ~ 1
         run
           b + 1
         exit 0
         run
           a - 1
         exit 0",
        &["5: 1 delete of an item that no user wanted gone, 0 mails because of them"],
    );
}

#[test]
fn rows_that_a_server_lost_are_no_intent() {
    check(
        &DeleteHasIntent,
        "seed a 1
         run
           b + 1
         exit 0
         lose b
         run
           a - 1
         exit 0",
        &["3: 1 delete of an item that no user wanted gone, 0 mails because of them"],
    );
}

#[test]
fn an_edit_that_the_other_side_has_not_seen_beats_its_delete() {
    let before = "seed a 1
         run
           b + 1
         exit 0
         user b - 1
         user a ~ 1
         run";
    check(
        &EditBeatsDelete,
        &format!("{before}\n a - 1\n exit 0"),
        &["4: 1 edited items were deleted"],
    );
    check(&EditBeatsDelete, &format!("{before}\n b + 1\n exit 0"), &[]);
}

#[test]
fn an_edit_that_was_carried_over_does_not() {
    check(
        &EditBeatsDelete,
        "seed a 1
         run
           b + 1
         exit 3 held=1
         user a ~ 1
         run
           b ~ 1
         exit 3 held=1
         user b - 1
         run
           a - 1
         exit 0",
        &[],
    );
}

#[test]
fn a_guest_more_is_no_edit_of_the_other_side() {
    check(
        &EditBeatsDelete,
        "seed a 1
         run
           b + 1
         exit 3 held=1
         user a @ 1
         user b - 1
         run
           a - 1
         exit 0",
        &[],
    );
}

#[test]
fn deletes_wait_for_refused_creates() {
    let refused = "seed a 1
         run
           b + 1
         exit 0
         user a + 2
         user b - 1
         run
           b ! + 2
         exit 1 errors=1";
    check(
        &NoDeleteWhileUnresolved,
        &format!("{refused}\n run\n a - 1\n exit 1 errors=1"),
        &["5: 1 deletes landed while 1 creates or updates of the calendar were unresolved"],
    );
    check(&NoDeleteWhileUnresolved, &format!("{refused}\n run\n b + 2\n a - 1\n exit 0"), &[]);
}

#[test]
fn what_the_user_took_back_holds_no_delete_up() {
    check(
        &NoDeleteWhileUnresolved,
        "seed a 1
         run
           b + 1
         exit 0
         user a + 2
         run
           b ! + 2
         exit 1 errors=1
         user a - 2
         user b - 1
         run
           a - 1
         exit 0",
        &[],
    );
}

#[test]
fn deletes_go_last_within_a_run() {
    check(
        &NoDeleteWhileUnresolved,
        "seed a 1
         run
           b + 1
         exit 0
         user a + 2
         user b - 1
         run
           a - 1
           b ! + 2
         exit 1 errors=1",
        &["4: 1 deletes landed while 1 creates or updates of the calendar were unresolved"],
    );
}

#[test]
fn a_create_that_is_refused_because_the_item_is_there_is_done() {
    check(
        &NoDeleteWhileUnresolved,
        "seed a 1
         seed a 2
         run
           b + 1
           b + 2
         killed
         user b - 1
         run
           b ! + 2
           a - 1
         exit 3 deferred=1",
        &[],
    );
}
