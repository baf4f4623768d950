//! The arguments of `calamity conform`. The rule they keep: no secret stands on a command line, where
//! every user of the machine can read it.

use std::path::PathBuf;

use calamity_conformance::Protocol;
use clap::builder::PossibleValuesParser;
use clap::{ArgGroup, Args as ClapArgs};

const HELP: &str = "\
What it touches:
  Only collections that it has made itself, under names that begin with calamity-conform-, and only on
  the server of URL. Every other write is refused by the client. What it made is removed after each
  check, also after Ctrl-C.

Examples:
  calamity conform https://dav.example.com/ --protocol caldav --user alice --password-env DAV_PASSWORD
  calamity conform http://127.0.0.1:5232/ --protocol carddav --user alice --password-file secret.txt
  calamity conform https://mail.example.com/jmap/session --protocol jmap --token-env JMAP_TOKEN
  calamity conform https://graph.microsoft.com/v1.0 --protocol graph --token-env GRAPH_TOKEN
  calamity conform https://dav.local:8443/ --protocol caldav --ca my-authority.pem
  calamity conform URL --protocol caldav --filter 'sync.*'     the checks of a kind
  calamity conform URL --protocol caldav --filter put.etag     one check
  calamity conform --protocol jmap --list                      what there is
  calamity conform URL --protocol caldav --json > report.json  with the requests of what failed

Each line has a verdict, the check, how strongly the specification asks for it, and its section:
  pass  as the specification says
  FAIL  a MUST that does not hold
  warn  a SHOULD or MAY that does not hold
  n/a   the server does not say that it can do this
  skip  what the check stands on is not there; another check tells of that

Exit codes:
  0    every MUST that was looked at holds; warnings alone do no harm
  1    at least one does not, nothing could be looked at, or something was left on the server
  2    wrong use, the server cannot be reached, or it does not accept the credentials
  130  interrupted; what was made has been removed";

/// Check whether a server does what its protocol's specification says.
#[derive(Debug, ClapArgs)]
#[command(after_help = HELP)]
#[command(group(ArgGroup::new("secret").args(["password_env", "password_file", "token_env", "token_file"])))]
pub(crate) struct Args {
    /// The server: its root or the context path (CalDAV, CardDAV), the session resource (JMAP), the
    /// version (Graph)
    #[arg(value_name = "URL", required_unless_present = "list")]
    pub(crate) url: Option<String>,

    /// What it speaks
    #[arg(long, value_parser = PossibleValuesParser::new(Protocol::ALL.map(Protocol::name)))]
    pub(crate) protocol: String,

    /// The user, with a password
    #[arg(long, value_name = "USER", requires = "secret", conflicts_with_all = ["token_env", "token_file"])]
    pub(crate) user: Option<String>,

    /// The environment variable that holds the password
    #[arg(long, value_name = "VAR", requires = "user")]
    pub(crate) password_env: Option<String>,

    /// The file that holds the password; a line feed at its end is no part of it
    #[arg(long, value_name = "FILE", requires = "user")]
    pub(crate) password_file: Option<PathBuf>,

    /// The environment variable that holds a bearer token
    #[arg(long, value_name = "VAR")]
    pub(crate) token_env: Option<String>,

    /// The file that holds a bearer token
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,

    /// Trust the authorities of this PEM file too. There is no option to trust everybody
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,

    /// Only the check of this name, those that have it in their name, or those that match it where it
    /// has a `*`
    #[arg(long, value_name = "PATTERN")]
    pub(crate) filter: Option<String>,

    /// List the checks instead of making them
    #[arg(long)]
    pub(crate) list: bool,

    /// Print one JSON document and nothing else
    #[arg(long)]
    pub(crate) json: bool,
}
