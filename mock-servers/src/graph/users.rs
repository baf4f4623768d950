//! The users of the directory: `GET /me`, `GET /users/{id | userPrincipalName}`, `GET /users`.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::call::Call;
use super::failure::Failure;
use super::login::guid;
use super::odata::{Page, Select};
use super::schema;
use crate::directory::{Directory, UserId};
use crate::native::{Host, Reply};
use crate::operation::Op;
use crate::turn::{Turn, Verdict};

/// What is answered unless `$select` says otherwise ("Get a user").
const DEFAULT: [&str; 10] = [
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
];

/// The id of a user in the directory.
pub(crate) fn id(seed: u64, address: &str) -> String {
    guid(seed, "user", address)
}

/// The user of an id or an address.
pub(crate) fn find(directory: &Directory, name: &str) -> Option<UserId> {
    let by_id = || {
        let mut users = directory.users();
        let named = |host: &Host| id(host.seed, &host.owner).eq_ignore_ascii_case(name);
        users.find(|(_, host)| named(host)).map(|(user, _)| user)
    };
    directory.find(name).or_else(by_id)
}

/// Nobody has that name: the directory says it otherwise than Exchange.
pub(crate) fn unknown(name: &str, profile: bool) -> Failure {
    if profile {
        return Failure::of("Request_ResourceNotFound").saying(format!(
            "Resource '{name}' does not exist or one of its queried reference-property objects are \
             not present."
        ));
    }
    Failure::of("ErrorInvalidUser").saying(format!("The requested user '{name}' is invalid."))
}

/// The user whose mailbox it is.
pub(crate) fn get(call: &Call, turn: &mut Turn<'_>) -> Result<Reply, Failure> {
    let select = Select::parse(&call.query, &schema::USER)?;
    Ok(call.entity(StatusCode::OK, "users", user(turn.host(), &select)))
}

/// A page of everybody.
pub(crate) fn list(call: &Call, turn: &mut Turn<'_>) -> Result<Reply, Failure> {
    let page = Page::read(&call.query, &call.prefer)?;
    let select = Select::parse(&call.query, &schema::USER)?;
    let wanted = call.query.get("$filter").map(wanted).transpose()?;
    if let Verdict::Error(error) = turn.fault_call(Op::Session, &[]) {
        return Err(Failure::armed(&error));
    }
    let fits = |host: &Host| wanted.as_ref().is_none_or(|wanted| *wanted == host.owner);
    let found: Vec<&Host> =
        turn.directory().users().map(|(_, host)| host).filter(|host| fits(host)).collect();
    let total = found.len();
    let rows = found.into_iter().skip(page.skip).take(page.size);
    let rows = rows.map(|host| Value::Object(user(host, &select))).collect();
    Ok(call.page("users", rows, page, total, true))
}

/// The address of `mail eq '..'` or `userPrincipalName eq '..'`, which is all that is served.
fn wanted(filter: &str) -> Result<String, Failure> {
    let text = filter.trim();
    let rest =
        ["userPrincipalName eq '", "mail eq '"].iter().find_map(|one| text.strip_prefix(one));
    let address = rest.and_then(|rest| rest.strip_suffix('\''));
    let address = address.ok_or_else(|| Failure::of("Request_UnsupportedQuery"))?;
    Ok(address.replace("''", "'").to_lowercase())
}

fn user(host: &Host, select: &Select) -> Map<String, Value> {
    let address = &host.owner;
    let nickname = address.split('@').next().unwrap_or_default();
    let mut user = Map::new();
    user.insert("id".to_owned(), json!(id(host.seed, address)));
    for name in schema::USER.names().filter(|name| *name != "id") {
        let asked = if select.is_all() { DEFAULT.contains(&name) } else { select.takes(name) };
        if !asked {
            continue;
        }
        let value = match name {
            "displayName" | "mail" | "userPrincipalName" => json!(address),
            "accountEnabled" => json!(true),
            "businessPhones" | "otherMails" => json!([]),
            "proxyAddresses" => json!([format!("SMTP:{address}")]),
            "mailNickname" => json!(nickname),
            "userType" => json!("Member"),
            _ => Value::Null,
        };
        user.insert(name.to_owned(), value);
    }
    user
}
