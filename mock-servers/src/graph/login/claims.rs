//! Tokens as text: three parts joined by dots, as a JSON Web Token has them (RFC 7519). The last
//! one is a check made from the seed, which only a server of that seed can make.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};

use crate::account::derive;

/// The longest token that is looked at.
const OCTETS_MAX: usize = 8_192;

/// Claims as a token.
pub(super) fn seal(seed: u64, claims: &Value) -> String {
    let header = json!({ "typ": "JWT", "alg": "none" });
    let payload =
        format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
    let check = check(seed, &payload);
    format!("{payload}.{check}")
}

/// The claims of a token that this server made.
pub(super) fn unseal(seed: u64, token: &str) -> Option<Value> {
    if token.len() > OCTETS_MAX {
        return None;
    }
    let (payload, written) = token.rsplit_once('.')?;
    if check(seed, payload) != written {
        return None;
    }
    let (_, claims) = payload.split_once('.')?;
    serde_json::from_slice(&BASE64.decode(claims).ok()?).ok()
}

/// Some JSON as it travels in a member of an answer.
pub(super) fn encoded(value: &Value) -> String {
    BASE64.encode(value.to_string())
}

fn check(seed: u64, payload: &str) -> String {
    derive(seed, "token-signature", payload, 0)
}
