//! An address book as the protocol shows it (RFC 9610 section 2).

use serde_json::{Map, Value, json};

use crate::account::Calendar;
use crate::jmap::container::Container;
use crate::operation::Op;

/// Address books as containers.
pub(in crate::jmap) static ADDRESS_BOOK: Container = Container {
    properties: &[
        "id",
        "name",
        "description",
        "sortOrder",
        "isDefault",
        "isSubscribed",
        "shareWith",
        "myRights",
    ],
    server_set: &["id", "isDefault", "myRights"],
    remove_contents: "onDestroyRemoveContents",
    not_empty: "addressBookHasContents",
    list: Op::AddressBookList,
    set: [Op::AddressBookCreate, Op::AddressBookUpdate, Op::AddressBookDelete],
    full,
    invalid,
};

fn full(book: &Calendar) -> Map<String, Value> {
    let mut shown = Map::from_iter([
        ("description".to_owned(), Value::Null),
        ("sortOrder".to_owned(), json!(0)),
        ("isSubscribed".to_owned(), json!(true)),
        ("shareWith".to_owned(), Value::Null),
    ]);
    shown.extend(book.body.clone());
    shown.insert("id".to_owned(), json!(book.id));
    shown.insert("name".to_owned(), json!(book.name));
    shown.insert("isDefault".to_owned(), json!(book.is_default));
    // "The user may modify the "shareWith" property" (RFC 9610 section 2), which is refused.
    let rights = json!({ "mayRead": true, "mayWrite": true, "mayShare": false, "mayDelete": true });
    shown.insert("myRights".to_owned(), rights);
    shown
}

fn invalid(book: &Map<String, Value>) -> Vec<String> {
    let fits = |name: &str, value: &Value| match name {
        "name" => value.as_str().is_some_and(|name| (1..=255).contains(&name.len())),
        "description" => value.is_null() || value.is_string(),
        "sortOrder" => value.as_u64().is_some_and(|order| order < 1 << 31),
        "isSubscribed" => value.is_boolean(),
        // There are no principals that it could be shared with.
        "shareWith" => value.is_null() || value.as_object().is_some_and(Map::is_empty),
        _ => false,
    };
    let wrong = book.iter().filter(|(name, value)| !fits(name, value));
    let mut wrong: Vec<String> = wrong.map(|(name, _)| name.clone()).collect();
    if !book.contains_key("name") {
        wrong.push("name".to_owned());
    }
    wrong
}
