//! Text that grows line by line, each with its indent.

use super::{
    style::{Ink, Terminal},
    text::{width, wrap},
};

/// Columns of one indent.
const INDENT: usize = 2;

/// A page in the making.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// For whom.
    pub(super) to: Terminal,
    lines: Vec<String>,
}

impl Page {
    pub(super) fn new(to: Terminal) -> Self {
        Self { to, lines: Vec::new() }
    }

    /// Adds a line. The text must be [`plain`](super::text::plain), but for colours.
    pub(super) fn line(&mut self, depth: usize, text: &str) {
        let line = format!("{}{text}", " ".repeat(depth * INDENT));
        self.lines.push(line.trim_end().to_owned());
    }

    /// Adds an empty line, unless the page begins here or has one already.
    pub(super) fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(String::new());
        }
    }

    /// Adds a text in as many lines as it needs, behind a label.
    pub(super) fn labelled(&mut self, depth: usize, label: &str, text: &str) {
        for line in self.hung(depth, label, text) {
            self.line(depth, &line);
        }
    }

    /// As [`Self::labelled`], in a colour.
    pub(super) fn painted(&mut self, depth: usize, ink: Ink, label: &str, text: &str) {
        for line in self.hung(depth, label, text) {
            let line = self.to.paint(ink, &line);
            self.line(depth, &line);
        }
    }

    fn hung(&self, depth: usize, label: &str, text: &str) -> Vec<String> {
        let columns = width(label);
        let mut lines = wrap(text, self.room(depth).saturating_sub(columns));
        for (index, line) in lines.iter_mut().enumerate() {
            let before = if index == 0 { label.to_owned() } else { " ".repeat(columns) };
            line.insert_str(0, &before);
        }
        lines
    }

    /// The columns that are left at this depth.
    pub(super) fn room(&self, depth: usize) -> usize {
        self.to.width.saturating_sub(depth * INDENT)
    }

    /// The text, without a newline at its end.
    pub(super) fn finish(self) -> String {
        self.lines.join("\n").trim_end().to_owned()
    }
}
