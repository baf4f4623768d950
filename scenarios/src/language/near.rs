//! The name that was probably meant.

/// The nearest of `names`, unless none is near enough to be meant.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = names.into_iter().map(|known| (distance(&fold(name), &fold(known)), known)).min()?;
    let longest = name.chars().count().max(near.1.chars().count());
    (near.0 * 5 <= longest * 2).then_some(near.1)
}

/// How many letters two names differ by, unless they are too far apart to be meant for each other.
pub(crate) fn difference(name: &str, known: &str) -> Option<usize> {
    let distance = distance(&fold(name), &fold(known));
    let longest = name.chars().count().max(known.chars().count());
    (distance * 2 <= longest).then_some(distance)
}

/// All of `names` that are near, or that contain the name, nearest first, at most `most`.
pub fn nearby<'a>(
    name: &str,
    names: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    let wanted = fold(name);
    let mut near: Vec<(usize, &str)> = names
        .into_iter()
        .filter_map(|known| {
            let folded = fold(known);
            let distance = distance(&wanted, &folded);
            let longest = wanted.len().max(folded.len());
            let part = wanted.len() >= 3 && (folded.contains(&wanted) || wanted.contains(&folded));
            (part || distance * 2 <= longest).then_some((distance, known))
        })
        .collect();
    near.sort_unstable();
    near.into_iter().take(most).map(|(_, known)| known).collect()
}

/// Case and the choice between `-`, `_` and nothing are not what people mean by another name.
fn fold(name: &str) -> String {
    name.to_lowercase().replace(['-', '_'], "")
}

/// How many letters have to be added, taken away, replaced or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let above = &rows[i - 1];
            let replaced = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_name_and_another_word_does_not() {
        let names = ["events", "attendees", "calendars", "name"];
        assert_eq!(nearest("evnets", names), Some("events"));
        assert_eq!(nearest("Calendar", names), Some("calendars"));
        assert_eq!(nearest("weather", names), None);
        assert_eq!(nearest("only_from", ["only-from"]), Some("only-from"));
    }

    #[test]
    fn a_part_of_a_name_is_near_it() {
        let names = ["incident-2026-04-16", "incident-2026-04-16-last", "healthy"];
        assert_eq!(
            nearby("incident", names, 5),
            ["incident-2026-04-16", "incident-2026-04-16-last"]
        );
        assert_eq!(nearby("helthy", names, 5), ["healthy"]);
    }
}
