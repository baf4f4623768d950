//! Creates, updates, copies and mails.

use super::story::check;
use crate::invariants::{
    explained_by_intent::ExplainedByIntent, guests_kept::GuestsKept, no_duplicates::NoDuplicates,
    outbox_quiet::OutboxQuiet,
};

#[test]
fn a_copy_and_its_edit_are_explained_by_what_users_did() {
    check(
        &ExplainedByIntent,
        "seed a 1
         run
           b + 1
         exit 0
         user a ~ 1
         run
           b ~ 1
         exit 0",
        &[],
    );
}

#[test]
fn an_echo_is_a_write_out_of_nothing() {
    check(
        &ExplainedByIntent,
        "seed a 1
         run
           b + 1
         exit 0
         user a ~ 1
         run
           b ~ 1
         exit 0
         run
           a ~ 1
         exit 0",
        &["4: 1 writes that nothing calls for"],
    );
}

#[test]
fn a_second_write_of_the_same_change_is_one_too_many_unless_an_answer_was_lost() {
    let story = |answer: &str| {
        format!(
            "seed a 1
             run
               b + 1
             exit 0
             user a ~ 1
             run
               b ~ 1
               b request {answer}
             exit 3 held=1
             run
               b ~ 1
             exit 0"
        )
    };
    check(&ExplainedByIntent, &story("200"), &["4: 1 writes that nothing calls for"]);
    check(&ExplainedByIntent, &story("-"), &[]);
}

#[test]
fn an_item_is_there_once_whatever_crashed() {
    check(
        &NoDuplicates,
        "seed a 1
         run
           b + 1
         killed
         run
           b + 1
         exit 0",
        &["2: 1 items are there more than once"],
    );
    check(&NoDuplicates, "seed a 1\n run\n b + 1\n killed\n run\n exit 0", &[]);
}

#[test]
fn what_a_user_made_twice_may_be_there_twice() {
    check(&NoDuplicates, "seed a 1\n user a + 1", &[]);
}

#[test]
fn rows_that_a_server_lost_are_not_counted() {
    check(
        &NoDuplicates,
        "seed a 1
         run
           b + 1
         exit 0
         lose b
         user a ~ 1
         run
           b + 1
         exit 0",
        &[],
    );
}

#[test]
fn a_mail_needs_a_yes() {
    let story = |yes: &str, run: &str| {
        format!(
            "seed a 1 guests
             run
               b + 1
             exit 0
             user b ~ 1
             {yes}
             {run}
               a ~ 1
             exit 0"
        )
    };
    let told = ["3: 1 mails to 1 people because of 1 writes"];
    check(&OutboxQuiet, &story("", "run"), &told);
    check(&OutboxQuiet, &story("", "run yes"), &[]);
    check(&OutboxQuiet, &story("approve 1", "run"), &[]);
    check(
        &OutboxQuiet,
        &story("approve 2", "run"),
        &["4: 1 mails to 1 people because of 1 writes"],
    );
}

#[test]
fn a_yes_is_for_one_run() {
    check(
        &OutboxQuiet,
        "seed a 1 guests
         run
           b + 1
         exit 0
         user b ~ 1
         approve 1
         run
           a ~ 1
         exit 0
         user b ~ 1
         run
           a ~ 1
         exit 0",
        &["6: 1 mails to 1 people because of 1 writes"],
    );
}

#[test]
fn what_users_mail_themselves_is_theirs() {
    check(&OutboxQuiet, "seed a 1 guests\n user a ~ 1\n user a - 1", &[]);
}

#[test]
fn guests_stay_where_they_were_invited() {
    check(&GuestsKept, "seed a 1 guests\n run\n b + 1\n exit 0", &[]);
    check(
        &GuestsKept,
        "seed a 1 guests
         run
           b + 1
         exit 0
         user b ~ 1
         user b - 1
         run
           a - 1
           a + 1
         exit 0",
        &["4: 1 items lost guests: Edit 1 ~L0000000001 on a lost guest@example.org"],
    );
}
