//! Ids, tokens, the change log and the account's indexes.

use std::collections::BTreeSet;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Map;

use super::{Account, Change, ChangeLog, Form, Item, Kind, NewItem, TokenError, derive};

#[test]
fn ids_tell_kind_key_and_number_apart() {
    let id = derive(1, "item", "a", 0);
    assert_eq!(id, derive(1, "item", "a", 0));
    assert_eq!(id.len(), 24);
    let others = [
        derive(2, "item", "a", 0),
        derive(1, "items", "a", 0),
        derive(1, "item", "b", 0),
        derive(1, "item", "a", 1),
        derive(1, "itema", "", 0),
    ];
    assert!(others.iter().all(|other| *other != id));
}

#[test]
fn tokens_expire_and_cannot_be_made_up() {
    let mut account = Account::new(5);
    let token = account.seal("e42");
    assert_eq!(account.unseal(&token), Ok("e42"));
    let forged = token.replace("42", "43");
    assert_eq!(account.unseal(&forged), Err(TokenError::Unknown));
    assert_eq!(Account::new(6).unseal(&token), Err(TokenError::Unknown));
    for text in ["", ".", "..", "a.b.c", "ü.0.ü"] {
        assert_eq!(account.unseal(text), Err(TokenError::Unknown));
    }
    account.expire_tokens();
    assert_eq!(account.unseal(&token), Err(TokenError::Expired));
    assert_eq!(account.unseal(&account.seal("a.b")), Ok("a.b"));
}

fn log(entries: &[(u64, &str, Kind)]) -> ChangeLog {
    let mut log = ChangeLog::default();
    for (modseq, id, kind) in entries {
        let calendars = BTreeSet::new();
        log.push(Change { modseq: *modseq, id: (*id).to_owned(), calendars, kind: *kind });
    }
    log
}

#[test]
fn a_stretch_of_the_log_comes_to_its_net_effect() {
    use Kind::{Created, Destroyed, Updated};
    let log = log(&[
        (1, "a", Created),
        (2, "b", Created),
        (4, "a", Updated),
        (5, "c", Created),
        (6, "b", Destroyed),
        (7, "c", Destroyed),
        (9, "d", Created),
    ]);
    let from_two = log.collapse(2, 100);
    let names = |set: &BTreeSet<String>| set.iter().cloned().collect::<String>();
    assert_eq!(
        [&from_two.created, &from_two.updated, &from_two.destroyed].map(names),
        ["d", "a", "b"]
    );
    assert_eq!(names(&from_two.fleeting), "c", "what came and went is told apart");
    assert_eq!((from_two.upto, from_two.more, from_two.len()), (9, false, 3));
    let page = log.collapse(0, 2);
    assert_eq!([&page.created, &page.updated, &page.destroyed].map(names), ["ab", "", ""]);
    assert_eq!((page.upto, page.more), (4, true), "a stretch ends before it names a third");
    assert_eq!(log.since(7).len(), 1);
    assert_eq!(log.last(), 9);
}

#[test]
fn indexes_follow_the_items() {
    let mut account = Account::new(5);
    let now = Timestamp::UNIX_EPOCH;
    let [a, b] = ["A", "B"].map(|name| account.insert_calendar(name, Map::new()));
    let new = |uid: &str| NewItem { uid: uid.to_owned(), ..NewItem::default() };
    let item = account.insert(new("u"), BTreeSet::from([a.clone()]), now);
    account.insert(new("v"), BTreeSet::from([a.clone()]), now);
    let count = |account: &Account, calendar: &str| account.items_in(calendar).count();
    assert_eq!((count(&account, &a), count(&account, &b)), (2, 0));
    account.update(&item.id, now, |item| item.calendars = BTreeSet::from([b.clone()])).unwrap();
    assert_eq!((count(&account, &a), count(&account, &b)), (1, 1));
    assert_eq!(
        account.changes().since(0).last().unwrap().calendars,
        BTreeSet::from([a, b.clone()])
    );
    account.hide(&BTreeSet::from([item.id.clone()]));
    assert_eq!((count(&account, &b), account.items_with_uid("u").count()), (0, 0));
    assert_eq!((account.unhide(), count(&account, &b)), (1, 1));
    assert!(account.remove(&item.id).is_some());
    assert!(account.remove(&item.id).is_none());
    // What was lost does not come back in the place of what was made there since.
    let named = |uid: &str| NewItem { name: Some("n".to_owned()), ..new(uid) };
    let lost = account.insert(named("lost"), BTreeSet::from([b.clone()]), now);
    account.hide(&BTreeSet::from([lost.id.clone()]));
    let made = account.insert(named("made"), BTreeSet::from([b]), now);
    assert_eq!((&made.id, account.unhide()), (&lost.id, 0));
    assert_eq!(account.item(&made.id).unwrap().uid, "made");
    account.remove(&made.id);
    assert_eq!(account.items().len(), 1);
    assert_eq!(account.default_calendar().unwrap().name, "A");
}

#[test]
fn what_is_kept_goes_with_the_item_as_it_was() {
    let mut account = Account::new(5);
    let now = Timestamp::UNIX_EPOCH;
    let calendar = account.insert_calendar("A", Map::new());
    let new = NewItem { uid: "u".to_owned(), ..NewItem::default() };
    let item = account.insert(new, BTreeSet::from([calendar]), now);
    let forms = ["a", "b", "c", "d"].map(|name| Form::of("form", &name));
    let text = |item: &Item, at: usize, text: &str| {
        item.rendered.text(forms[at], || text.to_owned()).to_string()
    };
    assert_eq!((text(&item, 0, "1"), text(&item, 0, "2")), ("1".to_owned(), "1".to_owned()));
    assert_eq!((text(&item, 1, "3"), text(&item, 0, "4")), ("3".to_owned(), "1".to_owned()));
    assert_eq!(text(&item, 2, "5"), "5");
    assert_eq!((text(&item, 3, "7"), text(&item, 3, "8")), ("7".to_owned(), "8".to_owned()));
    assert_eq!(item.rendered.get(forms[3]), None, "there is room for three");
    assert_eq!(item.rendered.get(forms[1]), Some("3"));
    let (before, after) = account.update(&item.id, now, |_| {}).unwrap();
    assert_eq!(text(&before, 2, "6"), "5");
    assert_eq!(text(&after, 2, "6"), "6", "a changed item begins with nothing");
    let (_, replaced) = account.replace(after.with_body(Map::new()), now).unwrap();
    assert_eq!(replaced.rendered.get(forms[2]), None);
    assert_eq!(replaced.modseq, account.modseq());
    assert_eq!(
        Item { modseq: 0, ..Item::clone(&replaced) },
        Item { modseq: 0, ..Item::clone(&after) }
    );
}

#[test]
fn every_change_forgets_the_answers_about_an_account() {
    let now = Timestamp::UNIX_EPOCH;
    let mut account = Account::new(5);
    let [first, second] = ["A", "B"].map(|name| account.insert_calendar(name, Map::new()));
    let new = |uid: &str| NewItem { uid: uid.to_owned(), ..NewItem::default() };
    let item = account.insert(new("u"), BTreeSet::from([first.clone()]), now).id.clone();
    let all = |account: &Account| account.items().map(|item| item.id.clone()).collect();
    let form = Form::of("page", &());
    type Act<'a> = Box<dyn Fn(&mut Account) + 'a>;
    let changes: [(&str, Act<'_>); 12] = [
        ("insert", Box::new(|it| drop(it.insert(new("v"), BTreeSet::from([first.clone()]), now)))),
        ("update", Box::new(|it| drop(it.update(&item, now, |_| {})))),
        ("replace", Box::new(|it| drop(it.replace(Item::clone(it.item(&item).unwrap()), now)))),
        ("collection", Box::new(|it| drop(it.insert_calendar("C", Map::new())))),
        ("renamed", Box::new(|it| assert!(it.update_calendar(&first, |it| it.name.push('!'))))),
        ("no collection", Box::new(|it| drop(it.remove_calendar(&second)))),
        ("tokens", Box::new(Account::expire_tokens)),
        ("hide", Box::new(|it| it.hide(&all(it)))),
        ("unhide", Box::new(|it| assert_eq!(it.unhide(), 2))),
        ("silent", Box::new(|it| it.rename_silently(&all(it)))),
        ("announced", Box::new(|it| it.rename_announced(&all(it)))),
        ("remove", Box::new(|it| all(it).iter().for_each(|id: &String| drop(it.remove(id))))),
    ];
    for (name, change) in &changes {
        account.pages().keep(form, &Bytes::from_static(b"page"));
        assert!(account.pages().get(form).is_some());
        let copy = account.clone();
        change(&mut account);
        assert_eq!(account.pages().get(form), None, "{name}");
        assert_eq!(copy.pages().get(form), None, "a copy begins with none");
    }
    account.pages().keep(form, &Bytes::new());
    assert!(!account.update_calendar("none", |_| {}));
    assert!(account.pages().get(form).is_some(), "nothing was changed");
}
