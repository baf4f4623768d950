//! Paths in all the forms that clients write.

use http::Method;
use proptest::prelude::*;

use super::{Action, Book, InCalendar, Mailbox, Owner, Resource, Route};
use crate::operation::Op;

#[track_caller]
fn check(path: &str, mailbox: Mailbox, resource: Resource) {
    assert_eq!(
        Route::parse(path),
        Route { mailbox, resource, group: None, counts: false },
        "{path}"
    );
}

#[test]
fn keys_stand_in_segments_or_in_parentheses() {
    let event = Resource::Event(Some(InCalendar::Id("c".to_owned())), "e".to_owned());
    check("/v1.0/me/calendars/c/events/e", Mailbox::Me, event.clone());
    check("/V1.0/ME/calendars('c')/Events('e')", Mailbox::Me, event);
    let user = Mailbox::User("o'x@example.com".to_owned());
    check("/v1.0/users('o''x%40example.com')/contacts", user, Resource::Book(Book::Contacts(None)));
}

#[test]
fn functions_and_actions_come_with_and_without_namespace_and_parentheses() {
    for delta in ["delta", "delta()", "microsoft.graph.delta", "Microsoft.Graph.Delta()"] {
        check(
            &format!("/v1.0/me/contactFolders/f/contacts/{delta}"),
            Mailbox::Me,
            Resource::Book(Book::ContactsDelta(Some(vec!["f".to_owned()]))),
        );
        check(
            &format!("/v1.0/me/contactFolders/{delta}"),
            Mailbox::Me,
            Resource::Book(Book::FoldersDelta),
        );
    }
    let act = Resource::Act(None, "e".to_owned(), Action::TentativelyAccept);
    check("/v1.0/me/events/e/tentativelyaccept", Mailbox::Me, act.clone());
    check("/v1.0/me/events/e/microsoft.graph.tentativelyAccept", Mailbox::Me, act);
}

#[test]
fn folders_lie_in_folders_and_contacts_in_both() {
    let path = vec!["f".to_owned(), "g".to_owned()];
    let contact = Resource::Book(Book::Contact(Some(path.clone()), "c".to_owned()));
    check("/v1.0/me/contactFolders/f/childFolders/g/contacts/c", Mailbox::Me, contact);
    let owner = Owner::Contact(None, "c".to_owned());
    let extension = Resource::Extension(owner, "Com.X".to_owned());
    check("/v1.0/me/contacts/c/extensions/Com.X", Mailbox::Me, extension);
    let deep = format!("/v1.0/me/contactFolders/f{}", "/childFolders/f".repeat(20));
    check(&deep, Mailbox::Me, Resource::Unknown);
}

#[test]
fn counts_are_of_collections() {
    let counted = Route::parse("/v1.0/me/contacts/$count");
    assert!(counted.counts);
    assert_eq!(counted.op(&Method::GET), Op::FeedQuery);
    assert_eq!(Route::parse("/v1.0/me/$count").resource, Resource::Unknown);
}

#[test]
fn contacts_have_operations_of_their_own() {
    let op = |method: Method, path: &str| Route::parse(path).op(&method);
    assert_eq!(op(Method::POST, "/v1.0/me/contacts"), Op::ContactCreate);
    assert_eq!(op(Method::POST, "/v1.0/me/contactFolders/f/childFolders"), Op::AddressBookCreate);
    assert_eq!(op(Method::POST, "/v1.0/me/contacts/c/extensions"), Op::ContactUpdate);
    assert_eq!(op(Method::POST, "/v1.0/me/events/e/cancel"), Op::EventDelete);
    assert_eq!(op(Method::PUT, "/v1.0/me/contacts"), Op::Other);
}

#[test]
fn below_a_group_of_calendars_is_what_is_below_a_user() {
    let of = |path: &str| {
        let Route { resource, group, counts, .. } = Route::parse(&format!("/v1.0/me/{path}"));
        (resource, group, counts)
    };
    let group = || Some("g".to_owned());
    let calendar = InCalendar::Id("c".to_owned());
    assert_eq!(of("calendarGroups/g/calendars"), (Resource::Calendars, group(), false));
    let event = Resource::Event(Some(calendar.clone()), "e".to_owned());
    assert_eq!(of("calendarGroups('g')/calendars('c')/events('e')"), (event, group(), false));
    let delta = Resource::ViewDelta(calendar.clone());
    assert_eq!(of("calendarGroups/g/calendars/c/calendarView/delta"), (delta, group(), false));
    let events = Resource::Events(calendar);
    assert_eq!(of("calendarGroup/calendars/c/events/$count"), (events, None, true));
    assert_eq!(of("calendarGroups/$count"), (Resource::Groups, None, true));
    assert_eq!(of("calendarGroups/g/events").0, Resource::Unknown);
    assert_eq!(of("calendarGroup").0, Resource::Unknown);
}

proptest! {
    #[test]
    fn any_path_has_a_route(path in "(/(v1.0|me|users|calendarGroups?|calendars|contactFolders|childFolders|contacts|events|[%'()$a-z.]{0,8})){0,12}") {
        let route = Route::parse(&path);
        for method in [Method::GET, Method::POST, Method::PATCH, Method::DELETE] {
            route.op(&method);
        }
    }
}
