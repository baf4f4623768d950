//! What the reader's terminal can show, and the few colours that mean something.

use anstyle::{AnsiColor, Style};

/// The columns that are assumed where nobody knows better.
const WIDTH: usize = 100;
/// The columns of a drill's name where no catalogue says otherwise.
const NAMES: usize = 28;
/// The most columns that names may take from the figures.
const NAMES_MAX: usize = 48;
/// How much of a long list is shown.
const ROWS: usize = 10;

/// How to write for a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Whether to write ANSI colours.
    pub color: bool,
    /// Columns. Long titles and lists are cut to them; what must not be lost goes beyond.
    pub width: usize,
    /// Columns for the names of drills, so that lines of several drills stand in line.
    pub names: usize,
    /// How many rows of a list are shown before `and N more`.
    pub rows: usize,
}

impl Terminal {
    /// Without colours, 100 columns wide: for a pipe or a file.
    #[must_use]
    pub const fn plain() -> Self {
        Self { color: false, width: WIDTH, names: NAMES, rows: ROWS }
    }

    /// The same terminal with its name column as wide as the widest of these names, within reason.
    #[must_use]
    pub fn with_names<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        let widest = names.into_iter().map(|name| super::text::width(&super::text::plain(name)));
        self.names = widest.max().unwrap_or(NAMES).min(NAMES_MAX);
        self
    }

    /// The text in a colour, where colours are wanted.
    pub(super) fn paint(self, ink: Ink, text: &str) -> String {
        if !self.color || text.is_empty() {
            return text.to_owned();
        }
        let style = ink.style();
        format!("{style}{text}{style:#}")
    }
}

impl Default for Terminal {
    fn default() -> Self {
        Self::plain()
    }
}

/// What a colour says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ink {
    /// It held.
    Good,
    /// It did not hold.
    Bad,
    /// A heading.
    Strong,
    /// What most readers skip.
    Faint,
}

impl Ink {
    const fn style(self) -> Style {
        match self {
            Self::Good => AnsiColor::Green.on_default().bold(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Strong => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
        }
    }
}
