//! What all `/query` and `/queryChanges` methods have in common (RFC 8620 sections 5.5 and 5.6):
//! comparators, pages, states, faults.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::dispatch::Run;
use super::errors::MethodError;
use super::filter::DEPTH_MAX;
use crate::account::short_hash;
use crate::faults::TokenEffect;
use crate::operation::{Op, Target};
use crate::turn::Verdict;

/// The arguments of every `/query`.
pub(super) const QUERY: [&str; 7] =
    ["filter", "sort", "position", "anchor", "anchorOffset", "limit", "calculateTotal"];

/// The arguments of every `/queryChanges`.
pub(super) const CHANGES: [&str; 6] =
    ["filter", "sort", "sinceQueryState", "maxChanges", "upToId", "calculateTotal"];

/// Comparators in one sort, at most.
const COMPARATORS_MAX: usize = 16;

/// Collations that a comparator may name; both are without regard to case here.
const COLLATIONS: [&str; 2] = ["i;ascii-casemap", "i;unicode-casemap"];

/// One way to tell which of two comes first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comparator<By> {
    by: By,
    ascending: bool,
}

/// Reads `sort`. `named` gives what a property's name means, if it can be sorted by.
pub(super) fn sort<By>(
    arguments: &Arguments,
    named: impl Fn(&str) -> Option<By>,
) -> Result<Vec<Comparator<By>>, MethodError> {
    let given = match arguments.value("sort") {
        None => &[],
        Some(Value::Array(given)) => given.as_slice(),
        Some(_) => return Err(MethodError::invalid_arguments("`sort` is not an array")),
    };
    if given.len() > COMPARATORS_MAX {
        return Err(MethodError::because("unsupportedSort", "too many comparators"));
    }
    let wrong = |text: &str| MethodError::invalid_arguments(text.to_owned());
    let comparator = |given: &Value| {
        let property = given.get("property").and_then(Value::as_str);
        let property = property.ok_or_else(|| wrong("a comparator names no property"))?;
        let by = named(property).ok_or_else(|| {
            MethodError::because("unsupportedSort", format!("nothing is sorted by `{property}`"))
        })?;
        match given.get("collation") {
            None | Some(Value::Null) => {}
            Some(Value::String(name)) if COLLATIONS.contains(&name.as_str()) => {}
            Some(Value::String(_)) => {
                return Err(MethodError::because("unsupportedSort", "no such collation"));
            }
            Some(_) => return Err(wrong("a `collation` is not a string")),
        }
        let ascending = match given.get("isAscending") {
            None | Some(Value::Null) => true,
            Some(Value::Bool(ascending)) => *ascending,
            Some(_) => return Err(wrong("`isAscending` is not a boolean")),
        };
        Ok(Comparator { by, ascending })
    };
    given.iter().map(comparator).collect()
}

/// The order of two by comparators, in turn.
pub(super) fn order<By: Copy>(
    comparators: &[Comparator<By>],
    compare: impl Fn(By) -> Ordering,
) -> Ordering {
    let orders = comparators.iter().map(|comparator| {
        let order = compare(comparator.by);
        if comparator.ascending { order } else { order.reverse() }
    });
    orders.into_iter().find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
}

/// Operators and conditions of one filter, at most: each may look at every text of every object.
const CONDITIONS_MAX: usize = 256;

/// What a filter is made of.
#[derive(Debug)]
pub(super) enum Tree<Condition> {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Vec<Self>),
    /// A FilterCondition: all must hold.
    All(Vec<Condition>),
}

impl<Condition> Tree<Condition> {
    /// Reads `filter`; `condition` reads one member of a FilterCondition.
    pub(super) fn parse(
        value: Option<&Value>,
        condition: &dyn Fn(&str, &Value) -> Result<Condition, MethodError>,
    ) -> Result<Self, MethodError> {
        match value {
            None => Ok(Self::All(Vec::new())),
            Some(value) => Self::read(value, condition, 0, &mut 0),
        }
    }

    fn read(
        value: &Value,
        condition: &dyn Fn(&str, &Value) -> Result<Condition, MethodError>,
        depth: usize,
        count: &mut usize,
    ) -> Result<Self, MethodError> {
        *count += 1;
        if *count > CONDITIONS_MAX {
            return Err(MethodError::because("unsupportedFilter", "too many conditions"));
        }
        let wrong = |text: &str| MethodError::invalid_arguments(text.to_owned());
        let members = value.as_object().ok_or_else(|| wrong("`filter` is no object"))?;
        let Some(operator) = members.get("operator") else {
            let conditions = members.iter().map(|(name, value)| condition(name, value));
            return conditions.collect::<Result<_, _>>().map(Self::All);
        };
        if depth >= DEPTH_MAX {
            return Err(MethodError::because("unsupportedFilter", "too many nested operators"));
        }
        let conditions = members.get("conditions").and_then(Value::as_array);
        let conditions = conditions.ok_or_else(|| wrong("an operator has no `conditions`"))?;
        let parts = conditions.iter().map(|part| Self::read(part, condition, depth + 1, count));
        let parts = parts.collect::<Result<_, _>>()?;
        match operator.as_str() {
            Some("AND") => Ok(Self::And(parts)),
            Some("OR") => Ok(Self::Or(parts)),
            Some("NOT") => Ok(Self::Not(parts)),
            _ => Err(wrong("an operator is AND, OR or NOT")),
        }
    }

    /// Whether something matches, given whether a condition holds for it.
    pub(super) fn matches(&self, holds: &dyn Fn(&Condition) -> bool) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.matches(holds)),
            Self::Or(parts) => parts.iter().any(|part| part.matches(holds)),
            Self::Not(parts) => !parts.iter().any(|part| part.matches(holds)),
            Self::All(conditions) => conditions.iter().all(holds),
        }
    }

    /// The conditions, of a filter that is one FilterCondition.
    pub(super) fn conditions(&self) -> &[Condition] {
        if let Self::All(conditions) = self { conditions } else { &[] }
    }
}

/// Asks the faults about the page of a query; `containers` are those that it is limited to.
pub(super) fn fault(
    run: &mut Run<'_, '_>,
    containers: &BTreeSet<String>,
    token: bool,
) -> Result<Verdict, MethodError> {
    match run.turn.fault_page(Op::FeedQuery, containers, token) {
        Verdict::Error(error) => Err(MethodError::fault(&error)),
        Verdict::Token(TokenEffect::Expire) => Err(MethodError::new("cannotCalculateChanges")),
        verdict => Ok(verdict),
    }
}

/// Whether changes of a query can be calculated later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Changes {
    Calculable,
    Never,
}

/// The query's state: where the log of changes stood, and which query it was.
fn state(run: &Run<'_, '_>, arguments: &Arguments, changes: Changes) -> String {
    let account = run.turn.account();
    let query = match changes {
        Changes::Calculable => fingerprint(arguments),
        Changes::Never => "x".to_owned(),
    };
    account.seal(&format!("q{}-{query}", account.changes().last()))
}

fn fingerprint(arguments: &Arguments) -> String {
    let query = json!([arguments.value("filter"), arguments.value("sort")]);
    short_hash(query.to_string().as_bytes())
}

/// Answers a `/query` whose whole result is `all`.
pub(super) fn page(
    run: &mut Run<'_, '_>,
    arguments: &Arguments,
    all: &[String],
    changes: Changes,
    verdict: &Verdict,
) -> Result<Map<String, Value>, MethodError> {
    let mut total = all.len();
    let position = position(arguments, all)?;
    let most = run.limits().query_max_results;
    let wanted = arguments.count("limit")?;
    let limit = wanted.unwrap_or(most).min(most);
    let mut ids: Vec<String> = all.iter().skip(position).take(limit).cloned().collect();
    match verdict {
        Verdict::Empty => {
            ids.clear();
            total = 0;
        }
        Verdict::Cut(share) => {
            ids.truncate(((ids.len() as f64) * share).round() as usize);
            total = position + ids.len();
        }
        _ => {}
    }
    ids.retain(|id| {
        let target = Target { id: id.clone(), ..Target::default() };
        run.turn.fault_id(Op::FeedQuery, &target) != Verdict::Omit
    });
    let mut answer = Map::from_iter([
        ("queryState".to_owned(), json!(state(run, arguments, changes))),
        ("canCalculateChanges".to_owned(), json!(changes == Changes::Calculable)),
        ("position".to_owned(), json!(position)),
        ("ids".to_owned(), json!(ids)),
    ]);
    if arguments.flag("calculateTotal")? {
        answer.insert("total".to_owned(), json!(total));
    }
    if wanted != Some(limit) {
        answer.insert("limit".to_owned(), json!(limit));
    }
    Ok(answer)
}

fn position(arguments: &Arguments, all: &[String]) -> Result<usize, MethodError> {
    let offset = |base: usize, by: i64| {
        let moved = i64::try_from(base).unwrap_or(i64::MAX).saturating_add(by);
        usize::try_from(moved).unwrap_or(0)
    };
    Ok(match arguments.optional_text("anchor")? {
        Some(anchor) => {
            let found = all.iter().position(|id| id == anchor);
            let found = found.ok_or_else(|| MethodError::new("anchorNotFound"))?;
            offset(found, arguments.integer("anchorOffset")?)
        }
        None => match arguments.integer("position")? {
            position if position < 0 => offset(all.len(), position),
            position => offset(0, position),
        },
    })
}

/// Whether a query's order and members can change only by what comes and goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Results {
    /// Everything filtered and sorted by is immutable.
    Fixed,
    /// A change of an object can move it.
    Movable,
}

/// Answers a `/queryChanges`; `all` is the whole result now.
///
/// Every object that changed since is taken out and put back where it is now. That names some that
/// were never in the result, which section 5.6 allows.
pub(super) fn changes(
    run: &mut Run<'_, '_>,
    arguments: &Arguments,
    all: &[String],
    results: Results,
    verdict: &Verdict,
) -> Result<Map<String, Value>, MethodError> {
    let stale = || MethodError::new("cannotCalculateChanges");
    let since = arguments.text("sinceQueryState")?;
    let most = arguments.count("maxChanges")?;
    let account = run.turn.account();
    let payload = account.unseal(since).map_err(|_| stale())?;
    let (modseq, query) =
        payload.strip_prefix('q').and_then(|rest| rest.split_once('-')).ok_or_else(stale)?;
    let modseq: u64 = modseq.parse().map_err(|_| stale())?;
    if query != fingerprint(arguments) || modseq > account.changes().last() {
        return Err(stale());
    }
    let changed = account.changes().collapse(modseq, usize::MAX);
    let moved = if results == Results::Fixed { BTreeSet::new() } else { changed.updated };
    let last = arguments.optional_text("upToId")?.filter(|_| results == Results::Fixed);
    let last = last.and_then(|last| all.iter().position(|id| id == last)).unwrap_or(usize::MAX);
    let mut added: Vec<Value> = all
        .iter()
        .enumerate()
        .filter(|(index, id)| {
            *index <= last && (changed.created.contains(*id) || moved.contains(*id))
        })
        .map(|(index, id)| json!({ "id": id, "index": index }))
        .collect();
    let mut removed: Vec<&String> = changed.destroyed.iter().chain(&moved).collect();
    let keep = match verdict {
        Verdict::Empty => 0.0,
        Verdict::Cut(share) => *share,
        _ => 1.0,
    };
    added.truncate(((added.len() as f64) * keep).round() as usize);
    removed.truncate(((removed.len() as f64) * keep).round() as usize);
    if most.is_some_and(|most| added.len() + removed.len() > most) {
        return Err(MethodError::new("tooManyChanges"));
    }
    let mut answer = Map::from_iter([
        ("oldQueryState".to_owned(), json!(since)),
        ("newQueryState".to_owned(), json!(state(run, arguments, Changes::Calculable))),
        ("removed".to_owned(), json!(removed)),
        ("added".to_owned(), Value::Array(added)),
    ]);
    if arguments.flag("calculateTotal")? {
        answer.insert("total".to_owned(), json!(all.len()));
    }
    Ok(answer)
}
