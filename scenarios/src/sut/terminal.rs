//! A terminal that records what is printed and gives the answer that the script has.

use std::sync::{Arc, Mutex, PoisonError};

use calamity_base::BoxFuture;
use calamity_service::Terminal;

use crate::language::Reply;

use super::PRINTED_MAX;

/// What was printed, shared by the terminal and whoever reads it.
#[derive(Clone, Debug, Default)]
pub(super) struct Printed(Arc<Mutex<String>>);

impl Printed {
    /// What was printed since the last time.
    pub(super) fn take(&self) -> String {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn record(&self, text: &str) {
        let mut printed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = PRINTED_MAX.saturating_sub(printed.len() + 1);
        if room > 0 {
            let end = (0..=room.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
            printed.push_str(&text[..end.unwrap_or(0)]);
            printed.push('\n');
        }
    }
}

/// A recording terminal.
#[derive(Debug)]
pub(super) struct Recording {
    printed: Printed,
    answer: Option<Reply>,
}

impl Recording {
    /// Somebody who gives this answer, or nobody.
    pub(super) fn new(printed: Printed, answer: Option<Reply>) -> Recording {
        Recording { printed, answer }
    }
}

impl Terminal for Recording {
    fn line(&mut self, text: &str) {
        self.printed.record(text);
    }

    fn error(&mut self, text: &str) {
        self.printed.record(text);
    }

    fn is_terminal(&self) -> bool {
        self.answer.is_some()
    }

    fn ask<'a>(&'a mut self, question: &'a str) -> BoxFuture<'a, calamity_service::Reply> {
        let (word, reply) = match self.answer {
            Some(Reply::Y) => ("y", calamity_service::Reply::Yes),
            Some(Reply::N) | None => ("n", calamity_service::Reply::No),
        };
        self.printed.record(&format!("{question} [y/N] {word}"));
        Box::pin(std::future::ready(reply))
    }
}
