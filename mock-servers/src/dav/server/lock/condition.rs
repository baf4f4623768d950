//! The `If` header (RFC 4918 section 10.4): lists of state tokens and entity tags, one of which must
//! hold. Its tokens are also how a client shows that it knows of a lock.

use http::StatusCode;

use super::super::call::Call;
use super::super::place::Place;
use super::super::reports::sync_token;
use super::super::resource::{self, Resource, etag};
use crate::dav::xml::Refusal;
use crate::turn::Turn;

/// Bounds of one header.
const CONDITIONS_MAX: usize = 1_000;

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// A state token: a lock's, or a sync token (RFC 6578 section 5).
    Token { not: bool, token: String },
    /// An entity tag, with its quotes.
    Tag { not: bool, tag: String },
}

/// One list: all of its conditions together, for the resource of a tag or of the request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct List {
    /// The resource that was tagged.
    pub(super) resource: Option<String>,
    /// At least one.
    pub(super) conditions: Vec<Condition>,
}

/// The lists of a header; none where it is no such header.
pub(super) fn parse(text: &str) -> Option<Vec<List>> {
    let (mut rest, mut lists, mut resource) = (text.trim(), Vec::new(), None);
    let mut count = 0;
    while !rest.is_empty() {
        if let Some((tag, after)) = enclosed(rest, '<', '>') {
            // A tag stands for all lists after it, and has at least one.
            resource = Some(tag.to_owned());
            rest = after;
            if !rest.starts_with('(') {
                return None;
            }
            continue;
        }
        let mut inside = rest.strip_prefix('(')?.trim_start();
        let mut list = List { resource: resource.clone(), conditions: Vec::new() };
        while !inside.starts_with(')') {
            let (not, one) = match inside.strip_prefix("Not") {
                Some(one) => (true, one.trim_start()),
                None => (false, inside),
            };
            let (condition, after) = match (enclosed(one, '<', '>'), enclosed(one, '[', ']')) {
                (Some((token, after)), _) => {
                    (Condition::Token { not, token: token.to_owned() }, after)
                }
                (_, Some((tag, after))) => (Condition::Tag { not, tag: tag.to_owned() }, after),
                _ => return None,
            };
            list.conditions.push(condition);
            inside = after;
            count += 1;
            if count > CONDITIONS_MAX {
                return None;
            }
        }
        if list.conditions.is_empty() {
            return None;
        }
        lists.push(list);
        rest = inside[1..].trim_start();
    }
    (!lists.is_empty()).then_some(lists)
}

/// What stands between two signs at the beginning, and what comes after it.
fn enclosed(text: &str, open: char, close: char) -> Option<(&str, &str)> {
    let (inside, after) = text.strip_prefix(open)?.split_once(close)?;
    Some((inside, after.trim_start()))
}

/// The state tokens that a request shows.
pub(super) fn tokens(call: &Call) -> Vec<String> {
    let lists = call.header("if").and_then(parse).unwrap_or_default();
    let all = lists.into_iter().flat_map(|list| list.conditions);
    all.filter_map(|condition| match condition {
        Condition::Token { not: false, token } => Some(token),
        _ => None,
    })
    .collect()
}

/// Checks the header of a request.
///
/// # Errors
/// 400 for one that cannot be read, 412 when none of its lists holds.
pub(in super::super) fn holds(turn: &Turn<'_>, call: &Call) -> Result<(), Refusal> {
    let Some(text) = call.header("if") else { return Ok(()) };
    let lists = parse(text).ok_or_else(|| Refusal::plain(StatusCode::BAD_REQUEST))?;
    let holds = |list: &List| {
        let place = match &list.resource {
            Some(tagged) => call.named(tagged).ok(),
            None => Some(call.place().clone()),
        };
        place.is_some_and(|place| list.conditions.iter().all(|one| is_true(turn, &place, one)))
    };
    if lists.iter().any(holds) {
        Ok(())
    } else {
        Err(Refusal::plain(StatusCode::PRECONDITION_FAILED))
    }
}

fn is_true(turn: &Turn<'_>, place: &Place, condition: &Condition) -> bool {
    let resource = resource::find(turn, place).ok();
    match condition {
        Condition::Tag { not, tag } => {
            let own = match &resource {
                Some(Resource::Object(_, item)) => Some(etag(item)),
                _ => None,
            };
            *not != (own.as_deref() == Some(tag.as_str()))
        }
        Condition::Token { not, token } => {
            let locked = turn.locks().on(&place.href()).any(|lock| lock.token == *token);
            let synced = match &resource {
                Some(Resource::Collection(focus, calendar)) => {
                    sync_token(turn, *focus, calendar, None) == *token
                }
                _ => false,
            };
            *not != (locked || synced)
        }
    }
}
