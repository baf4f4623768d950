//! Where the secrets of `calamity conform` come from: a variable or a file, never an argument.

use std::path::Path;
use std::{env, fs};

use anyhow::{Context as _, bail};
use calamity_base::redact::Secret;
use calamity_conformance::Credentials;

use super::Args;

/// The largest file that is taken for a secret, in bytes.
const SECRET_MAX: u64 = 64 * 1024;

/// As whom requests are made.
pub(super) fn credentials(args: &Args) -> anyhow::Result<Credentials> {
    let token = secret(args.token_env.as_deref(), args.token_file.as_deref(), "the token")?;
    if let Some(token) = token {
        return Ok(Credentials::Bearer(token));
    }
    let password =
        secret(args.password_env.as_deref(), args.password_file.as_deref(), "the password")?;
    Ok(match (args.user.clone(), password) {
        (Some(user), Some(password)) => Credentials::Basic { user, password },
        _ => Credentials::None,
    })
}

fn secret(
    variable: Option<&str>,
    file: Option<&Path>,
    what: &str,
) -> anyhow::Result<Option<Secret>> {
    let text = match (variable, file) {
        (Some(name), _) => env::var(name).with_context(|| {
            format!("no {what} in the environment: set the variable `{name}` to it")
        })?,
        (None, Some(path)) => read(path, what)?,
        (None, None) => return Ok(None),
    };
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        bail!("{what} is empty");
    }
    if text.chars().any(char::is_control) {
        bail!("{what} has more than one line, or control characters");
    }
    Ok(Some(Secret::new(text)))
}

fn read(path: &Path, what: &str) -> anyhow::Result<String> {
    let shown = path.display();
    let about = || format!("cannot read {what} from {shown}");
    let length = fs::metadata(path).with_context(about)?.len();
    if length > SECRET_MAX {
        bail!("{shown} has {length} bytes: too much for {what}");
    }
    fs::read_to_string(path).with_context(about)
}
