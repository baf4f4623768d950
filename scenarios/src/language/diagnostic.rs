//! What is wrong with a scenario, where, and what was probably meant; rendered with the lines of
//! the file around it.

use std::fmt;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// Which text of a reading: the file, or the n-th override.
pub(crate) type SourceId = usize;

/// The file itself among the texts of a reading.
pub(crate) const FILE: SourceId = 0;

/// A piece of one of the texts that a scenario was read from, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub(crate) source: SourceId,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Place {
    /// A place inside `text`: moved to character boundaries, cut at the end of its first line, and
    /// at least one character long where there is one.
    pub(crate) fn new(source: SourceId, text: &str, start: usize, end: usize) -> Place {
        let start = floor(text, start.min(text.len()));
        let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        let one = text[start..].chars().next().map_or(start, |first| start + first.len_utf8());
        let end = floor(text, end.clamp(start, line_end)).max(one.min(line_end)).max(start);
        let trimmed = start + text[start..end].trim_end().len();
        Place { source, start, end: if trimmed > start { trimmed } else { end } }
    }
}

/// The character boundary at or before `at`.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub(crate) place: Place,
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) help: Vec<String>,
    pub(crate) also: Option<(Place, String)>,
}

impl Diagnostic {
    /// A mistake at a place.
    pub(crate) fn new(place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            place,
            message: message.into(),
            label: String::new(),
            help: Vec::new(),
            also: None,
        }
    }

    /// The same with words under the marked place.
    pub(crate) fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = label.into();
        self
    }

    /// The same with a way out.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help.push(help.into());
        self
    }

    /// The same with a second place that belongs to it.
    pub(crate) fn also(mut self, place: Place, label: impl Into<String>) -> Diagnostic {
        self.also = Some((place, label.into()));
        self
    }
}

/// A text that places point into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// The file's path, or the option of the command line.
    pub(crate) name: String,
    pub(crate) text: String,
}

/// Whether a rendering may carry colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Plain text, for pipes and files.
    Plain,
    /// With ANSI escapes, for terminals.
    Ansi,
}

/// Everything that is wrong with a scenario, at least one thing. Its `Display` is the plain
/// rendering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    pub(crate) sources: Vec<Source>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Rejected {
    /// How many mistakes there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.diagnostics.len()
    }

    /// File, line and column (both from 1, in characters) of the first mistake.
    #[must_use]
    pub fn position(&self) -> (String, usize, usize) {
        let place = self.diagnostics.first().map(|first| first.place).unwrap_or_default();
        let source = &self.sources[place.source];
        let before = &source.text[..place.start];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
        (source.name.clone(), line, column)
    }

    /// Every mistake with the lines around it.
    #[must_use]
    pub fn render(&self, colour: Colour) -> String {
        let renderer = match colour {
            Colour::Plain => Renderer::plain(),
            Colour::Ansi => Renderer::styled(),
        };
        let rendered: Vec<String> = self
            .diagnostics
            .iter()
            .map(|diagnostic| renderer.render(&[self.group(diagnostic)]))
            .collect();
        rendered.join("\n\n")
    }

    fn group<'a>(&'a self, diagnostic: &'a Diagnostic) -> Group<'a> {
        let Diagnostic { place, message, label, help, also } = diagnostic;
        let mut primary = AnnotationKind::Primary.span(place.start..place.end);
        if !label.is_empty() {
            primary = primary.label(label.as_str());
        }
        let mut snippet = self.snippet(place.source).annotation(primary);
        let mut apart = None;
        if let Some((place_also, label_also)) = also {
            let context = AnnotationKind::Context
                .span(place_also.start..place_also.end)
                .label(label_also.as_str());
            if place_also.source == place.source {
                snippet = snippet.annotation(context);
            } else {
                apart = Some(self.snippet(place_also.source).annotation(context));
            }
        }
        let mut group = Level::ERROR.primary_title(message.as_str()).element(snippet);
        group = group.elements(apart);
        group.elements(help.iter().map(|help| Level::HELP.message(help.as_str())))
    }

    fn snippet(&self, source: SourceId) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
        let source = &self.sources[source];
        Snippet::source(source.text.as_str()).path(source.name.as_str())
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Colour::Plain))
    }
}

impl std::error::Error for Rejected {}
