//! Opaque tokens of feeds: states, delta tokens, skip tokens.
//!
//! A token carries its payload in the open and a check over it, so that a made-up or damaged one is
//! told from an expired one. It is made of letters, digits, `-`, `_` and `.` as long as its payload
//! is.

use thiserror::Error;

use super::ids;

/// Digits of the check.
const CHECK: usize = 8;

/// Why a token was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum TokenError {
    /// Handed out before tokens were expired.
    #[error("the token has expired")]
    Expired,
    /// Never handed out by this server.
    #[error("the token is not one of this server's")]
    Unknown,
}

/// A token over a payload without a `.` at its end that could be read as another's.
pub(super) fn seal(seed: u64, epoch: u64, payload: &str) -> String {
    let mut check = ids::derive(seed, "token", payload, epoch);
    check.truncate(CHECK);
    format!("{payload}.{epoch:x}.{check}")
}

/// The payload of a token.
pub(super) fn unseal(seed: u64, epoch: u64, token: &str) -> Result<&str, TokenError> {
    let (rest, _) = token.rsplit_once('.').ok_or(TokenError::Unknown)?;
    let (payload, written) = rest.rsplit_once('.').ok_or(TokenError::Unknown)?;
    let written = u64::from_str_radix(written, 16).map_err(|_| TokenError::Unknown)?;
    if seal(seed, written, payload) != token {
        return Err(TokenError::Unknown);
    }
    if written < epoch { Err(TokenError::Expired) } else { Ok(payload) }
}
