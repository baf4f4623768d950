//! `$filter` over events, contacts and what holds them: comparisons, `contains`, `startswith`, `Any` over single-value
//! extended properties, open extensions, mail addresses and categories, joined by `and`, `or`, `not` and
//! parentheses.

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::compare::{Match, Operator, Test};
use super::lexer::{Word, words};
use crate::graph::failure::Failure;
use crate::graph::schema;

/// What a filter asks of a row.
pub(crate) trait Row {
    /// The value of a property path; none where the row has none.
    fn value(&self, path: Path) -> Option<Literal>;
    /// The value of a single-value extended property.
    fn extended(&self, id: &str) -> Option<&str>;
    /// Whether there is an open extension of that name or id.
    fn has_extension(&self, id: &str) -> bool;
    /// Whether one of its mail addresses is this.
    fn has_address(&self, _address: &str) -> bool {
        false
    }
    /// Whether one of its categories is this.
    fn has_category(&self, category: &str) -> bool;
}

/// Rows of which kind are filtered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paths {
    Events,
    Contacts,
    Calendars,
    /// Groups of calendars.
    Groups,
    /// Folders of contacts.
    Folders,
}

/// A property that can be filtered and ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Path {
    Created,
    LastModified,
    Start,
    End,
    ICalUId,
    Subject,
    Type,
    IsAllDay,
    IsCancelled,
    IsOrganizer,
    SeriesMasterId,
    Id,
    HasAttachments,
    /// A text of a contact or of an event, or a text or flag of what holds them.
    Member(&'static str),
}

/// A value in an expression or in a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Text(String),
    Instant(Timestamp),
    Bool(bool),
    Null,
}

/// A parsed filter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    Compare { path: Path, operator: Operator, to: Literal },
    Text { path: Path, how: Match, to: String },
    Extended { id: String, test: Test },
    Extension { id: String },
    Address { to: String },
    Category { to: String },
}

/// What is public about Exchange here are single reports ("categories/any" works, "attendees/any"
/// and "responseStatus" do not); that it takes the other plain properties is an assumption.
const PATHS: [(&str, Path); 18] = [
    ("createdDateTime", Path::Created),
    ("lastModifiedDateTime", Path::LastModified),
    ("start/dateTime", Path::Start),
    ("end/dateTime", Path::End),
    ("iCalUId", Path::ICalUId),
    ("subject", Path::Subject),
    ("type", Path::Type),
    ("isAllDay", Path::IsAllDay),
    ("isCancelled", Path::IsCancelled),
    ("isOrganizer", Path::IsOrganizer),
    ("seriesMasterId", Path::SeriesMasterId),
    ("id", Path::Id),
    ("importance", Path::Member("importance")),
    ("sensitivity", Path::Member("sensitivity")),
    ("showAs", Path::Member("showAs")),
    ("hasAttachments", Path::HasAttachments),
    ("start", Path::Start),
    ("end", Path::End),
];

impl Paths {
    /// The path of that name.
    pub(crate) fn named(self, name: &str) -> Option<Path> {
        let kind = match self {
            Self::Events => return find(name),
            Self::Contacts => {
                let own = schema::CONTACT.text(name).map(Path::Member);
                let common = [Path::Created, Path::LastModified, Path::Id];
                let shared = || find(name).filter(|path| common.contains(path));
                return shared().or(own);
            }
            // That Exchange compares all their plain properties is an assumption; clients find a
            // calendar by its name.
            Self::Calendars => &schema::CALENDAR,
            Self::Groups => &schema::CALENDAR_GROUP,
            Self::Folders => &schema::CONTACT_FOLDER,
        };
        kind.plain(name).map(|name| if name == "id" { Path::Id } else { Path::Member(name) })
    }

    /// Whether what is filtered are items, which have categories and extensions.
    fn are_items(self) -> bool {
        matches!(self, Self::Events | Self::Contacts)
    }
}

fn find(name: &str) -> Option<Path> {
    let found = PATHS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, path)| *path)
}

impl Path {
    fn is_instant(self) -> bool {
        matches!(self, Self::Created | Self::LastModified | Self::Start | Self::End)
    }
}

impl Filter {
    /// Parses an expression.
    pub(crate) fn parse(text: &str, paths: Paths) -> Result<Self, Failure> {
        let words = words(text)?;
        let mut parser = Parser { words: &words, at: 0, depth: 0, paths };
        let filter = parser.or()?;
        if parser.at < words.len() { Err(invalid()) } else { Ok(filter) }
    }

    /// Whether a row fits.
    pub(crate) fn fits(&self, row: &dyn Row) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.fits(row)),
            Self::Or(parts) => parts.iter().any(|part| part.fits(row)),
            Self::Not(part) => !part.fits(row),
            Self::Compare { path, operator, to } => {
                operator.holds(&row.value(*path).unwrap_or(Literal::Null), to)
            }
            Self::Text { path, how, to } => match row.value(*path) {
                Some(Literal::Text(text)) => how.holds(&text, to),
                _ => false,
            },
            Self::Extended { id, test } => row.extended(id).is_some_and(|value| test.holds(value)),
            Self::Extension { id } => row.has_extension(id),
            Self::Address { to } => row.has_address(to),
            Self::Category { to } => row.has_category(to),
        }
    }

    /// Whether it speaks of a property.
    pub(crate) fn names(&self, wanted: Path) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.names(wanted)),
            Self::Not(part) => part.names(wanted),
            Self::Compare { path, .. } | Self::Text { path, .. } => *path == wanted,
            Self::Extended { .. }
            | Self::Extension { .. }
            | Self::Address { .. }
            | Self::Category { .. } => false,
        }
    }

    /// The one `iCalUId` that a row must have, where the filter names one.
    pub(crate) fn ical_uid(&self) -> Option<&str> {
        match self {
            Self::Compare {
                path: Path::ICalUId,
                operator: Operator::Eq,
                to: Literal::Text(uid),
            } => Some(uid),
            Self::And(parts) => parts.iter().find_map(Self::ical_uid),
            _ => None,
        }
    }

    /// Whether it asks for an extended property, which is looked for in the whole mailbox.
    pub(crate) fn asks_extended(&self) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(Self::asks_extended),
            Self::Not(part) => part.asks_extended(),
            Self::Extended { .. } | Self::Extension { .. } => true,
            Self::Address { .. }
            | Self::Category { .. }
            | Self::Compare { .. }
            | Self::Text { .. } => false,
        }
    }
}

/// How deep expressions may nest.
const DEPTH_MAX: usize = 16;

struct Parser<'a> {
    words: &'a [Word],
    at: usize,
    depth: usize,
    paths: Paths,
}

impl Parser<'_> {
    fn or(&mut self) -> Result<Filter, Failure> {
        self.joined("or", Self::and, Filter::Or)
    }

    fn and(&mut self) -> Result<Filter, Failure> {
        self.joined("and", Self::unary, Filter::And)
    }

    fn joined(
        &mut self,
        word: &str,
        part: fn(&mut Self) -> Result<Filter, Failure>,
        join: fn(Vec<Filter>) -> Filter,
    ) -> Result<Filter, Failure> {
        let mut parts = vec![part(self)?];
        while self.takes(word) {
            parts.push(part(self)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { join(parts) })
    }

    fn unary(&mut self) -> Result<Filter, Failure> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(Failure::of("InefficientFilter"));
        }
        let filter = if self.takes("not") {
            Filter::Not(Box::new(self.unary()?))
        } else if self.takes_sign('(') {
            let inner = self.or()?;
            self.sign(')')?;
            inner
        } else {
            self.term()?
        };
        self.depth -= 1;
        Ok(filter)
    }

    fn term(&mut self) -> Result<Filter, Failure> {
        let name = self.bare()?;
        match name.to_ascii_lowercase().as_str() {
            "singlevalueextendedproperties/any" => self.any(),
            "extensions/any" if self.paths.are_items() => {
                Ok(Filter::Extension { id: self.lambda("id")? })
            }
            "categories/any" if self.paths.are_items() => {
                Ok(Filter::Category { to: self.lambda("")? })
            }
            "emailaddresses/any" if self.paths == Paths::Contacts => {
                Ok(Filter::Address { to: self.lambda("address")? })
            }
            "contains" | "startswith" => {
                let (path, to) = self.call()?;
                let path = self.paths.named(&path).ok_or_else(|| unknown(&path))?;
                Ok(Filter::Text { path, how: how(&name), to })
            }
            _ => self.comparison(&name),
        }
    }

    fn comparison(&mut self, name: &str) -> Result<Filter, Failure> {
        let path = self.paths.named(name).ok_or_else(|| unknown(name))?;
        let operator = Operator::named(&self.bare()?).ok_or_else(invalid)?;
        let to = match self.next()? {
            Word::Text(text) if path.is_instant() => Literal::Instant(instant(&text)?),
            Word::Text(text) => Literal::Text(text),
            Word::Bare(word) if word.eq_ignore_ascii_case("null") => Literal::Null,
            Word::Bare(word) if word.eq_ignore_ascii_case("true") => Literal::Bool(true),
            Word::Bare(word) if word.eq_ignore_ascii_case("false") => Literal::Bool(false),
            Word::Bare(word) if path.is_instant() => Literal::Instant(instant(&word)?),
            _ => return Err(invalid()),
        };
        Ok(Filter::Compare { path, operator, to })
    }

    /// `(ep: ep/id eq 'ID' and ep/value eq 'V')`, the two parts in either order. A value that is no text is
    /// cast to its type: `cast(ep/value, Edm.Int32) eq 5` ("Get singleValueLegacyExtendedProperty").
    fn any(&mut self) -> Result<Filter, Failure> {
        self.sign('(')?;
        let variable = self.bare()?;
        self.sign(':')?;
        let (mut id, mut test) = (None, None);
        loop {
            let word = self.bare()?;
            let member = |path: &str| {
                let (owner, member) = path.split_once('/')?;
                (owner == variable).then(|| member.to_ascii_lowercase())
            };
            if let "contains" | "startswith" = word.to_ascii_lowercase().as_str() {
                let (path, to) = self.call()?;
                if member(&path).as_deref() != Some("value") {
                    return Err(invalid());
                }
                test = Some(Test::Text { how: how(&word), to });
            } else {
                let path =
                    if word.eq_ignore_ascii_case("cast") { Some(self.cast()?) } else { None };
                let operator = Operator::named(&self.bare()?).ok_or_else(invalid)?;
                let to = match self.next()? {
                    Word::Text(to) => to,
                    Word::Bare(to) if path.is_some() => to,
                    _ => return Err(invalid()),
                };
                let is_text = path.is_none();
                match (member(path.as_deref().unwrap_or(&word)).as_deref(), operator) {
                    (Some("id"), Operator::Eq) if is_text => id = Some(to),
                    (Some("value"), Operator::Eq) if is_text => {
                        test = Some(Test::Text { how: Match::Equal, to });
                    }
                    (Some("value"), Operator::Ne) if is_text => {
                        test = Some(Test::Text { how: Match::Unequal, to });
                    }
                    (Some("value"), operator) => test = Some(Test::Compare { operator, to }),
                    _ => return Err(invalid()),
                }
            }
            if !self.takes("and") {
                break;
            }
        }
        self.sign(')')?;
        let (Some(id), Some(test)) = (id, test) else { return Err(invalid()) };
        Ok(Filter::Extended { id, test })
    }

    /// `(path, Edm.Type)`: the path.
    fn cast(&mut self) -> Result<String, Failure> {
        const TYPES: [&str; 9] = [
            "Edm.Int16",
            "Edm.Int32",
            "Edm.Int64",
            "Edm.Single",
            "Edm.Double",
            "Edm.Boolean",
            "Edm.Guid",
            "Edm.DateTimeOffset",
            "Edm.String",
        ];
        self.sign('(')?;
        let path = self.bare()?;
        self.sign(',')?;
        let kind = self.bare()?;
        self.sign(')')?;
        if TYPES.contains(&kind.as_str()) { Ok(path) } else { Err(invalid()) }
    }

    /// `(a: a/member eq 'text')`; without a member `(a: a eq 'text')`.
    fn lambda(&mut self, member: &str) -> Result<String, Failure> {
        self.sign('(')?;
        let variable = self.bare()?;
        self.sign(':')?;
        let path = self.bare()?;
        let (owner, name) = path.split_once('/').unwrap_or((&path, ""));
        if owner != variable || !name.eq_ignore_ascii_case(member) {
            return Err(invalid());
        }
        let operator = Operator::named(&self.bare()?).ok_or_else(invalid)?;
        let Word::Text(to) = self.next()? else { return Err(invalid()) };
        self.sign(')')?;
        if operator == Operator::Eq { Ok(to) } else { Err(invalid()) }
    }

    /// `(path, 'text')`.
    fn call(&mut self) -> Result<(String, String), Failure> {
        self.sign('(')?;
        let path = self.bare()?;
        self.sign(',')?;
        let Word::Text(to) = self.next()? else { return Err(invalid()) };
        self.sign(')')?;
        Ok((path, to))
    }

    fn next(&mut self) -> Result<Word, Failure> {
        let word = self.words.get(self.at).cloned().ok_or_else(invalid)?;
        self.at += 1;
        Ok(word)
    }

    fn bare(&mut self) -> Result<String, Failure> {
        match self.next()? {
            Word::Bare(word) => Ok(word),
            _ => Err(invalid()),
        }
    }

    fn sign(&mut self, sign: char) -> Result<(), Failure> {
        if self.takes_sign(sign) { Ok(()) } else { Err(invalid()) }
    }

    fn takes_sign(&mut self, sign: char) -> bool {
        let fits = self.words.get(self.at) == Some(&Word::Sign(sign));
        self.at += usize::from(fits);
        fits
    }

    fn takes(&mut self, keyword: &str) -> bool {
        let fits = matches!(
            self.words.get(self.at),
            Some(Word::Bare(word)) if word.eq_ignore_ascii_case(keyword)
        );
        self.at += usize::from(fits);
        fits
    }
}

fn how(function: &str) -> Match {
    if function.eq_ignore_ascii_case("contains") { Match::Contains } else { Match::StartsWith }
}

fn instant(text: &str) -> Result<Timestamp, Failure> {
    let local = || text.parse::<DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    let parsed = text.parse().ok().or_else(|| Some(local()?.timestamp()));
    parsed.ok_or_else(invalid)
}

fn invalid() -> Failure {
    Failure::of("ErrorInvalidUrlQueryFilter")
}

fn unknown(name: &str) -> Failure {
    invalid().saying(format!("The property '{name}' is not supported in a filter."))
}
