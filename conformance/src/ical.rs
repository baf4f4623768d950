//! Content lines of iCalendar and vCard (RFC 5545, section 3.1; RFC 6350, section 3.2), as far as
//! the checks look at answers: a flat list of lines with their components.

/// The most lines that are read of one object.
const LINES_MAX: usize = 100_000;

/// One property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The components that it stands in, outermost first: `VCALENDAR/VEVENT`.
    pub(crate) within: String,
    /// Which component of the object it stands in, counted by their beginnings.
    pub(crate) component: usize,
    /// Its name, in capitals, without a vCard group.
    pub(crate) name: String,
    /// Its parameters as they stand, without the first semicolon.
    pub(crate) parameters: String,
    /// Its value as it stands.
    pub(crate) value: String,
}

/// The properties of an object. What is no content line is left out.
pub(crate) fn lines(text: &str) -> Vec<Line> {
    let unfolded = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    let mut open: Vec<(String, usize)> = Vec::new();
    let (mut found, mut components) = (Vec::new(), 0);
    for line in unfolded.lines().take(LINES_MAX) {
        let Some((name, parameters, value)) = split(line) else { continue };
        match name.as_str() {
            "BEGIN" if open.len() < 16 => {
                components += 1;
                open.push((value.trim().to_ascii_uppercase(), components));
            }
            "BEGIN" => {}
            "END" => drop(open.pop()),
            _ => {
                let names: Vec<&str> = open.iter().map(|(name, _)| name.as_str()).collect();
                let component = open.last().map_or(0, |(_, number)| *number);
                found.push(Line { within: names.join("/"), component, name, parameters, value });
            }
        }
    }
    found
}

/// The values of a property in the events of an object.
pub(crate) fn values(text: &str, within: &str, name: &str) -> Vec<String> {
    let meant = |line: &Line| line.within == within && line.name == name;
    lines(text).into_iter().filter(meant).map(|line| line.value).collect()
}

/// How many components of a kind there are.
pub(crate) fn count(text: &str, component: &str) -> usize {
    let begin = format!("BEGIN:{component}");
    text.lines().filter(|line| line.trim().eq_ignore_ascii_case(&begin)).count()
}

fn split(line: &str) -> Option<(String, String, String)> {
    let mut quoted = false;
    let colon = line.find(|character| {
        quoted ^= character == '"';
        character == ':' && !quoted
    })?;
    let (head, value) = (&line[..colon], &line[colon + 1..]);
    let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
    let name = name.rsplit('.').next().unwrap_or(name).trim().to_ascii_uppercase();
    Some((name, parameters.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folded_lines_quoted_colons_and_groups_are_read() {
        let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUM\r\n MARY;X=\"a:b\":c:d\r\nEND:VEVENT\r\n\
                    item1.EMAIL:x\r\nEND:VCALENDAR\r\n";
        assert_eq!(values(text, "VCALENDAR/VEVENT", "SUMMARY"), ["c:d"]);
        assert_eq!(values(text, "VCALENDAR", "EMAIL"), ["x"]);
        assert_eq!(lines(text)[0].parameters, "X=\"a:b\"");
        assert_eq!(count(text, "VEVENT"), 1);
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in "\\PC{0,200}", nested in 0_usize..40) {
            let text = format!("{}{text}", "BEGIN:A\n".repeat(nested));
            prop_assert!(lines(&text).len() <= LINES_MAX);
        }
    }
}
