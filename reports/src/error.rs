//! Why a report could not be made, read or written.

use std::{io, path::PathBuf};

/// Why a report could not be made, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A `--report` entry that is not `FORMAT=FILE`.
    #[error("report `{entry}` is not of the form FORMAT=FILE, with one of these formats: {known}")]
    Malformed {
        /// The entry.
        entry: String,
        /// The formats that there are.
        known: String,
    },
    /// A format that nobody writes.
    #[error("unknown report format `{format}`: known are {known}")]
    UnknownFormat {
        /// What was asked for.
        format: String,
        /// The formats that there are.
        known: String,
    },
    /// Two reports that would go to one file.
    #[error("two reports go to {}: name two files", path.display())]
    SameFile {
        /// The file.
        path: PathBuf,
    },
    /// The file could not be written.
    #[error("cannot write the {format} report to {}", path.display())]
    Write {
        /// The format's name.
        format: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The text is not a JSON report.
    #[error("not a JSON report of this program")]
    Json {
        /// Where and why.
        #[source]
        source: serde_json::Error,
    },
    /// A JSON report of another version.
    #[error("the JSON report is of format {found}, not of {known}: run the drills again")]
    Version {
        /// The report's format.
        found: u32,
        /// The format of this program.
        known: u32,
    },
    /// The outcomes do not fit into JUnit's XML.
    #[error("cannot make a JUnit report")]
    Junit {
        /// Why.
        #[source]
        source: quick_junit::SerializeError,
    },
}
