//! A rolling hash over everything that a simulated run did at its seams.
//!
//! Two runs with equal digests did the same things at the same virtual nanoseconds. Emitted by the
//! seams and never by the code above them: virtual time, process, kind, bytes. The last records are
//! kept for looking at where two runs part; they are no log.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex},
};

use tokio::time::Instant;
use xxhash_rust::xxh3::Xxh3;

use crate::sync::lock;

/// How many bytes of a record its trace keeps.
const EXCERPT_BYTES: usize = 96;

/// The digest of a run. Cheap to clone; clones share the state.
#[derive(Clone)]
pub struct Digest {
    started: Instant,
    state: Arc<Mutex<State>>,
}

struct State {
    hash: Xxh3,
    records: u64,
    trace: VecDeque<Record>,
    trace_max: usize,
    sealed: bool,
}

/// The value of a [`Digest`]; prints as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DigestValue(u128);

/// One thing that a seam did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its place in the run, from 1.
    pub number: u64,
    /// Virtual nanoseconds since the start of the run.
    pub at_ns: u64,
    /// The process that did it, with its life: `engine#1`.
    pub process: Arc<str>,
    /// What was done: `net.chunk`, `disk.write`, `entropy`, ...
    pub kind: &'static str,
    /// The beginning of what it was done with, as text.
    pub excerpt: String,
    /// How many bytes were hashed.
    pub bytes: usize,
    /// The digest with this record in it: the first that differs is where two runs part.
    pub digest: DigestValue,
}

impl Digest {
    pub(crate) fn new(started: Instant, trace_max: usize) -> Digest {
        let state = State {
            hash: Xxh3::new(),
            records: 0,
            trace: VecDeque::with_capacity(trace_max),
            trace_max,
            sealed: false,
        };
        Digest { started, state: Arc::new(Mutex::new(state)) }
    }

    /// What a process emits through.
    pub(crate) fn emitter(&self, process: Arc<str>) -> Emitter {
        Emitter { digest: self.clone(), process }
    }

    /// The digest of what happened so far.
    #[must_use]
    pub fn value(&self) -> DigestValue {
        DigestValue(lock(&self.state).hash.digest128())
    }

    /// How many records went in so far.
    #[must_use]
    pub fn records(&self) -> u64 {
        lock(&self.state).records
    }

    /// The last records, oldest first.
    #[must_use]
    pub fn trace(&self) -> Vec<Record> {
        lock(&self.state).trace.iter().cloned().collect()
    }

    /// Takes nothing in from now on: the run is over and virtual time has ended.
    pub(crate) fn seal(&self) {
        lock(&self.state).sealed = true;
    }

    fn emit(&self, process: &Arc<str>, kind: &'static str, parts: &[&[u8]]) {
        let mut state = lock(&self.state);
        if state.sealed {
            return;
        }
        let passed = Instant::now() - self.started;
        let at_ns = u64::try_from(passed.as_nanos()).unwrap_or(u64::MAX);
        state.records += 1;
        state.hash.update(&at_ns.to_le_bytes());
        for part in [process.as_bytes(), kind.as_bytes()].iter().chain(parts) {
            // The length keeps neighbouring parts apart.
            state.hash.update(&(part.len() as u64).to_le_bytes());
            state.hash.update(part);
        }
        if state.trace_max > 0 {
            if state.trace.len() == state.trace_max {
                state.trace.pop_front();
            }
            let record = Record {
                number: state.records,
                at_ns,
                process: process.clone(),
                kind,
                excerpt: excerpt(parts),
                bytes: parts.iter().map(|part| part.len()).sum(),
                digest: DigestValue(state.hash.digest128()),
            };
            state.trace.push_back(record);
        }
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Digest").field("value", &self.value()).finish_non_exhaustive()
    }
}

impl fmt::Display for DigestValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

impl fmt::Display for Record {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Record { number, at_ns, process, kind, excerpt, bytes, digest } = self;
        write!(formatter, "{number} {at_ns}ns {process} {kind} [{bytes}] {excerpt} ={digest}")
    }
}

/// A process's way into the digest.
#[derive(Clone, Debug)]
pub(crate) struct Emitter {
    digest: Digest,
    process: Arc<str>,
}

impl Emitter {
    pub(crate) fn emit(&self, kind: &'static str, parts: &[&[u8]]) {
        self.digest.emit(&self.process, kind, parts);
    }
}

/// The beginning of a record as printable text.
fn excerpt(parts: &[&[u8]]) -> String {
    let mut text = String::new();
    for part in parts {
        if !text.is_empty() {
            text.push(' ');
        }
        let left = EXCERPT_BYTES.saturating_sub(text.len());
        text.extend(part.iter().take(left).flat_map(|byte| byte.escape_ascii()).map(char::from));
        if text.len() >= EXCERPT_BYTES {
            break;
        }
    }
    text
}
