//! `--report json=F,junit=F`: which reports to write, and where.
//!
//! A file's name may hold `=`, but no comma.

use std::{
    fs,
    path::{Path, PathBuf},
};

use calamity_evidence::Catalogue;

use crate::{Error, json, junit};

/// A format that can be written to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// See [`json::render`].
    Json,
    /// See [`junit::render`].
    Junit,
}

impl Format {
    /// Every format, in the order in which messages name them.
    pub const ALL: [Self; 2] = [Self::Json, Self::Junit];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Junit => "junit",
        }
    }

    fn known() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

/// One report that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The format.
    pub format: Format,
    /// The file, which is replaced when it exists.
    pub path: PathBuf,
}

impl Request {
    /// Reads `json=F,junit=G`; the empty text asks for nothing.
    ///
    /// # Errors
    /// [`Error::Malformed`], [`Error::UnknownFormat`], and [`Error::SameFile`] when one report
    /// would overwrite the other.
    pub fn parse(text: &str) -> Result<Vec<Self>, Error> {
        let mut requests: Vec<Self> = Vec::new();
        for entry in text.split(',').filter(|_| !text.is_empty()) {
            let request = Self::parse_entry(entry)?;
            if requests.iter().any(|other| other.path == request.path) {
                return Err(Error::SameFile { path: request.path });
            }
            requests.push(request);
        }
        Ok(requests)
    }

    fn parse_entry(entry: &str) -> Result<Self, Error> {
        let (name, path) = entry
            .split_once('=')
            .filter(|(_, path)| !path.is_empty())
            .ok_or_else(|| Error::Malformed { entry: entry.to_owned(), known: Format::known() })?;
        let format =
            Format::ALL.into_iter().find(|format| format.name() == name).ok_or_else(|| {
                Error::UnknownFormat { format: name.to_owned(), known: Format::known() }
            })?;
        Ok(Self { format, path: PathBuf::from(path) })
    }

    /// Renders the report and writes it to its file.
    ///
    /// # Errors
    /// [`Error::Write`], and what the format's `render` says.
    pub fn write(&self, catalogue: &Catalogue) -> Result<(), Error> {
        write(self.format, &self.path, catalogue)
    }
}

fn write(format: Format, path: &Path, catalogue: &Catalogue) -> Result<(), Error> {
    let text = match format {
        Format::Json => json::render(catalogue),
        Format::Junit => junit::render(catalogue)?,
    };
    fs::write(path, text).map_err(|source| Error::Write {
        format: format.name(),
        path: path.to_path_buf(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[track_caller]
    fn check(text: &str, expect: &[(Format, &str)]) {
        let expect: Vec<Request> = expect
            .iter()
            .map(|&(format, path)| Request { format, path: PathBuf::from(path) })
            .collect();
        assert_eq!(Request::parse(text).expect("a sound request"), expect);
    }

    #[track_caller]
    fn refused(text: &str, expect: &str) {
        assert_eq!(Request::parse(text).expect_err("a mistake").to_string(), expect);
    }

    #[test]
    fn each_entry_names_a_format_and_a_file() {
        check("", &[]);
        check("json=a.json", &[(Format::Json, "a.json")]);
        check("junit=out/j.xml,json=k=v", &[(Format::Junit, "out/j.xml"), (Format::Json, "k=v")]);
    }

    #[test]
    fn a_mistake_is_told_with_the_way_out() {
        refused("html=a.html", "unknown report format `html`: known are json, junit");
        let form = "is not of the form FORMAT=FILE, with one of these formats: json, junit";
        refused("json", &format!("report `json` {form}"));
        refused("json=", &format!("report `json=` {form}"));
        refused("json=a,", &format!("report `` {form}"));
        refused("json=a,junit=a", "two reports go to a: name two files");
    }

    #[test]
    fn a_report_replaces_its_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("report.json");
        fs::write(&path, "old").expect("a file");
        let catalogue = fixture::catalogue();
        let request = Request { format: Format::Json, path: path.clone() };
        request.write(&catalogue).expect("a writable file");
        let written = fs::read_to_string(&path).expect("a file");
        assert_eq!(json::parse(&written).expect("a report"), catalogue);
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("missing/report.xml");
        let request = Request { format: Format::Junit, path: path.clone() };
        let error = request.write(&fixture::catalogue()).expect_err("no such folder");
        let expect = format!("cannot write the junit report to {}", path.display());
        assert_eq!(error.to_string(), expect);
    }
}
